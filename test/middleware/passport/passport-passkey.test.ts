// Sign-in with a passkey by `passport.authenticate('mfa-passkey')`: Passport logs in, the second factor is proved with
// it, and whoever the host does not want stays out. With every Passport that hosts have.
import { expect } from 'chai';
import type { RequestHandler } from 'express';
import { passkeyQuestion, passkeyStrategy } from '../../../src/passport.js';
import { totp } from '../../../src/index.js';
import { softAuthenticator, type SoftAuthenticator } from '../../../src/testing/soft-authenticator.js';
import { appSecret } from '../../support/app.js';
import { createMfa } from '../../../src/index.js';
import { origin, passkeyFactors, PasskeyBrowser } from '../../support/passkeys.js';
import { passportApp, passportVersions, type PassportApp, type PassportVersion } from '../../support/passport-app.js';

const rows = [
  { id: 1, name: 'ada' },
  { id: 2, name: 'bob' },
];

class PassportPasskeys extends PasskeyBrowser {
  async enterAs(name: string): Promise<this> {
    await this.agent.post('/enter').send({ name }).expect(200);
    return this;
  }

  async present(path: string, key: SoftAuthenticator, lie: { csrf?: string; origin?: string } = {}) {
    const { body } = await this.jsonGet('/question').expect(200);
    const { options, challenge, csrfToken } = body as { options: never; challenge: string; csrfToken: string };
    const response = await key.get(options, { origin });
    const headers = { 'X-CSRF-Token': lie.csrf ?? csrfToken, ...(lie.origin ? { Origin: lie.origin } : {}) };
    return this.postJson(path, { response, challenge }, headers);
  }
}

describe('the Passport strategy of passkeys', () => {
  let app: PassportApp;
  let key: SoftAuthenticator;
  const open = async (version: PassportVersion = 'passport', suspended = false, instead?: { of: unknown }) => {
    app = await passportApp({
      version,
      origin,
      factors: passkeyFactors(),
      mount: (host, passport, mfa) => {
        const user = (_req: unknown, userId: string) =>
          (!suspended && rows.find(({ id }) => String(id) === userId)) || false;
        passport.use(passkeyStrategy(mfa, { user: instead ? () => instead.of as never : user }));
        host.get('/question', passkeyQuestion(mfa));
        host.post('/plain', passport.authenticate('mfa-passkey'), (req, res) => void res.json({ user: req.user }));
        host.post('/told', (req, res, next) => {
          const told = (error: unknown, user: unknown, info: { code?: string }) => {
            if (error || !user) res.json({ code: info.code });
            else req.logIn(user as never, (failed) => (failed ? next(failed) : void res.json({ in: true })));
          };
          (passport.authenticate('mfa-passkey', told) as RequestHandler)(req, res, next);
        });
      },
    });
    key = softAuthenticator();
    await (await new PassportPasskeys(app).enterAs('ada')).enrollFirst(key);
  };
  afterEach(() => app.close());

  for (const version of passportVersions)
    it(`logs in and proves the second factor, plain and by callback, with ${version}`, async () => {
      await open(version);
      for (const [path, answer] of [
        ['/plain', { user: { id: 1, name: 'ada' } }],
        ['/told', { in: true }],
      ] as const) {
        const person = new PassportPasskeys(app);
        await person.agent.get('/question');
        const before = person.sessionCookie;
        const entered = await person.present(path, key);
        expect(entered.body, entered.text).to.deep.equal(answer);
        expect(person.sessionCookie).to.not.equal(before).and.not.equal('');
        expect((await person.account()).mfa).to.deep.include({ state: 'elevated', amr: ['pop', 'mfa'] });
      }
      const password = await new PassportPasskeys(app).enterAs('ada');
      await password.jsonGet('/account').expect(403);
    });

  it('keeps out whom the host does not want, in the words of a passkey that does not fit', async () => {
    await open('passport', true);
    const stranger = new PassportPasskeys(app);
    const record = await app.mfa.config.store.load('1');
    const kept = await stranger.present('/told', key);
    expect(await app.mfa.config.store.load('1'), 'the record').to.deep.equal(record);
    expect(kept.body).to.deep.equal({ code: 'session.mfa.webauthn_verification_failed' });
    expect((await stranger.account()).mfa).to.equal(null);
    expect(app.events.at(-1)).to.include({ name: 'verification-refused', userId: '1' });
  });

  for (const of of [undefined, null, 0, '', true, 'ada', 1, Promise.resolve(undefined)])
    it(`keeps everybody out where the host answers ${of instanceof Promise ? 'a promise of nothing' : JSON.stringify(of)}`, async () => {
      await open('passport', false, { of });
      const stranger = new PassportPasskeys(app);
      expect((await stranger.present('/told', key)).body).to.have.property('code');
      expect((await stranger.account()).mfa).to.equal(null);
    });

  it('takes no answer twice, without our token, or from another site', async () => {
    await open();
    const person = new PassportPasskeys(app);
    expect((await person.present('/told', key, { csrf: 'wrong' })).body.code).to.equal('request.csrf');
    expect((await person.present('/told', key, { origin: 'https://evil.example' })).body.code).to.equal('request.csrf');
    const { body } = await person.jsonGet('/question');
    const response = await key.get(body.options as never, { origin });
    const send = () =>
      person.postJson('/told', { response, challenge: body.challenge }, { 'X-CSRF-Token': body.csrfToken as string });
    expect((await send()).body).to.deep.equal({ in: true });
    expect((await send()).body).to.have.property('code');
  });

  it('needs passkeys among the factors', async () => {
    await open();
    const without = createMfa({ appName: 'Acme', secrets: [appSecret], factors: [totp()], user: () => null });
    for (const make of [() => passkeyStrategy(without, { user: () => false }), () => passkeyQuestion(without)])
      expect(make).to.throw(/needs `webauthn\(\)`/);
    expect(() => passkeyStrategy(app.mfa, {} as never)).to.throw(/takes `\{ user/);
  });
});
