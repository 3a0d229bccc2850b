// `passport.authenticate('mfa-…')` in routes of the host's own: as our routers in everything that counts, and nobody is
// logged in by it. With every Passport that hosts have.
import { expect } from 'chai';
import type { RequestHandler } from 'express';
import type { Authenticator } from 'passport';
import { emailCode, outboxSender, smsCode, totp, webauthn } from '../../../src/index.js';
import { mfaStrategies } from '../../../src/passport.js';
import { code, wrongCode } from '../../support/agent.js';
import { fewBackupCodes, testApp } from '../../support/app.js';
import {
  passportApp,
  passportVersions,
  pendingAt,
  PassportBrowser,
  type PassportApp,
  type PassportAppOptions,
} from '../../support/passport-app.js';

const redirects = { successRedirect: '/in', failureRedirect: '/again' };
const promised =
  (passport: Authenticator, name: string): RequestHandler =>
  async (req, res) => {
    const told = await new Promise((resolve, reject) => {
      const callback = (error: unknown, user: unknown, info: unknown, status?: number) => {
        if (error instanceof Error) reject(error);
        else resolve({ user, info, status });
      };
      (passport.authenticate(name, callback) as RequestHandler)(req, res, () => reject(new Error('went on')));
    });
    res.json(told);
  };

const mount: NonNullable<PassportAppOptions['mount']> = (app, passport) => {
  app.post('/plain', passport.authenticate('mfa-totp'), (req, res) => void res.json({ mfa: req.mfa }));
  app.post('/redirects', passport.authenticate('mfa-totp', redirects));
  app.post('/told', promised(passport, 'mfa-totp'));
  app.post('/either', passport.authenticate(['mfa-totp', 'mfa-backup-codes']), (_req, res) => void res.json({}));
  app.get('/got', passport.authenticate('mfa-totp'), (_req, res) => void res.json({}));
};

