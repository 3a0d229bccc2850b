// The store in SQL on PostgreSQL and MariaDB: the contract.
import type { Knex } from 'knex';
import { sqlStore } from '../../../src/sql.js';
import { storeContract } from '../../../src/testing/store-contract.js';
import { startMariadb, startPostgres, type Database } from '../../support/databases.js';
import { patienceMs } from '../../support/patience.js';
import { freshNamespace } from '../../support/redis.js';
import { expectExactRivals } from '../../support/store-rivals.js';

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

    storeContract(`sqlStore on ${name}`, async () => {
      const store = sqlStore(knex, { namespace: freshNamespace(), timeoutMs: patienceMs });
      await store.ready?.();
      return { store, close: async () => undefined };
    });

    it('loses no change of three processes, and gives every single use to exactly one', async () => {
      const namespace = freshNamespace();
      const store = sqlStore(knex, { namespace, timeoutMs: patienceMs });
      await expectExactRivals(store, { namespace, knex: database.settings }, 1);
    });
  });
}
