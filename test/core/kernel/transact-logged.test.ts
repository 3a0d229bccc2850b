// A change where nothing may be told that the audit log does not hold: its entries are saved with it and appended after it; what the
// log does not take before it is not done, and what it does not take after it is done, and refused as on its way.
import { expect } from 'chai';
import type { Kernel, Logbook, LogEntry, Told } from '../../../src/core/kernel/kernel.js';
import { isLoggedLater } from '../../../src/core/kernel/logbook.js';
import { openField } from '../../../src/core/kernel/sealed-field.js';
import { loadRecord, transact } from '../../../src/core/kernel/transact.js';
import { MfaError } from '../../../src/core/words/errors.js';
import type { Happened } from '../../../src/core/words/events.js';
import { testKernel } from '../../support/core-kernel.js';
import { codeOf, rejectionOf } from '../../support/thrown.js';

const enrolled: Happened = { name: 'authenticator-enrolled', outcome: 'accepted' };

function logged() {
  const plain = testKernel();
  const did: string[] = [];
  const stored = new Set<string>();
  const failing = { reach: false, append: false };
  const answer = (what: string, fails: boolean) => {
    did.push(what);
    if (fails) throw new MfaError('audit.unavailable', 'The log is down.');
  };
  const logbook: Logbook = {
    refuses: true,
    entryOf: (_about, { name }) => ({ id: `${name} ${did.length}` }),
    reach: async () => answer('reached', failing.reach),
    async append(entries) {
      answer(`appended ${entries.map(({ id }) => id).join()}`, failing.append);
      for (const { id } of entries) stored.add(id);
    },
    isStored: ({ id }) => stored.has(id),
  };
  const tell: Kernel['tell'] = (_about, happened, isLogged) =>
    void did.push(`told ${happened.map(({ name }) => name).join()}${isLogged === true ? ', logged' : ''}`);
  const kernel = { ...plain, logbook, tell };
  const leftIn = async () => {
    const { unlogged } = await kernel.recordOf('ann');
    return unlogged && (JSON.parse(openField(kernel.sealer, 'ann', 'unlogged', unlogged)) as LogEntry[]);
  };
  const about: Told = { user: { id: 'ann' }, hints: {} };
  const change = (epoch: string, happened: Happened[] = [enrolled]) =>
    transact(kernel, about, (record) => ({ save: { ...record, epoch }, result: epoch, happened }));
  return { kernel, did, failing, leftIn, change, about };
}

describe('a change that waits for the audit log', () => {
  it('has its entries in the record until another change finds them in the log', async () => {
    const { did, leftIn, change } = logged();
    expect(await change('e1')).to.equal('e1');
    expect(did).to.deep.equal(['reached', 'appended authenticator-enrolled 1', 'told authenticator-enrolled, logged']);
    expect(await leftIn()).to.deep.equal([{ id: 'authenticator-enrolled 1' }]);
    expect(await change('e2', [])).to.equal('e2');
    expect(await leftIn()).to.equal(undefined);
    expect(did.at(-1)).to.equal('told ');
  });

  it('is not made where the log takes nothing before it: nobody is told of it', async () => {
    const { kernel, did, failing, change } = logged();
    failing.reach = true;
    expect(await codeOf(change('e1'))).to.equal('audit.unavailable');
    expect((await loadRecord(kernel, { id: 'ann' })).record).to.equal(undefined);
    expect(did).to.deep.equal(['reached']);
  });

  it('is made, told and refused where the log takes nothing after it, and appended by whoever reads the record', async () => {
    const { kernel, did, failing, leftIn, change } = logged();
    failing.append = true;
    const error = await rejectionOf(change('e1'));
    expect([error.code, isLoggedLater(error)]).to.deep.equal(['audit.unavailable', true]);
    expect((await kernel.recordOf('ann')).epoch).to.equal('e1');
    expect(did.at(-1)).to.equal('told authenticator-enrolled, logged');
    // The next change waits for what is left, and is not made without it.
    expect(await codeOf(change('e2'))).to.equal('audit.unavailable');
    expect(did.slice(3)).to.deep.equal(['appended authenticator-enrolled 1', 'appended authenticator-enrolled 1']);
    expect(await leftIn()).to.deep.equal([{ id: 'authenticator-enrolled 1' }]);
    failing.append = false;
    await loadRecord(kernel, { id: 'ann' });
    expect(did.at(-1)).to.equal('appended authenticator-enrolled 1');
  });

  it('that is refused changes the record without the log', async () => {
    const { did, leftIn, change, failing } = logged();
    failing.reach = true;
    expect(await change('e1', [{ name: 'verification-refused', outcome: 'refused' }])).to.equal('e1');
    expect(did).to.deep.equal(['told verification-refused']);
    expect(await leftIn()).to.equal(undefined);
  });

  it('names the epoch whose place it took, where it took one', async () => {
    const { change, about } = logged();
    await change('e1');
    expect(about.replaced).to.equal('');
    delete about.replaced;
    await change('e1');
    expect(about).not.to.have.property('replaced');
    await change('e2');
    expect(about.replaced).to.equal('e1');
  });
});
