// The store in SQL on SQLite: the contract, on one file.
import { expect } from 'chai';
import { sqlStore } from '../../src/sql.js';
import { storeContract } from '../../src/testing/store-contract.js';
import { patienceMs } from '../support/patience.js';
import { freshNamespace } from '../support/redis.js';
import { expectFewStatements } from '../support/sql-trips.js';
import { sqliteDuring } from '../support/sqlite.js';
import { expectExactRivals } from '../support/store-rivals.js';

describe('SQLite', () => {
  const opened = sqliteDuring();

  storeContract('sqlStore on SQLite', async () => {
    const store = sqlStore(opened().knex, { namespace: freshNamespace(), timeoutMs: patienceMs });
    await store.ready?.();
    return { store, close: async () => undefined };
  });

  it('loses no change of three processes, and gives every single use to exactly one', async () => {
    const namespace = freshNamespace();
    const store = sqlStore(opened().knex, { namespace, timeoutMs: patienceMs });
    await expectExactRivals(store, { namespace, filename: opened().filename }, 0.3);
  });

  it('sends a statement for each method, and in each answer no more than Redis is sent', () =>
    expectFewStatements(opened().knex));

  it('walks past a claim whose owner cannot be read, which stays taken', async () => {
    const store = sqlStore(opened().knex, { namespace: freshNamespace(), timeoutMs: patienceMs });
    for (const key of ['a', 'b', 'c']) await store.claim(key, 'u');
    await opened().knex('mfa_claims').where({ namespace: store.namespace, claim: 'b' }).update({ owner: 'spoilt' });
    const met: { [key: string]: string | undefined } = {};
    for await (const { key, userId } of store.claims()) met[key] = userId;
    expect(met).to.deep.equal({ a: 'u', b: undefined, c: 'u' });
    expect(await store.claim('b', 'v').catch((error: unknown) => error)).to.include({ code: 'store.unavailable' });
  });
});
