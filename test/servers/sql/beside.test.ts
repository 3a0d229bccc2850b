// Audit log, figures and cases in SQL on PostgreSQL and MariaDB: the contracts, and two processes.
import type { Knex } from 'knex';
import { sqlStore } from '../../../src/sql.js';
import { describeBesideRecords } from '../../support/beside-records.js';
import { startMariadb, startPostgres, type Database } from '../../support/databases.js';

for (const [name, start] of Object.entries({ PostgreSQL: startPostgres, MariaDB: startMariadb })) {
  describe(`on ${name}`, () => {
    let database: Database;
    let knex: Knex;

    before(async () => {
      database = await start();
      knex = database.connect();
      await sqlStore(knex, { namespace: 'any' }).migrations?.migrate();
    });

    after(() => database.close());

    describeBesideRecords(
      name,
      () => knex,
      () => ({ settings: database.settings }),
    );
  });
}
