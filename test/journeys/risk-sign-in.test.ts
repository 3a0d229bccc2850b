// What each level asks at sign-in of whoever has a second factor, for people and programs alike: the table of what a level does.
import { expect } from 'chai';
import { readMfa } from '../../src/index.js';
import type { RiskLevel } from '../../src/risk.js';
import { code } from '../support/agent.js';
import { rawRecord } from '../support/raw-record.js';
import { enrolled, levelsApp, looking, signedIn, type Enrolled, type LevelsApp } from '../support/risk-levels.js';
import { Browser } from '../support/agent.js';

const unusual = {
  en: 'This sign-in looks unusual.',
  de: 'Diese Anmeldung sieht ungewöhnlich aus.',
  fr: 'Cette connexion semble inhabituelle.',
  it: 'Questo accesso sembra insolito.',
};
const owed = 'session.mfa.require_mfa_verification';

describe('a sign-in of whoever has a second factor', () => {
  let app: LevelsApp;
  let ada: Enrolled;

  before(async () => {
    app = await levelsApp({
      trustBrowser: { days: 30 },
      trustedNetworks: ['192.0.2.0/24'],
      host: {
        before: (host) => void host.set('trust proxy', 1),
        between: (host, mfa) => host.get('/socket', async (req, res) => void res.json(await readMfa(mfa, req))),
      },
    });
    ada = await enrolled(app, 'ada');
  });
  after(() => app.close());
  // What one cell leaves pending is not the next one's.
  beforeEach(async () => {
    app.clock.advance(90_000);
    await app.mfa.release('ada', { by: 'grace' });
    app.clock.advance(90_000);
    await app.mfa.settled();
    app.events.length = 0;
    app.notices.length = 0;
  });

  const kindsOffered = async (browser: Browser) =>
    (await browser.jsonGet('/account').expect(403)).body.availableFactors as string[];

  for (const [level, offered, isUnusual] of [
    ['low', ['totp', 'email', 'backup-codes'], false],
    ['medium', ['totp', 'email', 'backup-codes'], true],
    ['high', ['totp', 'backup-codes'], true],
  ] as [RiskLevel, string[], boolean][]) {
    it(`at ${level} is offered ${offered.join(', ')}, to programs and people`, async () => {
      const browser = await signedIn(app, level, 'ada');
      expect(await kindsOffered(browser)).to.have.members(offered);
      const { body: state } = await browser.jsonGet('/mfa').expect(200);
      expect(state.availableFactors).to.have.members(offered);
      expect(state.unusual ?? false).to.equal(isUnusual);
      const { text } = await browser.htmlGet('/mfa/verify/choose').expect(200);
      expect(text.includes('/mfa/verify/email"')).to.equal(offered.includes('email'));
      for (const [lang, sentence] of Object.entries(unusual))
        for (const path of ['/mfa/verify/totp', '/mfa/verify/choose']) {
          const page = await browser.htmlGet(path, { 'Accept-Language': lang }).expect(200);
          expect(page.text.replaceAll('\u2060', '').includes(sentence), `${lang} ${path}`).to.equal(isUnusual);
        }
    });
  }

  it('at medium asks in spite of a trusted browser and of a sign-in step turned off, and takes any method', async () => {
    const { browser, secret } = ada;
    await browser.signIn('ada');
    app.clock.advance(30);
    const trusting = { code: code(secret, app.clock), trustBrowser: 'yes' };
    expect((await browser.json('/mfa/verify/totp', trusting)).status).to.equal(200);
    await browser.signIn('ada');
    await browser.jsonGet('/account').expect(200);
    await app.mfa.settled();
    expect(app.events.filter(({ name }) => name === 'browser-trust-used')).to.have.length(1);
    await isAsked({ Cookie: browser.cookies });
    await isAsked({ Cookie: browser.cookies, 'X-Forwarded-For': '192.0.2.7' });
    await app.mfa.settled();
    expect(app.events.filter(({ name }) => name === 'browser-trust-used')).to.have.length(1);
    const other = await signedIn(app, 'low', 'ada', 'other');
    await other.proveTotp(secret);
    expect((await other.json('/mfa/preferences', { signInStep: 'off' })).status).to.equal(200);
    const second = await signedIn(app, 'low', 'ada', 'second');
    await second.jsonGet('/account').expect(200);
    await isAsked({ Cookie: second.cookies });
    const own = await signedIn(app, 'medium', 'ada', 'own');
    await own.json('/mfa/verify/email/begin');
    expect((await own.answer('email', app.mail.code('ada@example.com'))).status).to.equal(200);
    await own.jsonGet('/account').expect(200);
    expect((await other.json('/mfa/preferences', { signInStep: 'on' })).status).to.equal(200);
  });

  /** A person, a program that keeps no cookie and an upgrade of a websocket, with what such a browser has. */
  async function isAsked(headers: { [name: string]: string }): Promise<void> {
    const same = new Browser(app, { ...looking('medium'), ...headers });
    await same.htmlGet('/account').expect(303).expect('Location', '/mfa/verify');
    const { body } = await new Browser(app, { ...looking('medium'), ...headers }).jsonGet('/account').expect(403);
    expect(body).to.include({ code: owed, hint: 'sign_in.unusual' });
    expect(body.title).to.match(/^This sign.in looks unusual/);
    expect((await same.jsonGet('/socket').expect(200)).body).to.include({ passes: false, reason: owed });
  }

  it('at high looks at no weaker method, sends no code for it, and spends and counts nothing', async () => {
    const browser = await signedIn(app, 'high', 'ada');
    await browser.jsonGet('/account').expect(403);
    const sent = app.mail.messages.length;
    const { attempts } = await rawRecord(app.mfa, 'ada');
    const refused = [
      await browser.json('/mfa/verify/email/begin'),
      await browser.answer('email', '000000'),
      await browser.form('/mfa/verify/email', { code: '000000' }),
    ];
    for (const { status } of refused) expect(status).to.equal(403);
    expect(refused[1]?.body).to.include({ code: owed, hint: 'sign_in.unusual' });
    expect(refused[1]?.body.availableFactors).to.have.members(['totp', 'backup-codes']);
    await browser.htmlGet('/mfa/verify/email').expect(303);
    expect(app.mail.messages.length).to.equal(sent);
    expect((await rawRecord(app.mfa, 'ada')).attempts).to.deep.equal(attempts);
  });

  it('at high takes the strongest, neither offers nor accepts to trust the browser, and tells the owner why', async () => {
    const browser = await signedIn(app, 'high', 'ada');
    const page = await browser.htmlGet('/mfa/verify/totp').expect(200);
    expect(page.text).not.to.include('name="trustBrowser"');
    app.clock.advance(30);
    const trusting = { code: code(ada.secret, app.clock), trustBrowser: 'yes' };
    expect((await browser.json('/mfa/verify/totp', trusting)).status).to.equal(200);
    await browser.jsonGet('/account').expect(200);
    expect(browser.cookies).not.to.include('mfa-trusted-');
    await app.mfa.settled();
    const { notices } = app;
    expect(notices.map(({ what, signals }) => [what, signals])).to.deep.equal([
      ['unusual-sign-in', ['country.unseen']],
    ]);
  });

  it('that is proved by the strongest leaves nothing pending; by another, what was pending', async () => {
    const browser = await signedIn(app, 'medium', 'ada');
    await browser.jsonGet('/account').expect(403);
    await browser.json('/mfa/verify/email/begin');
    expect((await browser.answer('email', app.mail.code('ada@example.com'))).status).to.equal(200);
    expect((await rawRecord(app.mfa, 'ada')).raised).to.deep.equal({ unknown: 'medium' });
    const next = await signedIn(app, 'medium', 'ada', 'next');
    await next.proveTotp(ada.secret);
    expect(await rawRecord(app.mfa, 'ada')).not.to.have.property('raised');
  });

  it('that is elevated by a weaker method is asked for the strongest once it looks that risky', async () => {
    const browser = await signedIn(app, 'low', 'ada', 'moving');
    await browser.json('/mfa/verify/email/begin');
    expect((await browser.answer('email', app.mail.code('ada@example.com'))).status).to.equal(200);
    await browser.jsonGet('/account').expect(200);
    app.clock.advance(31);
    const elsewhere = looking('high', 'moving');
    const { body } = await browser.jsonGet('/account', elsewhere).expect(403);
    expect(body.availableFactors).to.have.members(['totp', 'backup-codes']);
    const { 'User-Agent': agent } = elsewhere;
    browser.headers['User-Agent'] = agent;
    await browser.proveTotp(ada.secret);
    await browser.jsonGet('/account').expect(200);
  });
});

