// What an objection takes away, change by change: what was added and what leaned on it, and never the owner's last way in.
import { expect } from 'chai';
import { bars, takeBack, type Change } from '../../../src/core/rules/take-back.js';
import type { Factor } from '../../../src/core/kernel/factor.js';
import { emptyRecord, type Authenticator, type MfaRecord } from '../../../src/core/kernel/record.js';
import { riddle } from '../../support/core-factors.js';
import { testKernel } from '../../support/core-kernel.js';

const works = (factor: unknown): Factor => ({ ...(factor as Factor), standing: () => ({ state: 'usable' }) });
const pass = { ...works(riddle({ kind: 'pass' })), rank: 'pass' as const };
const kernel = testKernel({
  factors: [works(riddle()), works(riddle({ kind: 'mail' })), works(riddle({ kind: 'codes', rank: 'backup' })), pass],
});
const at = 1000;
const own = (id: string, createdAt: number, enrolledBy?: string[], kind = 'riddle'): Authenticator => ({
  id,
  kind,
  createdAt,
  ...(enrolledBy ? { enrolledBy } : {}),
  data: {},
});
const [old, added] = [own('old', 1), own('added', at, ['old'])];
const browser = { id: 'k', hash: 'h', createdAt: 1 };
const recordOf = (authenticators: Authenticator[], more: Partial<MfaRecord> = {}): MfaRecord => ({
  ...emptyRecord('e'),
  protected: true,
  authenticators,
  known: [browser],
  trusted: [{ id: 't', hash: 'h', previous: [], createdAt: 1, expiresAt: 2 }],
  attempts: { 'riddle/known:k': { failures: 1, failedAt: 1 }, 'riddle/unknown': { failures: 2, failedAt: 1 } },
  signInStepOff: true,
  recovery: { sealed: 'x' },
  ...more,
});
const from = { since: 5, address: { digest: 'd', keyId: 'k' } };

function taken(
  change: Change,
  authenticators: Authenticator[],
  more: Partial<MfaRecord> = {},
  proves = '',
  mailbox = from,
) {
  const { record, removed, did } = takeBack(
    kernel,
    recordOf(authenticators, more),
    change,
    ({ id }) => id === proves,
    mailbox,
  );
  return { record, did, removed: removed.map(({ id }) => id).sort(), left: record.authenticators.map(({ id }) => id) };
}
const factorAdded: Change = { what: 'factor-added', at, authenticatorId: 'added' };

