// What is true of a sign-in: how old a proof may be, to the second, and which of its fields make a session one with rights.
import { expect } from 'chai';
import { clockSkewSeconds, isYoung, rightsOf, signInName, type SignIn } from '../../../src/core/kernel/sign-in.js';
import { testKernel } from '../../support/core-kernel.js';

const now = 1_800_000_000;

describe('a proof', () => {
  it('is young until its last second, and from no further ahead than clocks differ', () => {
    expect(clockSkewSeconds).to.equal(60);
    const rows: [at: number, maxAge: number, isIt: boolean][] = [
      [now, 0, true],
      [now - 1, 0, false],
      [now - 600, 600, true],
      [now - 601, 600, false],
      [now + 60, 600, true],
      [now + 61, 600, false],
    ];
    for (const [at, maxAge, isIt] of rows) expect(isYoung(at, maxAge, now), String(at - now)).to.equal(isIt);
  });
});

describe('the rights of a sign-in', () => {
  const bare: SignIn = { userId: 'ann', flowId: 'f', startedAt: now, moment: 'sign-in', proofs: [], csrf: 'x' };
  const proof = { kind: 'totp', authenticatorId: 'a', at: now, userVerified: false };
  const rights: Partial<SignIn>[] = [
    { proofs: [proof] },
    { trusted: 'browser' },
    { vouched: { issuer: 'i' } as never },
    { firstEnrollmentConfirmedAt: now },
  ];

  it('are none where it is nothing beyond being signed in', () => {
    expect(rightsOf(undefined)).to.equal('');
    const idle: Partial<SignIn>[] = [
      {},
      { epoch: 'e', signInId: 's' },
      { trustedAt: now },
      { risk: {} as never, said: 'x' as never },
    ];
    for (const more of idle) expect(rightsOf({ ...bare, ...more }), JSON.stringify(more)).to.equal('');
  });

  it('are some where anything was proved, trusted, vouched for or confirmed, each another', () => {
    const texts = rights.map((more) => rightsOf({ ...bare, ...more }));
    for (const text of texts) expect(text).not.to.equal('');
    expect(new Set(texts).size).to.equal(rights.length);
  });

  it('are others for another person, sign-in, epoch or time, and the same whatever else it says', () => {
    const given: SignIn = { ...bare, signInId: 's', epoch: 'e', proofs: [proof], trusted: 'b', trustedAt: now };
    const others: Partial<SignIn>[] = [
      ...[{ userId: 'bob' }, { signInId: 't' }, { epoch: 'f' }, { proofs: [{ ...proof, at: now + 1 }] }],
      ...[{ trusted: 'c' }, { trustedAt: now + 1 }, ...rights.slice(2)],
    ];
    for (const more of others)
      expect(rightsOf({ ...given, ...more }), JSON.stringify(more)).not.to.equal(rightsOf(given));
    const same: Partial<SignIn>[] = [
      { flowId: 'g' },
      { startedAt: 1 },
      { csrf: 'y' },
      { returnTo: '/x' },
      { settingUp: true },
    ];
    for (const more of same) expect(rightsOf({ ...given, ...more })).to.equal(rightsOf(given));
  });
});

describe('the name of a sign-in', () => {
  it('has 43 characters, however long what the host names it by is, and is no other’s', () => {
    const kernel = testKernel();
    for (const id of ['', 'a', 'x'.repeat(5000)]) expect(signInName(kernel, id)).to.match(/^[\w-]{43}$/);
    expect(signInName(kernel, 'a')).to.equal(kernel.sealer.hashToken('sign-in a'));
  });
});
