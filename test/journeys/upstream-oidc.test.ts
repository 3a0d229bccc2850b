// People come by a real provider of OpenID Connect, oidc-provider, and the app takes them by openid-client: from its log-in
// to its back-channel logout.
import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { Browser } from '../support/agent.js';
import { comeByOidc, oidcSite, throughProvider, type OidcSite } from '../support/oidc-host.js';
import type { OidcProvider, Said } from '../support/oidc-provider.js';
import { standingOf, whysOf } from '../support/upstream-site.js';

describe('people who come by OpenID Connect, by openid-client', () => {
  let app: OidcSite;
  let provider: OidcProvider;

  beforeEach(async () => {
    app = await oidcSite();
    provider = app.providers[0]!;
  });
  afterEach(() => app.close());

  const come = (says: Said) => comeByOidc(app, new Browser(app), says);
  const short = 'session.mfa.upstream_insufficient';

  it('are let in by a second factor there, and by no password alone, old sign-in or silence', async () => {
    expect(await standingOf(await come({ acr: 'phr' }))).to.equal(200);
    expect(await standingOf(await come({ amr: ['pwd', 'otp'] }))).to.equal(200);
    expect(await standingOf(await come({ acr: 'pwd' }))).to.equal(short);
    expect(await standingOf(await come({ acr: 'phr', secondsAgo: 7200 }))).to.equal(short);
    expect(await standingOf(await come({ amr: ['pwd'] }))).to.equal(short);
    expect(await standingOf(await come({}))).to.equal(short);
    expect(whysOf(app)).to.deep.equal(['too-little', 'too-old', 'too-little', 'not-said']);
  });

  it('are led back once, with what is asked for, and let in by what the provider then says', async () => {
    const browser = await come({ acr: 'pwd' });
    const led = (await browser.htmlGet('/account').expect(303)).headers['location'] as string;
    provider.says = { acr: 'phr' };
    const { asked, path } = await throughProvider(app, browser, led);
    expect(asked.get('acr_values')).to.equal('phr');
    await browser.agent.get(path).expect(302);
    expect(await standingOf(browser)).to.equal(200);
  });

  for (const [what, says] of [
    ['says less than was asked for', { acr: 'pwd' }],
    ['answers by an error', { refuses: true }],
  ] as const)
    it(`are led in no circle where the provider ${what}`, async () => {
      const browser = await come({ acr: 'pwd' });
      const led = (await browser.htmlGet('/account').expect(303)).headers['location'] as string;
      provider.says = says;
      const { path } = await throughProvider(app, browser, led);
      await browser.agent.get(path);
      await browser.htmlGet('/account').expect(403);
      expect(await standingOf(browser)).to.equal(short);
    });

  it('are signed out by a logout token that names their session there, and no other; by one without, from all', async () => {
    const [one, other, third] = [await come({ acr: 'phr' }), await come({ acr: 'phr' }), await come({ acr: 'phr' })];
    const sid = (await one.jsonGet('/session-id')).body as { signInId: string };
    await provider.logOut('ada', sid.signInId);
    expect(await standingOf(one)).not.to.equal(200);
    expect(await standingOf(other)).to.equal(200);
    await provider.logOut('ada');
    for (const each of [other, third]) expect(await standingOf(each)).not.to.equal(200);
    // Of somebody who was never here: 200 at the app, or the provider would tell of an error; and nothing changes.
    const again = await come({ acr: 'phr' });
    await provider.logOut('nobody');
    expect(await standingOf(again)).to.equal(200);
    const forged = await fetch(`${app.url}/backchannel-logout`, {
      method: 'POST',
      body: new URLSearchParams({ logout_token: `e30.${randomUUID()}.e30` }),
    });
    expect(forged.status).to.equal(500);
  });
});
