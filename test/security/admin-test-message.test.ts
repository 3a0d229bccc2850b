// Attack: an administrator, or whoever has their browser, floods an address by test messages, at once and from several processes, or
// sends them to somebody else.
// Rule: only to an address of their own that is bound; three an hour for each, counted in the store before anything is sent.
// Answer: exactly three are sent, the rest is 429 `connector.rate_limit_exceeded`; another address is 400 and nothing goes out.
import { expect } from 'chai';
import { emailCode, memoryStore, outboxSender, totp } from '../../src/index.js';
import { Browser, code } from '../support/agent.js';
import { adminSite, home, type AdminSite } from '../support/admin-site.js';
import { testClock } from '../support/app.js';
import { openRedisStore } from '../support/redis.js';

let outbox = outboxSender('email');
const tests = () => outbox.messages.filter(({ usage }) => usage === 'Generic');

/** Sites on one store: two processes of one app. */
async function openSites(store: Awaited<ReturnType<typeof openRedisStore>>['store']): Promise<AdminSite[]> {
  const clock = testClock(Date.now());
  const open = () => adminSite({ factors: [totp(), emailCode({ sender: outbox })], store, clock });
  const sites = [await open(), await open()];
  for (const { people } of sites) people.set('ana', { name: 'Ana', isAdmin: true, rights: ['view'] });
  return sites;
}

/** Signed in to both, with an authenticator app and an address of her own. */
async function enterBoth([first, second]: AdminSite[]): Promise<Browser[]> {
  const ana = await first!.enter('ana');
  await ana.json('/mfa/setup/email/begin', { address: 'ana@example.com' });
  const [sent] = outbox.messages.slice(-1);
  expect((await ana.json('/mfa/setup/email', { code: sent?.code })).status).to.equal(200);
  first!.clock.advance(30);
  const again = await new Browser(second!).signIn('ana');
  expect((await again.answer('totp', code(ana.secret, second!.clock))).status).to.equal(200);
  // What the other process changed is known here once it is asked for.
  expect((await ana.jsonGet(`${home}/health`)).status).to.be.oneOf([200, 403]);
  return [ana, again];
}

describe('test messages of administrators', () => {
  beforeEach(() => {
    outbox = outboxSender('email');
  });

  for (const kept of ['memory', 'Redis'] as const)
    it(`are three an hour, sent at once from two processes, kept in ${kept}`, async () => {
      const backing = kept === 'Redis' ? await openRedisStore({ warn: () => undefined }) : undefined;
      const sites = await openSites(backing?.store ?? memoryStore());
      const browsers = await enterBoth(sites);
      const asks = browsers.map(async (by) => ({ by, token: await by.csrf() }));
      const tokens = await Promise.all(asks);
      const answers = await Promise.all(
        tokens.flatMap(({ by, token }) =>
          Array.from({ length: 6 }, () =>
            by.postJson(`${home}/health/test-message`, { kind: 'email' }, { 'X-CSRF-Token': token }),
          ),
        ),
      );
      const statuses = answers.map(({ status }) => status).sort();
      expect(statuses).to.deep.equal([...Array<number>(3).fill(200), ...Array<number>(9).fill(429)]);
      const late = answers.find(({ status }) => status === 429);
      expect(late?.body.code).to.equal('connector.rate_limit_exceeded');
      expect(Number(late?.headers['retry-after'])).to.be.within(3000, 3600);
      expect(tests().map(({ to }) => to)).to.deep.equal(Array(3).fill('ana@example.com'));
      expect((await browsers[1]!.jsonGet(`${home}/health`)).body.testMessage).to.deep.equal({
        ways: [{ kind: 'email', to: 'a***@example.com' }],
        left: 0,
      });
      const page = await browsers[1]!.form(`${home}/health/test-message`, { kind: 'email' });
      expect(page.status).to.equal(429);
      expect(page.text).to.include('0 left').and.not.include('ana@example.com');
      for (const site of sites) await site.close();
      await backing?.close();
    });

  it('go nowhere but to an address of one’s own', async () => {
    const sites = await openSites(memoryStore());
    const ana = await sites[0]!.enter('ana');
    for (const fields of [
      { kind: 'email' },
      { kind: 'email', to: 'victim@example.com' },
      { kind: 'sms' },
      { kind: 'totp' },
      {},
    ]) {
      const { status, body } = await ana.json(`${home}/health/test-message`, fields);
      expect([status, body.code], JSON.stringify(fields)).to.deep.equal([400, 'request.invalid']);
    }
    expect(tests()).to.deep.equal([]);
    for (const site of sites) await site.close();
  });
}).timeout(30_000);
