// The store in SQL on SQLite: the contract, on one file.
import { expect } from 'chai';
import { emptyRecord } from '../../src/core/kernel/record.js';
import { sqlCaseStore, sqlStore } from '../../src/sql.js';
import { storeContract } from '../../src/testing/store-contract.js';
import { patienceMs } from '../support/patience.js';
import { freshNamespace } from '../support/redis.js';
import { expectFewStatements } from '../support/sql-trips.js';
import { sqliteDuring } from '../support/sqlite.js';
import { expectExactRivals } from '../support/store-rivals.js';
import { rejectionOf } from '../support/thrown.js';

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

  it('is examined as well, by its own clock', async () => {
    const store = sqlStore(opened().knex, { namespace: freshNamespace(), timeoutMs: patienceMs });
    const sinceMs = Date.now();
    const { findings, serverTimeMs } = (await store.examine?.()) ?? {};
    expect(findings).to.deep.equal([]);
    expect(serverTimeMs).to.be.within(sinceMs - 1, Date.now() + 1);
  });

  it('walks past a record that cannot be read, and says whose it is', async () => {
    const store = sqlStore(opened().knex, { namespace: freshNamespace(), timeoutMs: patienceMs });
    for (const id of ['a', 'b', 'c']) await store.save(id, emptyRecord(id), undefined);
    const spoilt = opened().knex('mfa_records').where({ namespace: store.namespace, user_id: 'b' });
    await spoilt.update({ record: 'SECRET' });
    const met: { [userId: string]: string | undefined } = {};
    const cursors: string[] = [];
    for await (const { userId, record, unread, cursor } of store.scan()) {
      met[userId] = record?.epoch ?? unread?.message;
      cursors.push(cursor);
    }
    expect(met).to.deep.equal({
      a: 'a',
      b: 'The database failed while reading the record of "b": Malformed.',
      c: 'c',
    });
    expect(cursors).to.deep.equal(['a', 'b', 'c']);
  });

  it('fails where a case cannot be read, and tells nothing of it', async () => {
    const { knex } = opened();
    const namespace = freshNamespace();
    await knex('mfa_cases').insert({ namespace, id: 'spoilt', body: '{"SECRET' });
    const cases = sqlCaseStore(knex, { namespace, timeoutMs: patienceMs });
    for (const failed of [await rejectionOf(cases.list()), await rejectionOf(cases.take('spoilt'))])
      expect(failed).to.include({
        code: 'store.unavailable',
        message: 'The database failed while reading a case: It is unreadable.',
      });
  });

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
