// The MfaStore for PostgreSQL, MariaDB and SQLite, over a Knex that the host made and closes. It knows nothing of what is in
// records and transients.
import type { MfaStore } from '../../core/kernel/ports.js';
import { checkOptionNames } from '../../core/words/unknown-option.js';
import { withinAnswer } from '../redis-deadline.js';
import type { Knex } from './knex-client.js';
import { migrationsOf } from './migrate.js';
import { recordsIn } from './records.js';
import { openSql, type SqlStoreOptions } from './sql.js';
import { checkDatabase, examineDatabase } from './start-up.js';
import { transientsIn } from './transients.js';

/**
 * Keeps records and transients in PostgreSQL 12, MariaDB 10.5 or SQLite 3.35, or later ones, in tables that
 * `express-mfa sql migrate` makes. `knex` is your own instance, over `pg`, `mysql2` or `better-sqlite3`; never a transaction.
 *
 * Every method is one statement, `saveAll` one of many records, and every failure an MfaError `store.unavailable` within `timeoutMs`, a pool without a free
 * connection among them. After such an error the change counts as not made, yet may have been made.
 * @throws MfaError `config.namespace_missing`, `config.invalid_option`, `config.unknown_option`
 */
export function sqlStore(knex: Knex, options: SqlStoreOptions = { namespace: '' }): MfaStore {
  checkOptionNames('sqlStore', options, ['namespace', 'timeoutMs']);
  const sql = openSql('sqlStore', knex, options);
  const migrations = migrationsOf(sql);
  const store: MfaStore = {
    // A database without a file is gone with the process.
    name: sql.inMemory ? 'memory' : 'sql',
    namespace: sql.namespace,
    ready: () => checkDatabase('sqlStore', sql, migrations),
    examine: () => examineDatabase('sqlStore', sql, migrations),
    migrations,
    ...recordsIn(sql),
    ...transientsIn(sql),
  };
  return { ...store, within: withinAnswer(store, sql.deadlines) };
}
