// What a refusal of a change says: with what it can be paid, until when it stands, and which step it is about.
import { expect } from 'chai';
import type { Factor } from '../../../src/core/kernel/factor.js';
import type { MfaRecord } from '../../../src/core/kernel/record.js';
import type { Settings } from '../../../src/core/kernel/settings.js';
import { changeBy, forbids, proofOwed, type Change } from '../../../src/core/rules/permission.js';
import {
  app,
  asking,
  codes,
  having,
  key,
  mail,
  nobody,
  now,
  own,
  pass,
  proof,
  ruleKernel,
  since,
  type AskerOptions,
} from '../../support/rule-person.js';

const refusalOf = (change: Change, record: MfaRecord, asker: AskerOptions = {}, settings: Partial<Settings> = {}) =>
  forbids(ruleKernel(settings), asking(asker), record, change);
const by = (...proofs: AskerOptions['proofs'] & object) => ({ proofs });
const stale = now - 601;
const fresh = own(key, { createdAt: since });
const hold = { hold: { since, until: now + 90 } };
const again = having([], { owed: ['primary'], reclaim: { since } });
const known = { email: 'ann@example.com', emailVerified: true };
const whenPossible = { confirmFirstEnrollment: 'when-possible' } as const;

describe('a refusal of a change', () => {
  const detailsOf = (...asked: Parameters<typeof refusalOf>) => refusalOf(...asked)?.details;
  const all = having([key, app, codes, pass]);

  it('says with what a pending person pays', () => {
    expect(detailsOf('manage', all)).to.deep.equal({ availableFactors: ['key', 'app', 'codes', 'pass'] });
  });

  it('says why a step-up is owed, how young it must be, and by what, never a pass', () => {
    const availableFactors = ['key', 'app', 'codes'];
    const stepUp = { why: 'expired', maxAgeSeconds: 600 };
    expect(detailsOf('manage', all, by(proof(app, stale)))).to.deep.equal({ stepUp, availableFactors });
    expect(detailsOf('manage', { ...all, signInStepOff: true })).to.deep.equal({
      stepUp: { ...stepUp, why: 'missing' },
      availableFactors,
    });
  });

  it('names the primary factors where a backup code is not enough', () => {
    const factors = ['key', 'app', 'sms', 'mail'];
    const missingOne = { why: 'missing', maxAgeSeconds: 600, factors };
    expect(detailsOf('manage', all, by(proof(codes)))).to.deep.include({ stepUp: missingOne });
    expect(detailsOf('manage', all, by(proof(codes), proof(app, stale)))).to.deep.include({
      stepUp: { ...missingOne, why: 'expired' },
    });
    expect(detailsOf('enroll-primary', all, by(proof(codes, stale)))).to.deep.include({
      stepUp: { why: 'expired', maxAgeSeconds: 600 },
    });
  });

  it('says until when a sign-in is held', () => {
    const details = detailsOf('manage', having([app, fresh], hold), by(proof(key)));
    expect(details).to.deep.equal({ heldUntil: now + 90, retryAfterSeconds: 90 });
  });

  it('says what a first enrolment lacks: to sign in again, a code, or that it follows an objection', () => {
    const old = { user: { signedInAt: stale } };
    expect(detailsOf('enroll-primary', nobody, old)).to.deep.equal({ hint: 'enroll.sign_in_again' });
    expect(detailsOf('enroll-primary', nobody, { user: known }, whenPossible)).to.deep.equal({});
    expect(detailsOf('manage', again)).to.deep.equal({ hint: 'enroll.after_objection' });
  });
});

describe('a step of whoever has proved nothing', () => {
  it('is refused by its own word', () => {
    const said = (['reauthenticate', 'blocked', 'recover', 'confirm-recovery', 'wait'] as const).map(
      (step) => proofOwed(ruleKernel(), asking(), having([app, codes]), { step }).reason,
    );
    expect(said.map((reason) => reason.replace('session.mfa.', ''))).to.deep.equal([
      'upstream_insufficient',
      'blocked',
      'recovery_required',
      'recovery_unconfirmed',
      'awaiting_approval',
    ]);
  });
});

describe('to enrol a factor', () => {
  const rows: [what: string, factor: Factor, record: MfaRecord, change: Change][] = [
    ['a primary one', key, having([key]), 'enroll-primary'],
    ['another app in the place of a lost one', app, having([app]), 'enroll-primary'],
    ['a first address', mail, having([app]), 'enroll-primary'],
    ['another address', mail, having([mail]), 'manage'],
    ['an address in the place of one that is disabled', mail, having([own(mail, { disabledAt: 1 })]), 'enroll-primary'],
    ['backup codes', codes, having([app, codes]), 'backup-codes'],
  ];
  for (const [what, factor, record, change] of rows)
    it(`(${what}) is the change \`${change}\``, () => expect(changeBy(factor, record)).to.equal(change));
});
