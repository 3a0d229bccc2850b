// A backup code at sign-in, by how risky that looks: accepted; confirmed by one more proof; confirmed and on hold; or nothing before
// an administrator approves. By pages and by JSON alike.
import { expect } from 'chai';
import { requireMfa, type MfaOptions } from '../../src/index.js';
import { Browser, code, codeIn, formsOf, wrongCode } from '../support/agent.js';
import { admin, levels, reason, recoveryApp, type RecoveryApp } from '../support/recovering.js';

type Level = keyof typeof levels;
const mailForm = '/mfa/confirm?factor=email';
const onHold = 'session.mfa.on_hold';
const routes: NonNullable<NonNullable<Parameters<typeof recoveryApp>[0]>['host']>['routes'] = (host, mfa) => {
  host.get('/vault', requireMfa(mfa, { maxAgeSeconds: 60 }), (_req, res) => void res.json({ open: true }));
  host.get('/quiet', requireMfa(mfa, { whileHeld: 'refuse' }), (_req, res) => void res.json({ open: true }));
};

describe('a backup code at sign-in', () => {
  let app: RecoveryApp;
  const start = async (options: Partial<MfaOptions> = {}) => {
    app = await recoveryApp({ ...options, host: { routes } });
    return app.owner();
  };
  afterEach(() => app.close());

  const enter = (level: Level, more: object = {}) => new Browser(app, levels[level]).signIn('ada', more);
  const names = async () => {
    await app.mfa.settled();
    return app.events.map(({ name }) => name);
  };

  /** Uses a code as a page does, or as a program: where it leads. */
  async function spend(browser: Browser, way: 'html' | 'json', typed: string): Promise<string> {
    if (way === 'json') {
      const { body } = await browser.answer('backup-codes', typed);
      return (body as { next: { url: string } }).next.url;
    }
    const page = await browser.htmlGet('/mfa/verify/backup-codes').expect(200);
    return (await browser.submit(page, '/mfa/verify/backup-codes', { code: typed }).expect(303)).headers['location']!;
  }

  /** Confirms with the code that goes to the address which the app has known for long. */
  async function confirmByMail(browser: Browser, way: 'html' | 'json'): Promise<string> {
    if (way === 'json') {
      await browser.json('/mfa/confirm/begin', { factor: 'email' });
      const { body } = await browser.json('/mfa/confirm', { factor: 'email', code: app.mails.code('ada@example.com') });
      return (body as { next: { step: string } }).next.step;
    }
    const before = await browser.htmlGet('/mfa/confirm').expect(200);
    await browser.submit(before, '/mfa/confirm/begin?factor=email').expect(303);
    const asks = await browser.htmlGet('/mfa/confirm').expect(200);
    const wrong = await browser.submit(asks, mailForm, { code: '000000' });
    expect([wrong.status, formsOf(wrong.text).some(({ action }) => action === mailForm)]).to.deep.equal([422, true]);
    return (await browser.submit(asks, mailForm, { code: app.mails.code() }).expect(303)).headers['location']!;
  }

  for (const way of ['html', 'json'] as const)
    describe(`by ${way === 'html' ? 'pages' : 'JSON'}`, () => {
      it('is accepted at low risk, with a notice', async () => {
        const { codes } = await start();
        const person = await enter('low');
        await spend(person, way, codes[0]!);
        await person.jsonGet('/account').expect(200);
        await app.mfa.settled();
        expect(app.notices.map(({ what }) => what)).to.include('backup-code-used');
      });

      it('asks for one more proof at medium risk, and is good for everything then but what it never was', async () => {
        const { codes } = await start();
        const person = await enter('medium');
        expect(await spend(person, way, codes[0]!)).to.equal('/mfa/confirm');
        expect(codeIn(await person.jsonGet('/account').expect(403))).to.equal('session.mfa.recovery_unconfirmed');
        expect((await person.htmlGet('/account').expect(303)).headers['location']).to.equal('/mfa/confirm');
        await confirmByMail(person, way);
        await person.jsonGet('/account').expect(200);
        await person.jsonGet('/quiet').expect(200);
        expect(await names())
          .to.include('recovery-confirmed')
          .and.not.include('recovery-held');
      });

      it('asks for it at high risk too, and is on hold', async () => {
        const { codes, secret } = await start({ verifyPassword: () => true });
        const person = await enter('high', { signedInBy: 'sso' });
        expect(await spend(person, way, codes[0]!)).to.equal('/mfa/confirm');
        const { ways } = (await person.jsonGet('/mfa/confirm')).body as { ways: { by: string }[] };
        expect(ways.map(({ by }) => by)).to.deep.equal(['factor', 'address']);
        await confirmByMail(person, way);
        const { body } = await person.jsonGet('/account').expect(200);
        expect(body.mfa.hold).to.equal(app.clock.now() / 1000 + 24 * 3600);
        for (const route of ['/vault', '/quiet'])
          expect(codeIn(await person.jsonGet(route).expect(403))).to.equal(onHold);
        expect((await person.htmlGet('/vault').expect(403)).text).to.match(/possible in (24 hours|1 day)/);
        expect(codeIn(await person.json('/mfa/preferences', { signInStep: 'off' }))).to.equal(onHold);
        expect(await names()).to.include.members(['recovery-confirmed', 'recovery-held']);
        // A method from before frees at once.
        await person.proveTotp(secret);
        await person.jsonGet('/quiet').expect(200);
      });

      it('waits for an administrator where the app says so, and goes on in that browser without a second code', async () => {
        const { codes } = await start({ riskActions: { recovery: { high: 'approve' } } });
        const person = await enter('high');
        expect(await spend(person, way, codes[0]!)).to.equal('/mfa/wait');
        expect(codeIn(await person.jsonGet('/account').expect(403))).to.equal('session.mfa.awaiting_approval');
        const [one] = await app.mfa.cases();
        expect(one).to.include({ action: 'recovery', userId: 'ada' });
        expect((await person.htmlGet('/mfa/wait').expect(200)).text).to.not.include('action="/mfa/wait"');
        expect(codeIn(await person.json('/mfa/wait'))).to.equal('session.mfa.awaiting_approval');
        await app.mfa.approve(one!.id, { by: admin, reason });
        if (way === 'json') expect((await person.json('/mfa/wait')).status).to.equal(200);
        else await person.submit(await person.htmlGet('/mfa/wait').expect(200), '/mfa/wait').expect(303);
        await person.jsonGet('/quiet').expect(200);
        expect(
          (await app.mfa.status('ada'))?.authenticators.find(({ kind }) => kind === 'backup-codes')?.left,
        ).to.equal(4);
        await app.mfa.settled();
        expect(app.notices.map(({ what }) => what)).to.include.members(['backup-code-used', 'recovery-approved']);
        expect(await names()).to.include.members(['case-opened', 'recovery-approved']);
      });
    });

  it('is confirmed by any method of their own, on its usual page', async () => {
    const { codes, secret } = await start();
    const person = await enter('medium');
    await spend(person, 'html', codes[0]!);
    const page = await person.htmlGet('/mfa/confirm').expect(200);
    expect(page.text).to.include('href="/mfa/verify/totp"');
    expect((await person.htmlGet('/mfa/verify').expect(303)).headers['location']).to.equal('/mfa/confirm');
    expect((await person.htmlGet('/mfa/verify/backup-codes').expect(303)).headers['location']).to.equal('/mfa/verify');
    const wrong = await person.json('/mfa/confirm', { factor: 'totp', code: wrongCode(secret, app.clock) });
    expect(codeIn(wrong)).to.equal('session.mfa.invalid_totp_code');
    app.clock.advance(30);
    const right = await person.json('/mfa/confirm', { factor: 'totp', code: code(secret, app.clock) });
    expect(right.status, right.text).to.equal(200);
    await person.jsonGet('/vault').expect(200);
    expect(await names()).to.include('recovery-confirmed');
  });

  it('forgets wrong codes once one was right: none of years ago keeps anybody waiting', async () => {
    const { codes } = await start();
    for (const typed of codes.slice(0, 2)) {
      const person = await enter('medium');
      await spend(person, 'json', typed);
      await person.json('/mfa/confirm/begin', { factor: 'email' });
      for (let tries = 0; tries < 3; tries += 1) {
        const wrong = await person.json('/mfa/confirm', { factor: 'email', code: '000000' });
        expect(codeIn(wrong)).to.equal('verification_code.code_mismatch');
      }
      const right = await person.json('/mfa/confirm', { factor: 'email', code: app.mails.code('ada@example.com') });
      expect(right.status, right.text).to.equal(200);
      app.clock.advance(60);
    }
  });

  it('takes the password for a proof only where this sign-in began without one, and never at high risk', async () => {
    const asked: string[] = [];
    const { codes } = await start({
      verifyPassword: async (_req, text) => {
        asked.push(text);
        return text === 'correct horse';
      },
    });
    const ways = async (browser: Browser) =>
      ((await browser.jsonGet('/mfa/confirm')).body.ways as { kind: string }[]).map(({ kind }) => kind);
    for (const [level, more, has] of [
      ['medium', {}, false],
      ['medium', { signedInBy: 'password' }, false],
      ['medium', { signedInBy: 'sso' }, true],
    ] as const) {
      const person = await enter(level, more);
      await spend(person, 'json', codes.shift()!);
      expect((await ways(person)).includes('password'), JSON.stringify([level, more])).to.equal(has);
      const answer = await person.json('/mfa/confirm', { factor: 'password', password: 'wrong' });
      expect(codeIn(answer)).to.equal(has ? 'session.mfa.password_mismatch' : 'session.mfa.mfa_factor_not_enabled');
      if (!has) continue;
      const page = await person.htmlGet('/mfa/confirm?factor=password').expect(200);
      await person.submit(page, '/mfa/confirm?factor=password', { password: 'correct horse' }).expect(303);
      await person.jsonGet('/account').expect(200);
    }
    expect(asked).to.deep.equal(['wrong', 'correct horse']);
  });
});
