// Load, decide, save, tell: what is told only after the save, how often it starts over, what it makes of a lost record,
// a lost race and a lost store. With the queue and the memory of one process, which decide nothing.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { MfaError } from '../../../src/core/words/errors.js';
import { createQueue } from '../../../src/core/kernel/queue.js';
import { emptyRecord } from '../../../src/core/kernel/record.js';
import { createRemembered } from '../../../src/core/kernel/remembered.js';
import { loadRecord, transact } from '../../../src/core/kernel/transact.js';
import { testKernel, watchedStore, type WatchedStore } from '../../support/core-kernel.js';
import { codeOf } from '../../support/thrown.js';
import { tamper } from '../../support/core-record.js';

const ann = { user: { id: 'ann' }, hints: {} };
const down = new MfaError('store.unavailable', 'down');

function watchedKernel(recordMaxAgeSeconds = 30) {
  let watched!: WatchedStore;
  const kernel = testKernel({ recordMaxAgeSeconds, store: (memory) => (watched = watchedStore(memory)) });
  return { kernel, watched };
}

describe('a transaction', () => {
  it('saves what was decided, and tells it with a notice only after the save', async () => {
    const { kernel, watched } = watchedKernel();
    watched.beforeSave = () => {
      expect(kernel.events).to.deep.equal([]);
      expect(kernel.notices).to.deep.equal([]);
    };
    const result = await transact(kernel, ann, (record) => ({
      save: { ...record, epoch: 'e1' },
      result: 'done',
      happened: [{ name: 'reset' }],
      notices: [{ what: 'reset', at: 1 }],
    }));
    expect(result).to.equal('done');
    expect(await kernel.recordOf('ann')).to.deep.equal(emptyRecord('e1'));
    expect(kernel.events).to.deep.equal([{ name: 'reset', userId: 'ann' }]);
    expect(kernel.notices).to.deep.equal([{ what: 'reset', at: 1, userId: 'ann', before: undefined }]);
  });

  it('writes nothing where nothing is to be saved, and tells at once', async () => {
    const { kernel, watched } = watchedKernel();
    await transact(kernel, ann, () => ({ result: 1, happened: [{ name: 'unlocked' }] }));
    expect(watched.saves).to.equal(0);
    expect(kernel.events).to.have.length(1);
  });

  it('starts over from the new record when a rival was faster, and tells once', async () => {
    const { kernel, watched } = watchedKernel();
    await kernel.store.save('ann', emptyRecord('e0'), undefined);
    let rivals = 3;
    watched.beforeSave = async () => {
      if (rivals === 0) return;
      const rest = rivals - 1;
      rivals = 0;
      await tamper(kernel, ({ owed }) => ({ owed: [...owed, String(rest)] }));
      rivals = rest;
    };
    const seen: number[] = [];
    await transact(kernel, ann, (record) => {
      seen.push(record.owed.length);
      return { save: { ...record, epoch: 'e1' }, result: undefined, happened: [{ name: 'unlocked' }] };
    });
    expect(seen).to.deep.equal([0, 1, 2, 3]);
    expect(await kernel.recordOf('ann')).to.deep.include({ epoch: 'e1', owed: ['2', '1', '0'] });
    expect(kernel.events).to.have.length(1);
  });

  it('gives up after 10 lost races, with the wait, and tells nothing', async () => {
    const { kernel } = watchedKernel();
    let tried = 0;
    kernel.store.save = () => {
      tried += 1;
      return Promise.resolve(undefined);
    };
    const lost = transact(kernel, ann, (save) => ({ save, result: 1, happened: [{ name: 'unlocked' }] }));
    const error = await lost.catch((thrown: unknown) => thrown as MfaError);
    expect(error).to.deep.include({ code: 'store.conflict', details: { retryAfterSeconds: 1 } });
    expect(tried).to.equal(11);
    expect(kernel.events).to.deep.equal([]);
  });

  it('uses what was already loaded on the first try only', async () => {
    const { kernel, watched } = watchedKernel();
    const start = await loadRecord(kernel, ann.user);
    await kernel.store.save('ann', emptyRecord('rival'), undefined);
    const { loads } = watched;
    const epochs: string[] = [];
    await transact(
      kernel,
      ann,
      (record) => {
        epochs.push(record.epoch);
        return { save: record, result: undefined };
      },
      start,
    );
    expect(epochs).to.deep.equal(['', 'rival']);
    expect(watched.loads - loads).to.equal(1);
  });

  it('says no when the save fails, tells nothing, and no longer believes what it remembered', async () => {
    const { kernel, watched } = watchedKernel();
    await transact(kernel, ann, (record) => ({ save: record, result: undefined }));
    expect(kernel.remembered.recall('ann', kernel.now())).not.to.equal(undefined);
    watched.beforeSave = () => {
      throw down;
    };
    const told = { result: 1, happened: [{ name: 'unlocked' as const }] };
    expect(await codeOf(transact(kernel, ann, (save) => ({ save, ...told })))).to.equal('store.unavailable');
    expect(kernel.events).to.deep.equal([]);
    expect(kernel.remembered.recall('ann', kernel.now())).to.equal(undefined);
  });

  it('remembers what it saved', async () => {
    const { kernel } = watchedKernel();
    await transact(kernel, ann, (record) => ({ save: { ...record, epoch: 'e9' }, result: undefined }));
    expect(kernel.remembered.recall('ann', kernel.now())?.epoch).to.equal('e9');
  });

  it('takes a missing record for "no MFA" only where the host does not expect one', async () => {
    const { kernel } = watchedKernel();
    const expected = { user: { id: 'ann', mfaExpected: true }, hints: {} };
    expect(await loadRecord(kernel, ann.user)).to.deep.equal({});
    expect(await codeOf(loadRecord(kernel, expected.user))).to.equal('store.record_missing');
    expect(await codeOf(transact(kernel, expected, (save) => ({ save, result: 1 })))).to.equal('store.record_missing');
  });

  it('finds a record missing that was removed while it decided, and does not make another', async () => {
    const { kernel, watched } = watchedKernel();
    await kernel.store.save('ann', emptyRecord('e0'), undefined);
    watched.beforeSave = async () => {
      await kernel.store.remove('ann');
    };
    const expected = { user: { id: 'ann', mfaExpected: true }, hints: {} };
    expect(await codeOf(transact(kernel, expected, (save) => ({ save, result: 1 })))).to.equal('store.record_missing');
    expect((await kernel.store.load('ann')).record).to.equal(undefined);
  });
});

