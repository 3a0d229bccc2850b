// The store in SQL on SQLite: the contract, on one file.
import { sqlStore } from '../../src/sql.js';
import { storeContract } from '../../src/testing/store-contract.js';
import { patienceMs } from '../support/patience.js';
import { freshNamespace } from '../support/redis.js';
import { openSqlite } from '../support/sqlite.js';

let opened: Awaited<ReturnType<typeof openSqlite>>;

before(async () => {
  opened = await openSqlite();
  await sqlStore(opened.knex, { namespace: 'any' }).migrations?.migrate();
});

after(() => opened.close());

storeContract('sqlStore on SQLite', async () => {
  const store = sqlStore(opened.knex, { namespace: freshNamespace(), timeoutMs: patienceMs });
  await store.ready?.();
  return { store, close: async () => undefined };
});
