// The end of a person: what is freed, who stays barred, and in which order it is told where the log must hold it first.
import { expect } from 'chai';
import { deprovisionUser } from '../../../src/core/operators/deprovision.js';
import type { Kernel } from '../../../src/core/kernel/kernel.js';
import type { MfaStore } from '../../../src/core/kernel/ports.js';
import { emptyRecord, type MfaRecord } from '../../../src/core/kernel/record.js';
import { MfaError } from '../../../src/core/words/errors.js';
import { riddle } from '../../support/core-factors.js';
import { testKernel, type TestKernel } from '../../support/core-kernel.js';
import { codeOf } from '../../support/thrown.js';

const by = { by: 'ops', reason: 'left' };
const own = { id: 'm', kind: 'riddle', createdAt: 1, data: { word: 'sesame', salt: 's', lastUse: 0 } };

/** Ann, with a method that claims its word; `store` says what is other than in memory. */
async function keeping(more: Partial<MfaRecord> = {}, store: Partial<MfaStore> = {}) {
  let memory!: MfaStore;
  const kernel = testKernel({ factors: [riddle({ claims: true })], store: (raw) => ({ ...(memory = raw), ...store }) });
  const record = { ...emptyRecord('e'), protected: true, authenticators: [own], ...more };
  await kernel.store.save('ann', record, undefined);
  for (const [key, owner] of [
    ['riddle:sesame', 'ann'],
    ['riddle:loose', 'ann'],
    ['riddle:bobs', 'bob'],
  ] as const)
    await memory.claim(key, owner);
  const owners = () => Promise.all(['riddle:sesame', 'riddle:loose', 'riddle:bobs'].map((key) => memory.claim(key)));
  return { kernel, memory, owners };
}

const isGone = async (memory: MfaStore) => expect(await memory.load('ann')).to.have.all.keys('revision');

