// The cookies of a browser over the years: of a version that made one for each person, and of a secret that was replaced.
import { createHash } from 'node:crypto';
import { expect } from 'chai';
import type { Response } from 'supertest';
import { memoryStore } from '../../../src/index.js';
import { Browser, code } from '../../support/agent.js';
import { appSecret, testApp, testClock, type TestApp } from '../../support/app.js';

type What = 'known' | 'trusted';
const trustBrowser = { days: 30 };

const nameOf = (browser: Browser, what: What) => new RegExp(`mfa-${what}-[^=]+`).exec(browser.cookies)![0];
const textOf = (browser: Browser, what: What) => new RegExp(`mfa-${what}-[^=]+=([^;]*)`).exec(browser.cookies)?.[1];
const setBy = (response: Response) => [response.headers['set-cookie'] ?? []].flat().join('\n');

function put(browser: Browser, cookie: string): void {
  browser.agent.jar.setCookie(cookie, new URL(browser.app.url).hostname, '/');
}

/** The name as it was, with the person in it. */
function oldName(app: TestApp, what: What, userId: string): string {
  const text = `${app.mfa.kernel.store.namespace ?? ''} ${what} ${userId}`;
  return `mfa-${what}-${createHash('sha256').update(text).digest('base64url').slice(0, 16)}`;
}

async function trusted(app: TestApp): Promise<{ browser: Browser; secret: string }> {
  const { secret } = await (await new Browser(app).signIn('ada')).enrollTotp();
  const browser = await new Browser(app).signIn('ada');
  app.clock.advance(30);
  await browser.json('/mfa/verify/totp', { code: code(secret, app.clock), trustBrowser: 'yes' });
  return { browser, secret };
}

describe('a cookie that carries one person in its name', () => {
  let app: TestApp;
  let browser: Browser;

  beforeEach(async () => {
    app = await testApp({ trustBrowser });
    ({ browser } = await trusted(app));
    for (const what of ['known', 'trusted'] as const) {
      const [, ...value] = textOf(browser, what)!.split('.');
      put(browser, `${nameOf(browser, what)}=; Max-Age=0`);
      put(browser, `${oldName(app, what, 'ada')}=${value.join('.')}`);
    }
  });
  afterEach(() => app.close());

  it('counts once more, and is taken away', async () => {
    const old = browser.cookies;
    await browser.signIn('ada');
    const answer = await browser.jsonGet('/account').expect(200);
    expect(app.events.at(-1)?.name).to.equal('browser-trust-used');
    for (const what of ['known', 'trusted'] as const) {
      expect(old).to.include(oldName(app, what, 'ada'));
      expect(setBy(answer)).to.match(new RegExp(`${oldName(app, what, 'ada')}=; Max-Age=0`));
      expect(textOf(browser, what)).to.match(/^[\w-]{8}\.[\w-]{12}\.[\w-]{43}$/);
    }
    await browser.signIn('ada');
    expect(setBy(await browser.jsonGet('/account').expect(200))).to.not.include('Max-Age=0');
  });

  it('stays for another person, whose it is not', async () => {
    await browser.signIn('bob');
    await browser.jsonGet('/mfa').expect(200);
    expect(browser.cookies).to.include(oldName(app, 'known', 'ada'));
  });

  it('is not taken over where nothing of ours stands in it', async () => {
    put(browser, `${oldName(app, 'known', 'ada')}=x~y.z`);
    await browser.signIn('ada');
    await browser.jsonGet('/mfa').expect(200);
    expect(textOf(browser, 'known') ?? '').to.equal('');
  });
});

describe('an entry named under an older secret', () => {
  it('counts while that secret is listed, and gives way to one under the newest', async () => {
    const [clock, newest] = [testClock(), 'another secret of thirty-two bytes and more, newer'];
    const store = memoryStore({ clock });
    const before = await testApp({ trustBrowser, clock, store });
    const { browser } = await trusted(before);
    const after = await testApp({ trustBrowser, clock, store, secrets: [newest, appSecret] });
    const later = new Browser(after);
    put(later, `${nameOf(browser, 'trusted')}=${textOf(browser, 'trusted')}`);
    await later.signIn('ada');
    await later.jsonGet('/account').expect(200);
    const [old, now] = [textOf(browser, 'trusted')!, textOf(later, 'trusted')!];
    expect(now).to.not.include('~');
    expect(now.split('.')[0]).to.not.equal(old.split('.')[0]);
    await Promise.all([before.close(), after.close()]);
  });
});
