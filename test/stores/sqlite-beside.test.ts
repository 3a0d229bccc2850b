// Audit log, figures and cases in SQL on SQLite: the contracts, and two processes on one file.
import { describeBesideRecords } from '../support/beside-records.js';
import { sqliteDuring } from '../support/sqlite.js';

describe('SQLite', () => {
  const opened = sqliteDuring();
  describeBesideRecords(
    'SQLite',
    () => opened().knex,
    () => ({ file: opened().filename }),
  );
});