describe('the end of a person', () => {
  it('removes the record, frees what it knows was claimed, and is told', async () => {
    const { kernel, memory, owners } = await keeping();
    await deprovisionUser(kernel, 'ann', by);
    await isGone(memory);
    expect(await owners()).to.deep.equal([null, 'ann', 'bob']);
    const told = { name: 'user-deprovisioned', actor: 'admin', by: 'ops', detail: { reason: 'left' }, userId: 'ann' };
    expect(kernel.events).to.deep.equal([told]);
    expect(kernel.notices).to.deep.equal([]);
  });

  it('of whom nothing is known leaves a tombstone, and walks over nobody’s claims', async () => {
    const { kernel, memory, owners } = await keeping(
      {},
      {
        claims: () => {
          throw new Error('a walk');
        },
      },
    );
    await deprovisionUser(kernel, 'nobody');
    expect(await memory.load('nobody')).to.have.all.keys('revision');
    await deprovisionUser(kernel, 'ann');
    expect(await owners()).to.deep.equal([null, 'ann', 'bob']);
    expect(kernel.events).to.deep.equal(
      ['nobody', 'ann'].map((userId) => ({ name: 'user-deprovisioned', actor: 'admin', userId })),
    );
  });

  it('looks for claims among all where the record does not know them: altered, or of a method no more in use', async () => {
    const altered = await keeping();
    const { record, revision } = await altered.memory.load('ann');
    await altered.memory.save('ann', { ...record!, epoch: 'forged' }, revision);
    const unknown = await keeping({ authenticators: [own, { ...own, id: 'n', kind: 'of-yesterday' }] });
    for (const { kernel, memory, owners } of [altered, unknown]) {
      await deprovisionUser(kernel, 'ann', by);
      await isGone(memory);
      expect(await owners()).to.deep.equal([null, null, 'bob']);
    }
  });

  it('is one of a record that nobody can read as well', async () => {
    const { kernel, memory, owners } = await keeping();
    const loads = kernel.store;
    loads.load = () => Promise.reject(new MfaError('store.unavailable', 'of a newer version'));
    loads.remainsOf = () => Promise.reject(new MfaError('store.unavailable', 'of a newer version'));
    await deprovisionUser(kernel, 'ann', by);
    await isGone(memory);
    expect(await owners()).to.deep.equal([null, null, 'bob']);
  });

  it('does not come of a store that fails at what bars them, where the record was read or believed to be altered', async () => {
    for (const altered of [false, true]) {
      const { kernel, memory } = await keeping();
      kernel.store.remainsOf = () => Promise.reject(new MfaError('store.unavailable', 'away'));
      if (altered) kernel.store.load = () => Promise.reject(new MfaError('store.record_altered', 'altered'));
      expect(await codeOf(deprovisionUser(kernel, 'ann', by))).to.equal('store.unavailable');
      expect((await memory.load('ann')).record).to.not.equal(undefined);
      expect(kernel.events).to.deep.equal([]);
    }
  });

  for (const [what, more, from, left] of [
    ['nobody bars leaves nothing', {}, undefined, undefined],
    ['an administrator bars stays barred', { suspended: { admin: 5 } }, undefined, { suspended: { admin: 5 } }],
    ['a directory bars has ended', { suspended: { scim: 5 } }, undefined, { suspended: { scim: 5 }, account: 'ended' }],
    ['came back once is somebody’s anew still', { account: 'anew' }, undefined, { account: 'anew' }],
    [
      'a directory ends is barred by it from now on',
      {},
      'scim',
      { suspended: { scim: 1_800_000_000 }, account: 'ended' },
    ],
    [
      'it barred before, since then',
      { suspended: { scim: 5, admin: 6 } },
      'scim',
      { suspended: { scim: 5, admin: 6 }, account: 'ended' },
    ],
    ['an administrator ends is barred, and has not ended', {}, 'admin', { suspended: { admin: 1_800_000_000 } }],
  ] as const)
    it(`of whom ${what}`, async () => {
      const { kernel, memory } = await keeping(more);
      await deprovisionUser(kernel, 'ann', by, from);
      if (left === undefined) await isGone(memory);
      const { epoch, ...record } = await kernel.recordOf('ann');
      const { epoch: _none, ...nobody } = emptyRecord('');
      expect(record).to.deep.equal({ ...nobody, ...left });
      if (left) expect(epoch).to.not.be.oneOf(['e', '']);
    });

  it('gives up after eleven lost races, and what was remembered is forgotten all the same', async () => {
    for (const [more, lost] of [
      [{}, { remove: () => Promise.resolve(false) }],
      [{ suspended: { admin: 5 } }, { save: () => Promise.resolve(undefined) }],
    ] as const) {
      const { kernel } = await keeping(more);
      let rounds = 0;
      const { remainsOf } = kernel.store;
      kernel.store.remainsOf = (userId) => ((rounds += 1), remainsOf(userId));
      Object.assign(kernel.store, lost);
      expect(await codeOf(deprovisionUser(kernel, 'ann', by))).to.equal('store.conflict');
      expect(rounds).to.equal(11);
      expect(kernel.events).to.deep.equal([]);
    }
  });
});

describe('the entry of an end', () => {
  const logged = (kernel: TestKernel, refuses: boolean, order: string[], fails = false): Kernel => ({
    ...kernel,
    logbook: {
      refuses,
      reach: () => Promise.resolve(),
      append: () => (
        order.push('entry'),
        fails ? Promise.reject(new MfaError('audit.unavailable', 'away')) : Promise.resolve()
      ),
      entryOf: () => ({ id: 'x' }),
      isStored: () => false,
    },
    tell: (about, happened) => (order.push('told'), kernel.tell(about, happened)),
  });

  it('stands in the log before the record goes where it must, else it is told after', async () => {
    for (const [refuses, expected] of [
      [true, ['entry', 'told', 'removed']],
      [false, ['removed', 'told']],
    ] as const) {
      const order: string[] = [];
      const { kernel, memory } = await keeping();
      const { remove } = kernel.store;
      kernel.store.remove = (...args) => (order.push('removed'), remove(...args));
      await deprovisionUser(logged(kernel, refuses, order), 'ann', by);
      expect(order).to.deep.equal(expected);
      expect(kernel.events).to.have.length(1);
      await isGone(memory);
    }
  });

  it('that the log does not take keeps the record', async () => {
    const { kernel, memory, owners } = await keeping();
    expect(await codeOf(deprovisionUser(logged(kernel, true, [], true), 'ann', by))).to.equal('audit.unavailable');
    expect((await memory.load('ann')).record).to.not.equal(undefined);
    expect((await owners())[0]).to.equal('ann');
  });
});
