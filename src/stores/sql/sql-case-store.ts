// Cases in PostgreSQL, MariaDB or SQLite, over a Knex that the host made and closes. It knows nothing of what a case asks for.
import type { Case, CaseStore } from '../../core/kernel/cases.js';
import { checkOptionNames } from '../../core/words/unknown-option.js';
import type { Knex } from './knex-client.js';
import { migrationsOf } from './migrate.js';
import { asciiOf, keyOf, openSql, unavailable, type SqlStoreOptions } from './sql.js';

/**
 * Keeps cases in the database of `sqlStore`, by the same migrations; the namespace may be the same. When a connection breaks between
 * a statement and its answer, a take has no winner: the case is asked for anew.
 * @throws MfaError `config.namespace_missing`, `config.invalid_option`, `config.unknown_option`
 */
export function sqlCaseStore(knex: Knex, options: SqlStoreOptions = { namespace: '' }): CaseStore {
  checkOptionNames('sqlCaseStore', options, ['namespace', 'timeoutMs']);
  const sql = openSql('sqlCaseStore', knex, options);
  const { dialect, space, inMemory, ask } = sql;
  const stand = dialect.onConflict('namespace, id');

  return {
    name: inMemory ? 'memory' : 'sql',
    migrations: migrationsOf(sql),
    async open(one) {
      const body = asciiOf(JSON.stringify(one));
      const text = `INSERT INTO mfa_cases (namespace, id, body) VALUES (?, ?, ?) ${stand} body = mfa_cases.body RETURNING body`;
      const { rows } = await ask('opening a case', text, [space, keyOf(one.id), body]);
      return rows[0]?.[0] === body;
    },
    async list() {
      const { rows } = await ask('listing cases', 'SELECT body FROM mfa_cases WHERE namespace = ?', [space]);
      return rows.map(([body]) => readCase(body));
    },
    async take(id) {
      const text = 'DELETE FROM mfa_cases WHERE namespace = ? AND id = ? RETURNING body';
      const { rows } = await ask('taking a case', text, [space, keyOf(id)]);
      return rows[0] && readCase(rows[0][0]);
    },
    async acted(adminId) {
      const doing = 'remembering who acted';
      const text = `INSERT INTO mfa_case_admins (namespace, admin) VALUES (?, ?) ${dialect.onConflict('namespace, admin')} admin = mfa_case_admins.admin`;
      await ask(doing, text, [space, keyOf(adminId)]);
      const { rows } = await ask(doing, 'SELECT COUNT(*) AS many FROM mfa_case_admins WHERE namespace = ?', [space]);
      return Number(rows[0]?.[0]);
    },
  };
}

function readCase(body: string | null | undefined): Case {
  try {
    return JSON.parse(body ?? '') as Case;
  } catch {
    throw unavailable('reading a case', new TypeError('It is unreadable.'));
  }
}
