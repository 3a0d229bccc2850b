// Attack: the audit log is taken away first, so that what is done next is seen by nobody.
// Rule: with `whenUnavailable: 'refuse'` nothing that lets somebody in, changes an account or is done by an operator is told
// without its entry; refusals go on, and count.
// Answer: 503 `audit.unavailable`, and the record is as it was.
import { expect } from 'chai';
import type { Response } from 'supertest';
import { auditLog, memoryAuditStore } from '../../src/audit.js';
import { adminRights } from '../../src/core/rules/admin-rights.js';
import { memoryStore, passkeySignInRouter, totp, webauthn, type MfaStore } from '../../src/index.js';
import { softAuthenticator } from '../../src/testing/soft-authenticator.js';
import { logThatGoes, type LogThatGoes } from '../audit/log-that-goes.js';
import { Browser, code, codeIn, wrongCode } from '../support/agent.js';
import { fewBackupCodes, hostData, testApp, testClock, type TestApp } from '../support/app.js';
import { origin, PasskeyBrowser } from '../support/passkeys.js';

describe('an audit log that is gone, where nothing may be told without it', () => {
  let log: LogThatGoes;
  let store: MfaStore;
  let app: TestApp;
  let ann: PasskeyBrowser;
  let secret: string;
  let codes: string[];

  beforeEach(async () => {
    const clock = testClock();
    log = logThatGoes(memoryAuditStore());
    store = memoryStore({ clock });
    app = await testApp({
      store,
      clock,
      origin,
      factors: [totp(), webauthn(), fewBackupCodes()],
      trustBrowser: { days: 30 },
      administration: { fourEyes: ['reset'] },
      audit: auditLog({ store: log, whenUnavailable: 'refuse' }),
      host: {
        between(host, mfa) {
          const signIn = (req: Parameters<typeof hostData>[0], userId: string) => {
            hostData(req).uid = userId;
            return true;
          };
          host.use('/mfa', passkeySignInRouter(mfa, { signIn }));
        },
      },
    });
    ann = await new PasskeyBrowser(app).signIn('ann');
    ({ secret, codes } = await ann.enrollTotp());
    app.clock.advance(60);
  });
  afterEach(() => app.close());

  const stored = async () => JSON.stringify(await store.load('ann'));
  const unavailable = (answer: Response) =>
    expect({ status: answer.status, code: codeIn(answer) }).to.deep.equal({ status: 503, code: 'audit.unavailable' });
  const rejects = async (work: Promise<unknown>) =>
    expect(
      await work.then(
        () => 'done',
        (error: unknown) => (error as { code?: string }).code,
      ),
    ).to.equal('audit.unavailable');
  const names = async () => {
    await app.mfa.settled();
    return (await app.mfa.audit?.read({ limit: 500 }))?.entries.map(({ name }) => name) ?? [];
  };

  /** The log is away while `work` is done; nothing of the record is another then. */
  async function changesNothing(work: () => Promise<unknown>): Promise<void> {
    const [before, known] = [await stored(), await names()];
    log.away = true;
    await work();
    expect(await stored()).to.equal(before);
    log.away = false;
    const since = (await names()).slice(0, -known.length);
    for (const name of [
      'verification-accepted',
      'authenticator-enrolled',
      'authenticator-removed',
      'reset',
      'unlocked',
    ])
      expect(since).not.to.include(name);
  }

  it('lets nobody in by a right answer, which still counts once it is back', async () => {
    const person = await new Browser(app).signIn('ann');
    const right = code(secret, app.clock);
    const token = { 'X-CSRF-Token': await person.csrf() };
    await changesNothing(async () => {
      unavailable(await person.postJson('/mfa/verify/totp', { code: right }, token));
      unavailable(await person.postJson('/mfa/verify/backup-codes', { code: codes[0] }, token));
      await person.jsonGet('/account').expect(403);
    });
    await person.postJson('/mfa/verify/totp', { code: right }, token).expect(200);
    await person.jsonGet('/account').expect(200);
    expect((await names()).filter((name) => name === 'verification-accepted')).to.have.length(1);
  });

  it('enrols, removes and renames nothing', async () => {
    await ann.proveTotp(secret);
    const { body } = await ann.jsonGet('/mfa/setup/totp').expect(200);
    const token = { 'X-CSRF-Token': await ann.csrf() };
    const other = code((body as { secret: string }).secret, app.clock);
    const account = await ann.jsonGet('/mfa').expect(200);
    const [{ id }] = (account.body as { authenticators: [{ id: string }] }).authenticators;
    await changesNothing(async () => {
      unavailable(await ann.postJson('/mfa/setup/totp', { code: other }, token));
      const gone = { confirmed: 'yes', keepBackupCodes: 'yes' };
      unavailable(await ann.postJson(`/mfa/authenticators/${id}/remove`, gone, token));
      unavailable(await ann.postJson(`/mfa/authenticators/${id}/rename`, { name: 'mine' }, token));
    });
    await ann.postJson(`/mfa/authenticators/${id}/rename`, { name: 'mine' }, token).expect(200);
  });

  it('trusts no browser for a factor', async () => {
    app.clock.advance(60);
    const person = await new Browser(app).signIn('ann');
    await person.json('/mfa/verify/totp', { code: code(secret, app.clock), trustBrowser: 'yes' });
    await person.agent.post('/logout');
    await person.signIn('ann');
    await changesNothing(async () => unavailable(await person.jsonGet('/account')));
    await person.jsonGet('/account').expect(200);
  });

  it('signs nobody in with a passkey alone', async () => {
    const key = softAuthenticator();
    await ann.proveTotp(secret);
    await ann.enrollFirst(key);
    const stranger = new PasskeyBrowser(app);
    const { body } = await stranger.jsonGet('/mfa/passkey-sign-in').expect(200);
    const { options, challenge, csrfToken } = body as { options: never; challenge: string; csrfToken: string };
    const answer = { response: await key.get(options, { origin }), challenge };
    await changesNothing(async () => {
      unavailable(await stranger.postJson('/mfa/passkey-sign-in', answer, { 'X-CSRF-Token': csrfToken }));
      expect((await stranger.jsonGet('/account')).body).to.deep.include({ account: null });
    });
  });

  it('does nothing for an operator', async () => {
    const person = await new Browser(app).signIn('ann');
    await person.answer('totp', wrongCode(secret, app.clock));
    const { mfa } = app;
    await changesNothing(async () => {
      await rejects(mfa.reset('ann', { by: 'root' }));
      await rejects(mfa.unlock('ann', { by: 'root' }));
      await rejects(mfa.endSignIns('ann', { by: 'root' }));
      await rejects(mfa.grantEnrollment('ann', 'root'));
      await rejects(mfa.deprovision('ann'));
      await rejects(mfa.importTotp('ann', { secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', replace: true }));
    });
    await mfa.reset('ann', { by: 'root' });
    expect((await names()).filter((name) => name === 'reset')).to.have.length(1);
  });

  it('opens, approves and denies no case; an approved one is told with its own entries', async () => {
    const { mfa } = app;
    const admin = (id: string) => ({ by: { id, name: id, may: adminRights }, reason: 'lost phone' });
    await changesNothing(() => rejects(mfa.requestAction('reset', 'ann', admin('root'))));
    expect(await mfa.cases()).to.deep.equal([]);
    const { case: one } = await mfa.requestAction('reset', 'ann', admin('root'));
    const id = one?.id ?? '';
    await changesNothing(async () => {
      await rejects(mfa.approve(id, admin('sue')));
      await rejects(mfa.deny(id, admin('sue')));
    });
    await mfa.approve(id, admin('sue'));
    expect(await mfa.cases()).to.deep.equal([]);
    const told = (await mfa.audit?.read({ names: ['case-opened', 'case-approved', 'reset'] }))?.entries ?? [];
    expect(told.map(({ name, detail }) => [name, detail?.['case']])).to.deep.equal([
      ['case-approved', id],
      ['reset', id],
      ['case-opened', id],
    ]);
  });

  it('refuses wrong answers all the same, counts them, and tells of them once it is back', async () => {
    const person = await new Browser(app).signIn('ann');
    const token = { 'X-CSRF-Token': await person.csrf() };
    log.away = true;
    for (let tries = 0; tries < 5; tries += 1)
      await person.postJson('/mfa/verify/totp', { code: wrongCode(secret, app.clock) }, token).expect(422);
    await person.postJson('/mfa/verify/totp', { code: code(secret, app.clock) }, token).expect(429);
    log.away = false;
    const told = await names();
    expect(told.filter((name) => name === 'verification-refused')).to.have.length(6);
    expect(told).to.include('locked');
  });
}).timeout(60_000);
