// A PostgreSQL with our tables for one run of mocha: `MFA_TEST_STORE=postgres mocha --require ./test/support/with-postgres.ts …`.
import { sqlStore } from '../../src/sql.js';
import { startPostgres, type Database } from './databases.js';

let database: Database | undefined;

export const mochaHooks = {
  async beforeAll(): Promise<void> {
    database = await startPostgres(['fsync = off', 'max_connections = 300']);
    await sqlStore(database.connect(), { namespace: 'any' }).migrations?.migrate();
    process.env.MFA_TEST_DATABASE = JSON.stringify(database.settings);
  },
  async afterAll(): Promise<void> {
    await database?.close();
  },
};
