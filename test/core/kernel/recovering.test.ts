// Spent backup codes that owe something: how long, how many, and of which sign-in and which browser each is. They stand sealed in
// the record, which is asked and never the session.
import { expect } from 'chai';
import type { Asker } from '../../../src/core/kernel/kernel.js';
import { emptyRecord, type MfaRecord } from '../../../src/core/kernel/record.js';
import {
  approvalSeconds,
  ownRecovery,
  recoveriesOf,
  recoveryFlow,
  recoveryOfBrowser,
  withRecoveries,
  withRecovery,
  type Recovery,
} from '../../../src/core/kernel/recovering.js';
import { sealField } from '../../../src/core/kernel/sealed-field.js';
import { testKernel } from '../../support/core-kernel.js';
import { thrownBy } from '../../support/thrown.js';

const kernel = testKernel();
const { now } = kernel.clock;
const empty = emptyRecord('e');
const ann = { id: 'ann' };
const flowOf = (flowId: string) => recoveryFlow(kernel, { flowId });

function spent(id: string, more: Partial<Recovery> = {}): Recovery {
  const set = { kind: 'backup-codes', authenticatorId: 'set' };
  return { id, at: now - 10, until: now + 1, ...set, flow: flowOf(id), owes: 'proof', ...more };
}
const keeping = (...all: Recovery[]): MfaRecord => withRecoveries(kernel, 'ann', empty, all);
const idsIn = (record: MfaRecord) => recoveriesOf(kernel, 'ann', record).map(({ id }) => id);
const closed = { ...empty, recovery: sealField(kernel.sealer, 'bob', 'recovery', JSON.stringify([spent('a')])) };
const broken = { ...empty, recovery: sealField(kernel.sealer, 'ann', 'recovery', 'no list') };

describe('spent codes in a record', () => {
  it('are read as they were written, unreadable in the store, until their last second', () => {
    const all = [spent('a', { held: true }), spent('b', { owes: 'approval', browser: 'x', approvedAt: now })];
    const record = keeping(...all, spent('over', { until: now }), spent('long over', { until: now - 1 }));
    expect(recoveriesOf(kernel, 'ann', record)).to.deep.equal(all);
    expect(JSON.stringify(record)).not.to.include('backup-codes');
  });

  it('are none where there were none or their secret is gone; what is broken otherwise is an error', () => {
    for (const record of [empty, closed]) expect(recoveriesOf(kernel, 'ann', record)).to.deep.equal([]);
    expect(thrownBy(() => recoveriesOf(kernel, 'ann', broken))).to.be.instanceOf(SyntaxError);
  });

  it('leave no field where there are none any more, and the rest of the record as it is', () => {
    const record = { ...keeping(spent('a')), owed: ['primary'] };
    const without = withRecoveries(kernel, 'ann', record, []);
    expect(without).to.deep.equal({ ...empty, owed: ['primary'] });
    expect(without).not.to.have.property('recovery');
    expect(idsIn(withRecoveries(kernel, 'ann', record, [spent('b')]))).to.deep.equal(['b']);
  });

  it('wait three days for an administrator', () => expect(approvalSeconds).to.equal(259_200));
});

describe('one more spent code', () => {
  const added = (before: MfaRecord, one: Recovery) => idsIn(withRecovery(kernel, 'ann', before, one));
  const approval = { owes: 'approval' } as const;

  it('takes the place of the one of its sign-in, of either kind', () => {
    const before = keeping(spent('a'), spent('b', approval));
    expect(added(before, spent('new', { flow: flowOf('a') }))).to.deep.equal(['b', 'new']);
    expect(added(before, spent('new', { flow: flowOf('b') }))).to.deep.equal(['a', 'new']);
  });

  it('is one of three that await a further proof: the oldest gives way', () => {
    expect(added(keeping(), spent('a'))).to.deep.equal(['a']);
    expect(added(keeping(spent('a'), spent('b')), spent('c'))).to.deep.equal(['a', 'b', 'c']);
    expect(added(keeping(spent('a'), spent('b'), spent('c')), spent('d'))).to.deep.equal(['b', 'c', 'd']);
    expect(added(keeping(spent('z', { until: now }), spent('b'), spent('c')), spent('d'))).to.deep.equal([
      'b',
      'c',
      'd',
    ]);
  });

  it('is the only one that awaits an administrator, beside those that await a proof', () => {
    const before = keeping(spent('a'), spent('waits', approval), spent('b'));
    expect(added(before, spent('new', approval))).to.deep.equal(['a', 'b', 'new']);
    expect(added(before, spent('new'))).to.deep.equal(['waits', 'a', 'b', 'new']);
  });
});

describe('what a sign-in owes after a spent code', () => {
  const owes = (record: MfaRecord, flowId: string, recovery?: string) => {
    const signIn = { flowId, ...(recovery === undefined ? {} : { recovery }) } as Asker['signIn'];
    return ownRecovery(kernel, { user: ann, signIn }, record)?.id;
  };

  it('is known by a digest of the sign-in of 22 characters, from which nobody reads it back', () => {
    expect(flowOf('a')).to.match(/^[\w-]{22}$/);
    expect(flowOf('a')).not.to.equal(flowOf('b'));
    expect(flowOf('a')).to.equal(kernel.sealer.hashToken('recovery a').slice(0, 22));
  });

  it('is that of the sign-in itself before that of an earlier one in this browser', () => {
    const record = keeping(spent('earlier'), spent('other'), spent('mine'));
    expect(owes(record, 'mine')).to.equal('mine');
    expect(owes(record, 'mine', 'earlier')).to.equal('mine');
    expect(owes(record, 'later', 'earlier')).to.equal('earlier');
    expect(owes(record, 'later')).to.equal(undefined);
    expect(owes(record, 'later', 'gone')).to.equal(undefined);
    for (const nothing of [empty, closed, keeping(spent('mine', { until: now }))])
      expect(owes(nothing, 'mine')).to.equal(undefined);
  });
});

describe('the spent code that a browser’s cookie is of', () => {
  const browser = kernel.sealer.hashToken('secret');
  const record = keeping(spent('other', { browser: 'x' }), spent('mine', { browser }), spent('proof'));
  const found = (recoveryCookie?: string, of = record) =>
    recoveryOfBrowser(kernel, { user: ann, ...(recoveryCookie === undefined ? {} : { recoveryCookie }) }, of)?.id;

  it('is the one of that id, where the secret fits', () => {
    expect(found('mine.secret')).to.equal('mine');
    const not = [
      undefined,
      '',
      'mine',
      'mine.',
      '.secret',
      'mine.other',
      'other.secret',
      'proof.secret',
      'gone.secret',
    ];
    for (const cookie of not) expect(found(cookie), cookie).to.equal(undefined);
  });

  it('is none where nothing awaits anybody any more', () => {
    const over = keeping(spent('mine', { browser, until: now }));
    for (const nothing of [empty, closed, over]) expect(found('mine.secret', nothing)).to.equal(undefined);
    expect(found('proof.undefined')).to.equal(undefined);
  });
});
