// Attack: one account at a provider signs in as several people at the same moment, in two processes; or several accounts as one person;
// or many pages ask to be led back to the provider at once.
// Rule: a claim has one winner, the record decides which account is a person's, and a counter of the person who is led back.
// Answer: exactly one is believed, exactly one is led.
import { expect } from 'chai';
import type { Browser } from '../support/agent.js';
import { startRivals, type Rivals } from '../support/rivals.js';
import { accepted, claimsOf, comeBy, enforced, standingOf } from '../support/upstream-site.js';

describe('identity providers, in two processes at once', function () {
  let rivals: Rivals;
  before(async () => {
    rivals = await startRivals(2, {}, 'upstream-rival.ts');
  });
  after(() => rivals.close());

  /** Each comes to the other process than the one before. */
  const storm = (all: { uid: string; sub: string; iss?: string }[]): Promise<(string | number)[]> =>
    Promise.all(
      all.map(async ({ uid, sub, iss = accepted }, index) => {
        const app = rivals.all[index % 2]!;
        return standingOf(await comeBy(app, uid, claimsOf(app, iss, sub)));
      }),
    );
  const believed = (standings: (string | number)[]) => standings.filter((standing) => standing === 200);

  it('believe one account for one of many people', async () => {
    const people = Array.from({ length: 8 }, (_, index) => ({ uid: `one-${index}`, sub: 'shared' }));
    expect(believed(await storm(people))).to.have.length(1);
    expect(believed(await storm(people))).to.have.length(1);
  });

  it('believe one of many accounts for one person, and free the others', async () => {
    const accounts = Array.from({ length: 8 }, (_, index) => ({ uid: 'two', sub: `account-${index}` }));
    expect(believed(await storm(accounts))).to.have.length(1);
    // Those that lost are nobody's: each is another person's then.
    const others = accounts.map(({ sub }, index) => ({ uid: `two-${index}`, sub }));
    expect(believed(await storm(others))).to.have.length(7);
  });

  it('lead one of many pages of a person back, from whichever browser', async () => {
    const browsers = await Promise.all(
      rivals.all.map((app) => comeBy(app, 'three', claimsOf(app, enforced, 'three', { amr: ['pwd'] }))),
    );
    const pages = await Promise.all(
      browsers.flatMap((browser: Browser) => Array.from({ length: 6 }, () => browser.htmlGet('/account'))),
    );
    expect(pages.filter(({ status }) => status === 303)).to.have.length(1);
    expect(pages.filter(({ status }) => status === 403)).to.have.length(11);
  });
});
