// What happens to the host's session: a new id on elevation, the host's data and cookie carried over, saved before the
// redirect; and what happens when it cannot be saved.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import session from 'express-session';
import type { SessionData } from 'express-session';
import { totp } from '../../../src/index.js';
import { Browser, code, codeIn } from '../../support/agent.js';
import { fewBackupCodes, testApp, type TestApp, type TestAppOptions } from '../../support/app.js';

/** The memory store of express-session, as slow or as broken as a test wants. */
class TestSessions extends session.MemoryStore {
  delayMs = 0;
  /** How many more times it fails. */
  failures = 0;

  override set(sid: string, data: SessionData, done?: (error?: unknown) => void): void {
    if (this.failures > 0) {
      this.failures -= 1;
      done?.(new Error('the session store is full'));
      return;
    }
    void sleep(this.delayMs).then(() => super.set(sid, data, done));
  }
}

describe('the session', () => {
  let sessions: TestSessions;
  const make = (options: TestAppOptions = {}): Promise<TestApp> => {
    sessions = new TestSessions();
    return testApp({ ...options, host: { ...options.host, session: { store: sessions, ...options.host?.session } } });
  };

  async function pending(app: TestApp, data: object = {}): Promise<{ person: Browser; secret: string }> {
    const { secret } = await (await new Browser(app).signIn('ada')).enrollTotp();
    return { person: await new Browser(app).signIn('ada', data), secret };
  }

  it('gets a new id on elevation, and the old one is worth nothing', async () => {
    const app = await make();
    const { person, secret } = await pending(app);
    const before = person.cookies;
    const id = person.sessionCookie;
    await person.proveTotp(secret);
    expect(person.sessionCookie).to.not.equal(id);
    const thief = new Browser(app, { Cookie: before });
    expect((await thief.jsonGet('/account')).body.account).to.equal(null);
  });

  it('gets a new id on enrolment, renewal of codes and removal too', async () => {
    const app = await make();
    const person = await new Browser(app).signIn('ada');
    const ids = [person.sessionCookie];
    await person.enrollTotp();
    ids.push(person.sessionCookie);
    const [{ id }] = (await person.jsonGet('/mfa')).body.authenticators;
    expect((await person.json(`/mfa/authenticators/${id}/remove`, { keepBackupCodes: 'yes' })).status).to.equal(200);
    ids.push(person.sessionCookie);
    expect(new Set(ids).size).to.equal(3);
    expect((await person.jsonGet('/account')).body.account).to.equal('ada');
  });

  it("carries the host's own data over", async () => {
    const app = await make({
      host: { routes: (host) => host.get('/data', (req, res) => void res.json(req.session)) },
    });
    const data = { cart: [{ sku: 1 }], flash: { info: ['hi'] }, passport: { user: 7 }, empty: null, off: false };
    const { person, secret } = await pending(app, data);
    await person.proveTotp(secret);
    expect((await person.jsonGet('/data')).body).to.deep.include({ uid: 'ada', ...data });
  });

  it('carries the settings of the cookie over, "remember me" included', async () => {
    const app = await make({
      host: {
        session: { cookie: { sameSite: 'lax', path: '/' } },
        between: (host) => {
          host.get('/remember', (req, res) => {
            req.session.cookie.maxAge = 30 * 86_400_000;
            req.session.cookie.sameSite = 'strict';
            res.json({});
          });
        },
      },
    });
    const { person, secret } = await pending(app);
    await person.jsonGet('/remember');
    const answer = await person.proveTotp(secret);
    const cookie = (answer.headers['set-cookie'] as unknown as string[]).find((each) =>
      each.startsWith('connect.sid'),
    )!;
    expect(cookie)
      .to.match(/SameSite=Strict/i)
      .and.match(/HttpOnly/i);
    const expires = Date.parse(/Expires=([^;]+)/.exec(cookie)![1]!);
    expect(expires - Date.now()).to.be.within(29.9 * 86_400_000, 30.1 * 86_400_000);
  });

  it('without "remember me" stays one of the browser', async () => {
    const app = await make();
    const { person, secret } = await pending(app);
    const answer = await person.proveTotp(secret);
    const cookie = (answer.headers['set-cookie'] as unknown as string[]).find((each) =>
      each.startsWith('connect.sid'),
    )!;
    expect(cookie).not.to.match(/expires|max-age/i);
  });

  it('is saved before the redirect, however slow its store', async () => {
    const app = await make();
    const { person, secret } = await pending(app);
    const token = await person.csrf();
    app.clock.advance(30);
    sessions.delayMs = 150;
    const answer = await person.post('/mfa/verify/totp', { _csrf: token, code: code(secret, app.clock) }).expect(303);
    const saved = Object.values((sessions as unknown as { sessions: { [sid: string]: string } }).sessions);
    const kept = saved.flatMap((each) => Object.values((JSON.parse(each) as SessionData).mfa ?? {}));
    expect(kept.some(({ proofs }) => proofs.at(-1)?.at === app.clock.seconds)).to.equal(true);
    await person.htmlGet(answer.headers.location!).expect(200);
  });

  it('is saved before a program is answered, whatever it did', async () => {
    const app = await make({ factors: [totp(), fewBackupCodes()] });
    const { person, secret } = await pending(app);
    app.clock.advance(30);
    const token = await person.csrf();
    const next = { _csrf: token, code: code(secret, app.clock) };
    sessions.delayMs = 150;
    /** What the session may do where the next request finds it. */
    const found = async () => {
      const { state, csrfToken } = (await person.jsonGet('/mfa').expect(200)).body;
      return { state, csrfToken };
    };
    await person.postJson('/mfa/verify/totp', next).expect(200);
    let now = await found();
    expect(now.state).to.equal('elevated');
    const codes = (await person.postJson('/mfa/backup-codes/generate', { _csrf: now.csrfToken }).expect(200)).body;
    now = await found();
    const saved = { revealToken: codes.pending.revealToken, saved: 'yes', _csrf: now.csrfToken };
    await person.postJson('/mfa/backup-codes/confirm', saved).expect(200);
    now = await found();
    expect(now.state).to.equal('elevated');
    await person.postJson('/mfa/backup-codes/remove', { _csrf: now.csrfToken }).expect(200);
    now = await found();
    expect(now.state).to.equal('elevated');
    const { authenticators } = (await person.jsonGet('/mfa')).body;
    const path = `/mfa/authenticators/${authenticators[0].id}/remove`;
    await person.postJson(path, { _csrf: now.csrfToken }).expect(200);
    expect((await found()).state).to.equal('none');
  });

  it('that cannot be saved is a 503, elevates nobody, and leaves the answer spent', async () => {
    const app = await make();
    const { person, secret } = await pending(app);
    const token = await person.csrf();
    app.clock.advance(30);
    const right = code(secret, app.clock);
    sessions.failures = 99;
    const answer = await person.postJson('/mfa/verify/totp', { _csrf: token, code: right }).expect(503);
    expect(codeIn(answer)).to.equal('store.unavailable');
    sessions.failures = 0;
    expect((await person.jsonGet('/account')).body.mfa?.state).to.not.equal('elevated');
    await person.signIn('ada');
    const again = await person.answer('totp', right);
    expect(codeIn(again)).to.equal('session.mfa.invalid_totp_code');
    await person.proveTotp(secret);
  });

  it('that can be saved a moment later still elevates nobody: the answer said so', async () => {
    const app = await make();
    const { person, secret } = await pending(app);
    const token = await person.csrf();
    app.clock.advance(30);
    sessions.failures = 1;
    await person.postJson('/mfa/verify/totp', { _csrf: token, code: code(secret, app.clock) }).expect(503);
    expect((await person.jsonGet('/account')).body.mfa?.state).to.not.equal('elevated');
    await person.signIn('ada');
    await person.proveTotp(secret);
  });

  it('of a visitor is not begun by us', async () => {
    const app = await make({ policy: 'no-prompt' });
    const answer = await new Browser(app).htmlGet('/account').expect(200);
    expect(answer.headers).not.to.have.property('set-cookie');
  });

  it('loses the proofs with a request that nobody is signed in to', async () => {
    const app = await make({ host: { keepsSession: true } });
    const { person, secret } = await pending(app);
    await person.proveTotp(secret);
    await person.post('/logout').expect(303);
    await person.jsonGet('/account').expect(200);
    await person.signIn('ada');
    await person.jsonGet('/account').expect(403);
  });

  it('loses the proofs by `mfa.signedOut` and by a new sign-in that the host tells of', async () => {
    const app = await make({
      host: {
        keepsSession: true,
        between: (host, mfa) => {
          host.get('/out', (req, res, next) => void mfa.signedOut(req).then(() => res.json({}), next));
          host.get('/in', (req, res, next) => void mfa.signedIn(req).then(() => res.json({}), next));
        },
      },
    });
    const { person, secret } = await pending(app);
    for (const path of ['/out', '/in']) {
      await person.proveTotp(secret);
      await person.jsonGet('/account').expect(200);
      await person.jsonGet(path).expect(200);
      await person.jsonGet('/account').expect(403);
    }
  });

  it('does not carry the proofs of one `signInId` to the next', async () => {
    const app = await make({
      user: (req) => {
        const { uid, nth } = req.session as unknown as { uid?: string; nth?: string };
        return uid === undefined ? null : { id: uid, ...(nth === undefined ? {} : { signInId: nth }) };
      },
      host: { keepsSession: true },
    });
    const person = await new Browser(app).signIn('ada', { nth: 'first' });
    await person.enrollTotp();
    await person.jsonGet('/account').expect(200);
    await person.signIn('ada', { nth: 'second' });
    await person.jsonGet('/account').expect(403);
  });
});