describe('a Passport strategy of a factor', () => {
  let app: PassportApp;
  const open = async (options: PassportAppOptions = {}) => (app = await passportApp({ mount, ...options }));
  afterEach(() => app.close());

  for (const version of passportVersions) {
    for (const keepSessionInfo of [false, true]) {
      it(`elevates and logs nobody in, with ${version}${keepSessionInfo ? ' and keepSessionInfo' : ''}`, async () => {
        await open({ version, keepSessionInfo });
        const { person, secret } = await pendingAt(app);
        await person.jsonGet('/account').expect(403);
        const [before, logIns] = [person.sessionCookie, app.logIns.count];
        const answer = await person.send('/plain', { code: code(secret, app.clock) });
        expect(answer.status, answer.text).to.equal(200);
        expect(answer.body.mfa).to.deep.include({ state: 'elevated', amr: ['otp', 'mfa'] });
        expect(app.logIns.count).to.equal(logIns);
        expect(person.sessionCookie).to.not.equal(before);
        expect((await person.jsonGet('/account').expect(200)).body.mfa.state).to.equal('elevated');
        await (await person.enter('bob')).jsonGet('/account').expect(200);
        expect((await person.jsonGet('/account')).body.mfa.state).to.equal('none');
        await (await person.enter('ada')).jsonGet('/account').expect(403);
      });
    }

    it(`tells a callback of user, reason and status, with ${version}`, async () => {
      await open({ version });
      const { person, secret } = await pendingAt(app);
      const wrong = await person.send('/told', { code: wrongCode(secret, app.clock) });
      const { user, info, status } = wrong.body;
      expect({ user, status, code: info.code }).to.deep.equal({
        user: false,
        status: 422,
        code: 'session.mfa.invalid_totp_code',
      });
      expect(info.message).to.match(/code/i);
      expect(info.remainingAttempts).to.equal(4);
      const logIns = app.logIns.count;
      const right = await person.send('/told', { code: code(secret, app.clock) });
      expect(right.body).to.deep.equal({
        user: { id: 1, name: 'ada' },
        info: { next: { step: 'done', url: '/' }, amr: ['otp', 'mfa'] },
      });
      expect(app.logIns.count).to.equal(logIns);
    });

    it(`redirects as Passport is told to, with ${version}`, async () => {
      await open({ version });
      const { person, secret } = await pendingAt(app);
      const wrong = await person.send('/redirects', { code: wrongCode(secret, app.clock) });
      expect([wrong.status, wrong.headers.location]).to.deep.equal([302, '/again']);
      const right = await person.send('/redirects', { code: code(secret, app.clock) });
      expect([right.status, right.headers.location]).to.deep.equal([302, '/in']);
      await person.jsonGet('/account').expect(200);
    });
  }

  it('answers with the status of the code where nobody says otherwise', async () => {
    await open();
    const { person, secret } = await pendingAt(app);
    expect((await person.send('/plain', { code: wrongCode(secret, app.clock) })).status).to.equal(422);
    expect((await person.send('/plain', { 'code[]': '1' })).status).to.equal(400);
    expect((await new PassportBrowser(app).post('/plain', { code: '1' })).status).to.equal(401);
  });

  it('shares budget, lock and single use with our own page', async () => {
    await open();
    const { person, secret } = await pendingAt(app);
    const right = code(secret, app.clock);
    for (const path of ['/plain', '/mfa/verify/totp', '/plain', '/mfa/verify/totp', '/plain'])
      await person.send(path, { code: wrongCode(secret, app.clock) });
    const locked = await person.send('/told', { code: right });
    expect(locked.body.info).to.include({
      code: 'session.verification_blocked_too_many_attempts',
      retryAfterSeconds: 30,
    });
    expect(locked.headers['retry-after']).to.equal('30');
    app.clock.advance(31);
    const next = code(secret, app.clock);
    expect((await person.send('/plain', { code: next })).status).to.equal(200);
    const again = await (await new PassportBrowser(app).enter('ada')).send('/plain', { code: next });
    expect(again.status).to.equal(422);
    expect(app.events.filter(({ name }) => name === 'verification-accepted')).to.have.length(1);
  });

  it('refuses without our token, and from another site', async () => {
    await open();
    const { person, secret } = await pendingAt(app);
    const fields = { code: code(secret, app.clock) };
    expect((await person.post('/told', fields)).body.info.code).to.equal('request.csrf');
    const foreign = await person.send('/told', fields, { Origin: 'https://evil.example' });
    expect(foreign.body).to.deep.include({ user: false, status: 403 });
    expect((await person.htmlGet('/got')).status).to.equal(400);
    await person.jsonGet('/account').expect(403);
    expect((await person.send('/told', fields)).body.info.next.step).to.equal('done');
  });

  it('takes one of several in one form', async () => {
    await open();
    const { person, codes } = await pendingAt(app);
    expect((await person.send('/either', { code: codes[0]! })).status).to.equal(200);
    expect((await person.jsonGet('/account')).body.mfa.proofs).to.have.length(1);
    const again = await (await new PassportBrowser(app).enter('ada')).send('/either', { code: codes[0]! });
    expect(again.status).to.be.within(400, 422);
  });

  it('hands what went wrong to the host as an error', async () => {
    await open({
      mount: (host, passport, mfa) => {
        mount(host, passport, mfa);
        host.use((req, _res, next) => {
          if (req.headers['x-break'] !== undefined)
            mfa.kernel.store.load = () => Promise.reject(new Error('the store is away'));
          next();
        });
        host.post('/late', passport.authenticate('mfa-totp'), (_req, res) => void res.json({}));
      },
    });
    const { person, secret } = await pendingAt(app);
    const answer = await person.send('/late', { code: code(secret, app.clock) }, { 'X-Break': 'yes' });
    expect(answer.status).to.equal(500);
    expect(String(app.thrown[0])).to.match(/store is away/);
  });
});

describe('the Passport strategies', () => {
  it('are those of the factors in use, by name', async () => {
    const sender = outboxSender('email');
    const factors = [totp(), webauthn(), emailCode({ sender }), smsCode({ sender: outboxSender('sms') })];
    const app = await testApp({ origin: 'https://acme.example', factors: [...factors, fewBackupCodes()] });
    expect(mfaStrategies(app.mfa).map(({ name }) => name)).to.deep.equal([
      'mfa-totp',
      'mfa-webauthn',
      'mfa-email',
      'mfa-sms',
      'mfa-backup-codes',
    ]);
    const few = await testApp({ factors: [totp()] });
    expect(mfaStrategies(few.mfa).map(({ name }) => name)).to.deep.equal(['mfa-totp']);
    await Promise.all([app.close(), few.close()]);
  });
});
