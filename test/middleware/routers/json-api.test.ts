// The same flows for programs: what each route takes and tells in JSON, from the first sign-in to the last removal.
import { expect } from 'chai';
import { totp } from '../../../src/index.js';
import { Browser, code, codeIn, wrongCode } from '../../support/agent.js';
import { fewBackupCodes, testApp, type TestApp } from '../../support/app.js';

describe('the JSON API', () => {
  let app: TestApp;
  let person: Browser;

  beforeEach(async () => {
    app = await testApp({ factors: [totp(), fewBackupCodes()] });
    person = await new Browser(app).signIn('ada');
  });

  const state = async (who = person) => (await who.jsonGet('/mfa').expect(200)).body;

  it('tells the state of somebody without MFA', async () => {
    const { csrfToken, ...body } = await state();
    expect(csrfToken).to.match(/^[\w-]{43}$/);
    expect(body).to.deep.include({
      state: 'none',
      next: { step: 'suggest-mfa', url: '/mfa/setup' },
      availableFactors: [],
      authenticators: [],
      trustedBrowsers: [],
    });
    expect(body).not.to.have.property('backupCodes');
  });

  it('enrols an app: secret, wrong code, right code, codes to be saved', async () => {
    const begun = (await person.jsonGet('/mfa/setup/totp').expect(200)).body;
    expect(begun.secret).to.match(/^[A-Z2-7]{32}$/);
    expect(begun.uri)
      .to.match(/^otpauth:\/\/totp\//)
      .and.include(`secret=${begun.secret}`);
    const wrong = await person.json('/mfa/setup/totp', { code: wrongCode(begun.secret as string, app.clock) });
    expect({ status: wrong.status, code: codeIn(wrong) }).to.deep.equal({
      status: 422,
      code: 'session.mfa.invalid_totp_code',
    });
    expect(wrong.body.remainingAttempts).to.equal(4);
    expect((await person.jsonGet('/mfa/setup/totp')).body.secret, 'the same one').to.equal(begun.secret);
    const right = await person.json('/mfa/setup/totp', {
      code: code(begun.secret as string, app.clock),
      name: 'Phone',
    });
    expect({ status: right.status, body: right.body }).to.deep.equal({
      status: 200,
      body: { next: { step: 'save-backup-codes', url: '/mfa/backup-codes' } },
    });
    const now = await state();
    expect(now.state).to.equal('elevated');
    expect(now.next).to.deep.equal({ step: 'save-backup-codes', url: '/mfa/backup-codes' });
    expect(now.authenticators).to.have.length(1);
    expect(now.authenticators[0]).to.include({ kind: 'totp', name: 'Phone', createdAt: app.clock.seconds });
    expect(JSON.stringify(now)).not.to.include(begun.secret);
  });

  it('begins anew with a new secret, which voids the one before', async () => {
    const first = (await person.jsonGet('/mfa/setup/totp')).body.secret as string;
    const second = (await person.json('/mfa/setup/totp/begin')).body.secret as string;
    expect(second).to.not.equal(first);
    expect((await person.json('/mfa/setup/totp', { code: code(first, app.clock) })).status).to.equal(422);
    expect((await person.json('/mfa/setup/totp', { code: code(second, app.clock) })).status).to.equal(200);
  });

  it('shows, refuses to repeat, downloads and confirms backup codes', async () => {
    const { secret } = (await person.jsonGet('/mfa/setup/totp')).body;
    await person.json('/mfa/setup/totp', { code: code(secret as string, app.clock) });
    const shown = (await person.jsonGet('/mfa/backup-codes').expect(200)).body;
    expect(shown).to.deep.include({ total: 0, remaining: 0, codes: [] });
    const { codes, revealToken, expiresAt } = shown.pending as {
      codes: string[];
      revealToken: string;
      expiresAt: number;
    };
    expect(codes).to.have.length(5);
    expect(expiresAt).to.equal(app.clock.seconds + 600);
    const refusedBodies = [
      {},
      { revealToken },
      { saved: 'yes' },
      { revealToken, saved: 'no' },
      { revealToken: [], saved: 'yes' },
    ];
    for (const body of refusedBodies)
      expect((await person.json('/mfa/backup-codes/confirm', body)).status).to.equal(400);
    const foreign = await person.json('/mfa/backup-codes/confirm', { revealToken: 'guessed', saved: 'yes' });
    expect({ status: foreign.status, code: codeIn(foreign) }).to.deep.equal({
      status: 404,
      code: 'session.verification_session_not_found',
    });
    const saved = await person.json('/mfa/backup-codes/confirm', { revealToken, saved: true });
    expect(saved.body.next.step).to.equal('done');
    const after = (await person.jsonGet('/mfa/backup-codes')).body;
    expect(after).not.to.have.property('pending');
    expect({ total: after.total, remaining: after.remaining }).to.deep.equal({ total: 5, remaining: 5 });
    const { createdAt } = after.codes[0];
    expect(after.codes[4]).to.deep.equal({ index: 5, createdAt, expiresAt: (createdAt as number) + 365 * 86_400 });
    for (const each of codes) expect(JSON.stringify(after)).not.to.include(each);
    expect((await state()).backupCodes).to.deep.equal({ total: 5, remaining: 5 });
  });

  it('marks a used code by its index, with the time', async () => {
    const { codes } = await person.enrollTotp();
    const again = await new Browser(app).signIn('ada');
    app.clock.advance(60);
    expect((await again.answer('backup-codes', codes[2])).status).to.equal(200);
    const { body } = await again.jsonGet('/mfa/backup-codes').expect(200);
    expect(body.remaining).to.equal(4);
    expect(body.codes.filter((each: object) => 'usedAt' in each)).to.have.length(1);
    expect(body.codes[2]).to.include({ index: 3, usedAt: app.clock.seconds });
  });

  it('leads a pending program to the challenge, and tells it nothing else', async () => {
    await person.enrollTotp();
    const other = await new Browser(app).signIn('ada');
    const body = await state(other);
    expect(Object.keys(body)).to.have.members(['state', 'next', 'csrfToken', 'availableFactors']);
    expect(body).to.deep.include({
      state: 'pending',
      next: { step: 'verify', url: '/mfa/verify' },
      availableFactors: ['totp', 'backup-codes'],
    });
    for (const path of ['/mfa/verify', '/mfa/verify/choose', '/mfa/verify/totp'])
      expect(Object.keys((await other.jsonGet(path).expect(200)).body)).to.have.members(Object.keys(body));
  });

  it('verifies: malformed, wrong, used, right', async () => {
    const { secret } = await person.enrollTotp();
    const used = code(secret, app.clock);
    const other = await new Browser(app).signIn('ada');
    const malformed = await other.answer('totp', '12345');
    expect({ status: malformed.status, ...malformed.body }).to.include({
      status: 400,
      code: 'request.invalid',
      field: 'code',
    });
    const wrong = await other.answer('totp', wrongCode(secret, app.clock));
    const replayed = await other.answer('totp', used);
    for (const [answer, remainingAttempts] of [
      [wrong, 4],
      [replayed, 3],
    ] as const)
      expect(answer.body).to.include({ code: 'session.mfa.invalid_totp_code', status: 422, remainingAttempts });
    const title = replayed.body.title as string;
    expect(wrong.body.title).to.include('4').and.equal(title.replace('3', '4'));
    expect((await other.proveTotp(secret)).body).to.deep.equal({ next: { step: 'done', url: '/' } });
    expect((await state(other)).state).to.equal('elevated');
  });

  it('renames, switches, removes', async () => {
    await person.enrollTotp();
    const [{ id }] = (await state()).authenticators;
    const renamed = await person.json(`/mfa/authenticators/${id}/rename`, { name: ' My phone ' });
    expect(renamed.body).to.deep.equal({ next: { step: 'done', url: '/mfa' } });
    expect((await state()).authenticators[0].name).to.equal('My phone');
    for (const name of ['', '  ', 'x'.repeat(65), 'a\nb', 5, ['a'], { a: 1 }, null])
      expect((await person.json(`/mfa/authenticators/${id}/rename`, { name })).status, JSON.stringify(name)).to.equal(
        400,
      );
    expect((await person.json('/mfa/preferences', { signInStep: 'off' })).status).to.equal(200);
    for (const body of [{}, { signInStep: 'maybe' }, { signInStep: ['off'] }, { resetPrompts: 'no' }])
      expect((await person.json('/mfa/preferences', body)).status).to.equal(400);
    expect((await person.json('/mfa/backup-codes/remove')).status).to.equal(200);
    const removed = await person.json(`/mfa/authenticators/${id}/remove`);
    expect(removed.status).to.equal(200);
    expect(await state()).to.deep.include({ state: 'none', authenticators: [] });
  });

  it('tells no inventory to somebody who has one and proved nothing, though nothing is asked at sign-in', async () => {
    await person.enrollTotp();
    await person.json('/mfa/preferences', { signInStep: 'off' });
    const other = await state(await new Browser(app).signIn('ada'));
    expect(other).to.deep.include({ state: 'none', next: { step: 'done', url: '/mfa' } });
    expect(other).to.not.have.any.keys('authenticators', 'backupCodes', 'trustedBrowsers');
  });

  it('tells of what is not there by its code', async () => {
    await person.enrollTotp();
    const cases: [path: string, status: number, code: string][] = [
      ['/mfa/authenticators/unknown/remove', 404, 'session.verification_session_not_found'],
      ['/mfa/authenticators/__proto__/remove', 404, 'session.verification_session_not_found'],
      ['/mfa/verify/webauthn', 400, 'session.mfa.mfa_factor_not_enabled'],
      ['/mfa/verify/__proto__', 400, 'session.mfa.mfa_factor_not_enabled'],
      ['/mfa/verify/constructor/begin', 400, 'session.mfa.mfa_factor_not_enabled'],
      ['/mfa/setup/sms', 400, 'session.mfa.mfa_factor_not_enabled'],
      ['/mfa/setup/sms/begin', 400, 'session.mfa.mfa_factor_not_enabled'],
      ['/mfa/setup/backup-codes', 400, 'session.mfa.mfa_factor_not_enabled'],
      ['/mfa/setup/skip', 422, 'session.mfa.mfa_policy_not_user_controlled'],
      ['/mfa/backup-codes/download', 404, 'session.verification_session_not_found'],
    ];
    for (const [path, status, reason] of cases) {
      const answer = await person.json(path, { code: '123456', response: {}, name: 'x' });
      expect({ status: answer.status, code: codeIn(answer) }, path).to.deep.equal({ status, code: reason });
    }
  });

  it('answers people and programs of nobody', async () => {
    const nobody = new Browser(app);
    for (const path of ['/mfa', '/mfa/setup', '/mfa/setup/totp', '/mfa/verify', '/mfa/backup-codes', '/mfa/recover']) {
      expect(codeIn(await nobody.jsonGet(path).expect(401))).to.equal('session.not_signed_in');
      await nobody.htmlGet(path).expect(303).expect('Location', '/login');
    }
    await nobody.post('/mfa/verify/totp', { code: '123456' }).expect(401).expect('Content-Type', /html/);
  });

  it('signs out by the method of the host', async () => {
    await person.enrollTotp();
    const answer = await person.json('/mfa/sign-out');
    expect({ status: answer.status, to: answer.headers.location }).to.deep.equal({ status: 307, to: '/logout' });
    expect((await state()).state).to.equal('pending');
    const linked = await testApp({ signOut: { method: 'GET', path: '/bye?from=mfa' } });
    const other = await new Browser(linked).signIn('ada');
    const out = await other.form('/mfa/sign-out');
    expect({ status: out.status, to: out.headers.location }).to.deep.equal({ status: 303, to: '/bye?from=mfa' });
  });
});
