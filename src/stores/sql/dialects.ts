// Which database the host's Knex is on.
import type { Dialect } from './dialect.js';
import { invalid, type KnexClient } from './knex-client.js';
import { mariadb } from './mariadb.js';
import { postgres } from './postgres.js';
import { sqlite } from './sqlite.js';

/** @throws MfaError `config.invalid_option` for a database that this package is not tested on */
export function dialectOf(store: string, { dialect, driverName }: KnexClient): Dialect {
  const known = [postgres, mariadb, sqlite].find(({ driver }) => driver === driverName && dialect !== 'cockroachdb');
  if (known) return known.dialect;
  throw invalid(
    store,
    `Knex is on "${driverName}". It works with \`pg\` (PostgreSQL), \`mysql2\` (MariaDB) and \`better-sqlite3\` (SQLite, over better-sqlite3 or libsql)`,
  );
}
