// Audit log, figures and cases in SQL on PostgreSQL and MariaDB: the contracts, and two processes.
import { describeBesideRecords } from '../../support/beside-records.js';
import { describeOnServers } from '../../support/databases.js';

describeOnServers((name, opened) => {
  describeBesideRecords(
    name,
    () => opened().knex,
    () => ({ settings: opened().database.settings }),
  );
});
