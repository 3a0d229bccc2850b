// A hold, to the second: what was made in a recovery counts for little, what stood there before sets free.
import { expect } from 'chai';
import {
  cameByPass,
  codesBarredUntil,
  countingProofs,
  heldAnew,
  heldUntil,
  holdOf,
  isOlder,
  mayTrust,
  stepsUp,
  withHold,
  withoutPasses,
} from '../../../src/core/rules/hold.js';
import type { Factor } from '../../../src/core/kernel/factor.js';
import { emptyRecord, type Authenticator, type MfaRecord } from '../../../src/core/kernel/record.js';
import type { Proof } from '../../../src/core/kernel/sign-in.js';
import { riddle, spareWords } from '../../support/core-factors.js';
import { testKernel } from '../../support/core-kernel.js';

const pass = { ...(riddle({ kind: 'pass' }) as Factor), rank: 'pass' as const };
const rhyme = riddle({ kind: 'rhyme' });
const [app, codes] = [riddle() as Factor, spareWords() as Factor];
const kernel = testKernel({ factors: [app, rhyme, codes, pass] });
const now = kernel.now();
const since = now - 100;
const own = (id: string, kind: string, createdAt: number, more: object = {}): Authenticator => ({
  id,
  kind,
  createdAt,
  data: {},
  ...more,
});
const record: MfaRecord = {
  ...emptyRecord('e'),
  protected: true,
  hold: { since, until: now + 1 },
  authenticators: [
    own('old', 'riddle', since - 1),
    own('new', 'rhyme', since),
    own('codes', codes.kind, since - 1),
    own('pass', 'pass', since - 1),
  ],
};
const over = { ...record, hold: { since, until: now } };
const free: MfaRecord = { ...emptyRecord('e'), authenticators: record.authenticators };
const kindOf = (id: string) => record.authenticators.find((each) => each.id === id)?.kind ?? 'riddle';
const proof = (id: string): Proof => ({ kind: kindOf(id), authenticatorId: id, at: now, userVerified: false });

