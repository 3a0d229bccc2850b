// What each level does to a first enrolment, and to the sign-in of whoever must make one: the table of what a level does.
import { expect } from 'chai';
import type { Policy } from '../../src/index.js';
import type { RiskLevel } from '../../src/risk.js';
import type { Browser } from '../support/agent.js';
import { levelsApp, signedIn, type LevelsApp } from '../support/risk-levels.js';

const unconfirmed = 'session.mfa.first_enrollment_unconfirmed';
const blocked = 'session.mfa.blocked';

describe('a first enrolment', () => {
  let app: LevelsApp;
  let people = 0;
  before(async () => {
    app = await levelsApp({
      // `open` asks for nothing by itself: what is asked for here, the level asks for.
      confirmFirstEnrollment: 'open',
      policy: ({ label }) => (label.includes('must') ? 'mandatory' : ('prompt-only-at-sign-in' satisfies Policy)),
      brand: { help: 'Call the desk' },
    });
  });
  after(() => app.close());

  const someone = (name: string, level: RiskLevel): Promise<Browser> => {
    people += 1;
    return signedIn(app, level, `${name}${people}`);
  };
  const told = async (what: string) => {
    await app.mfa.settled();
    return app.notices.filter((notice) => notice.what === what);
  };

  for (const name of ['may', 'must'])
    it(`at low asks for no more than the app does (${name})`, async () => {
      const browser = await someone(name, 'low');
      await browser.enrollTotp();
      await browser.jsonGet('/account').expect(200);
      expect((await told('unusual-sign-in')).filter(({ userId }) => userId === `${name}${people}`)).to.deep.equal([]);
    });

  for (const name of ['may', 'must'])
    it(`at medium asks for a code to the address that is known (${name}), posted at once or not`, async () => {
      const browser = await someone(name, 'medium');
      const uid = `${name}${people}`;
      const at = await browser.json('/mfa/setup/totp/begin');
      expect([at.status, at.body.code]).to.deep.equal([403, unconfirmed]);
      await browser.htmlGet('/mfa/setup/totp').expect(303).expect('Location', '/mfa/setup/confirm');
      const page = await browser.htmlGet('/mfa/setup/confirm').expect(200);
      expect(page.text.replaceAll('\u2060', '')).to.include('This sign-in looks unusual.');
      await browser.json('/mfa/setup/confirm/begin');
      await browser.json('/mfa/setup/confirm', { code: app.mail.code(`${uid}@example.com`) });
      await browser.enrollTotp();
      await browser.jsonGet('/account').expect(200);
    });

  it('at medium asks for a granted code where no address is known', async () => {
    const browser = await someone('nobody', 'medium');
    expect((await browser.jsonGet('/mfa/setup/totp').expect(403)).body.code).to.equal(unconfirmed);
    expect((await browser.jsonGet('/mfa/setup/confirm').expect(200)).body).to.deep.equal({ via: 'granted' });
    const granted = await app.mfa.grantEnrollment(`nobody${people}`);
    expect((await browser.json('/mfa/setup/confirm', { code: granted })).status).to.equal(200);
    await browser.enrollTotp();
  });

  it('at high is refused, by pages and programs, and the owner told; whoever need not have one goes on without', async () => {
    const browser = await someone('may', 'high');
    const uid = `may${people}`;
    await browser.htmlGet('/account').expect(200);
    for (const path of ['/mfa/setup', '/mfa/setup/totp', '/mfa/setup/confirm']) {
      const { text } = await browser.htmlGet(path).expect(403);
      expect(text.replaceAll('\u2060', '')).to.include('This sign-in looks unusual').and.to.include('Call the desk');
      if (path !== '/mfa/setup') expect((await browser.jsonGet(path).expect(403)).body.code).to.equal(blocked);
    }
    for (const path of ['totp/begin', 'totp', 'email/begin', 'confirm/begin', 'confirm']) {
      const fields = { code: '000000', address: `${uid}@example.com` };
      const { status, body } = await browser.json(`/mfa/setup/${path}`, fields);
      expect([path, status, body.code]).to.deep.equal([path, 403, blocked]);
    }
    await browser.jsonGet('/account').expect(200);
    const notices = (await told('unusual-sign-in')).filter(({ userId }) => userId === uid);
    expect(notices.map(({ signals }) => signals)).to.deep.equal([['country.unseen']]);
    expect((await app.mfa.status(uid))?.protected ?? false).to.equal(false);
  });

  it('at high refuses the sign-in itself where the policy demands one, until an administrator lets it go on', async () => {
    const browser = await someone('must', 'high');
    const uid = `must${people}`;
    const { body } = await browser.jsonGet('/account').expect(403);
    expect(body.code).to.equal(blocked);
    expect(body).not.to.have.any.keys('risk', 'score', 'level', 'signals');
    const page = await browser.htmlGet('/account').expect(403);
    expect(page.text).to.include('action="/mfa/sign-out"').and.to.include('Call the desk');
    for (const path of ['/mfa', '/mfa/setup', '/mfa/setup/totp']) await browser.htmlGet(path).expect(403);
    await app.mfa.release(uid, { by: 'grace', reason: 'called back' });
    await browser.htmlGet('/account').expect(303).expect('Location', '/mfa/setup');
    await browser.enrollTotp();
    await browser.jsonGet('/account').expect(200);
    await app.mfa.settled();
    expect(app.events.filter(({ name, userId }) => name === 'released' && userId === uid)).to.have.length(1);
  });

  it('goes on in another sign-in after a release, too', async () => {
    const first = await someone('must', 'high');
    const uid = `must${people}`;
    await first.jsonGet('/account').expect(403);
    await app.mfa.release(uid, { by: 'grace' });
    app.clock.advance(3600);
    const second = await signedIn(app, 'high', uid, 'again');
    await second.enrollTotp();
    await second.jsonGet('/account').expect(200);
  });

  it('asks for nothing new where risk is only told of', async () => {
    const other = await levelsApp({ confirmFirstEnrollment: 'open', policy: 'mandatory', riskMode: 'report' });
    const browser = await signedIn(other, 'high', 'ada');
    await browser.enrollTotp();
    await browser.jsonGet('/account').expect(200);
    await other.mfa.settled();
    expect(other.notices.filter(({ what }) => what === 'unusual-sign-in')).to.deep.equal([]);
    await other.close();
  });
});
