// Two real providers of OpenID Connect, one person and the next: each issuer speaks for itself, for one account, for the person
// who came by it, and may say something else the next time.
import { expect } from 'chai';
import { Browser } from '../support/agent.js';
import { comeByOidc, enforce, oidcSite, throughProvider, type OidcSite } from '../support/oidc-host.js';
import type { OidcProvider, Said } from '../support/oidc-provider.js';
import { standingOf, whysOf } from '../support/upstream-site.js';

const owing = 'user.missing_mfa';
const short = 'session.mfa.upstream_insufficient';
const vouched = { amr: ['pwd', 'mfa'] };

describe('people and their identity providers', () => {
  let app: OidcSite;
  let one: OidcProvider;
  let two: OidcProvider;

  beforeEach(async () => {
    app = await oidcSite({ rules: [{ mfa: 'accept', amr: ['mfa'], maxAgeSeconds: 3600 }, enforce()] });
    [one, two] = app.providers as [OidcProvider, OidcProvider];
  });
  afterEach(() => app.close());

  const come = (provider: OidcProvider, says: Said, browser = new Browser(app), jar = new Map<string, string>()) =>
    comeByOidc(app, browser, says, { provider, jar });
  const accountOf = async (browser: Browser) => (await browser.jsonGet('/account').expect(200)).body.account as string;

  it('may come by two, of which each speaks for itself', async () => {
    app.people.set(`${two.issuer} a.lovelace`, 'ada');
    const byOne = await come(one, { sub: 'ada', ...vouched });
    const byTwo = await come(two, { sub: 'a.lovelace', acr: 'phr' });
    expect([await accountOf(byOne), await accountOf(byTwo)]).to.deep.equal(['ada', 'ada']);
    expect((await app.mfa.status('ada'))?.upstream).to.have.members([one.issuer, two.issuer]);
    // What is enough of the one is nothing of the other, and neither speaks for a sign-in by the other.
    expect(await standingOf(await come(two, { sub: 'a.lovelace', acr: 'pwd' }))).to.equal(short);
    expect(await standingOf(await come(one, { sub: 'ada', acr: 'phr' }))).to.equal(owing);
    // The same name at both is not the same account.
    expect(await standingOf(await come(two, { sub: 'ada', acr: 'phr' }))).to.equal(short);
    expect(whysOf(app)).to.deep.equal(['too-little', 'too-little', 'other-subject']);
    // In one browser as well: the later sign-in counts, whichever it is.
    await come(two, { sub: 'a.lovelace', acr: 'pwd' }, byOne);
    expect(await standingOf(byOne)).to.equal(short);
    await come(one, { sub: 'ada', ...vouched }, byOne);
    expect(await standingOf(byOne)).to.equal(200);
    // A logout at the one ends nothing that came by the other.
    const { signInId } = (await byOne.jsonGet('/session-id')).body as { signInId: string };
    await one.logOut('ada', signInId);
    expect([await standingOf(byOne), await standingOf(byTwo)]).to.deep.equal([owing, 200]);
    // And one that is forgotten leaves the other linked.
    await app.mfa.forgetUpstream('ada', { issuer: one.issuer, by: 'ops', reason: 'left' });
    expect((await app.mfa.status('ada'))?.upstream).to.deep.equal([two.issuer]);
    app.people.set(`${one.issuer} ada`, 'eve');
    app.people.set(`${two.issuer} other`, 'eve');
    app.clock.advance(1);
    expect(await standingOf(await come(one, { sub: 'ada', ...vouched }))).to.equal(200);
    app.people.set(`${two.issuer} a.lovelace`, 'eve');
    expect(await standingOf(await come(two, { sub: 'a.lovelace', acr: 'phr' }))).to.equal(short);
  });

  it('are asked here where the app rejects it, whatever it says', async () => {
    await app.close();
    app = await oidcSite({ rules: [{ mfa: 'reject' }] });
    const browser = await comeByOidc(app, new Browser(app), { acr: 'phr', ...vouched });
    expect(await standingOf(browser)).to.equal(owing);
    const { secret } = await browser.enrollTotp();
    await comeByOidc(app, browser, { acr: 'phr', ...vouched });
    expect(await standingOf(browser)).to.equal('session.mfa.require_mfa_verification');
    await browser.proveTotp(secret);
    expect(await standingOf(browser)).to.equal(200);
    expect([whysOf(app), (await app.mfa.status('ada'))?.upstream ?? []]).to.deep.equal([[], []]);
  });

  it('are believed for what it says this time, where it changes its mind', async () => {
    const browser = new Browser(app);
    const rows: [OidcProvider, Said, unknown][] = [
      [one, vouched, 200],
      [one, { amr: ['pwd'] }, owing],
      [one, { amr: ['hwk', 'pin'] }, 200],
      [one, {}, owing],
      [one, vouched, 200],
      [one, { ...vouched, secondsAgo: 7200 }, owing],
      [two, { acr: 'phr' }, 200],
      [two, { acr: 'pwd' }, short],
      [two, { amr: ['pwd', 'otp'] }, 200],
      [two, { acr: 'other' }, short],
    ];
    // The same person, in the same browser, each time signed in anew there.
    for (const [index, [provider, says, expected]] of rows.entries()) {
      await come(provider, says, browser);
      expect(await standingOf(browser), `sign-in ${index}`).to.equal(expected);
    }
    // And by its own session, which says what it said when it began.
    const jar = new Map<string, string>();
    await come(one, vouched, browser, jar);
    await come(one, { amr: ['pwd'] }, browser, jar);
    expect(await standingOf(browser)).to.equal(200);
    const { signInId } = (await browser.jsonGet('/session-id')).body as { signInId: string };
    await one.logOut('ada', signInId);
    expect(await standingOf(browser)).to.equal(owing);
  });

  it('have one account there, and it one person here, whoever links it twice', async () => {
    expect(await standingOf(await come(one, { sub: 'shared', ...vouched }))).to.equal(200);
    // The host links it to another person, and the first to another account.
    app.people.set(`${one.issuer} shared`, 'eve');
    const eve = await come(one, { sub: 'shared', ...vouched });
    expect(await standingOf(eve)).to.equal(owing);
    app.people.set(`${one.issuer} second`, 'shared');
    expect(await standingOf(await come(one, { sub: 'second', ...vouched }))).to.equal(owing);
    app.people.set(`${two.issuer} shared`, 'eve');
    expect(await standingOf(await come(two, { sub: 'shared', acr: 'phr' }))).to.equal(200);
    expect(whysOf(app)).to.deep.equal(['linked', 'other-subject']);
    // Each may have the other's once it is freed, and whoever was signed in by it is not.
    await app.mfa.forgetUpstream('shared', { issuer: one.issuer, by: 'ops', reason: 'linked wrongly' });
    expect(await standingOf(eve)).to.equal(owing);
    app.clock.advance(1);
    expect(await standingOf(await come(one, { sub: 'second', ...vouched }))).to.equal(200);
    expect(await standingOf(await come(one, { sub: 'shared', ...vouched }))).to.equal(200);
  });

  it('are not who was in this browser before', async () => {
    await app.close();
    // A host that keeps its session, as many do.
    app = await oidcSite({ rules: [{ mfa: 'accept', amr: ['mfa'] }, enforce()], host: { keepsSession: true } });
    [one, two] = app.providers as [OidcProvider, OidcProvider];
    const browser = new Browser(app);
    const jar = new Map<string, string>();
    await come(one, { sub: 'ada', ...vouched }, browser, jar);
    expect(await standingOf(browser)).to.equal(200);
    await come(one, { sub: 'bob', amr: ['pwd'] }, browser);
    expect(await standingOf(browser)).to.equal(owing);
    await come(one, { sub: 'ada', ...vouched }, browser, jar);
    await browser.signIn('bob', { signInId: undefined });
    expect(await standingOf(browser)).to.equal(owing);
    // Ada is led back to a provider that must vouch, and Bob comes from there; then Ada with what he was vouched for.
    await come(two, { sub: 'ada', acr: 'pwd' }, browser);
    const led = (await browser.htmlGet('/account').expect(303)).headers['location'] as string;
    two.says = { sub: 'bob', acr: 'phr' };
    const { path } = await throughProvider(app, browser, led);
    await browser.agent.get(path).expect(302);
    expect(await accountOf(browser)).to.equal('bob');
    await browser.signIn('ada');
    expect(await standingOf(browser)).to.equal(owing);
    // The answer that was meant for one browser is none for another.
    const stolen = await throughProvider(app, browser, led);
    await new Browser(app).agent.get(stolen.path).expect(403);
  });
});
