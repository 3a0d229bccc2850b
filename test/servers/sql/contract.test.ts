// The store in SQL on PostgreSQL and MariaDB: the contract.
import { sqlStore } from '../../../src/sql.js';
import { storeContract } from '../../../src/testing/store-contract.js';
import { describeOnServers } from '../../support/databases.js';
import { patienceMs } from '../../support/patience.js';
import { expectFewStatements } from '../../support/sql-trips.js';
import { freshNamespace } from '../../support/redis.js';
import { expectExactRivals } from '../../support/store-rivals.js';

describeOnServers((name, opened) => {
  storeContract(`sqlStore on ${name}`, async () => {
    const store = sqlStore(opened().knex, { namespace: freshNamespace(), timeoutMs: patienceMs });
    await store.ready?.();
    return { store, close: async () => undefined };
  });

  it('sends a statement for each method, and in each answer no more than Redis is sent', () =>
    expectFewStatements(opened().knex));

  it('loses no change of three processes, and gives every single use to exactly one', async () => {
    const namespace = freshNamespace();
    const store = sqlStore(opened().knex, { namespace, timeoutMs: patienceMs });
    await expectExactRivals(store, { namespace, knex: opened().database.settings }, 1);
  });
});
