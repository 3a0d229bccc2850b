// What lapses in SQL: how long each row is to stand, and what is answered of one whose time is over. The time is that of the
// database, so rows are made older here instead of being waited for; the contract waits.
import { expect } from 'chai';
import type { MfaStore } from '../../src/core/kernel/ports.js';
import { sqlStore } from '../../src/sql.js';
import { patienceMs } from '../support/patience.js';
import { freshNamespace } from '../support/redis.js';
import { sqliteDuring } from '../support/sqlite.js';
import { codeOf } from '../support/thrown.js';

describe('what lapses in SQL', () => {
  const opened = sqliteDuring();
  let store: MfaStore;
  beforeEach(() => {
    store = sqlStore(opened().knex, { namespace: freshNamespace(), timeoutMs: patienceMs });
  });
  const rows = (name: string) =>
    opened().knex('mfa_transients').where({ namespace: store.namespace, user_id: 'u', name });
  const leftMs = async (name: string) => {
    const [row] = (await rows(name)) as { expires_at: number }[];
    return Number(row?.expires_at) - Date.now();
  };
  const lapse = (name: string) => rows(name).update({ expires_at: Date.now() - 1 });
  const slackMs = 25_000;

  it('stands for as many seconds as was said, whoever puts it', async () => {
    await store.put('u', 'put', 'x', 60);
    await store.putIfAbsent('u', 'absent', 'x', 60);
    const { expiresInSeconds } = await store.increment('u', 'count', 60);
    expect(expiresInSeconds).to.be.within(35, 60);
    for (const name of ['put', 'absent', 'count'])
      expect(await leftMs(name), name).to.be.within(60_000 - slackMs, 60_000);
    await store.put('u', 'brief', 'x', 0);
    expect(await leftMs('brief')).to.be.at.most(1);
  });

  it('is not there any more when its time is over, for any method', async () => {
    for (const name of ['get', 'take', 'absent']) {
      await store.put('u', name, 'old', 60);
      await lapse(name);
    }
    expect(await store.get('u', 'get')).to.equal(undefined);
    expect(await store.take('u', 'take')).to.equal(undefined);
    expect(await store.putIfAbsent('u', 'absent', 'new', 600)).to.equal('new');
    expect(await store.get('u', 'absent')).to.equal('new');
    expect(await leftMs('absent'), 'a time of its own').to.be.within(600_000 - slackMs, 600_000);
  });

  it('keeps value and time of what lives, where it is put if absent', async () => {
    await store.put('u', 'text', 'first', 60);
    await store.put('u', 'number', 7, 60);
    for (const [name, first] of [
      ['text', 'first'],
      ['number', 7],
    ] as const) {
      expect(await store.putIfAbsent('u', name, 'second', 6000)).to.equal(first);
      expect(await store.putIfAbsent('u', name, 9, 6000)).to.equal(first);
      expect(await store.get('u', name)).to.equal(first);
      expect(await leftMs(name)).to.be.at.most(60_000);
    }
  });

  it('takes a new value and a new time where it is put again, whatever stood there', async () => {
    for (const [before, after] of [
      ['text', 5],
      [5, 'text'],
      [5, 6],
      ['a', 'b'],
    ] as const) {
      await store.put('u', 'flow', before, 60);
      await store.put('u', 'flow', after, 600);
      expect(await store.get('u', 'flow')).to.equal(after);
      expect(await leftMs('flow')).to.be.within(600_000 - slackMs, 600_000);
    }
  });

  it('counts from nothing when the time of a counter is over, and by its first time until then', async () => {
    await store.increment('u', 'sent', 60, 5);
    await store.increment('u', 'sent', 6000);
    expect(await leftMs('sent')).to.be.at.most(60_000);
    expect((await store.increment('u', 'sent', 6000, -2)).expiresInSeconds).to.be.within(35, 60);
    expect(await store.get('u', 'sent')).to.equal(4);
    await lapse('sent');
    expect(await store.increment('u', 'sent', 600, -1)).to.deep.equal({ count: 0, expiresInSeconds: 0 });
    const { count, expiresInSeconds } = await store.increment('u', 'sent', 600, 2);
    expect(count).to.equal(2);
    expect(expiresInSeconds).to.be.within(575, 600);
  });

  it('counts on whole numbers that were put, and on nothing else', async () => {
    const values: [value: number | string, count: number | undefined][] = [
      [7, 8],
      [0, 1],
      [-3, 0],
      [1.5, undefined],
      [-0, undefined],
      [2 ** 53, undefined],
      ['7', undefined],
    ];
    for (const [value, count] of values) {
      await store.put('u', 'flow', value, 60);
      const counted = store.increment('u', 'flow', 60);
      if (count === undefined) expect(await codeOf(counted), String(value)).to.equal('store.unavailable');
      else expect((await counted).count, String(value)).to.equal(count);
    }
  });

  it('is deleted, some at a time, when somebody writes, and nothing else is', async () => {
    const other = freshNamespace();
    const row = (name: string, expires_at: number) => ({
      namespace: other,
      user_id: 'u',
      name,
      value: '1',
      expires_at,
    });
    const old = Array.from({ length: 620 }, (_, at) => row(`old-${at}`, at + 1));
    for (let at = 0; at < old.length; at += 100)
      await opened()
        .knex('mfa_transients')
        .insert(old.slice(at, at + 100));
    await opened()
      .knex('mfa_transients')
      .insert(row('young', Date.now() + 600_000));
    await store.get('u', 'flow');
    const left = async () =>
      ((await opened().knex('mfa_transients').where({ namespace: other })) as { name: string }[]).map(
        ({ name }) => name,
      );
    expect(await left(), 'nothing is deleted by who reads').to.have.length(621);
    await store.put('u', 'flow', 'x', 60);
    for (let tries = 0; (await left()).length > 1 && tries < 600; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await left()).to.deep.equal(['young']);
    await opened().knex('mfa_transients').insert(row('old', 1));
    await store.put('u', 'flow', 'x', 60);
    expect(await left(), 'not at every write').to.have.members(['young', 'old']);
  });
});
