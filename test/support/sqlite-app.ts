// An app that keeps everything in the file of SQLite that SQLITE_FILE names, as the command line meets it.
import { createMfa, totp } from '../../src/index.js';
import { sqlStore } from '../../src/sql.js';
import type { Configured } from './cli-configurations.js';
import { sqliteKnex } from './sqlite.js';

export function sqliteApp({ SQLITE_FILE = '', TEST_SECRETS = '' }: NodeJS.ProcessEnv): Configured {
  const knex = sqliteKnex(SQLITE_FILE);
  const mfa = createMfa({
    appName: 'Fixture',
    secrets: [TEST_SECRETS],
    factors: [totp()],
    user: () => null,
    store: sqlStore(knex, { namespace: 'fixture' }),
  });
  const ended = () => knex.destroy();
  return { mfa, close: () => mfa.ready.then(ended, ended) };
}