describe('a hold', () => {
  it('is in force until its last second', () => {
    expect(holdOf(kernel, record)).to.deep.equal(record.hold);
    expect(holdOf(kernel, over)).to.equal(undefined);
    expect(holdOf(kernel, free)).to.equal(undefined);
  });

  it('holds sign-ins of which every proof is of the recovery', () => {
    const held = [['new'], ['codes'], ['pass'], ['gone'], ['new', 'pass', 'codes']];
    for (const ids of held) {
      expect(heldUntil(kernel, record, ids.map(proof)), ids.join()).to.equal(now + 1);
      expect(countingProofs(kernel, record, ids.map(proof))).to.deep.equal([]);
    }
    for (const ids of [[], ['old'], ['new', 'old'], ['old', 'pass']])
      expect(heldUntil(kernel, record, ids.map(proof)), ids.join()).to.equal(undefined);
    for (const other of [over, free]) expect(heldUntil(kernel, other, [proof('new')])).to.equal(undefined);
  });

  it('knows a factor that the app has no more for none from before, and its authenticators for no passes', () => {
    const gone = { ...proof('old'), kind: 'no more' };
    expect(heldUntil(kernel, record, [gone])).to.equal(now + 1);
    expect(cameByPass(kernel, [gone])).to.equal(false);
    const kept = withoutPasses(kernel, [own('other', 'no more', since), own('pass', 'pass', since)]);
    expect(kept.map(({ id }) => id)).to.deep.equal(['other']);
  });

  it('lets all proofs of another sign-in count but a pass', () => {
    const kinds = countingProofs(kernel, record, ['old', 'new', 'codes', 'pass'].map(proof)).map(({ kind }) => kind);
    expect(kinds).to.deep.equal(['riddle', 'rhyme', codes.kind]);
    expect(countingProofs(kernel, free, [proof('pass')])).to.deep.equal([]);
  });

  it('knows what stood there before: by when it was made, or when its address moved', () => {
    const isOld = (of: MfaRecord, id: string) => {
      const one = { kind: kindOf(id), authenticatorId: id };
      expect(mayTrust(kernel, of, one.kind, id)).to.equal(isOlder(kernel, of, one));
      return isOlder(kernel, of, one);
    };
    expect(['old', 'new', 'codes', 'pass', 'gone'].map((id) => isOld(record, id))).to.deep.equal([
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(['old', 'new', 'codes'].map((id) => isOld(over, id))).to.deep.equal([true, true, true]);
    const moved = { ...record, authenticators: [own('old', 'riddle', since - 1, { movedAt: since })] };
    expect(isOld(moved, 'old')).to.equal(false);
  });

  it('offers at a step-up only what would set free', () => {
    const kinds = ['riddle', 'rhyme', codes.kind, 'pass', 'unknown'];
    expect(kinds.map((kind) => stepsUp(kernel, record, kind))).to.deep.equal([true, false, false, false, false]);
    expect(kinds.map((kind) => stepsUp(kernel, free, kind))).to.deep.equal([true, true, true, false, false]);
    const disabled = { ...record, authenticators: [own('old', 'riddle', since - 1, { disabledAt: 5 })] };
    expect(stepsUp(kernel, disabled, 'riddle')).to.equal(false);
  });

  it('begins, and goes on, for all that was made since the first', () => {
    const hours = kernel.settings.holdHours * 3600;
    expect(heldAnew(kernel, free, now).hold).to.deep.equal({ since: now, until: now + hours });
    expect(heldAnew(kernel, record, now).hold).to.deep.equal({ since, until: now + hours });
    expect(heldAnew(kernel, record, since - 5).hold).to.deep.equal({ since: since - 5, until: now + hours });
    expect(heldAnew(kernel, over, now).hold).to.deep.equal({ since: now, until: now + hours });
    const longer = { ...record, hold: { since, until: now + 2 * hours } };
    expect(heldAnew(kernel, longer, now).hold).to.deep.equal({ since, until: now + 2 * hours });
  });

  it('begins with a pass, and anew with one more or a backup code; a code alone begins none', () => {
    const until = now + kernel.settings.holdHours * 3600;
    expect(withHold(kernel, free, pass, 'pass', []).hold).to.deep.equal({ since: now, until });
    expect(withHold(kernel, record, pass, 'pass', []).hold).to.deep.equal({ since, until });
    expect(withHold(kernel, record, codes, 'codes', []).hold).to.deep.equal({ since, until });
    expect(withHold(kernel, free, codes, 'codes', [])).to.equal(free);
  });

  it('ends by a primary factor from before, in a sign-in that has proofs of the recovery, and by nothing else', () => {
    const after = (factor: Factor, id: string, ...ids: string[]) =>
      withHold(kernel, record, factor, id, ids.map(proof));
    expect(after(app, 'old', 'pass')).to.not.have.property('hold');
    expect(after(app, 'old', 'new')).to.not.have.property('hold');
    for (const held of [
      after(app, 'old'),
      after(app, 'old', 'old'),
      after(rhyme, 'new', 'pass'),
      after(app, 'gone', 'pass'),
    ])
      expect(held).to.equal(record);
    expect(withHold(kernel, over, app, 'old', [])).to.not.have.property('hold');
    expect(withHold(kernel, free, app, 'old', [proof('pass')])).to.equal(free);
  });

  it('knows passes, and when codes work again', () => {
    expect(withoutPasses(kernel, record.authenticators).map(({ id }) => id)).to.deep.equal(['old', 'new', 'codes']);
    const came = [[], ['pass'], ['pass', 'pass'], ['pass', 'old'], ['codes']];
    expect(came.map((ids) => cameByPass(kernel, ids.map(proof)))).to.deep.equal([false, true, true, false, false]);
    expect(codesBarredUntil(kernel, { ...free, codesBarredUntil: now + 1 })).to.equal(now + 1);
    expect(codesBarredUntil(kernel, { ...free, codesBarredUntil: now })).to.equal(undefined);
    expect(codesBarredUntil(kernel, free)).to.equal(undefined);
  });
});
