// signInWithMfa against real apps over HTTP: people with nothing, with what the kit set up, with what others set up.
import { expect } from 'chai';
import express, { type Express } from 'express';
import { backupCodes, emailCode, totp, webauthn, type Mfa } from 'express-mfa';
import { outbox, signInWithMfa, softAuthenticator, testClock, type TestAgent } from 'express-mfa/testing';
import supertest from 'supertest';
import { Browser } from '../support/agent.js';
import { fewBackupCodes, hostData, testApp, type TestApp, type TestAppOptions } from '../support/app.js';
import { statelessApp, tokenFor } from '../support/stateless-app.js';

type Person = { uid: string };
type Account = { account: string | null; mfa: { state: string; amr: string[] } };
const signIn = (agent: TestAgent, { uid }: Person) => agent.post('/login').send({ uid });
const clock = testClock();

describe('signInWithMfa', () => {
  let app: TestApp;
  const open = async (options: TestAppOptions = {}) => {
    app = await testApp({ policy: 'mandatory', clock, ...options });
  };
  const browser = () => supertest.agent(app.url);
  const account = async (agent: ReturnType<typeof browser>) =>
    (await agent.get('/account').set('Accept', 'application/json').expect(200)).body as Account;
  const refusals = () => app.events.filter(({ name }) => name.endsWith('-refused'));
  const messageOf = (signing: Promise<unknown>) =>
    signing.then(
      () => 'signed in',
      (error: unknown) => (error as Error).message,
    );

  for (const version of [5, 4] as const) {
    it(`sets an app up for whoever has none, saves the backup codes, and is in, on Express ${version}`, async () => {
      await open({ factors: [totp(), fewBackupCodes()], host: { express: version, base: '/second/factor' } });
      const agent = browser();
      const { secret, backupCodes: codes } = await signInWithMfa(
        agent,
        { uid: 'ada' },
        { signIn, clock, base: '/second/factor' },
      );
      expect((await account(agent)).mfa).to.include({ state: 'elevated' });
      expect(secret).to.match(/^otpauth:\/\/totp\/Acme/);
      expect(codes).to.have.length(5);
      const { body } = await agent.get('/second/factor').set('Accept', 'application/json');
      expect(body.backupCodes).to.deep.equal({ total: 5, remaining: 5 });
      expect(body.next.step).to.equal('done');
    });
  }

  it('signs one person in as often as wanted within a second, and moves the clock only where it must', async () => {
    await open();
    const [ada, begun, moved] = [{ uid: 'ada' }, clock.seconds, [] as number[]];
    for (let turn = 0; turn < 4; turn += 1) {
      const agent = browser();
      await signInWithMfa(agent, ada, { signIn, clock });
      expect((await account(agent)).mfa.state).to.equal('elevated');
      moved.push(clock.seconds - begun);
    }
    expect(moved).to.deep.equal([0, 0, 30, 60]);
    expect(refusals()).to.deep.equal([]);
  });

  it('signs in twice at any moment of the real time, and says what helps where every code is used', async () => {
    await open({ clock: Object.assign(testClock(), { now: () => Date.now() }) });
    const ada = { uid: 'ada' };
    const said: string[] = [];
    // A new half minute that begins meanwhile allows one more.
    while (said.length < 5 && (said.at(-1) ?? 'signed in') === 'signed in')
      said.push(await messageOf(signInWithMfa(browser(), ada, { signIn })));
    expect(said.length).to.be.greaterThan(2);
    expect(said.at(-1)).to.include('a code counts once').and.include('testClock()');
    expect(refusals()).to.deep.equal([]);
  });

  it('sets up anew what the app has forgotten, for the same object', async () => {
    const ada = { uid: 'ada' };
    await open();
    const first = await signInWithMfa(browser(), ada, { signIn, clock });
    await open();
    const second = await signInWithMfa(browser(), ada, { signIn, clock });
    expect(second.secret).not.to.equal(first.secret);
    expect((await signInWithMfa(browser(), ada, { signIn, clock })).secret).to.equal(second.secret);
  });

  it('answers with a secret that was set up elsewhere, and without one says what the person has', async () => {
    await open({ factors: [totp({ window: 'strict', digits: 8 })] });
    const { secret = '' } = await signInWithMfa(browser(), { uid: 'ada' }, { signIn, clock });
    const agent = browser();
    await signInWithMfa(agent, { uid: 'ada' }, { signIn, clock, secret });
    expect((await account(agent)).mfa.amr).to.include('otp');
    const stranger = await messageOf(signInWithMfa(browser(), { uid: 'ada' }, { signIn, clock }));
    expect(stranger).to.include('has totp, set up elsewhere').and.include('`secret`');
    const other = secret.replace(/secret=\w{8}/, 'secret=JBSWY3DP');
    const wrong = await messageOf(signInWithMfa(browser(), { uid: 'ada' }, { signIn, clock, secret: other }));
    expect(wrong).to.include('POST /mfa/verify/totp answered 422 session.mfa.invalid_totp_code');
  });

  it('takes a passkey instead, as often as wanted, at the origin of the app', async () => {
    await open({ origin: 'https://acme.example', factors: [webauthn(), fewBackupCodes()] });
    const passkey = softAuthenticator();
    for (const uid of ['ada', 'ada', 'ada']) {
      const agent = browser();
      await signInWithMfa(agent, { uid }, { signIn, passkey });
      expect((await account(agent)).mfa.amr).to.include('pop');
    }
    expect(passkey.credentials).to.have.length(1);
    await open({ origin: 'http://localhost:3000', factors: [webauthn()] });
    const elsewhere = await messageOf(
      signInWithMfa(browser(), { uid: 'bob' }, { signIn, passkey: softAuthenticator() }),
    );
    expect(elsewhere).to.include('session.mfa.webauthn_verification_failed');
    const origin = 'http://localhost:3000';
    await signInWithMfa(browser(), { uid: 'bob' }, { signIn, origin, passkey: softAuthenticator() });
  });

  it('reads the codes that are sent: before a first enrolment, and for whoever has nothing else', async () => {
    const mail = outbox('email');
    const user: TestAppOptions['user'] = (req) => {
      const { uid } = hostData(req) as { uid?: string };
      return uid === undefined ? null : { id: uid, email: `${uid}@example.com`, emailVerified: true };
    };
    const code = () => mail.code();
    await open({
      user,
      factors: [totp(), emailCode({ sender: mail })],
      autoBind: false,
      confirmFirstEnrollment: 'required',
    });
    const refused = await messageOf(signInWithMfa(browser(), { uid: 'ada' }, { signIn, clock }));
    expect(refused).to.include('session.mfa.first_enrollment_unconfirmed');
    const agent = browser();
    await signInWithMfa(agent, { uid: 'ada' }, { signIn, clock, code });
    expect((await account(agent)).mfa.amr).to.include('otp');

    const between = (host: Express, mfa: Mfa) =>
      void host.post('/sign-up', express.json(), async (req, res) => {
        Object.assign(hostData(req), req.body);
        await mfa.signedUp(req);
        res.json({});
      });
    await open({ user, factors: [emailCode({ sender: mail })], host: { between } });
    await browser().post('/sign-up').send({ uid: 'bob' }).expect(200);
    const bob = browser();
    await signInWithMfa(bob, { uid: 'bob' }, { signIn, code });
    expect((await account(bob)).mfa.state).to.equal('elevated');
  });

  it('carries the token along where proofs are kept by one', async () => {
    app = await statelessApp('token', { clock, factors: [totp()] });
    const enter = (agent: ReturnType<typeof browser>, { uid }: Person) =>
      agent.set('Authorization', `Bearer ${tokenFor({ sub: uid, sid: `s${Math.random()}` })}`);
    const ada = { uid: 'ada' };
    for (let turn = 0; turn < 2; turn += 1) {
      const agent = browser();
      await signInWithMfa(agent, ada, { signIn: enter, clock });
      expect((await account(agent)).mfa.state).to.equal('elevated');
    }
  });

  it('says where it got stuck', async () => {
    await open({ factors: [webauthn(), backupCodes()], origin: 'https://acme.example' });
    const nobody = messageOf(signInWithMfa(browser(), { uid: 'ada' }, { signIn: () => undefined }));
    expect(await nobody)
      .to.include('GET /mfa answered 401 session.not_signed_in')
      .and.include('`signIn`');
    const without = messageOf(signInWithMfa(browser(), { uid: 'ada' }, { signIn }));
    expect(await without)
      .to.include('/setup/totp')
      .and.include('session.mfa.mfa_factor_not_enabled');
  });

  it('gets in by no other way than people do: a locked factor stays locked', async () => {
    await open();
    const { secret } = await signInWithMfa(browser(), { uid: 'ada' }, { signIn, clock });
    const thief = await new Browser(app).signIn('ada');
    for (let turn = 0; turn < 5; turn += 1) await thief.answer('totp', '000000');
    const locked = await messageOf(signInWithMfa(browser(), { uid: 'ada' }, { signIn, clock, secret: secret! }));
    expect(locked).to.include('429 session.verification_blocked_too_many_attempts');
  });
});
