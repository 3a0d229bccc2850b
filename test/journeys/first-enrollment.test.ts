// A first enrolment by whoever knows the password: confirmed by a code to the address that the host knows, by one that
// an administrator granted, or by nothing, as the app has set it.
import { expect } from 'chai';
import type { Browser } from '../support/agent.js';
import { codesApp, known, masks, said, signIn, signUp, type CodesApp, type CodesOptions } from '../support/codes.js';
import { addresses, kinds, otherAddresses, wrongFor } from '../support/addresses.js';

const unconfirmed = '403 session.mfa.first_enrollment_unconfirmed';
const beginTotp = (person: Browser) => person.jsonGet('/mfa/setup/totp');
const confirm = (person: Browser, code: string) => person.json('/mfa/setup/confirm', { code });
const sendCode = (person: Browser) => person.json('/mfa/setup/confirm/begin');

function start(options: CodesOptions): Promise<CodesApp> {
  return codesApp({ factors: (made) => [made.totp, made.email, made.sms, made.backupCodes], ...options });
}

describe('a first enrolment, confirmed when possible', () => {
  for (const kind of kinds) {
    it(`asks for the code that was sent to the known address by ${kind}, on a page of its own`, async () => {
      const app = await start({ people: { ada: known(kind) } });
      const person = await signIn(app, 'ada');
      await person.htmlGet('/mfa/setup').expect(200);
      await person.htmlGet('/mfa/setup/totp').expect(303).expect('Location', '/mfa/setup/confirm');
      const page = await person.htmlGet('/mfa/setup/confirm').expect(200);
      expect(app.codes(), 'nothing is sent by looking').to.have.length(0);
      await person.submit(page, '/confirm/begin').expect(303).expect('Location', '/mfa/setup/confirm');
      expect(app.codes()).to.have.length(1);
      expect(app.codes()[0]).to.include({ usage: 'MfaVerification', to: addresses[kind] });
      const typed = await person.htmlGet('/mfa/setup/confirm').expect(200);
      expect(typed.text).to.include(masks[kind]).and.include('data-mfa-wait="30"');
      const wrong = await person.submit(typed, '/setup/confirm', { code: wrongFor(app.lastCode(kind)) }).expect(422);
      expect(wrong.text).to.include('id="code-error"').and.include('4 attempts left');
      await person
        .submit(wrong, '/setup/confirm', { code: app.lastCode(kind) })
        .expect(303)
        .expect('Location', '/mfa/setup');
      await person.htmlGet('/mfa/setup/totp').expect(200);
      await person.enrollTotp();
      expect((await person.jsonGet('/mfa')).body.state).to.equal('elevated');
    });
  }

  it('is no proof, and is good for this sign-in only, for ten minutes', async () => {
    const app = await start({ people: { ada: known('email') } });
    const person = await signIn(app, 'ada');
    await sendCode(person);
    expect(said(await confirm(person, app.lastCode('email')))).to.equal('200');
    expect((await person.jsonGet('/mfa')).body.state).to.equal('none');
    expect(said(await beginTotp(person))).to.equal('200');
    const thief = await signIn(app, 'ada');
    expect(said(await beginTotp(thief))).to.equal(unconfirmed);
    app.clock.advance(601);
    expect(said(await beginTotp(person))).to.equal(unconfirmed);
  });

  it('stops a thief at everything but the code', async () => {
    const app = await start({ people: { ada: known('email') } });
    const thief = await signIn(app, 'ada');
    // The token is drawn on the first visit: of several first visits at once, a session in Redis keeps the last one's.
    await thief.csrf();
    const tries = [
      thief.json('/mfa/setup/totp/begin'),
      thief.json('/mfa/setup/sms/begin', { address: otherAddresses.sms }),
      thief.json('/mfa/setup/email/begin', { address: otherAddresses.email }),
      thief.json('/mfa/setup/totp', { code: '123456' }),
    ];
    for (const each of await Promise.all(tries)) expect(said(each)).to.equal(unconfirmed);
    expect((await beginTotp(thief)).body).to.include({ url: '/mfa/setup/confirm' });
    expect(said(await confirm(thief, '123456'))).to.equal('400 verification_code.not_found');
    expect(app.codes()).to.have.length(0);
  });

  it('locks after five wrong codes, across sessions and resends', async () => {
    const app = await start({ people: { ada: known('email') } });
    for (let wrong = 0; wrong < 5; wrong += 1) {
      const thief = await signIn(app, 'ada');
      expect(said(await sendCode(thief))).to.equal('200');
      const answered = await confirm(thief, wrongFor(app.lastCode('email')));
      expect(answered.body.remainingAttempts).to.equal(4 - wrong);
    }
    const thief = await signIn(app, 'ada');
    expect(said(await sendCode(thief))).to.equal('429 session.verification_blocked_too_many_attempts');
    expect(said(await confirm(thief, '123456'))).to.equal('429 session.verification_blocked_too_many_attempts');
  });

  it('asks for nothing at sign-up, nor where no verified address is known or no sender exists', async () => {
    const app = await start({ people: { ada: known('email'), bob: known('email', addresses.email, false) } });
    expect(said(await beginTotp(await signIn(app, 'bob')))).to.equal('200');
    expect(said(await beginTotp(await signIn(app, 'eve')))).to.equal('200');
    const none = await codesApp({ people: { ada: known('email') }, factors: (made) => [made.totp] });
    expect(said(await beginTotp(await signIn(none, 'ada')))).to.equal('200');
    const unbound = await start({ people: { ada: known('email') }, autoBind: false });
    expect(said(await beginTotp(await signUp(unbound, 'ada')))).to.equal('200');
  });

  it('asks for a recent sign-in, where the host tells when it was', async () => {
    const app = await start({});
    const at = app.clock.seconds;
    const person = await signIn(app, 'ada', { person: { signedInAt: at } });
    app.clock.advance(600);
    expect(said(await beginTotp(person))).to.equal('200');
    app.clock.advance(1);
    const stale = await beginTotp(person);
    expect(said(stale)).to.equal(unconfirmed);
    expect(stale.body.hint).to.equal('enroll.sign_in_again');
    const page = await person.htmlGet('/mfa/setup/totp').expect(403);
    expect(page.text).to.include('Sign out, sign in again').and.include('href="/login"');
  });

  it('is not asked of somebody protected, and its page is nothing to a pending person', async () => {
    const app = await start({ people: { ada: known('email') } });
    await (await signUp(app, 'ada')).saveCodes();
    const pending = await signIn(app, 'ada');
    await pending.htmlGet('/mfa/setup/confirm').expect(303).expect('Location', '/mfa/verify');
    expect(said(await pending.jsonGet('/mfa/setup/confirm'))).to.equal('403 session.mfa.require_mfa_verification');
    expect((await sendCode(pending)).status).to.be.within(400, 499);
    expect(app.codes()).to.have.length(0);
  });
});

