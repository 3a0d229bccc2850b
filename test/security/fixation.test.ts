// Attack: the victim is given a session id that the attacker knows, or the attacker keeps one from before the elevation.
// Rule: the session gets a new id whenever somebody is elevated or changes factors, in hosts that give none at log-in too.
// Answer: the old id is worth no more than nobody's.
import { expect } from 'chai';
import { Browser } from '../support/agent.js';
import { testApp, type TestApp } from '../support/app.js';

describe('a session id known to somebody else', () => {
  let app: TestApp;

  beforeEach(async () => {
    app = await testApp({ host: { keepsSession: true } });
  });

  it('is not the one that was elevated', async () => {
    const { secret } = await (await new Browser(app).signIn('ada')).enrollTotp();
    const attacker = await new Browser(app).signIn('mallory');
    const victim = new Browser(app);
    // The attacker's cookie is planted; the victim signs in with it, and the host keeps the id.
    const [name, value] = attacker.cookies.split(';')[0]!.split(/=(.*)/s);
    const { hostname } = new URL(app.url);
    victim.agent.jar.setCookie(`${name}=${value}; path=/; domain=${hostname}`);
    await victim.signIn('ada');
    expect((await attacker.jsonGet('/account').expect(403)).body.code).to.equal('session.mfa.require_mfa_verification');
    await victim.proveTotp(secret);
    expect((await victim.jsonGet('/account')).body.account).to.equal('ada');
    expect((await attacker.jsonGet('/account')).body.account).to.equal(null);
  });

  it('is not the one in which factors were enrolled or removed', async () => {
    const person = await new Browser(app).signIn('ada');
    const before = person.cookies;
    await person.enrollTotp();
    const between = person.cookies;
    const [{ id }] = (await person.jsonGet('/mfa')).body.authenticators;
    await person.json(`/mfa/authenticators/${id}/remove`);
    for (const Cookie of [before, between])
      expect((await new Browser(app, { Cookie }).jsonGet('/account')).body.account).to.equal(null);
  });

  it('has another CSRF token after the elevation', async () => {
    const { secret } = await (await new Browser(app).signIn('ada')).enrollTotp();
    const person = await new Browser(app).signIn('ada');
    const before = await person.csrf();
    await person.proveTotp(secret);
    expect(await person.csrf()).to.not.equal(before);
  });
});
