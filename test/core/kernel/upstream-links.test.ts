// Accounts at identity providers, claimed across all users: whose each is, how often one may be freed, and that the claim says
// neither the issuer nor the subject.
import { expect } from 'chai';
import type { MfaStore } from '../../../src/core/kernel/ports.js';
import { emptyRecord } from '../../../src/core/kernel/record.js';
import { claimAccount, claimsOfLinks, digestOf, isOf, linkAt } from '../../../src/core/kernel/upstream-links.js';
import { testKernel } from '../../support/core-kernel.js';

const [issuer, subject] = ['https://idp.example', 'subject-1'];
const digest = digestOf(testKernel(), issuer, subject);
const keyOf = (freed: number | string, of = digest) => `upstream:${of}.${freed}`;
const link = (freed: number | string, of = digest) => ({ issuer, claim: keyOf(freed, of) });

describe('an account at an identity provider', () => {
  it('is known by a digest of issuer and subject together', () => {
    const kernel = testKernel();
    expect(digestOf(kernel, issuer, subject)).to.equal(
      kernel.sealer.hashToken(`upstream ${JSON.stringify([issuer, subject])}`),
    );
    for (const [otherIssuer, otherSubject] of [
      [issuer, 'subject-2'],
      ['https://idp.example/2', subject],
      [`${issuer}","`, subject],
    ] as const)
      expect(digestOf(kernel, otherIssuer, otherSubject)).not.to.equal(digest);
  });

  it('is found in a record by its issuer', () => {
    const other = { issuer: 'https://other.example', claim: keyOf(0, 'x') };
    const record = { ...emptyRecord('e'), upstream: [other, link(3)] };
    expect(linkAt(record, issuer)).to.deep.equal(link(3));
    expect(linkAt(record, 'https://third.example')).to.equal(undefined);
    expect(linkAt(emptyRecord('e'), issuer)).to.equal(undefined);
  });

  it('is the same however often it was freed', () => {
    for (const freed of [0, 7, 199]) expect(isOf(link(freed), digest)).to.equal(true);
    for (const not of [
      link(0, 'other'),
      link(0, `${digest}x`),
      { issuer, claim: digest },
      { issuer, claim: `x${keyOf(0)}` },
    ])
      expect(isOf(not, digest), not.claim).to.equal(false);
    expect(isOf(link(0), digest.slice(0, -1))).to.equal(false);
  });

  it('has all its claims freed with it, those of before too, and no more than can have been made', () => {
    expect(claimsOfLinks([])).to.deep.equal([]);
    expect(claimsOfLinks([link(0), link(2, 'x')])).to.deep.equal([
      keyOf(0),
      keyOf(0, 'x'),
      keyOf(1, 'x'),
      keyOf(2, 'x'),
    ]);
    for (const [freed, count] of [
      [199, 200],
      [200, 201],
      [1_000_000, 201],
    ] as const)
      expect(claimsOfLinks([link(freed)])).to.have.length(count);
    expect(claimsOfLinks([link(1, 'a.b')])).to.deep.equal([keyOf(0, 'a.b'), keyOf(1, 'a.b')]);
  });
});

describe('a claim on an account', () => {
  /** What was asked of the store; the first `freed` claims name nobody. */
  function freedKernel(freed: number) {
    const asked: string[] = [];
    const store = (memory: MfaStore): MfaStore => ({
      ...memory,
      async claim(key, userId) {
        asked.push(key);
        return asked.length <= freed ? null : memory.claim(key, userId);
      },
    });
    return { kernel: testKernel({ store }), asked };
  }

  it('is of the first who claims it, again and again, and of nobody else', async () => {
    const kernel = testKernel();
    expect(await claimAccount(kernel, 'ann', digest)).to.equal(keyOf(0));
    expect(await claimAccount(kernel, 'ann', digest)).to.equal(keyOf(0));
    expect(await claimAccount(kernel, 'bob', digest)).to.equal(undefined);
    expect(await claimAccount(kernel, 'bob', 'other')).to.equal(keyOf(0, 'other'));
  });

  it('takes the next number once it was freed, and leaves the one before to nobody', async () => {
    const kernel = testKernel();
    await claimAccount(kernel, 'ann', digest);
    await kernel.store.abandon('ann', claimsOfLinks([link(0)]));
    expect(await claimAccount(kernel, 'bob', digest)).to.equal(keyOf(1));
    expect(await claimAccount(kernel, 'ann', digest)).to.equal(undefined);
    await kernel.store.abandon('bob', claimsOfLinks([link(1)]));
    expect(await claimAccount(kernel, 'ann', digest)).to.equal(keyOf(2));
  });

  it('is one of two hundred: then nobody gets the account any more', async () => {
    const last = freedKernel(199);
    expect(await claimAccount(last.kernel, 'ann', digest)).to.equal(keyOf(199));
    const over = freedKernel(200);
    expect(await claimAccount(over.kernel, 'ann', digest)).to.equal(undefined);
    expect(over.asked).to.have.length(200);
  });
});
