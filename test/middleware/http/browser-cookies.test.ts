// The cookies of a browser over the years, when a secret was replaced.
import { expect } from 'chai';
import { memoryStore } from '../../../src/index.js';
import { Browser, code } from '../../support/agent.js';
import { appSecret, testApp, testClock, type TestApp } from '../../support/app.js';

type What = 'known' | 'trusted';
const trustBrowser = { days: 30 };

const nameOf = (browser: Browser, what: What) => new RegExp(`mfa-${what}-[^=]+`).exec(browser.cookies)![0];
const textOf = (browser: Browser, what: What) => new RegExp(`mfa-${what}-[^=]+=([^;]*)`).exec(browser.cookies)?.[1];

function put(browser: Browser, cookie: string): void {
  browser.agent.jar.setCookie(cookie, new URL(browser.app.url).hostname, '/');
}

async function trusted(app: TestApp): Promise<{ browser: Browser; secret: string }> {
  const { secret } = await (await new Browser(app).signIn('ada')).enrollTotp();
  const browser = await new Browser(app).signIn('ada');
  app.clock.advance(30);
  await browser.json('/mfa/verify/totp', { code: code(secret, app.clock), trustBrowser: 'yes' });
  return { browser, secret };
}

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
