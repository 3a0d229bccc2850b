// Attack: whoever is on hold after a risky recovery ends it: by a new method, another code, a new session, an objection to their own
// use, a talked-out reset, an address that moved; or the owner's objection is outlived by codes and passes.
// Rule: the hold stands in the record, for all that stands since; it ends by its time, by an older method beside it, by an administrator.
// Answer: 403 `session.mfa.on_hold` with the time; barred codes and passes are not looked at; what is demanded can be done all the same.
import { expect } from 'chai';
import { requireMfa, type MfaOptions } from '../../src/index.js';
import type { MfaCore } from '../../src/mfa.js';
import { Browser, codeIn } from '../support/agent.js';
import { rawRecord, writeWithMac } from '../support/raw-record.js';
import { admin, levels, reason, recoveryApp, type RecoveryApp } from '../support/recovering.js';

const onHold = 'session.mfa.on_hold';
const hour = 3600;

describe('a hold after a risky recovery', () => {
  let app: RecoveryApp;
  let owner: Awaited<ReturnType<RecoveryApp['owner']>>;
  const start = (options: Partial<MfaOptions> = {}) =>
    recoveryApp({
      ...options,
      host: {
        routes: (host, mfa) =>
          host.get('/vault', requireMfa(mfa, { maxAgeSeconds: hour }), (_req, res) => void res.json({ open: true })),
      },
    });
  beforeEach(async () => {
    app = await start();
    owner = await app.owner();
  });
  afterEach(() => app.close());

  const seconds = () => app.clock.now() / 1000;
  const until = async () => (await app.mfa.status('ada'))?.hold?.until;
  const enter = (level: keyof typeof levels = 'high', more: object = {}) =>
    new Browser(app, levels[level]).signIn('ada', more);

  /** Spends a code, and confirms it by the mailbox. */
  async function recover(who: Browser, typed = owner.codes.shift()!) {
    expect((await who.answer('backup-codes', typed)).body.next?.step).to.equal('confirm-recovery');
    expect((await who.json('/mfa/confirm/begin', { factor: 'email' })).status).to.equal(200);
    const answer = await who.json('/mfa/confirm', { factor: 'email', code: app.mails.code('ada@example.com') });
    expect(answer.status, answer.text).to.equal(200);
    return answer;
  }

  async function expectHeld(who: Browser) {
    const answer = await who.jsonGet('/vault').expect(403);
    expect([codeIn(answer), answer.body.heldUntil]).to.deep.equal([onHold, await until()]);
  }

  async function objectTo(what: string) {
    await app.mfa.settled();
    const token = app.notices.findLast((notice) => notice.what === what && notice.objectToken !== undefined)!;
    const stranger = new Browser(app);
    await stranger.htmlGet(`/mfa/object/${token.objectToken!}`).expect(200);
    await stranger.post(`/mfa/object/${token.objectToken!}`).expect(200);
  }

  it('is ended by nothing that whoever is held can do, and begins anew with each further code', async () => {
    const first = await enter();
    await recover(first);
    await expectHeld(first);
    expect(await until()).to.equal(seconds() + 24 * hour);
    const token = { 'X-CSRF-Token': await first.csrf() };
    for (const [path, body] of Object.entries({
      '/mfa/setup/email/begin': { address: 'thief@example.net' },
      '/mfa/setup/totp': { code: '123456' },
      '/mfa/backup-codes/generate': {},
      '/mfa/preferences': { signInStep: 'off' },
    }))
      expect(codeIn(await first.postJson(path, body, token)), path).to.equal(onHold);
    app.clock.advance(5 * hour);
    // A code in the same sign-in, and in a new one that looks like home.
    for (const who of [first, await enter('low')]) {
      app.clock.advance(60);
      if (who === first) expect((await who.answer('backup-codes', owner.codes.shift())).status).to.equal(200);
      else await recover(who);
      await expectHeld(who);
    }
    expect(await until()).to.equal(seconds() + 24 * hour);
    const began = await until();
    await app.mfa.passwordChanged('ada');
    const next = await enter();
    await recover(next);
    await expectHeld(next);
    expect(await until()).to.be.at.least(began!);
  });

  it('begins anew with a code that an administrator approved, which begins none', async () => {
    await app.close();
    app = await start({ riskActions: { recovery: { high: 'approve' } } });
    owner = await app.owner();
    const approved = async () => {
      const who = await enter();
      await who.answer('backup-codes', owner.codes.shift());
      const [waiting] = await app.mfa.cases();
      await app.mfa.approve(waiting!.id, { by: admin, reason });
      expect((await who.json('/mfa/wait')).status).to.equal(200);
      return who;
    };
    await (await approved()).jsonGet('/account').expect(200);
    expect(await until()).to.equal(undefined);
    const { pass } = await app.mfa.issuePass('ada', { by: 'helpdesk-3', reason });
    await (await enter('low')).answer('pass', pass);
    app.clock.advance(2 * hour);
    await expectHeld(await approved());
    expect(await until()).to.equal(seconds() + 24 * hour);
  });

  it('outlives an objection, a reset and an import, which bar what is left of the sheet for no shorter than before', async () => {
    const who = await enter();
    const pending = await enter();
    await recover(who);
    await pending.answer('backup-codes', owner.codes[0]);
    const held = await until();
    app.clock.advance(2 * hour);
    const { pass } = await app.mfa.issuePass('ada', { by: 'helpdesk-3', reason });
    await objectTo('backup-code-used');
    expect(await until(), 'neither shorter nor longer').to.equal(held);
    const barred = seconds() + 24 * hour;
    expect(await app.mfa.status('ada')).to.include({ codesBarredUntil: barred });
    // What was spent before it confirms nothing any more.
    expect(codeIn(await pending.jsonGet('/account'))).to.not.equal('session.mfa.recovery_unconfirmed');
    const later = await enter();
    for (const [kind, typed] of [
      ['backup-codes', owner.codes[1]],
      ['pass', pass],
    ] as const)
      expect((await later.answer(kind, typed)).status, kind).to.be.oneOf([403, 422]);
    const again = await enter('low');
    const { pass: second } = await app.mfa.issuePass('ada', { by: 'helpdesk-3', reason });
    const refused = await again.answer('pass', second);
    expect([codeIn(refused), refused.body.heldUntil]).to.deep.equal([onHold, barred]);
    app.clock.advance(hour);
    await app.mfa.reset('ada', { by: 'helpdesk-3', reason });
    expect([await until(), (await app.mfa.status('ada'))?.codesBarredUntil]).to.deep.equal([held, barred]);
    // The level outlives it, too: nobody enrols so far away, but an operator brings a method.
    const anew = await enter('low');
    expect(codeIn(await anew.jsonGet('/mfa/setup/totp'))).to.equal('session.mfa.blocked');
    const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
    expect(await app.mfa.importTotp('ada', { secret, replace: true })).to.include({ imported: true });
    const imported = await enter('low');
    expect((await imported.proveTotp(secret)).body.next.step).to.equal('save-backup-codes');
    const [fresh] = await imported.saveCodes();
    await expectHeld(imported);
    expect(codeIn(await (await enter('low')).answer('backup-codes', fresh)), 'new ones too').to.equal(onHold);
    // A second objection makes it no shorter; its time ends it, and before that an administrator.
    await objectTo('backup-code-used');
    expect((await app.mfa.status('ada'))?.codesBarredUntil).to.be.at.least(barred);
    app.clock.set(barred * 1000);
    const free = await enter('low');
    await free.proveTotp(secret);
    await free.jsonGet('/vault').expect(200);
    await app.mfa.release('ada', { by: 'helpdesk-3', reason });
    expect(await app.mfa.status('ada')).to.not.have.property('codesBarredUntil');
    const { pass: third } = await app.mfa.issuePass('ada', { by: 'helpdesk-3', reason });
    expect((await (await enter('low')).answer('pass', third)).status).to.equal(200);
  });

  it('is ended by no older address that moved since, but by its time, an older method beside it, and an administrator', async () => {
    await app.close();
    app = await start({ autoBind: true });
    owner = await app.owner();
    const home = await enter('low');
    await home.proveTotp(owner.secret);
    expect((await home.json('/mfa/setup/email/begin', { address: 'ada@example.com' })).status).to.equal(200);
    const held = async () => {
      const who = await enter('low');
      const { pass } = await app.mfa.issuePass('ada', { by: 'helpdesk-3', reason });
      await who.answer('pass', pass);
      return who;
    };
    app.clock.advance(48 * hour);
    await held();
    // The host lets them change their address, and ours follows.
    const moved = await enter('low', { email: 'thief@example.net' });
    await moved.json('/mfa/verify/email/begin');
    expect((await moved.answer('email', app.mails.code('thief@example.net'))).status).to.equal(200);
    await expectHeld(moved);
    // Time.
    app.clock.advance(24 * hour);
    const late = await enter('low', { email: 'thief@example.net' });
    await late.json('/mfa/verify/email/begin');
    await late.answer('email', app.mails.code('thief@example.net'));
    await late.jsonGet('/vault').expect(200);
    // A method that is older, beside it.
    const both = await held();
    expect(await until()).to.equal(seconds() + 24 * hour);
    await both.proveTotp(owner.secret);
    await both.jsonGet('/vault').expect(200);
    expect(await until()).to.equal(undefined);
    // An administrator.
    await held();
    await app.mfa.release('ada', { by: 'helpdesk-3', reason });
    expect(await until()).to.equal(undefined);
  });

  it('keeps nobody from what is demanded of them: a new method, and the set that is owed', async () => {
    // Nothing but the sheet is left.
    const site = app.mfa as unknown as MfaCore;
    const record = await rawRecord(site, 'ada');
    const authenticators = record.authenticators.filter(({ kind }) => kind === 'backup-codes');
    await writeWithMac(site, 'ada', { ...record, authenticators });
    const who = await enter();
    const { body } = await recover(who);
    expect(body.next.step).to.equal('enroll');
    app.clock.advance(2 * hour);
    const { secret } = await who.enrollTotp();
    await who.jsonGet('/account').expect(200);
    await expectHeld(who);
    expect(codeIn(await who.json('/mfa/setup/email/begin', { address: 'ada@example.com' }))).to.equal(onHold);
    const next = await enter('low');
    await next.proveTotp(secret);
    await expectHeld(next);
    // The last code of the sheet, far away: the next set is owed, and can be made.
    while (owner.codes.length > 1) {
      app.clock.advance(60);
      await recover(await enter(), owner.codes.shift());
    }
    const last = await enter();
    expect((await recover(last)).body.next.step).to.equal('save-backup-codes');
    await last.saveCodes();
    await last.jsonGet('/account').expect(200);
    await expectHeld(last);
  });
});