describe('a first enrolment, open', () => {
  it('asks for no code, whatever the host knows', async () => {
    const app = await start({ people: { ada: known('email') }, confirmFirstEnrollment: 'open' });
    const person = await signIn(app, 'ada');
    await person.htmlGet('/mfa/setup/confirm').expect(303).expect('Location', '/mfa/setup');
    await person.enrollTotp();
    expect(app.codes()).to.have.length(0);
  });
});

describe('a first enrolment, confirmation required', () => {
  const required = (options: CodesOptions = {}) => start({ confirmFirstEnrollment: 'required', ...options });

  it('asks for the code to the known address, at sign-up too', async () => {
    const app = await required({ people: { ada: known('email') }, autoBind: false });
    const person = await signUp(app, 'ada');
    expect(said(await beginTotp(person))).to.equal(unconfirmed);
    await sendCode(person);
    await confirm(person, app.lastCode('email'));
    expect(said(await beginTotp(person))).to.equal('200');
  });

  it('takes a granted code where no address is known: once, for a day, of this person', async () => {
    const app = await required();
    const person = await signIn(app, 'ada');
    await person.htmlGet('/mfa/setup/totp').expect(303).expect('Location', '/mfa/setup/confirm');
    const page = await person.htmlGet('/mfa/setup/confirm').expect(200);
    expect(page.text).to.include('One-time code').and.include('administrators of Acme');
    expect(said(await sendCode(person))).to.equal('400 session.mfa.mfa_factor_not_enabled');

    const code = await app.mfa.grantEnrollment('ada', 'help desk');
    expect(app.events.at(-1)).to.include({ name: 'enrollment-granted', actor: 'admin', by: 'help desk' });
    expect(said(await confirm(await signIn(app, 'bob'), code))).to.match(/^4/);
    await person.submit(page, '/setup/confirm', { code: code.toLowerCase() }).expect(303);
    expect(said(await beginTotp(person))).to.equal('200');
    const again = await signIn(app, 'ada');
    expect(said(await confirm(again, code))).to.equal('400 verification_code.not_found');

    const late = await app.mfa.grantEnrollment('ada');
    app.clock.advance(86_400);
    expect(said(await confirm(await signIn(app, 'ada'), late))).to.equal('400 verification_code.not_found');
  });

  it('voids a granted code by a newer one, and not by wrong tries: they wait', async () => {
    const app = await required();
    const older = await app.mfa.grantEnrollment('ada');
    const newer = await app.mfa.grantEnrollment('ada');
    const person = await signIn(app, 'ada');
    for (let wrong = 0; wrong < 5; wrong += 1) expect((await confirm(person, older)).status).to.equal(422);
    expect((await confirm(person, newer)).status, 'locked').to.equal(429);
    app.clock.advance(30);
    expect(said(await confirm(person, newer))).to.equal('200');
    expect(said(await beginTotp(person))).to.equal('200');
  });

  it('gives a granted code to one of ten who use it at once', async () => {
    const app = await required();
    const code = await app.mfa.grantEnrollment('ada');
    const people = await Promise.all(Array.from({ length: 10 }, () => signIn(app, 'ada')));
    const tokens = await Promise.all(people.map((each) => each.csrf()));
    const answers = await Promise.all(
      people.map((each, index) => each.postJson('/mfa/setup/confirm', { code }, { 'X-CSRF-Token': tokens[index]! })),
    );
    expect(answers.filter(({ status }) => status === 200)).to.have.length(1);
  });
});
