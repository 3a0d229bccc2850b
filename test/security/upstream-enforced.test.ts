// Attack: whoever came by a provider that must vouch for them, and does not, gets on all the same, or is sent in a circle for ever.
// Rule: once back to the provider, counted for the person before they are led there; then 403, wherever they go.
// Answer: 303 to the provider for one page, 403 `session.mfa.upstream_insufficient` for all else, and the way out.
import { expect } from 'chai';
import { memoryStore, type UpstreamAsk } from '../../src/index.js';
import { testClock, type TestApp } from '../support/app.js';
import { claimsOf, comeBy, enforced, instead, standingOf, upstreamSite, whysOf } from '../support/upstream-site.js';

const insufficient = 'session.mfa.upstream_insufficient';

describe('a provider that must vouch for people', () => {
  let app: TestApp;
  beforeEach(async () => {
    app = await upstreamSite({ brand: { help: 'Ask the desk' } });
  });
  afterEach(() => app.close());

  const ada = (more: object = {}) => claimsOf(app, enforced, 'ada@idp', more);
  const little = (more: object = {}) => ada({ amr: ['pwd'], ...more });
  const askOf = (location: string) => JSON.parse(new URL(location).searchParams.get('ask') ?? '') as UpstreamAsk;

  it('lets those on for whom it does', async () => {
    expect(await standingOf(await comeBy(app, 'ada', ada()))).to.equal(200);
    expect(await standingOf(await comeBy(app, 'ada', ada({ amr: undefined, acr: 'phr' })))).to.equal(200);
  });

  it('is asked once, for what is missing, and then no more', async () => {
    const browser = await comeBy(app, 'ada', little());
    const first = await browser.htmlGet('/account?tab=2').expect(303);
    expect(first.headers['location']).to.match(/^https:\/\/idp\.partner\.example\/authorize\?/);
    expect(askOf(first.headers['location'] as string)).to.deep.equal({
      issuer: enforced,
      returnTo: '/account?tab=2',
      oidc: {
        max_age: 3600,
        acr_values: 'phr',
        claims: '{"id_token":{"acr":{"essential":true,"values":["phr"]}}}',
      },
      saml: { forceAuthn: true, authnContext: ['phr'] },
    });
    // It comes back with less than it was asked for, or with an error: another sign-in, or none.
    for (const claims of [little(), little({ amr: undefined }), undefined]) {
      if (claims) await comeBy(app, 'ada', claims, { browser });
      const again = await browser.htmlGet('/account').expect(403);
      expect(again.text).to.contain('did not say').and.contain('/mfa/sign-out').and.contain('Ask the desk');
    }
    // In another browser as well, and by another sign-in: it is counted for the person.
    await (await comeBy(app, 'ada', little())).htmlGet('/account').expect(403);
    expect(whysOf(app)).to.deep.equal(['too-little', 'too-little', 'not-said', 'too-little']);
    const page = await browser.htmlGet('/account').expect(403);
    expect((await browser.submit(page, '/mfa/sign-out')).status).to.equal(307);
  });

  it('is asked once by any number of pages at the same moment', async () => {
    const browser = await comeBy(app, 'ada', little());
    const pages = await Promise.all(Array.from({ length: 8 }, () => browser.htmlGet('/account')));
    expect(pages.map(({ status }) => status).sort()).to.deep.equal([303, ...Array.from({ length: 7 }, () => 403)]);
  });

  it('is asked once more ten minutes later, and no sooner', async () => {
    await app.close();
    // Whose time is that of the test.
    const clock = testClock();
    app = await upstreamSite({ clock, store: memoryStore({ clock }) });
    const browser = await comeBy(app, 'ada', little());
    await browser.htmlGet('/account').expect(303);
    for (const status of [403, 303]) {
      app.clock.advance(301);
      await browser.htmlGet('/account').expect(status);
    }
    await browser.htmlGet('/account').expect(403);
  });

  it('is asked by documents alone: nothing else leads there, nor counts', async () => {
    const browser = await comeBy(app, 'ada', little());
    const program = await browser.jsonGet('/account').expect(403);
    expect(program.body).to.deep.include({ code: insufficient, url: '/mfa' });
    expect((await browser.post('/account')).status).to.equal(403);
    await browser.htmlGet('/account', { 'Sec-Fetch-Dest': 'image', 'Sec-Fetch-Mode': 'no-cors' }).expect(403);
    await browser.htmlGet('/account', { 'Sec-Purpose': 'prefetch' }).expect(403);
    const part = await browser.jsonGet('/account', { 'HX-Request': 'true' }).expect(403);
    expect(part.headers['hx-redirect']).to.equal('/mfa');
    // And that page of ours leads on.
    expect((await browser.htmlGet('/mfa').expect(303)).headers['location']).to.contain(enforced);
  });

  it('is asked again once it did vouch, for what is young', async () => {
    const browser = await comeBy(app, 'ada', little());
    await browser.htmlGet('/account').expect(303);
    await comeBy(app, 'ada', ada(), { browser });
    expect(await standingOf(browser)).to.equal(200);
    app.clock.advance(3601);
    const [old] = [await browser.htmlGet('/account').expect(303)];
    // A session that it still has is not enough.
    expect(askOf(old.headers['location'] as string).oidc.max_age).to.equal(0);
    await comeBy(app, 'ada', ada(), { browser });
    await app.mfa.passwordChanged('ada');
    expect(await standingOf(browser)).to.equal(insufficient);
    app.clock.advance(1);
    await comeBy(app, 'ada', ada(), { browser });
    expect(await standingOf(browser)).to.equal(200);
  });

  it('stands before all else: pages of ours, set-up, and the answer of a method of one’s own', async () => {
    const browser = await comeBy(app, 'ada', ada());
    const { secret } = await browser.enrollTotp();
    app.clock.advance(1);
    await comeBy(app, 'ada', little(), { browser });
    for (const path of ['/mfa', '/mfa/verify', '/mfa/verify/totp', '/mfa/setup', '/mfa/setup/totp', '/mfa/recover'])
      expect(await standingOf(browser, path), path).to.equal(insufficient);
    // A form from a page of before: a right code opens nothing.
    await comeBy(app, 'ada', ada(), { browser });
    const token = await browser.csrf();
    expect((await browser.proveTotp(secret)).status).to.equal(200);
    app.clock.advance(3601);
    for (const path of ['/mfa/setup/totp/begin', '/mfa/verify/totp', '/mfa/preferences', '/mfa/turn-off'])
      expect(
        (await browser.postJson(path, { code: '123456', signInStep: 'off' }, { 'X-CSRF-Token': token })).status,
        path,
      ).to.equal(403);
    expect(await standingOf(browser)).to.equal(insufficient);
    expect(app.events.filter(({ name }) => name === 'authenticator-enrolled')).to.have.length(1);
  });

  it('is one provider: the word of another is another sign-in', async () => {
    const browser = await comeBy(app, 'ada', little());
    expect(await standingOf(browser)).to.equal(insufficient);
    await comeBy(app, 'ada', claimsOf(app, instead, 'ada'), { browser });
    expect(await standingOf(browser)).to.equal(200);
  });

  it('is asked for nobody who is suspended', async () => {
    await app.mfa.suspend('ada', { by: 'ops' });
    const browser = await comeBy(app, 'ada', little());
    const { headers } = await browser.htmlGet('/account').expect(403);
    expect(headers).not.to.have.property('location');
    expect(await standingOf(browser)).to.equal('session.mfa.suspended');
  });

  it('leads nowhere but where the app says: what it says wrongly is refused', async () => {
    for (const to of ['javascript:alert(1)', '//evil.example', '', undefined, { url: enforced }]) {
      await app.close();
      app = await upstreamSite({
        upstream: { [enforced]: { mfa: 'enforce', reauthenticate: () => to as string } },
      });
      const { status, body } = await (await comeBy(app, 'ada', little())).htmlGet('/account');
      expect([status, body.code], JSON.stringify(to)).to.deep.equal([500, 'config.invalid_option']);
    }
  });

  it('is told of by a guard that only reports', async () => {
    await app.close();
    app = await upstreamSite({ host: { guard: { mode: 'report' } } });
    expect(await standingOf(await comeBy(app, 'ada', little()))).to.equal(200);
    expect(app.events.map(({ detail }) => detail?.['code'])).to.include(insufficient);
  });
});