describe('the queue', () => {
  it('runs what is under one key in order, one at a time, and other keys beside it', async () => {
    const queue = createQueue();
    const log: string[] = [];
    const work = (name: string, ms: number) => async () => {
      log.push(`${name} begins`);
      await sleep(ms);
      log.push(`${name} ends`);
      return name;
    };
    const all = [queue.run('a', work('1', 20)), queue.run('a', work('2', 1)), queue.run('b', work('3', 5))];
    expect(await Promise.all(all)).to.deep.equal(['1', '2', '3']);
    expect(log).to.deep.equal(['1 begins', '3 begins', '3 ends', '1 ends', '2 begins', '2 ends']);
  });

  it('goes on after a failure, which only its own caller hears of', async () => {
    const queue = createQueue();
    const lost = new MfaError('store.conflict', 'lost');
    const failed = queue.run('a', () => Promise.reject(lost));
    const next = queue.run('a', () => Promise.resolve('next'));
    expect(await codeOf(failed)).to.equal('store.conflict');
    expect(await next).to.equal('next');
    const thrown = queue.run('a', () => {
      throw lost;
    });
    expect(await codeOf(thrown)).to.equal('store.conflict');
  });

  it('fails all who wait when the store failed one of them, and nobody who comes after', async () => {
    const queue = createQueue();
    let ran = 0;
    const work = () => Promise.resolve((ran += 1));
    const line = [queue.run('a', () => Promise.reject(down)), queue.run('a', work), queue.run('a', work)];
    const other = queue.run('b', work);
    for (const each of line) expect(await codeOf(each)).to.equal('store.unavailable');
    expect(await other).to.equal(1);
    expect(await queue.run('a', work)).to.equal(2);
  });

  it('refuses more than its limit under one key, and takes more once they are done', async () => {
    const queue = createQueue(2);
    const waiting = [queue.run('a', () => sleep(5)), queue.run('a', () => sleep(5))];
    expect(await codeOf(queue.run('a', () => sleep(5)))).to.equal('server.busy');
    expect(await codeOf(queue.run('b', () => sleep(1)))).to.equal('nothing thrown');
    await Promise.all(waiting);
    expect(await codeOf(queue.run('a', () => sleep(1)))).to.equal('nothing thrown');
  });
});

describe('what a process remembers', () => {
  const record = emptyRecord('e');

  it('lapses with its age, and is not believed when the clock was set back', () => {
    const remembered = createRemembered(30);
    remembered.keep('ann', record, 1000);
    expect(remembered.recall('ann', 1029)).to.equal(record);
    expect(remembered.recall('ann', 1030)).to.equal(undefined);
    expect(remembered.recall('ann', 999)).to.equal(undefined);
    expect(remembered.recall('bob', 1000)).to.equal(undefined);
  });

  it('is nothing with an age of 0, nor once forgotten', () => {
    const none = createRemembered(0);
    none.keep('ann', record, 1000);
    expect(none.recall('ann', 1000)).to.equal(undefined);
    const remembered = createRemembered(30);
    remembered.keep('ann', record, 1000);
    remembered.forget('ann');
    expect(remembered.recall('ann', 1000)).to.equal(undefined);
  });

  it('is bounded: what was kept longest ago gives way, what was kept again does not', () => {
    const remembered = createRemembered(30, 2);
    for (const id of ['ann', 'bob', 'ann', 'eve']) remembered.keep(id, record, 1000);
    expect(remembered.recall('bob', 1000)).to.equal(undefined);
    expect(remembered.recall('ann', 1000)).to.equal(record);
    expect(remembered.recall('eve', 1000)).to.equal(record);
  });
});
