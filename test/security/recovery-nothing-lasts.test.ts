// Attack: somebody with the password and one backup code, in a sign-in that looks very risky, wants anything that lasts, or a door
// that takes the spent code for a proof: a page of the app's own, a strategy, a token.
// Rule: the code is spent and what it owes stands in the record; nothing in the session says that anything was proved.
// Answer: everywhere what is owed, no method, no address, no trusted browser, no page of administration, no session that starts lower.
import { expect } from 'chai';
import type { Response } from 'supertest';
import { readMfa, requireMfa, totp, verifyBackupCode } from '../../src/index.js';
import { mfaAdminRouter } from '../../src/admin.js';
import type { RiskActions } from '../../src/risk.js';
import { Browser, code, codeIn } from '../support/agent.js';
import { fewBackupCodes, type TestApp } from '../support/app.js';
import { PassportBrowser, passportApp } from '../support/passport-app.js';
import { levels, recoveryApp, type RecoveryApp } from '../support/recovering.js';
import { enrolled, levelsApp, levelsByBrowser, looking, signedIn } from '../support/risk-levels.js';
import { statelessApp, tokenFor } from '../support/stateless-app.js';

const unconfirmed = 'session.mfa.recovery_unconfirmed';

describe('one backup code at very risky a sign-in', () => {
  let app: RecoveryApp | undefined;
  let other: TestApp | undefined;
  afterEach(async () => {
    await Promise.all([app?.close(), other?.close()]);
    app = other = undefined;
  });

  /** A step-up, the state for sockets, a page of the app's own for codes, and administration, of which everybody is. */
  const start = async (riskActions: RiskActions = {}) => {
    app = await recoveryApp({
      riskActions,
      trustBrowser: { days: 30 },
      verifyPassword: () => true,
      host: {
        between(host, mfa) {
          host.get('/socket', (req, res, next) => {
            readMfa(mfa, req).then((state) => void res.json(state), next);
          });
          host.post('/own-page', verifyBackupCode(mfa), (_req, res) => void res.json({ in: true }));
          host.use(
            '/admin',
            mfaAdminRouter(mfa, { admin: () => ({ name: 'Ada', may: ['view', 'help', 'decide', 'audit'] }) }),
          );
        },
        routes(host, mfa) {
          host.get('/vault', requireMfa(mfa, { maxAgeSeconds: 600 }), (_req, res) => void res.json({ open: true }));
        },
      },
    });
    return { app, ...(await app.owner()) };
  };
  const thief = (more: object = {}, headers: object = levels.high) =>
    new Browser(app!, headers as never).signIn('ada', more);

  /** What every door says to this browser; nothing of it was opened. */
  async function expectShut(who: Browser, reason: string) {
    for (const path of ['/account', '/vault', '/mfa/setup/totp', '/mfa/setup/email', '/mfa/backup-codes'])
      expect(codeIn(await who.jsonGet(path)), path).to.equal(reason);
    const socket = await who.agent.get('/socket').set(who.headers).expect(200);
    expect(socket.body).to.include({ passes: false, state: 'pending' });
    expect(socket.body.proofs).to.deep.equal([]);
    const admin = await who.agent.get('/admin').set({ Accept: 'application/json', ...who.headers });
    expect([admin.status, codeIn(admin)]).to.deep.equal([403, reason]);
    const token = { 'X-CSRF-Token': await who.csrf() };
    for (const [path, body] of Object.entries({
      '/mfa/setup/totp': { code: '123456' },
      '/mfa/setup/email/begin': { address: 'thief@example.net' },
      '/mfa/preferences': { signInStep: 'off' },
      '/mfa/backup-codes/generate': {},
      '/mfa/backup-codes/remove': { confirmed: 'yes' },
      '/mfa/sign-ins/end-others': {},
    }))
      expect((await who.postJson(path, body, token)).status, path).to.equal(403);
  }

  it('opens nothing, on our page or on one of the app’s own, and another code is not even looked at', async () => {
    const { app, codes, secret } = await start();
    const before = (await app.mfa.status('ada'))!;
    const byPage = await thief();
    const spent = await byPage.json('/mfa/verify/backup-codes', { code: codes[0], trustBrowser: 'yes' });
    expect(spent.body.next.step).to.equal('confirm-recovery');
    await expectShut(byPage, unconfirmed);
    expect(codeIn(await byPage.answer('backup-codes', codes[1]))).to.equal(unconfirmed);
    const byHost = await thief();
    const own = await byHost.json('/own-page', { code: codes[1] });
    expect([own.status, codeIn(own)]).to.deep.equal([403, unconfirmed]);
    await expectShut(byHost, unconfirmed);
    const after = (await app.mfa.status('ada'))!;
    expect(after.authenticators.map(({ id }) => id)).to.deep.equal(before.authenticators.map(({ id }) => id));
    expect(after.authenticators.find(({ kind }) => kind === 'backup-codes')?.left).to.equal(3);
    expect([after.trustedBrowsers, after.hold]).to.deep.equal([0, undefined]);
    expect(`${byPage.cookies}${byHost.cookies}`).to.not.match(/known|trusted/);
    // Nor is it the owner's who is known here: their own method opens everything at once, and voids what was out.
    const owner = await new Browser(app, levels.low).signIn('ada');
    await owner.proveTotp(secret);
    await owner.jsonGet('/vault').expect(200);
    expect(codeIn(await byPage.jsonGet('/account'))).to.equal('session.mfa.require_mfa_verification');
  });

  it('is confirmed by no address that was changed since, nor by a password, nor by another code', async () => {
    const { app, codes } = await start();
    const who = await thief({ email: 'thief@example.net', signedInBy: 'sso' });
    await who.answer('backup-codes', codes[0]);
    const { ways } = (await who.jsonGet('/mfa/confirm').expect(200)).body as { ways: { kind: string }[] };
    expect(ways.map(({ kind }) => kind)).to.deep.equal(['totp']);
    for (const body of [
      { factor: 'password', password: 'right' },
      { factor: 'email', code: '123456' },
      { factor: 'backup-codes', code: codes[1] },
      { factor: 'pass', code: 'BBBB-BBBB-BBBB' },
    ])
      expect((await who.json('/mfa/confirm', body)).status, body.factor).to.be.oneOf([400, 403, 404, 409, 422]);
    expect((await who.json('/mfa/confirm/begin', { factor: 'email' })).status).to.not.equal(200);
    expect(app.mails.messages.filter((sent) => JSON.stringify(sent).includes('thief@'))).to.deep.equal([]);
    await expectShut(who, unconfirmed);
  });

  it('is no less than that in a second session, a cleared browser, or one that looks like the owner’s', async () => {
    const { codes } = await start();
    const first = await thief();
    await first.answer('backup-codes', codes[0]);
    for (const [index, headers] of [levels.high, levels.medium, levels.low].entries()) {
      const second = await thief({ signedInBy: 'sso' }, headers);
      expect((await second.answer('backup-codes', codes[index + 1])).body.next.step).to.equal('confirm-recovery');
      await expectShut(second, unconfirmed);
      const { ways } = (await second.jsonGet('/mfa/confirm')).body as { ways: { kind: string }[] };
      expect(
        ways.map(({ kind }) => kind),
        'as at high',
      ).to.not.include('password');
    }
  });

  it('that was spent while it looked less risky is weighed as risky as it looks now', async () => {
    const { app, codes } = await start();
    const who = await thief({ signedInBy: 'sso' }, levels.medium);
    await who.answer('backup-codes', codes[0]);
    const high = { ...levels.high, 'X-Forwarded-For': '192.0.2.9' };
    const { ways } = (await who.jsonGet('/mfa/confirm', high)).body as { ways: { kind: string }[] };
    expect(ways.map(({ kind }) => kind)).to.deep.equal(['totp', 'email']);
    const password = await who.json('/mfa/confirm', { factor: 'password', password: 'right' }, high);
    expect(password.status).to.not.equal(200);
    await who.json('/mfa/confirm/begin', { factor: 'email' }, high);
    const typed = app.mails.code('ada@example.com');
    expect((await who.json('/mfa/confirm', { factor: 'email', code: typed }, high)).status).to.equal(200);
    expect(codeIn(await who.jsonGet('/vault', high).expect(403))).to.equal('session.mfa.on_hold');
  });

  for (const word of ['approve', 'block'] as const)
    it(`that was spent before it looked so risky that the app has the word ${word} is confirmed by nothing`, async () => {
      const { app, codes, secret } = await start({ recovery: { high: word } });
      const who = await thief({ signedInBy: 'sso' }, levels.medium);
      await who.answer('backup-codes', codes[0]);
      await who.json('/mfa/confirm/begin', { factor: 'email' });
      const typed = app.mails.code('ada@example.com');
      const high = { ...levels.high, 'X-Forwarded-For': '192.0.2.9' };
      const refused = await who.json('/mfa/confirm', { factor: 'email', code: typed }, high);
      expect([refused.status, codeIn(refused)]).to.deep.equal([403, 'session.mfa.blocked']);
      expect((await who.jsonGet('/account', high)).status).to.equal(403);
      // The owner is not stuck: their own method is as strong as ever.
      const owner = await new Browser(app, levels.low).signIn('ada');
      await owner.proveTotp(secret);
      await owner.jsonGet('/account').expect(200);
    });

  it('makes nothing of a session that was taken elsewhere', async () => {
    const site = await levelsApp();
    other = site;
    const { codes, secret } = await enrolled(site, 'ada');
    const far = looking('high');
    const by = async (kind: 'totp' | 'email') => {
      const owner = await signedIn(site, 'low', 'ada');
      if (kind === 'totp') await owner.proveTotp(secret);
      else {
        await owner.json('/mfa/verify/email/begin');
        expect((await owner.answer('email', site.mail.code('ada@example.com'))).status).to.equal(200);
      }
      return { owner, token: { 'X-CSRF-Token': await owner.csrf(), ...far } };
    };
    // Of a weak method, which counts no more there: as if nothing had been proved.
    const weak = await by('email');
    const spent = await weak.owner.postJson('/mfa/verify/backup-codes', { code: codes[0] }, weak.token);
    expect(spent.body.next?.step, spent.text).to.equal('confirm-recovery');
    expect(codeIn(await weak.owner.jsonGet('/account', far))).to.equal(unconfirmed);
    // Of the strongest: it stays open, and no code is a fresh proof there.
    const strong = await by('totp');
    site.clock.advance(3600);
    const stepUp = await strong.owner.postJson('/mfa/verify/backup-codes', { code: codes[1] }, strong.token);
    expect([stepUp.status, codeIn(stepUp)]).to.deep.equal([403, 'session.mfa.require_mfa_verification']);
    expect(stepUp.body.availableFactors).to.deep.equal(['totp']);
    expect(codeIn(await strong.owner.jsonGet('/mfa/setup/email', far))).to.equal('session.mfa.step_up_required');
    expect((await strong.owner.answer('backup-codes', codes[1])).status, 'at home, unspent').to.equal(403);
  });

  it('passes no strategy of Passport, and logs nobody in', async () => {
    const passport = await passportApp({
      risk: levelsByBrowser,
      riskMode: 'enforce',
      confirmFirstEnrollment: 'open',
      mount: (host, own) => {
        host.post('/code', own.authenticate('mfa-backup-codes') as never, (_req, res) => void res.json({ in: true }));
      },
    });
    other = passport;
    const { codes } = await (await new PassportBrowser(passport, looking('low')).enter('ada')).enrollTotp();
    const who = await new PassportBrowser(passport, looking('high')).enter('ada');
    const { count } = passport.logIns;
    const answer = await who.send('/code', { code: codes[0]! });
    expect(answer.status).to.equal(403);
    expect(passport.logIns.count).to.equal(count);
    expect(codeIn(await who.jsonGet('/account').expect(403))).to.equal(unconfirmed);
  });

  it('makes no token that proves anything', async () => {
    other = await statelessApp('token', {
      risk: levelsByBrowser,
      riskMode: 'enforce',
      confirmFirstEnrollment: 'open',
      factors: [totp(), fewBackupCodes()],
    });
    const program = (sid: string, level: 'low' | 'high') => {
      let token: string | undefined;
      const browser = new Browser(other!);
      return async (path: string, body?: object): Promise<Response> => {
        const headers = {
          Accept: 'application/json',
          Authorization: `Bearer ${tokenFor({ sub: 'ada', sid })}`,
          ...looking(level),
          ...(token === undefined ? {} : { 'X-MFA-Token': token }),
        };
        const csrf = body && ((await browser.agent.get('/mfa').set(headers)).body as { csrfToken: string }).csrfToken;
        const sent = body
          ? browser.agent
              .post(path)
              .set({ ...headers, 'X-CSRF-Token': csrf ?? '' })
              .send(body)
          : browser.agent.get(path).set(headers);
        const response = await sent;
        token = response.headers['x-mfa-token'] ?? token;
        return response;
      };
    };
    const own = program('own', 'low');
    const { secret } = (await own('/mfa/setup/totp')).body as { secret: string };
    await own('/mfa/setup/totp', { code: code(secret, other.clock) });
    const { pending } = (await own('/mfa/backup-codes')).body as { pending: { revealToken: string; codes: string[] } };
    await own('/mfa/backup-codes/confirm', { revealToken: pending.revealToken, saved: 'yes' });
    expect((await own('/account')).status).to.equal(200);
    const thief = program('thief', 'high');
    await thief('/mfa');
    const spent = await thief('/mfa/verify/backup-codes', { code: pending.codes[0] });
    expect([spent.status, spent.body.next?.step], spent.text).to.deep.equal([200, 'confirm-recovery']);
    expect(codeIn(await thief('/account'))).to.equal(unconfirmed);
    expect(codeIn(await program('third', 'high')('/account'))).to.equal('session.mfa.require_mfa_verification');
  });
});
