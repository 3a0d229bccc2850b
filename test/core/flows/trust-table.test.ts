// Trusted browsers in the record: what a new one is, which gives way, and that a use, a copy or a revocation touches that one alone.
import { expect } from 'chai';
import { admitTrusted, newTrust, useTrust } from '../../../src/core/flows/trust.js';
import { emptyRecord, type TrustedBrowser } from '../../../src/core/kernel/record.js';
import { namesOf, testKernel } from '../../support/core-kernel.js';
import { forget, personOf, protectedPerson } from '../../support/core-person.js';
import { tamper } from '../../support/core-record.js';

const day = 86_400;

/** Ann, and two browsers that she trusts; the cookies with their secrets. */
async function twoBrowsers() {
  const made = await protectedPerson({ settings: { trustDays: 30 } });
  const { kernel, person } = made;
  const [one, other] = [newTrust(kernel, person.asker)!, newTrust(kernel, person.asker)!];
  await tamper(kernel, () => ({ trusted: [one.browser, other.browser] }));
  forget(kernel);
  const use = (trustedBrowser: string, of = kernel) => useTrust(of, { ...personOf(kernel).asker, trustedBrowser });
  const trusted = async () => (await kernel.recordOf('ann')).trusted;
  const told = () => kernel.events.map(({ name, detail }) => [name, detail]);
  return { ...made, one, other, use, trusted, told };
}

describe('a browser to be trusted', () => {
  it('is kept with the hash of its secret, its days and its name, where that is known, and with no secret replaced yet', () => {
    const kernel = testKernel({ settings: { trustDays: 30 } });
    const { asker } = personOf(kernel);
    const { cookie, browser } = newTrust(kernel, asker)!;
    const [id, secret] = cookie.cookie.split('.') as [string, string];
    const plain = {
      id,
      hash: kernel.sealer.hashToken(secret),
      previous: [],
      createdAt: kernel.now(),
      expiresAt: kernel.now() + 30 * day,
    };
    expect(cookie.id).to.equal(id);
    expect(browser).to.deep.equal({ ...plain, name: 'test' });
    const nameless = newTrust(kernel, { ...asker, hints: {} })!;
    expect(nameless.browser).to.have.all.keys(...Object.keys(plain));
  });

  it('is none where the app has none', () => {
    const kernel = testKernel();
    expect(newTrust(kernel, personOf(kernel).asker)).to.equal(undefined);
  });

  it('takes the place of those whose day has come, then of the oldest of ten', () => {
    const browser = (id: string, expiresAt: number): TrustedBrowser => {
      return { id, hash: 'h', previous: [], createdAt: 1, expiresAt };
    };
    const ids = (all: readonly TrustedBrowser[]) =>
      admitTrusted({ ...emptyRecord('e'), trusted: [...all] }, browser('new', 99), 50).trusted.map(({ id }) => id);
    expect(ids([browser('over', 49), browser('now', 50), browser('left', 51)])).to.deep.equal(['left', 'new']);
    const nine = Array.from({ length: 9 }, (_none, n) => browser(`b${n}`, 99));
    const all = nine.map(({ id }) => id);
    expect(ids(nine)).to.deep.equal([...all, 'new']);
    expect(ids([browser('oldest', 99), ...nine])).to.deep.equal([...all, 'new']);
  });
});

describe('the use of a trusted browser', () => {
  it('is that of its cookie, and changes and tells of no other', async () => {
    const { kernel, one, other, use, trusted, told } = await twoBrowsers();
    const used = await use(other.cookie.cookie);
    const [, after] = await trusted();
    expect(await trusted()).to.deep.equal([one.browser, after]);
    expect(after).to.deep.equal({
      ...other.browser,
      hash: kernel.sealer.hashToken(used!.cookie!.cookie.split('.')[1]!),
      previous: [{ hash: other.browser.hash, until: kernel.now() + 60 }],
      lastUsedAt: kernel.now(),
    });
    expect(used).to.include({ id: other.browser.id });
    expect(used?.record.trusted).to.deep.equal(await trusted());
    expect(told()).to.deep.equal([['browser-trust-used', { browser: other.browser.id }]]);
    expect((await use(one.cookie.cookie))?.id).to.equal(one.browser.id);
  });

  it('of a secret that was replaced just now says the record as it stands, and writes nothing', async () => {
    const { other, use, trusted, told } = await twoBrowsers();
    await use(other.cookie.cookie);
    const before = await trusted();
    const again = await use(other.cookie.cookie);
    expect(again).to.have.all.keys('id', 'record').and.include({ id: other.browser.id });
    expect(again?.record.trusted).to.deep.equal(before);
    expect(await trusted()).to.deep.equal(before);
    expect(told().map(([name]) => name)).to.deep.equal(['browser-trust-used', 'browser-trust-used']);
  });

  it('of a secret that comes back late ends the trust in that browser alone, and names it', async () => {
    const { kernel, one, other, use, trusted, told } = await twoBrowsers();
    await use(other.cookie.cookie);
    kernel.clock.now += 61;
    forget(kernel);
    expect(await use(other.cookie.cookie)).to.equal(undefined);
    expect(await trusted()).to.deep.equal([one.browser]);
    expect(told()).to.deep.equal([['browser-trust-reused', { browser: other.browser.id }]]);
    expect(kernel.notices[0]).to.include({ what: 'browser-trust-ended', at: kernel.now() });
  });

  it('is none at its last second, and none where the app has turned them off: nothing is told or written', async () => {
    const { kernel, one, other, use, trusted } = await twoBrowsers();
    const off = testKernel({ beside: kernel });
    expect(await use(one.cookie.cookie, off)).to.equal(undefined);
    kernel.clock.now += 30 * day - 1;
    expect(await use(one.cookie.cookie)).to.have.property('id', one.browser.id);
    kernel.clock.now += 1;
    forget(kernel);
    const before = await trusted();
    for (const { cookie } of [one, other]) expect(await use(cookie.cookie)).to.equal(undefined);
    expect(await trusted()).to.deep.equal(before);
    expect([...namesOf(kernel), ...namesOf(off)]).to.deep.equal([]);
  });

  it('is none of somebody suspended', async () => {
    const { kernel, one, use } = await twoBrowsers();
    await tamper(kernel, () => ({ suspended: { admin: 1 } }));
    expect(await use(one.cookie.cookie)).to.equal(undefined);
    expect(namesOf(kernel)).to.deep.equal([]);
  });
});
