// Through an identity provider and back in a real browser: the provider is another site, with cookies of its own, and the app one
// that takes people by openid-client. And by SAML, whose answer is a form that another site sends.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inflateRawSync } from 'node:zlib';
import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { code, Browser as Program } from '../support/agent.js';
import { launchBrowser, openTab, plainText, type Tab } from '../support/browser.js';
import { enforce, oidcSite, type OidcSite } from '../support/oidc-host.js';
import type { OidcProvider } from '../support/oidc-provider.js';
import { mfaClass, passwordClass, samlAnswer, type Says } from '../support/saml-answer.js';
import { samlSite } from '../support/saml-host.js';

describe('the way through an identity provider', () => {
  let browser: Browser;
  let app: OidcSite;
  let accepts: OidcProvider;
  let enforced: OidcProvider;
  let tab: Tab;

  before(async () => {
    browser = await launchBrowser();
    app = await oidcSite({
      rules: [{ mfa: 'accept', amr: ['mfa'], maxAgeSeconds: 3600 }, enforce(true)],
      hostname: 'localhost',
      signOut: { method: 'POST', path: '/leave' },
      host: { guard: { anonymous: 'refuse' } },
    });
    [accepts, enforced] = app.providers as [OidcProvider, OidcProvider];
  });
  after(async () => {
    await browser.close();
    await app.close();
  });
  beforeEach(async () => {
    tab = await openTab(browser);
  });
  afterEach(async () => {
    await tab.context.close();
    // The provider is elsewhere.
    expect(tab.problems.filter((each) => !each.includes(' asks http://127.0.0.1:'))).to.deep.equal([]);
  });

  /** Where the browser is: a path of the app, or the name of a provider. */
  function at(): string {
    const { origin, pathname, search } = new URL(tab.page.url());
    if (origin === accepts.issuer) return 'the provider';
    return origin === enforced.issuer ? 'the enforced provider' : pathname + search;
  }
  const open = (path: string) => tab.page.goto(app.at + path);
  async function press(name: RegExp): Promise<void> {
    await Promise.all([
      tab.page.waitForEvent('domcontentloaded'),
      tab.page.getByRole('button', { name }).first().click(),
    ]);
  }
  const text = async () => plainText(await tab.page.locator('body').innerText());

  it('lets on whom it vouches for, with no question of ours; signs out there as well', async () => {
    accepts.says = { sub: 'ada', amr: ['pwd', 'mfa'], asks: true };
    await open('/account?tab=2');
    expect(at()).to.equal('the provider');
    await press(/Sign in as ada/);
    expect(at()).to.equal('/account');
    expect(await text())
      .to.include('"account":"ada"')
      .and.include('"state":"none"');
    await open('/mfa');
    await press(/^Sign out$/);
    expect(at()).to.equal('the provider');
    await press(/Yes, sign me out/);
    expect(at()).to.equal('/bye');
    await open('/account');
    expect(at()).to.equal('the provider');
    expect(await text()).to.include('Sign in as ada');
  });

  it('asks our own second factor where it says less', async () => {
    const program = new Program(app);
    const { secret } = await (await program.signIn('bob')).enrollTotp();
    accepts.says = { sub: 'bob', amr: ['pwd'], asks: true };
    await open('/account');
    await press(/Sign in as bob/);
    expect(at()).to.equal('/mfa/verify/totp');
    app.clock.advance(30);
    await tab.page.locator('input[name=code]').fill(code(secret, app.clock));
    await press(/^Verify$/);
    expect(at()).to.equal('/account');
    expect(await text()).to.include('"state":"elevated"');
  });

  it('leads to a provider that must vouch once and back to the page that was wanted; then no further', async () => {
    enforced.says = { sub: 'cyd', acr: 'pwd', asks: true };
    await open(`/login?issuer=${encodeURIComponent(enforced.issuer)}&returnTo=/account?tab=2`);
    await press(/Sign in as cyd/);
    expect(at()).to.equal('the enforced provider');
    enforced.says = { sub: 'cyd', acr: 'phr', asks: true };
    await press(/Sign in as cyd/);
    expect(at()).to.equal('/account?tab=2');
    expect(await text()).to.include('"account":"cyd"');
    // A logout of which the provider tells ends it, whatever page is open; and the provider is asked anew.
    await enforced.logOut('cyd');
    enforced.says = { sub: 'cyd', refuses: true, asks: true };
    await open('/account?tab=3');
    expect(at()).to.equal('the enforced provider');
    await press(/Sign in as cyd/);
    expect(await text()).to.include('The provider did not sign you in.');
    for (const path of ['/account?tab=3', '/mfa']) {
      await open(path);
      expect(at()).to.equal(path);
      expect(await text()).to.include('did not say');
    }
    await press(/^Sign out$/);
    expect(at()).to.equal('the enforced provider');
    await press(/Yes, sign me out/);
    expect(at()).to.equal('/bye');
  });
});

describe('the way through a provider of SAML', () => {
  it('leads back by a form of another site, asks for more once, and lets on whom it vouches for', async () => {
    const browser = await launchBrowser();
    const says: Says = { classRef: passwordClass };
    const asked: string[] = [];
    const provider = createServer((req, res) => {
      const { pathname, searchParams } = new URL(req.url ?? '/', 'http://127.0.0.1');
      if (pathname !== '/sso') return void res.writeHead(404).end();
      asked.push(inflateRawSync(Buffer.from(searchParams.get('SAMLRequest') ?? '', 'base64')).toString());
      const answer = samlAnswer(app.at, '/saml', says);
      res.setHeader('Content-Type', 'text/html');
      res.end(
        `<title>Provider</title><form method="post" action="${app.at}/saml"><input type="hidden" name="SAMLResponse" value="${answer}"><button>Sign in as ada</button></form>`,
      );
    });
    await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
    const entryPoint = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/sso`;
    const app = await samlSite({ hostname: 'localhost', entryPoint, host: { guard: { anonymous: 'refuse' } } });
    const { page, context } = await openTab(browser);
    const signIn = async () => {
      expect(page.url()).to.include(entryPoint);
      await Promise.all([page.waitForEvent('domcontentloaded'), page.getByRole('button').click()]);
    };
    try {
      await page.goto(`${app.at}/account`);
      // What it says of the next sign-in: this page has its answer already.
      says.classRef = mfaClass;
      await signIn();
      await signIn();
      expect(page.url()).to.equal(`${app.at}/account`);
      expect(await page.locator('body').innerText()).to.include('"account":"ada"');
      expect(asked.map((xml) => [xml.includes('ForceAuthn="true"'), xml.includes(mfaClass)])).to.deep.equal([
        [false, false],
        [true, true],
      ]);
    } finally {
      await context.close();
      await browser.close();
      provider.close();
      provider.closeAllConnections();
      await app.close();
    }
  });
});
