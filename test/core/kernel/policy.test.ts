// Which policy holds, which proofs count now, and whether they are young and strong enough for what a route asks.
import { expect } from 'chai';
import fc from 'fast-check';
import { keptDemand, lacking, policies, strictest, validProofs } from '../../../src/core/kernel/policy.js';
import { emptyRecord, type MfaRecord } from '../../../src/core/kernel/record.js';
import { isYoung, type Proof, type SignIn } from '../../../src/core/kernel/sign-in.js';

const now = 1_800_000_000;
const settings = { elevationMaxAgeSeconds: 86_400 };
const record: MfaRecord = {
  ...emptyRecord('e1'),
  protected: true,
  authenticators: [
    { id: 'r1', kind: 'riddle', createdAt: 1, data: {} },
    { id: 's1', kind: 'song', createdAt: 1, data: {} },
  ],
};
const proof = (over: Partial<Proof> = {}): Proof => ({
  kind: 'riddle',
  authenticatorId: 'r1',
  at: now,
  userVerified: false,
  ...over,
});
const signIn = (proofs: Proof[], epoch = 'e1'): SignIn => ({
  userId: 'ann',
  flowId: 'f',
  startedAt: now,
  moment: 'sign-in',
  csrf: 'x',
  proofs,
  epoch,
});
const count = (proofs: Proof[], epoch?: string) => validProofs(signIn(proofs, epoch), record, settings, now).length;

describe('the strictest policy', () => {
  it('wins, in whatever order they are given', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...policies), { minLength: 1 }), (given) => {
        const won = strictest(given);
        expect(given).to.include(won);
        for (const policy of given) expect(policies.indexOf(won)).to.be.at.least(policies.indexOf(policy));
      }),
    );
  });

  it('is the one that stands alone', () => {
    for (const policy of policies) expect(strictest(policy)).to.equal(policy);
    expect(strictest(['no-prompt', 'mandatory', 'prompt-only-at-sign-in'])).to.equal('mandatory');
  });
});

describe('the proofs that count', () => {
  it('are those of this epoch, of an authenticator that stands, and neither old nor from the future', () => {
    expect(count([proof()])).to.equal(1);
    expect(count([proof({ at: now - 86_400 }), proof({ kind: 'song', authenticatorId: 's1' })])).to.equal(2);
  });

  it('are none in a session that carries another epoch, or none', () => {
    expect(count([proof()], 'e0')).to.equal(0);
    expect(count([proof()], '')).to.equal(0);
    const never: SignIn = signIn([proof()]);
    delete never.epoch;
    expect(validProofs(never, record, settings, now)).to.deep.equal([]);
  });

  it('are not those of an authenticator that was removed', () => {
    expect(count([proof({ authenticatorId: 'gone' })])).to.equal(0);
  });

  it('are not those that name the authenticator of another kind', () => {
    expect(count([proof({ authenticatorId: 's1' })])).to.equal(0);
  });

  it('are not those older than an elevation may be', () => {
    expect(count([proof({ at: now - 86_401 })])).to.equal(0);
  });

  it('are not those from the future, but for the minute that two clocks differ by', () => {
    expect(count([proof({ at: now + 60 })])).to.equal(1);
    expect(count([proof({ at: now + 61 })])).to.equal(0);
    expect(count([proof({ at: now + 40_000_000 })])).to.equal(0);
  });

  it('are none for whoever has a time that is no number', () => {
    expect(count([proof({ at: Number.NaN })])).to.equal(0);
    expect(isYoung(Number.NaN, 600, now)).to.equal(false);
  });
});

describe('what a route asks for', () => {
  it('is met by any proof, where it asks for nothing more', () => {
    expect(lacking([proof()], {}, now)).to.equal(undefined);
    expect(lacking([proof({ at: now - 80_000 })], {}, now)).to.equal(undefined);
  });

  it('lacks everything, the kind, or the age, and says which', () => {
    const demand = { maxAgeSeconds: 300, factors: ['song'] };
    const song = (at: number) => proof({ kind: 'song', authenticatorId: 's1', at });
    expect(lacking([], demand, now)).to.equal('missing');
    expect(lacking([proof()], demand, now)).to.equal('kind');
    expect(lacking([proof(), song(now - 301)], demand, now)).to.equal('expired');
    expect(lacking([proof(), song(now - 300)], demand, now)).to.equal(undefined);
  });

  it('is not met by a young proof of one kind and an old one of another', () => {
    const old = proof({ kind: 'song', authenticatorId: 's1', at: now - 301 });
    expect(lacking([proof(), old], { maxAgeSeconds: 300, factors: ['song'] }, now)).to.equal('expired');
  });

  it('is not met by a proof from the future', () => {
    expect(lacking([proof({ at: now + 61 })], { maxAgeSeconds: 300 }, now)).to.equal('expired');
  });

  it('is met by nothing where it names no factor at all', () => {
    expect(lacking([proof()], { factors: [] }, now)).to.equal('kind');
  });

  it('is kept by a sign-in alone, as a list of its own', () => {
    const factors = ['song'];
    const kept = keptDemand({ maxAgeSeconds: 0, factors, later: 1 } as never);
    expect(kept).to.deep.equal({ maxAgeSeconds: 0, factors });
    expect(kept.factors).not.to.equal(factors);
    expect(keptDemand({ factors: [] })).to.deep.equal({ factors: [] });
    expect(keptDemand({ maxAgeSeconds: 300 }))
      .to.deep.equal({ maxAgeSeconds: 300 })
      .and.not.have.property('factors');
    expect(Object.keys(keptDemand({}))).to.deep.equal([]);
  });
});
