// Attack: whoever is asked for more clears their cookies, signs in once more beside it, moves to the owner's country or posts from
// there at once, so as to be asked for less.
// Rule: the highest level of a pending sign-in stands in the record, by lane, from the moment that it is reached; it falls only by
// the strongest factor or a release. Answer: no other session starts lower; the owner's known browser is raised by nobody else.
import { expect } from 'chai';
import { Browser } from '../support/agent.js';
import { rawRecord } from '../support/raw-record.js';
import { enrolled, levelsApp, looking, signedIn, type Enrolled, type LevelsApp } from '../support/risk-levels.js';

const strong = ['totp', 'backup-codes'];
const all = ['totp', 'email', 'backup-codes'];

describe('a sign-in that would start lower than one that is pending', () => {
  let app: LevelsApp;
  let owner: Enrolled;
  beforeEach(async () => {
    app = await levelsApp();
    owner = await enrolled(app, 'ada');
  });
  afterEach(() => app.close());

  const offered = async (browser: Browser, headers = {}) => {
    const { body } = await browser.jsonGet('/account', headers).expect(403);
    return body.availableFactors as string[];
  };
  const refusedMail = async (browser: Browser) => {
    const { status, body } = await browser.answer('email', '000000');
    expect([status, body.code]).to.deep.equal([403, 'session.mfa.require_mfa_verification']);
  };

  it('asks for as much without cookies, in a second session, from another place, for pages and programs', async () => {
    const thief = await signedIn(app, 'high', 'ada');
    // Nothing was answered: seeing what is asked for is enough.
    await thief.htmlGet('/account').expect(303);
    for (const nth of ['a', 'b']) {
      const second = await signedIn(app, 'low', 'ada', nth);
      expect(await offered(second)).to.have.members(strong);
      await refusedMail(second);
    }
    await thief.jsonGet('/account', looking('low', 'moved')).expect(403);
    expect(await offered(thief, looking('low', 'moved'))).to.have.members(strong);
    const posting = new Browser(app, looking('low', 'posting'));
    await posting.signIn('ada');
    await refusedMail(posting);
  });

  it('is no way round for many sessions at once, nor for one that was open before', async () => {
    const before = await signedIn(app, 'low', 'ada', 'before');
    expect(await offered(before)).to.have.members(all);
    const levels = ['low', 'high', 'medium', 'low', 'medium', 'low'] as const;
    const many = await Promise.all(levels.map((level, nth) => signedIn(app, level, 'ada', `many ${nth}`)));
    await Promise.all(many.map((browser) => browser.jsonGet('/account').expect(403)));
    for (const browser of [...many, before]) expect(await offered(browser)).to.have.members(strong);
    expect((await rawRecord(app.mfa, 'ada')).raised).to.deep.equal({ unknown: 'high' });
  });

  it('does not come about by a new password, a reset of the prompts or an end of all sign-ins', async () => {
    await (await signedIn(app, 'high', 'ada')).jsonGet('/account').expect(403);
    await app.mfa.passwordChanged('ada');
    await app.mfa.endSignIns('ada');
    await app.mfa.unlock('ada');
    expect(await offered(await signedIn(app, 'low', 'ada', 'next'))).to.have.members(strong);
  });

  it('is not even begun by wrong answers, of which the record holds as many', async () => {
    const thief = await signedIn(app, 'high', 'ada');
    for (let tries = 0; tries < 3; tries += 1) await refusedMail(thief);
    const { attempts } = await rawRecord(app.mfa, 'ada');
    expect(Object.keys(attempts).filter((scope) => scope.startsWith('email'))).to.deep.equal([]);
  });

  it('raises nothing in the browser that the owner has used before, whatever strangers do', async () => {
    const strangers = await signedIn(app, 'high', 'ada');
    await strangers.jsonGet('/account').expect(403);
    for (let tries = 0; tries < 3; tries += 1) await strangers.answer('totp', '000000');
    const { browser } = owner;
    await browser.signIn('ada');
    expect(await offered(browser)).to.have.members(all);
    await browser.json('/mfa/verify/email/begin');
    expect((await browser.answer('email', app.mail.code('ada@example.com'))).status).to.equal(200);
    await browser.jsonGet('/account').expect(200);
    // And what the owner proves there does not let the strangers go on.
    expect(await offered(await signedIn(app, 'low', 'ada', 'stranger'))).to.have.members(strong);
  });

  it('of a known browser that was stolen with its cookies is none once they are cleared', async () => {
    const stolen = owner.browser;
    await stolen.signIn('ada');
    expect(await offered(stolen, looking('high'))).to.have.members(strong);
    expect(await offered(await signedIn(app, 'low', 'ada', 'cleared'))).to.have.members(strong);
    await stolen.signIn('ada');
    expect(await offered(stolen)).to.have.members(strong);
  });

  it('writes once for each level, however often it is asked', async () => {
    const thief = await signedIn(app, 'high', 'ada');
    await thief.jsonGet('/account').expect(403);
    const { mac } = await rawRecord(app.mfa, 'ada');
    for (const nth of ['a', 'b', 'c']) {
      await (await signedIn(app, 'high', 'ada', nth)).jsonGet('/account').expect(403);
      await (await signedIn(app, 'medium', 'ada', nth)).htmlGet('/mfa/verify').expect(303);
    }
    expect((await rawRecord(app.mfa, 'ada')).mac).to.deep.equal(mac);
    await app.mfa.settled();
    expect(app.notices.filter(({ what }) => what === 'unusual-sign-in')).to.have.length(1);
  });
});
