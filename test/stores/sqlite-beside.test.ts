// Audit log, figures and cases in SQL on SQLite: the contracts, and two processes on one file.
import { sqlStore } from '../../src/sql.js';
import { describeBesideRecords } from '../support/beside-records.js';
import { openSqlite } from '../support/sqlite.js';

let opened: Awaited<ReturnType<typeof openSqlite>>;

before(async () => {
  opened = await openSqlite();
  await sqlStore(opened.knex, { namespace: 'any' }).migrations?.migrate();
});

after(() => opened.close());

describeBesideRecords(
  'SQLite',
  () => opened.knex,
  () => ({ file: opened.filename }),
);
