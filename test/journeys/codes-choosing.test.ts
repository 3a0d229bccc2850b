// Which way to verify is offered first, and what a person does who cannot use it.
import { expect } from 'chai';
import { code, type Browser } from '../support/agent.js';
import { bind, codesApp, elevated, said, send, signIn, signUp, known } from '../support/codes.js';
import { addresses, wrongFor } from '../support/addresses.js';
import type { CodesApp } from '../support/codes.js';

/** The ways of a page in order, with what is said of each. */
function waysOf(html: string): { kind: string; lastUsed: boolean; text: string }[] {
  return [...html.matchAll(/<a class="mfa-choice" href="\/mfa\/verify\/([a-z-]+)">(.*?)<\/a>/gs)].map(
    ([, kind = '', text = '']) => ({
      kind,
      lastUsed: text.includes('Last used'),
      text,
    }),
  );
}

async function offered(person: Browser): Promise<string[]> {
  const { text } = await person.htmlGet('/mfa/verify/choose').expect(200);
  return waysOf(text).map(({ kind, lastUsed }) => (lastUsed ? `${kind}, last used` : kind));
}

describe('somebody with an app, codes by SMS and e-mail, and backup codes', () => {
  let app: CodesApp;
  let secret: string;

  beforeEach(async () => {
    app = await codesApp({ factors: (made) => [made.backupCodes, made.totp, made.sms, made.email] });
    const person = await signIn(app, 'ada');
    ({ secret } = await person.enrollTotp());
    app.clock.advance(30);
    await bind(app, person, 'email');
    await bind(app, person, 'sms');
  });

  it('is offered them in the order of the app, backup codes last whatever the order', async () => {
    const person = await signIn(app, 'ada');
    expect(await offered(person)).to.deep.equal(['totp', 'sms', 'email', 'backup-codes']);
    expect((await person.jsonGet('/mfa')).body.availableFactors).to.deep.equal([
      'totp',
      'sms',
      'email',
      'backup-codes',
    ]);
    await person.htmlGet('/mfa/verify').expect(303).expect('Location', '/mfa/verify/totp');
  });

  it('is offered first what they used last, labelled so, with masked addresses', async () => {
    await elevated(app, 'email');
    app.clock.advance(60);
    const person = await signIn(app, 'ada');
    expect(await offered(person)).to.deep.equal(['email, last used', 'totp', 'sms', 'backup-codes']);
    await person.htmlGet('/mfa/verify').expect(303).expect('Location', '/mfa/verify/email');
    const { text } = await person.htmlGet('/mfa/verify/choose');
    expect(text).to.include('ale***@example.com').and.include('***67');
    expect(text).to.not.include(addresses.email).and.not.include(addresses.sms);
    await elevated(app, 'sms');
    expect((await offered(await signIn(app, 'ada')))[0]).to.equal('sms, last used');
  });

  it('finds "Try another method" on every page, and gets in by the other way', async () => {
    const person = await signIn(app, 'ada');
    for (const kind of ['totp', 'sms', 'email', 'backup-codes']) {
      const page = await person.htmlGet(`/mfa/verify/${kind}`).expect(200);
      expect(page.text, kind).to.include('href="/mfa/verify/choose"');
    }
    app.clock.advance(30);
    expect(said(await person.answer('totp', code(secret, app.clock)))).to.equal('200');
  });

  it('uses the others while one is locked', async () => {
    const person = await signIn(app, 'ada');
    await send(person, 'sms');
    for (let wrong = 0; wrong < 5; wrong += 1) await person.answer('sms', wrongFor(app.lastCode('sms')));
    const locked = await person.htmlGet('/mfa/verify/sms').expect(200);
    const blocked = await person.submit(locked, '/verify/sms', { code: app.lastCode('sms') }).expect(429);
    for (const { text } of [locked, blocked]) expect(text).to.include('data-mfa-lock').and.include('in 30 seconds');
    expect(blocked.text).to.include('href="/mfa/verify/choose"');
    expect(await offered(person), 'is no link, but says for how long').to.not.include('sms');
    expect((await person.htmlGet('/mfa/verify/choose')).text).to.include('data-mfa-wait="30"');
    await send(person, 'email');
    expect(said(await person.answer('email', app.lastCode('email')))).to.equal('200');
  });

  it('keeps the budget of one way while another one succeeds', async () => {
    const thief = await signIn(app, 'ada');
    await send(thief, 'sms');
    for (let wrong = 0; wrong < 4; wrong += 1) await thief.answer('sms', wrongFor(app.lastCode('sms')));
    await elevated(app, 'email');
    const last = await thief.answer('sms', wrongFor(app.lastCode('sms')));
    expect(last.body).to.include({ remainingAttempts: 0, retryAfterSeconds: 30 });
  });

  it('is not offered the channel that this sign-in came by', async () => {
    const person = await signIn(app, 'ada', { person: { signedInBy: 'email' } });
    expect(await offered(person)).to.deep.equal(['totp', 'sms', 'backup-codes']);
    const before = app.codes('email').length;
    expect(said(await send(person, 'email'))).to.equal('400 session.mfa.mfa_factor_not_enabled');
    await person.htmlGet('/mfa/verify/email').expect(303).expect('Location', '/mfa/verify');
    expect(said(await person.answer('email', '123456'))).to.equal('400 session.mfa.mfa_factor_not_enabled');
    expect(app.codes('email')).to.have.length(before);
    expect((await person.jsonGet('/account')).body.maskedIdentifiers).to.deep.equal({ sms: '***67' });
  });
});

describe('somebody with one way to verify', () => {
  it('is led straight to its page, which offers help instead of another way', async () => {
    const app = await codesApp({ factors: ({ email }) => [email], people: { ada: known('email') } });
    await signUp(app, 'ada');
    const person = await signIn(app, 'ada');
    await person.htmlGet('/mfa/verify').expect(303).expect('Location', '/mfa/verify/email');
    const page = await person.htmlGet('/mfa/verify/email').expect(200);
    expect(page.text).to.not.include('/mfa/verify/choose');
    expect(page.text).to.include('I can’t use this');
  });

  it('recovers, rather than passes, where that way is the one that this sign-in came by', async () => {
    const app = await codesApp({ factors: ({ email }) => [email], people: { ada: known('email') } });
    await signUp(app, 'ada');
    const person = await signIn(app, 'ada', { person: { signedInBy: 'email' } });
    await person.htmlGet('/account').expect(303).expect('Location', '/mfa/recover');
    expect(said(await person.jsonGet('/account'))).to.equal('403 session.mfa.recovery_required');
  });

  it('cannot set up the channel that this sign-in came by', async () => {
    const app = await codesApp({ people: { ada: known('email') } });
    const person = await signIn(app, 'ada', { person: { signedInBy: 'email' }, uid: 'ada' });
    const list = await person.htmlGet('/mfa/setup').expect(200);
    expect(list.text).to.include('href="/mfa/setup/sms"').and.not.include('href="/mfa/setup/email"');
    const begun = await person.json('/mfa/setup/email/begin', { address: addresses.email });
    expect(said(begun)).to.match(/^4.. session\.mfa\.(mfa_factor_not_enabled|first_enrollment_unconfirmed)$/);
    expect(app.codes()).to.have.length(0);
    expect((await person.jsonGet('/mfa')).body.authenticators).to.deep.equal([]);
  });
});