describe('a sign-in that an app lets nobody make who looks so risky', () => {
  it('goes no further, with help and a way out, until an administrator lets it go on', async () => {
    const app = await levelsApp({
      riskActions: { signIn: { high: 'block' }, recovery: { high: 'block' } },
      brand: { help: 'Call the desk' },
    });
    const { secret, codes } = await enrolled(app, 'ada');
    const browser = await signedIn(app, 'low', 'ada', 'new');
    const token = { 'X-CSRF-Token': await browser.csrf() };
    Object.assign(browser.headers, looking('high'));
    for (const path of ['/account', '/mfa', '/mfa/verify/totp', '/mfa/setup']) {
      const { text } = await browser.htmlGet(path).expect(403);
      expect(text.replaceAll('\u2060', '')).to.include('This sign-in looks unusual').and.to.include('Call the desk');
      expect(text).to.include('action="/mfa/sign-out"');
      expect((await browser.jsonGet(path).expect(403)).body.code).to.equal('session.mfa.blocked');
    }
    app.clock.advance(30);
    for (const [kind, typed] of [
      ['totp', code(secret, app.clock)],
      ['backup-codes', codes[0]],
    ])
      expect((await browser.postJson(`/mfa/verify/${kind}`, { code: typed }, token)).body.code).to.equal(
        'session.mfa.blocked',
      );
    await app.mfa.release('ada', { by: 'grace', reason: 'called back' });
    await browser.proveTotp(secret);
    await browser.jsonGet('/account').expect(200);
    await app.mfa.settled();
    const stops = app.events.filter(
      ({ name, reason }) => name === 'session-refused' && reason === 'session.mfa.blocked',
    );
    expect(stops).to.have.length.at.least(1);
    // A release is for one way in.
    app.clock.advance(5);
    await (await signedIn(app, 'high', 'ada', 'c')).jsonGet('/account').expect(403);
    expect((await (await signedIn(app, 'high', 'ada', 'd')).jsonGet('/account').expect(403)).body.code).to.equal(
      'session.mfa.blocked',
    );
    await app.close();
  });
});
