// The kernel of a case works on the record of then, whichever store a piece of work is handed.
import { expect } from 'chai';
import { withinAnswer, type Logbook } from '../../../src/core/kernel/kernel.js';
import { isUnbelieved, kernelAt, seenOf } from '../../../src/core/operators/kernel-at.js';
import { MfaError } from '../../../src/core/words/errors.js';
import { riddle, spareWords } from '../../support/core-factors.js';
import { protectedPerson } from '../../support/core-person.js';
import { codeOf } from '../../support/thrown.js';

describe('the kernel of a case', () => {
  const opened = async () => {
    const { kernel } = await protectedPerson({ factors: [riddle(), spareWords()] });
    const { epoch } = await kernel.recordOf('ann');
    return { kernel, epoch };
  };

  it('loads the person of then, and whoever else there is', async () => {
    const { kernel, epoch } = await opened();
    const own = kernelAt(kernel, 'ann', epoch, {});
    expect((await own.store.load('ann')).record?.epoch).to.equal(epoch);
    expect(await own.store.load('bob')).to.deep.equal({});
  });

  it('loads nobody of another epoch, in an answer or not', async () => {
    const { kernel } = await opened();
    const own = kernelAt(kernel, 'ann', 'another', {});
    for (const load of [
      () => own.store.load('ann'),
      () => withinAnswer(own, ({ store }) => store.load('ann')),
      () => withinAnswer(own, (outer) => withinAnswer(outer, ({ store }) => store.load('ann'))),
    ])
      expect(await codeOf(load)).to.equal('admin.case_lapsed');
  });

  it('walks over everybody and says which store it is, as the kernel does', async () => {
    const { kernel, epoch } = await opened();
    const { store } = kernelAt(kernel, 'ann', epoch, {});
    const met: string[] = [];
    for await (const { userId } of store.scan()) met.push(userId);
    expect(met).to.deep.equal(['ann']);
    expect(store.name).to.equal(kernel.store.name);
  });

  it('knows a record that nobody can believe as one, and lets whoever saw it so go on to the fault', async () => {
    const { kernel, epoch } = await opened();
    kernel.store.load = () => Promise.reject(new MfaError('store.record_altered', 'altered'));
    const seen = await seenOf(kernel, 'ann');
    expect(seen).to.deep.equal({ epoch: 'altered' });
    expect(isUnbelieved(seen)).to.equal(true);
    const load = (then: string) => codeOf(kernelAt(kernel, 'ann', then, {}).store.load('ann'));
    expect([await load(epoch), await load(seen.epoch)]).to.deep.equal(['admin.case_lapsed', 'store.record_altered']);
    kernel.store.load = () => Promise.reject(new MfaError('store.unavailable', 'away'));
    expect([await load(epoch), await codeOf(seenOf(kernel, 'ann'))]).to.deep.equal(Array(2).fill('store.unavailable'));
  });

  it('sees how a person stands, and whoever has no record by an epoch that is none', async () => {
    const { kernel, epoch } = await opened();
    const seen = await seenOf(kernel, 'ann');
    expect(seen).to.deep.equal({ ...(await kernel.store.load('ann')), epoch });
    const nobody = await seenOf(kernel, 'bob');
    expect(nobody).to.deep.equal({ epoch: '' });
    expect([isUnbelieved(seen), isUnbelieved(nobody)]).to.deep.equal([false, false]);
    expect(await kernelAt(kernel, 'bob', '', {}).store.load('bob')).to.deep.equal({});
    expect(await codeOf(kernelAt(kernel, 'bob', epoch, {}).store.load('bob'))).to.equal('admin.case_lapsed');
  });

  it('says of which case it is in all that it tells and logs, beside what that says itself', async () => {
    const { kernel, epoch } = await opened();
    const logged: unknown[] = [];
    const flags: unknown[] = [];
    const logbook: Logbook = {
      ...{ refuses: true, reach: () => Promise.resolve(), append: () => Promise.resolve(), isStored: () => false },
      entryOf: (_about, happened) => (logged.push(happened), { id: 'x' }),
    };
    const tell: typeof kernel.tell = (about, happened, isLogged) => {
      flags.push(isLogged);
      kernel.tell(about, happened);
    };
    const own = kernelAt({ ...kernel, logbook, tell }, 'ann', epoch, { case: 'c', ticket: 'T' });
    const about = { user: { id: 'ann' }, hints: {} };
    const happened = { name: 'reset', detail: { reason: 'lost', ticket: 'mine' } } as const;
    const inFull = { name: 'reset', detail: { reason: 'lost', case: 'c', ticket: 'T' } };
    own.tell(about, [happened, { name: 'released' }], true);
    expect(kernel.events.map(({ name, detail }) => ({ name, detail }))).to.deep.equal([
      inFull,
      { name: 'released', detail: { case: 'c', ticket: 'T' } },
    ]);
    expect(flags).to.deep.equal([true]);
    expect(own.logbook?.entryOf(about, happened)).to.deep.equal({ id: 'x' });
    expect(logged).to.deep.equal([inFull]);
    expect(own.logbook?.refuses).to.equal(true);
    expect(kernelAt(kernel, 'ann', epoch, {})).to.not.have.property('logbook');
  });
});
