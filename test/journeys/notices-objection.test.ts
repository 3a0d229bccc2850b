// "This wasn't me": what a person who follows the link of a notice sees, and what it does.
import { expect } from 'chai';
import { MfaError } from '../../src/index.js';
import { Browser } from '../support/agent.js';
import { bind, codesApp, elevated, known, said, send, signIn, signUp, type CodesApp } from '../support/codes.js';
import { addresses, otherAddresses } from '../support/addresses.js';

const origin = 'https://acme.example';

describe('the link of a notice', () => {
  let app: CodesApp;
  let codes: string[];

  beforeEach(async () => {
    app = await codesApp({
      people: { ada: known('email') },
      factors: (made) => [made.totp, made.email, made.sms, made.backupCodes],
      delivers: true,
      origin,
      trustBrowser: { days: 30 },
    });
    codes = await (await signUp(app, 'ada')).saveCodes();
    app.clock.advance(60);
  });

  /** The path in the newest notice. */
  async function link(): Promise<string> {
    await app.mfa.settled();
    const found = /https:\/\/acme\.example(\/mfa\/object\/\S+)/.exec(app.notes('email').at(-1)?.text ?? '');
    return found![1]!;
  }
  const stranger = () => new Browser(app);
  const press = (path: string) => stranger().post(path, {}, { Origin: origin });
  const kindsOf = async (uid = 'ada') => (await app.mfa.status(uid))!.authenticators.map(({ kind }) => kind).sort();

  /** A thief who came by with a code read over the shoulder, and bound a phone of their own. */
  async function thiefBindsPhone(): Promise<Browser> {
    const thief = await elevated(app, 'email');
    app.clock.advance(60);
    await bind(app, thief, 'sms', otherAddresses.sms);
    return thief;
  }

  it('shows a page to anybody who opens it, scanners and prefetches too, and changes nothing', async () => {
    const thief = await thiefBindsPhone();
    const path = await link();
    const before = await app.mfa.config.store.load('ada');
    const page = await stranger().htmlGet(path).expect(200);
    expect(page.text).to.include('A method was added to the two-\u2060step verification of your account at Acme');
    expect(page.text).to.include('This wasn’t me').and.include(`action="${path}"`);
    expect(page.text).to.not.include('Signed in as').and.not.include(addresses.email);
    await stranger().htmlGet(path, { 'Sec-Purpose': 'prefetch' }).expect(200);
    await stranger().agent.head(path).expect(200);
    expect(page.text)
      .to.match(/<dt>Method<\/dt><dd>Code by text message<\/dd>/)
      .and.include('<dt>When</dt>');
    expect((await stranger().jsonGet(path).expect(200)).body).to.have.all.keys('what', 'at', 'kind');
    expect(await app.mfa.config.store.load('ada')).to.deep.equal(before);
    expect((await thief.jsonGet('/mfa')).body.state).to.equal('elevated');
  });

  it('pressed, ends every elevation and trusted browser, takes the phone away, and tells the host', async () => {
    const owner = await signIn(app, 'ada');
    await send(owner, 'email');
    await owner.json('/mfa/verify/email', { code: app.lastCode('email'), trustBrowser: 'yes' });
    const thief = await thiefBindsPhone();
    const path = await link();
    const done = await press(path).expect(200);
    expect(done.text).to.include('Change your password now').and.include('href="/login"');
    expect(await kindsOf()).to.deep.equal(['backup-codes', 'email']);
    for (const session of [owner, thief]) {
      expect((await session.jsonGet('/mfa')).body.state).to.equal('pending');
      expect(said(await session.jsonGet('/account'))).to.equal('403 session.mfa.require_mfa_verification');
    }
    expect((await app.mfa.status('ada'))?.trustedBrowsers).to.equal(0);
    const told = app.events.filter(({ name }) => name === 'notice-objected');
    expect(told).to.have.length(1);
    expect(told[0]).to.deep.include({
      userId: 'ada',
      detail: { what: 'factor-added', did: 'taken-away', removed: true },
    });
    expect(told[0]?.ip).to.be.a('string');
    const back = await elevated(app, 'email');
    expect((await back.jsonGet('/mfa')).body.state).to.equal('elevated');
  });

  it('works once, for seven days', async () => {
    await thiefBindsPhone();
    const path = await link();
    await Promise.all([press(path), press(path), press(path)]);
    expect(app.events.filter(({ name }) => name === 'notice-objected')).to.have.length(1);
    for (const again of [await stranger().htmlGet(path).expect(200), await press(path).expect(200)]) {
      expect(again.text)
        .to.match(/You told us on .*2027.* that this was not you/)
        .and.include('What this change added is gone');
      expect(again.text).to.include('href="/login"').and.not.include('<form');
    }
    await elevated(app, 'email').then((owner) => {
      app.clock.advance(60);
      return bind(app, owner, 'sms');
    });
    const late = await link();
    app.clock.advance(7 * 86_400);
    const lapsed = await press(late).expect(404);
    expect(lapsed.text).to.include('This link worked until').and.include('href="/login"');
    await stranger().jsonGet(late).expect(404);
    expect(await kindsOf()).to.include('sms');
  });

  it('leaves the owner’s own address, as the last thing that proves who they are, and a stolen password opens nothing', async () => {
    const alone = await codesApp({
      people: { bob: known('email') },
      factors: (made) => [made.email],
      delivers: true,
      origin,
    });
    await signUp(alone, 'bob');
    await alone.mfa.settled();
    const path = /https:\/\/acme\.example(\S+)/.exec(alone.notes('email')[0]!.text)![1]!;
    await new Browser(alone).post(path, {}, { Origin: origin }).expect(200);
    const thief = await signIn(alone, 'bob');
    await thief.htmlGet('/account').expect(303).expect('Location', '/mfa/verify');
    expect(said(await thief.json('/mfa/setup/email/begin', { address: addresses.email }))).to.equal(
      '403 session.mfa.require_mfa_verification',
    );
    await (await elevated(alone, 'email', 'bob')).jsonGet('/account').expect(200);
  });

  it('takes back an address that followed a change at the host', async () => {
    app.people.ada = known('email', 'thief@example.net');
    const thief = await signIn(app, 'ada');
    await thief.htmlGet('/mfa/verify/email').expect(200);
    await app.mfa.settled();
    const mine = app.notes('email').filter(({ to }) => to === addresses.email);
    const path = /https:\/\/acme\.example(\S+)/.exec(mine.at(-1)!.text)![1]!;
    await press(path).expect(200);
    expect(await kindsOf()).to.deep.equal(['backup-codes']);
    expect(said(await thief.answer('email', app.lastCode('email')))).to.match(/^4/);
    const owner = await signIn(app, 'ada');
    expect(said(await owner.answer('backup-codes', codes[0]))).to.equal('200');
  });

  it('answers JSON too, needs no token, and is refused from another site', async () => {
    await thiefBindsPhone();
    const path = await link();
    await stranger().post(path, {}, { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }).expect(403);
    expect(await kindsOf()).to.include('sms');
    const { body } = await stranger().postJson(path).expect(200);
    expect(body).to.deep.equal({ next: { step: 'done', url: '/login' }, did: 'taken-away' });
  });

  it('asks by what happened, and says what came of it', async () => {
    await thiefBindsPhone();
    const added = await link();
    expect((await stranger().htmlGet(added)).text).to.include('<h1>Did you add a method?</h1>');
    expect((await press(added).expect(200)).text).to.include('<h1>The method is removed</h1>');
    expect((await stranger().htmlGet(added)).text).to.include('<h1>This link was used already</h1>');

    app.clock.advance(60);
    const owner = await elevated(app, 'email');
    const phone = await bind(app, owner, 'sms').then(async () => {
      const { authenticators } = (await owner.jsonGet('/mfa')).body as {
        authenticators: { id: string; kind: string }[];
      };
      return authenticators.find(({ kind }) => kind === 'sms')!.id;
    });
    expect(said(await owner.json(`/mfa/authenticators/${phone}/remove`))).to.equal('200');
    const removed = await link();
    const asked = await stranger().htmlGet(removed).expect(200);
    expect(asked.text).to.include('<h1>Did you remove a method?</h1>').and.include('We cannot bring the method back');
    const done = await press(removed).expect(200);
    expect(done.text).to.include('<h1>We have shut them out</h1>').and.include('set up again what was removed');
  });

  it('says that it is off where it is, and claims no browser', async () => {
    const owner = await elevated(app, 'email');
    expect(said(await owner.json('/mfa/turn-off', { confirmed: 'yes' }))).to.equal('200');
    const off = await link();
    const asked = await stranger().htmlGet(off).expect(200);
    expect(asked.text).to.include('<h1>Did you turn off two-\u2060step verification?</h1>');
    const done = await press(off).expect(200);
    expect(done.text).to.include('<h1>Two-\u2060step verification is off</h1>').and.not.include('Every browser');
    const again = await stranger().jsonGet(off).expect(200);
    expect(again.body).to.include({ what: 'turned-off', did: 'is-off' });
  });

  it('comes back when the store could not act on it', async () => {
    await thiefBindsPhone();
    const path = await link();
    const { store } = app.mfa.config;
    const { save } = store;
    store.save = () => Promise.reject(new MfaError('store.unavailable', 'down'));
    await press(path).expect(503);
    store.save = save;
    expect(await kindsOf()).to.include('sms');
    await press(path).expect(200);
    expect(await kindsOf()).to.not.include('sms');
  });
});
