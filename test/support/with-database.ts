// A database with our tables for one run of mocha: `MFA_TEST_STORE=postgres mocha --require ./test/support/with-database.ts …`, or
// mariadb, or sqlite. Nothing that it keeps outlives a power cut, so nothing waits for the disk.
import { sqlStore } from '../../src/sql.js';
import { startMariadb, startPostgres } from './databases.js';
import { closeSharedDatabase, sharedDatabase } from './shared-store.js';
import { sqliteFolder } from './sqlite.js';

type Opened = { settings: object; close(): Promise<void> };

const openers: { [store: string]: () => Promise<Opened> } = {
  postgres: () => startPostgres(['fsync = off', 'max_connections = 300']),
  mariadb: () => startMariadb(['--innodb-flush-log-at-trx-commit=2', '--max-connections=300']),
  sqlite: async () => {
    const { filename, close } = await sqliteFolder();
    return { settings: { filename }, close };
  },
};

let opened: Opened | undefined;

export const mochaHooks = {
  async beforeAll(): Promise<void> {
    const open = openers[process.env.MFA_TEST_STORE ?? ''];
    if (!open) throw new Error(`MFA_TEST_STORE names none of ${Object.keys(openers).join(', ')}.`);
    opened = await open();
    process.env.MFA_TEST_DATABASE = JSON.stringify(opened.settings);
    await sqlStore(sharedDatabase(), { namespace: 'any' }).migrations?.migrate();
  },
  async afterAll(): Promise<void> {
    await closeSharedDatabase();
    await opened?.close();
  },
};
