// Attack: very many people sign in at one browser, until its cookies make a header that the host's proxy refuses (8 KB); one
// of them puts an entry of theirs in place of another's, or reads there who the others are.
// Rule: one cookie each for known and trusted browsers, of 1 KB at most; the oldest entries go; what one is worth is in the record.
// Answer: the header stays as it is, the last people are known, a foreign entry is worth nothing and names nobody.
import { expect } from 'chai';
import { backupCodes, totp } from '../../src/index.js';
import { Browser, code, wrongCode } from '../support/agent.js';
import { testApp, type TestApp } from '../support/app.js';
import { rawRecord } from '../support/raw-record.js';

const most = 1024;
type What = 'known' | 'trusted';

/** `name=value`, every one of this kind. */
const ours = (cookies: string, what: What) => cookies.split('; ').filter((each) => each.startsWith(`mfa-${what}-`));
const entriesOf = (cookies: string, what: What) => (ours(cookies, what)[0] ?? '=').split('=')[1]!.split('~');

function put(browser: Browser, what: What, entries: string[]): void {
  const [name] = ours(browser.cookies, what)[0]!.split('=');
  browser.agent.jar.setCookie(`${name}=${entries.join('~')}`, new URL(browser.app.url).hostname, '/');
}

for (const express of [5, 4] as const) {
  describe(`one browser and sixty people, on Express ${express}`, () => {
    const people = Array.from({ length: 60 }, (_, number) => `person-${number}@example.com`);
    const secrets = new Map<string, string>();
    let app: TestApp;
    let browser: Browser;
    let largest = 0;

    before(async () => {
      app = await testApp({ trustBrowser: { days: 30 }, host: { express } });
      browser = new Browser(app);
      for (const person of people) {
        const { secret } = await (await browser.signIn(person)).enrollTotp();
        secrets.set(person, secret);
        await trust(browser, person);
        largest = Math.max(largest, browser.cookies.length);
      }
    });
    after(() => app.close());

    async function trust(where: Browser, person: string): Promise<void> {
      await where.signIn(person);
      app.clock.advance(30);
      const answer = { code: code(secrets.get(person)!, app.clock), trustBrowser: 'yes' };
      expect((await where.json('/mfa/verify/totp', answer)).status).to.equal(200);
    }

    it('keeps one cookie of each kind, of 1 KB at most', () => {
      for (const what of ['known', 'trusted'] as const) {
        const [cookie, ...more] = ours(browser.cookies, what);
        expect(more).to.deep.equal([]);
        expect(cookie!.length).to.be.at.most(most);
      }
      expect(largest, 'with the session').to.be.at.most(2 * most + 200);
    });

    it('knows and trusts the last ones, and forgot the first', async () => {
      const known = entriesOf(browser.cookies, 'known').map((entry) => entry.split('.')[1]);
      const isKnown = async (person: string) =>
        (await rawRecord(app.mfa, person)).known.some(({ id }) => known.includes(id));
      for (const person of people.slice(-12)) {
        expect(await isKnown(person), person).to.equal(true);
        await browser.signIn(person);
        await browser.jsonGet('/account').expect(200);
      }
      expect(await isKnown(people[0]!)).to.equal(false);
      await browser.signIn(people[0]!);
      await browser.jsonGet('/account').expect(403);
    });

    it("gives an entry in another's place no worth, and takes nothing from them", async () => {
      const [mallory, victim] = people.slice(-2) as [string, string];
      const attacker = new Browser(app);
      await trust(attacker, mallory);
      const digest = (await persons(victim))[0]!;
      for (const what of ['known', 'trusted'] as const) {
        const [, id, secret] = entriesOf(attacker.cookies, what)[0]!.split('.');
        put(attacker, what, [`${digest}.${id}.${secret}`]);
      }
      await attacker.signIn(victim);
      await attacker.jsonGet('/account').expect(403);
      const statuses = [];
      for (let tries = 0; tries < 6; tries += 1)
        statuses.push((await attacker.answer('totp', wrongCode(secrets.get(victim)!, app.clock))).status);
      expect(statuses.at(-1)).to.equal(429);
      expect(statuses, 'in the lane of strangers').to.include(422);
      await browser.signIn(victim);
      await browser.jsonGet('/account').expect(200);
      expect(app.events.filter(({ name }) => name === 'browser-trust-reused')).to.deep.equal([]);
    });

    /** The digests under which a new browser keeps a person. */
    async function persons(person: string): Promise<string[]> {
      const other = new Browser(app);
      await trust(other, person);
      return [...entriesOf(other.cookies, 'known'), ...entriesOf(other.cookies, 'trusted')].map(
        (entry) => entry.split('.')[0]!,
      );
    }

    it('does not say who they are: another app names the same person otherwise', async () => {
      const person = people.at(-3)!;
      const elsewhere = await testApp({
        secrets: ['another secret of another app, of 32 bytes and more'],
        host: { express },
      });
      const other = await new Browser(elsewhere).signIn(person);
      await other.enrollTotp();
      const there = entriesOf(other.cookies, 'known')[0]!.split('.')[0];
      expect(await persons(person)).to.not.include(there);
      await elsewhere.close();
    });
  });

  describe(`two tabs that answer at once, on Express ${express}`, () => {
    it('leave each other an entry that counts, and those of others', async () => {
      const app = await testApp({
        factors: [totp(), backupCodes({ count: 5, lowAt: 2 })],
        trustBrowser: { days: 30 },
        host: { express },
      });
      const browser = await new Browser(app).signIn('bob');
      await browser.enrollTotp();
      const bobs = entriesOf(browser.cookies, 'known')[0];
      const ada = await new Browser(app).signIn('ada');
      const { secret, codes } = await ada.enrollTotp();
      await browser.signIn('ada');
      app.clock.advance(30);
      const csrf = await browser.csrf();
      const answers = [
        { kind: 'totp', code: code(secret, app.clock) },
        { kind: 'backup-codes', code: codes[0]! },
      ].map(({ kind, ...answer }) =>
        browser.postJson(`/mfa/verify/${kind}`, { ...answer, trustBrowser: 'yes' }, { 'X-CSRF-Token': csrf }),
      );
      expect((await Promise.all(answers)).some(({ status }) => status === 200)).to.equal(true);
      const entries = entriesOf(browser.cookies, 'known');
      expect(entries).to.have.length(2);
      expect(entries).to.include(bobs);
      const { known, trusted } = await rawRecord(app.mfa, 'ada');
      expect(known.map(({ id }) => id)).to.include(entries.find((entry) => entry !== bobs)!.split('.')[1]);
      const [own] = entriesOf(browser.cookies, 'trusted');
      expect(trusted.map(({ id }) => id)).to.include(own!.split('.')[1]);
      await app.close();
    });
  });
}
