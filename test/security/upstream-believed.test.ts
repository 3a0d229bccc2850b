// Attack: an identity provider's word is stretched: to another person, another sign-in, an older one, an account that is not theirs.
// Rule: it is bound to user, sign-in and epoch, counts for one account here, and only as long as what it says is young.
// Answer: the local factor is asked for, `user.missing_mfa` where there is none; `upstream-insufficient` says why.
import { expect } from 'chai';
import { Browser } from '../support/agent.js';
import type { TestApp } from '../support/app.js';
import {
  accepted,
  claimsOf,
  comeBy,
  instead,
  rejected,
  standingOf,
  upstreamSite,
  whysOf,
} from '../support/upstream-site.js';

const none = 'user.missing_mfa';
const asked = 'session.mfa.require_mfa_verification';

describe('the word of an identity provider', () => {
  let app: TestApp;
  beforeEach(async () => {
    app = await upstreamSite();
  });
  afterEach(() => app.close());

  const ada = (more: object = {}, iss = accepted) => claimsOf(app, iss, 'ada@idp', more);

  it('stands in where the policy is mandatory, and is passed on', async () => {
    const browser = await comeBy(app, 'ada', ada());
    const { body } = await browser.jsonGet('/account').expect(200);
    expect(body.mfa).to.deep.include({ state: 'none', proofs: [], amr: ['pwd', 'otp'] });
    expect(app.events.find(({ name }) => name === 'upstream-accepted')).to.deep.include({
      userId: 'ada',
      outcome: 'accepted',
      detail: { issuer: accepted, amr: 'pwd otp' },
    });
  });

  it('is not taken from an issuer that is rejected, or that nobody named', async () => {
    expect(await standingOf(await comeBy(app, 'ada', ada({}, rejected)))).to.equal(none);
    expect(await standingOf(await comeBy(app, 'ada', ada({}, `${accepted}/`)))).to.equal(none);
    expect(await standingOf(await comeBy(app, 'ada', ada({ iss: undefined })))).to.equal(none);
    expect(whysOf(app)).to.deep.equal(['not-named', 'no-issuer']);
  });

  it('is not taken where it says too little, nothing, or of long ago', async () => {
    const rows: [object, string][] = [
      [{ amr: ['pwd'] }, 'too-little'],
      [{ amr: 'mfa' }, 'not-said'],
      [{ amr: undefined, acr: '0' }, 'not-said'],
      [{ auth_time: undefined }, 'no-auth-time'],
      [{ auth_time: Math.floor(app.clock.now() / 1000) - 3601 }, 'too-old'],
      [{ sub: undefined }, 'no-subject'],
    ];
    for (const [more, why] of rows) {
      app.events.length = 0;
      expect(await standingOf(await comeBy(app, 'ada', ada(more)))).to.equal(none);
      expect(whysOf(app)).to.deep.equal([why]);
    }
  });

  it('is refused where the claims were handed on as they are', async () => {
    const wrong = { upstream: { iss: accepted, sub: 'ada', amr: ['mfa'] } } as never;
    const misuse = await app.mfa.signedIn({} as never, wrong).catch((error: unknown) => error);
    expect(misuse).to.include({ code: 'config.unknown_option' });
    const empty = { upstream: { amr: [], acr: [] } };
    expect(await app.mfa.signedIn({} as never, empty).catch((error: unknown) => error)).to.include({
      code: 'config.invalid_option',
    });
  });

  it('goes with any change of user, sign-in or session, whoever forgets to say so', async () => {
    await app.close();
    app = await upstreamSite({ host: { keepsSession: true } });
    const browser = await comeBy(app, 'ada', ada(), { signInId: 'one' });
    expect(await standingOf(browser)).to.equal(200);
    await browser.signIn('bob', { signInId: 'two' });
    expect(await standingOf(browser)).to.equal(none);
    await browser.signIn('ada', { signInId: 'one' });
    expect(await standingOf(browser)).to.equal(none);
    await comeBy(app, 'ada', ada(), { browser, signInId: 'three' });
    await browser.signIn('ada', { signInId: 'four' });
    expect(await standingOf(browser)).to.equal(none);
    // And where the next sign-in says less: an issuer that changed its mind.
    await comeBy(app, 'ada', ada(), { browser, signInId: 'five' });
    await comeBy(app, 'ada', ada({ amr: ['pwd'] }), { browser, signInId: 'five' });
    expect(await standingOf(browser)).to.equal(none);
  });

  it('is given a session of a new id, and does not come back with an old one', async () => {
    const browser = new Browser(app);
    await browser.signIn('ada');
    const planted = browser.sessionCookie;
    await comeBy(app, 'ada', ada(), { browser });
    expect(browser.sessionCookie).not.to.equal(planted);
    const other = new Browser(app, { Cookie: `connect.sid=${planted}` });
    expect((await other.jsonGet('/account')).body.account ?? null).to.equal(null);
  });

  it('ends as its time ends, within the sign-in as well', async () => {
    const browser = await comeBy(app, 'ada', ada());
    app.clock.advance(3600);
    expect(await standingOf(browser)).to.equal(200);
    app.clock.advance(1);
    expect(await standingOf(browser)).to.equal(none);
  });

  it('ends with a new password and with all sign-ins, and must be younger than both', async () => {
    const browser = await comeBy(app, 'ada', ada());
    const before = ada();
    app.clock.advance(5);
    await app.mfa.passwordChanged('ada');
    expect(await standingOf(browser)).to.equal(none);
    expect(await standingOf(await comeBy(app, 'ada', before))).to.equal(none);
    expect(whysOf(app)).to.deep.equal(['before-change']);
    const again = await comeBy(app, 'ada', ada());
    expect(await standingOf(again)).to.equal(200);
    await app.mfa.endSignIns('ada');
    expect(await standingOf(again)).to.equal(none);
  });

  it('ends with the one sign-in that the provider logs out, and with no other', async () => {
    const one = await comeBy(app, 'ada', ada(), { signInId: 'sid-1' });
    const two = await comeBy(app, 'ada', ada(), { signInId: 'sid-2' });
    await app.mfa.endSignIns('ada', { signInId: 'sid-1' });
    await app.mfa.endSignIns('nobody', { signInId: 'sid-9' });
    expect(await standingOf(one)).to.equal(none);
    expect(await standingOf(two)).to.equal(200);
  });

  it('stays with this browser where the person ends all others', async () => {
    const [here, there] = [await comeBy(app, 'ada', ada()), await comeBy(app, 'ada', ada())];
    expect((await here.json('/mfa/sign-ins/end-others')).status).to.equal(200);
    expect([await standingOf(here), await standingOf(there)]).to.deep.equal([200, none]);
    // One that had ended does not begin again by it.
    expect((await there.json('/mfa/sign-ins/end-others')).status).to.equal(200);
    expect(await standingOf(there)).to.equal(none);
  });

  it('is of one account for one person', async () => {
    await comeBy(app, 'ada', ada());
    // A host that hands the claims of one to another, or links an account twice.
    expect(await standingOf(await comeBy(app, 'eve', ada()))).to.equal(none);
    expect(await standingOf(await comeBy(app, 'ada', claimsOf(app, accepted, 'eve@idp')))).to.equal(none);
    expect(whysOf(app)).to.deep.equal(['linked', 'other-subject']);
    // Another issuer is another account, of the same name or not.
    expect(await standingOf(await comeBy(app, 'ada', ada({}, instead)))).to.equal(200);
    expect(await app.mfa.status('ada')).to.deep.include({ upstream: [accepted, instead], protected: false });
  });

  it('may be of another account once an administrator freed it; a reset frees none, the end of a person does', async () => {
    const browser = await comeBy(app, 'ada', ada());
    await app.mfa.reset('ada', { by: 'ops' });
    app.clock.advance(1);
    expect(await standingOf(await comeBy(app, 'eve', ada()))).to.equal(none);
    for (const wrong of [{ issuer: accepted }, { by: 'ops' }, { by: 'ops', issuer: '' }]) {
      const refused = await app.mfa.forgetUpstream('ada', wrong as never).catch((error: unknown) => error);
      expect(refused).to.include({ code: 'config.invalid_option' });
    }
    await app.mfa.forgetUpstream('ada', { issuer: accepted, by: 'ops', reason: 'left the partner' });
    expect(await standingOf(browser)).to.equal(none);
    expect(app.events.find(({ name }) => name === 'upstream-forgotten')).to.deep.include({
      userId: 'ada',
      actor: 'admin',
      by: 'ops',
      detail: { issuer: accepted, reason: 'left the partner' },
    });
    expect(app.notices.map(({ what }) => what)).to.include('upstream-forgotten');
    app.clock.advance(1);
    expect(await standingOf(await comeBy(app, 'ada', claimsOf(app, accepted, 'new@idp')))).to.equal(200);
    expect(await standingOf(await comeBy(app, 'eve', ada()))).to.equal(200);
    await app.mfa.deprovision('eve');
    expect(await standingOf(await comeBy(app, 'fay', ada()))).to.equal(200);
    expect(await standingOf(await comeBy(app, 'eve', ada()))).to.equal(none);
  });

  it('is no answer for a person with a method of their own, unless the app says so', async () => {
    const browser = await comeBy(app, 'ada', ada());
    await browser.enrollTotp();
    app.clock.advance(1);
    const plain = await comeBy(app, 'ada', ada());
    expect(await standingOf(plain)).to.equal(asked);
    const staff = await comeBy(app, 'ada', ada({}, instead));
    expect(await standingOf(staff)).to.equal(200);
    const { body } = await staff.jsonGet('/account');
    expect(body.mfa).to.deep.include({ state: 'none', proofs: [] });
  });
});