describe('an objection', () => {
  it('takes what was added, and what was enrolled since by a proof that leaned on it', () => {
    const later = own('later', at + 1, ['added', 'old']);
    const deeper = own('deeper', at + 2, ['later', 'added']);
    const same = own('same', at, ['added']);
    const others = [own('before', at - 1, ['added']), own('else', at + 1, ['old']), own('adopted', at + 1)];
    const found = taken(factorAdded, [old, added, later, deeper, same, ...others]);
    expect(found.removed).to.deep.equal(['added', 'deeper', 'later', 'same']);
    expect(found.left).to.deep.equal(['old', 'before', 'else', 'adopted']);
    expect(found.did).to.equal('taken-away');
  });

  it('ends what browsers may do, the question that was off, and codes that wait', () => {
    const { record } = taken(factorAdded, [old, added]);
    expect(record).to.deep.include({ trusted: [], known: [], owed: [] });
    expect(record).to.not.have.any.keys('signInStepOff', 'recovery', 'codesBarredUntil', 'reclaim');
    expect(record.attempts).to.have.all.keys('riddle/unknown');
  });

  it('to wrong answers takes nothing, and leaves the browsers that the owner has used', () => {
    for (const what of ['failures', 'lane-closed', 'authenticator-disabled'] as const) {
      const { record, did, left } = taken({ what, at }, [old, added]);
      expect(left).to.deep.equal(['old', 'added']);
      expect(record).to.deep.include({ known: [browser], trusted: [], signInStepOff: true });
      expect(record.attempts).to.have.all.keys('riddle/unknown', 'riddle/known:k');
      expect(record).to.not.have.property('recovery');
      expect(did).to.equal('sessions-ended');
    }
  });

  it('takes the passes that are out, whatever it is to', () => {
    expect(taken({ what: 'failures', at }, [old, own('pass', 1, undefined, 'pass')]).removed).to.deep.equal(['pass']);
  });

  it('leaves the last thing that proves the mailbox which it comes from', () => {
    const mail = own('mail', at, undefined, 'mail');
    const change: Change = { what: 'factor-added', at, authenticatorId: 'mail' };
    expect(taken(change, [mail], {}, 'mail')).to.deep.include({ removed: [], left: ['mail'], did: 'address-kept' });
    expect(taken(change, [old, mail], {}, 'mail')).to.deep.include({ removed: ['mail'], did: 'taken-away' });
    const set = own('set', at, ['mail'], 'codes');
    expect(taken(change, [mail, set], {}, 'mail')).to.deep.include({
      removed: ['set'],
      left: ['mail'],
      did: 'address-kept',
    });
  });

  it('to a first enrolment leaves nothing and leads to a new one, by the address or by a granted code', () => {
    const first: Change = { ...factorAdded, first: true };
    const begun = taken(first, [added]);
    expect(begun).to.deep.include({ removed: ['added'], did: 'start-again' });
    expect(begun.record).to.deep.include({ protected: true, owed: ['primary'], reclaim: from });
    const granted = taken(first, [added], {}, '', { since: 5 } as typeof from);
    expect(granted.did).to.equal('start-again-granted');
    const before = { since: 1, address: { digest: 'first', keyId: 'k' } };
    expect(taken(first, [added], { owed: ['primary'], reclaim: before }).record.reclaim).to.deep.equal(before);
    expect(taken(first, [added], { owed: ['primary'] }).record.reclaim).to.deep.equal(from);
    expect(taken(first, [added], { owed: [], reclaim: before }).record.reclaim).to.deep.equal(from);
    expect(taken(first, [old, added]).did).to.equal('taken-away');
    expect(taken(factorAdded, [added]).did).to.equal('taken-away');
  });

  it('to a reset takes all that was enrolled since, which leaned on nothing', () => {
    const change: Change = { what: 'reset', at };
    expect(taken(change, [old, added, own('x', at + 1)])).to.deep.include({ removed: ['added', 'x'], left: ['old'] });
    expect(taken(change, [added]).did).to.equal('start-again');
    expect(taken({ ...change, first: undefined as never }, [added]).did).to.equal('start-again');
  });

  it('to a used code takes its sheet and owes another, where there is another way in; and bars codes for some hours', () => {
    const set = own('set', 1, undefined, 'codes');
    const change: Change = { what: 'backup-code-used', at, authenticatorId: 'set' };
    const until = kernel.now() + kernel.settings.holdHours * 3600;
    const found = taken(change, [old, set]);
    expect(found).to.deep.include({ removed: ['set'], did: 'taken-away' });
    expect(found.record).to.deep.include({ owed: ['backup-codes'], codesBarredUntil: until });
    const leaning = taken(factorAdded, [old, added, own('sheet', at, ['added'], 'codes')]);
    expect(leaning.removed).to.deep.equal(['added', 'sheet']);
    expect(leaning.record.owed).to.deep.equal(['backup-codes']);
    expect(taken(change, [old, set], { owed: ['backup-codes'] }).record.owed).to.deep.equal(['backup-codes']);
    expect(taken(change, [set])).to.deep.include({ removed: [], left: ['set'], did: 'sessions-ended' });
    expect(taken(change, [set, own('new', at + 1, ['set'])])).to.deep.include({ removed: ['new'], left: ['set'] });
    expect(taken(change, [set], { codesBarredUntil: until + 1 }).record.codesBarredUntil).to.equal(until + 1);
    expect(taken(change, [set], { codesBarredUntil: 7 }).record.codesBarredUntil).to.equal(until);
    expect((['backup-code-used', 'pass-used', 'recovery', 'factor-added', 'reset'] as const).map(bars)).to.deep.equal([
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  it('to the question that was turned off has it asked again', () => {
    const change: Change = { what: 'sign-in-step-off', at };
    expect(taken(change, [old]).did).to.equal('asked-again');
    const { signInStepOff: _off, ...asked } = recordOf([old]);
    expect(takeBack(kernel, asked, change, () => false, from).did).to.equal('sessions-ended');
    expect(taken({ what: 'factor-removed', at }, [old]).did).to.equal('sessions-ended');
  });
});
