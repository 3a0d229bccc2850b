// Attack: a support pass is guessed, used twice, after its time, by many at once, or for somebody unprotected; whoever talked
// support out of one wants the account for good.
// Rule: twenty wrong ones void it, one write spends it; it opens the sign-in and one new primary factor, which satisfies no
// step-up and no change for `holdHours`, and the owner hears of it everywhere.
// Answer: 422 for every pass that is none, 403 `session.mfa.on_hold` with the time for what is held.
import { expect } from 'chai';
import { backupCodes, requireMfa, supportPass, totp } from '../../src/index.js';
import { Browser, code, codeIn } from '../support/agent.js';
import { fewBackupCodes, testApp, type TestApp } from '../support/app.js';

const invalid = 'session.mfa.invalid_pass';
const onHold = 'session.mfa.on_hold';
const by = { by: 'helpdesk-3', reason: 'lost phone, called back' };
/** Of the right form, and nobody's. */
const none = 'BBBB-BBBB-BBBB';

for (const express of [5, 4] as const) {
  describe(`a support pass, on Express ${express}`, () => {
    let app: TestApp;
    let secret: string;

    beforeEach(async () => {
      app = await testApp({
        factors: [supportPass(), totp(), fewBackupCodes()],
        host: {
          express,
          routes: (host, mfa) => {
            host.get('/vault', requireMfa(mfa, { maxAgeSeconds: 60 }), (_req, res) => void res.json({ open: true }));
            host.get('/quiet', requireMfa(mfa, { whileHeld: 'refuse' }), (_req, res) => void res.json({ open: true }));
          },
        },
      });
      ({ secret } = await (await new Browser(app).signIn('ada')).enrollTotp());
      app.clock.advance(60);
      app.events.length = 0;
      app.notices.length = 0;
    });
    afterEach(() => app.close());

    const issue = async (validMinutes?: number) =>
      (await app.mfa.issuePass('ada', { ...by, ...(validMinutes === undefined ? {} : { validMinutes }) })).pass;
    const pending = () => new Browser(app).signIn('ada');

    /** Came by the pass, and set a new authenticator app up, with the codes that follow. */
    async function recovered() {
      const person = await pending();
      expect((await person.answer('pass', await issue())).body.next.step).to.equal('enroll');
      return { person, ...(await person.enrollTotp()) };
    }

    it('leads to one new primary factor and the set that is owed, and to nothing else before', async () => {
      const pass = await issue();
      expect(pass).to.match(/^([BCDFGHJKLMNPQRSTVWXZ]{4}-){2}[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
      const person = await pending();
      const typed = pass.toLowerCase().replaceAll('-', ' ');
      expect((await person.answer('pass', typed)).body.next).to.include({ step: 'enroll' });
      expect(codeIn(await person.jsonGet('/account').expect(403))).to.equal('user.missing_mfa');
      expect(codeIn(await person.json('/mfa/preferences', { resetPrompts: 'yes' }))).to.equal(onHold);
      expect((await person.jsonGet('/mfa/setup/pass')).status, 'nobody sets one up').to.be.oneOf([400, 404]);
      // Slowly: the pass is used up, so it cannot be asked for again.
      app.clock.advance(3000);
      const fresh = await person.enrollTotp();
      expect(fresh.codes).to.have.length(5);
      await person.jsonGet('/account').expect(200);
      await app.mfa.settled();
      expect(app.notices.map(({ what }) => what)).to.include.members(['pass-issued', 'pass-used']);
      expect(app.events.map(({ name }) => name)).to.include.members(['pass-issued', 'pass-used']);
      expect((await app.mfa.status('ada'))?.authenticators.map(({ kind }) => kind)).to.have.members([
        'totp',
        'backup-codes',
      ]);
    });

    it('that is wrong is refused in one sentence, twenty times; then the right one is as well', async () => {
      const pass = await issue();
      const thief = await pending();
      for (let tries = 0; tries < 20; tries += 1) expect(codeIn(await thief.answer('pass', none))).to.equal(invalid);
      const answer = await thief.answer('pass', pass);
      expect([answer.status, codeIn(answer)]).to.deep.equal([422, invalid]);
      const owner = await pending();
      await owner.proveTotp(secret);
      expect((await app.mfa.status('ada'))?.locked, 'the lanes know nothing of it').to.deep.equal([]);
    });

    it('that is the right one among nineteen wrong ones works', async () => {
      const pass = await issue();
      const person = await pending();
      for (let tries = 0; tries < 19; tries += 1) await person.answer('pass', none);
      expect((await person.answer('pass', pass)).status).to.equal(200);
    });

    it('works once, not after its time, and not once a newer one or the owner took its place', async () => {
      const refused = async (what: string, pass: string) =>
        expect(codeIn(await (await pending()).answer('pass', pass)), what).to.equal(invalid);
      const first = await issue();
      const second = await issue(10);
      await refused('replaced', first);
      app.clock.advance(600);
      await refused('late', second);
      const third = await issue();
      await (await pending()).proveTotp(secret);
      await refused('the owner signed in', third);
      const fourth = await issue();
      expect((await (await pending()).answer('pass', fourth)).status).to.equal(200);
      await refused('used', fourth);
    });

    it('is of no use once the owner has objected to the very one', async () => {
      const pass = await issue();
      await app.mfa.settled();
      expect(app.notices.map(({ what }) => what)).to.deep.equal(['pass-issued']);
      const [{ objectToken }] = app.notices as [(typeof app.notices)[0]];
      const stranger = new Browser(app);
      await stranger.htmlGet(`/mfa/object/${objectToken!}`).expect(200);
      await stranger.post(`/mfa/object/${objectToken!}`).expect(200);
      expect(codeIn(await (await pending()).answer('pass', pass))).to.equal(invalid);
    });

    it('is never for somebody unprotected, and of no use once they are', async () => {
      for (const who of ['nobody', 'eve']) {
        await new Browser(app).signIn(who);
        const failed: unknown = await app.mfa.issuePass(who, by).catch((error: unknown) => error);
        expect(failed).to.include({ code: 'admin.not_applicable', status: 409 });
      }
      const pass = await issue();
      await app.mfa.reset('ada', by);
      const answer = await (await pending()).answer('pass', pass);
      expect(answer.status).to.be.oneOf([400, 422]);
      await (
        await new Browser(app).signIn('eve')
      )
        .answer('pass', pass)
        .then(({ status }) => expect(status).to.equal(400));
    });

    it('satisfies no step-up and no change, nor does anything enrolled by it, for a day', async () => {
      const { person, secret: fresh, codes: newCodes } = await recovered();
      const expectHeld = async (who: Browser) => {
        const answer = await who.jsonGet('/vault').expect(403);
        expect(codeIn(answer)).to.equal(onHold);
        expect(answer.body.heldUntil).to.be.greaterThan(app.clock.now() / 1000);
        expect(Number(answer.headers['retry-after'])).to.be.greaterThan(0);
        const page = await who.htmlGet('/vault').expect(403);
        expect(page.text).to.include('Not possible yet');
        expect(codeIn(await who.jsonGet('/quiet').expect(403))).to.equal(onHold);
        expect((await who.jsonGet('/account').expect(200)).body.mfa.hold).to.equal(answer.body.heldUntil);
        const [own] = (await who.jsonGet('/mfa').expect(200)).body.authenticators as { id: string }[];
        const token = { 'X-CSRF-Token': await who.csrf() };
        for (const [path, body] of Object.entries({
          '/mfa/preferences': { signInStep: 'off' },
          [`/mfa/authenticators/${own!.id}/remove`]: { confirmed: 'yes' },
          [`/mfa/authenticators/${own!.id}/rename`]: { name: 'mine' },
          '/mfa/backup-codes/generate': {},
          '/mfa/backup-codes/remove': { confirmed: 'yes' },
          '/mfa/sign-ins/end-others': {},
        }))
          expect(codeIn(await who.postJson(path, body, token)), path).to.equal(onHold);
        expect(codeIn(await who.jsonGet('/mfa/setup/totp').expect(403))).to.equal(onHold);
        await who.post('/mfa/preferences', { _csrf: token['X-CSRF-Token'], signInStep: 'off' }).expect(403);
      };
      await expectHeld(person);
      const next = await pending();
      await next.proveTotp(fresh);
      await expectHeld(next);
      const byCode = await pending();
      expect((await byCode.answer('backup-codes', newCodes[0])).status).to.equal(200);
      expect(codeIn(await byCode.jsonGet('/vault').expect(403)), 'codes made since').to.equal(onHold);
      app.clock.advance(24 * 3600);
      const late = await pending();
      await late.proveTotp(fresh);
      await late.jsonGet('/vault').expect(200);
      await late.jsonGet('/quiet').expect(200);
    });

    it('is held through a reset, and by a further pass anew; an administrator ends it', async () => {
      await recovered();
      await app.mfa.reset('ada', by);
      const again = await pending();
      const { secret: third } = await again.enrollTotp();
      expect(codeIn(await again.jsonGet('/vault').expect(403))).to.equal(onHold);
      app.clock.advance(20 * 3600);
      const { person } = await recovered();
      app.clock.advance(5 * 3600);
      expect(codeIn(await person.jsonGet('/vault').expect(403))).to.equal(onHold);
      await app.mfa.release('ada', by);
      await app.mfa.release('ada', by);
      const free = await pending();
      expect((await free.answer('totp', code(third, app.clock))).status, 'replaced by the next').to.equal(422);
      expect(app.events.filter(({ name }) => name === 'released')).to.have.length(1);
      expect(codeIn(await person.jsonGet('/vault'))).to.equal('session.mfa.step_up_required');
    });
  });
}

describe('a hold', () => {
  it('does not bind a sign-in by a factor from before, which frees no other sign-in; both in one end it', async () => {
    const app = await testApp({
      factors: [totp(), totpTwin(), supportPass()],
      host: {
        routes: (host, mfa) =>
          host.get('/vault', requireMfa(mfa, { maxAgeSeconds: 600 }), (_req, res) => void res.json({ open: true })),
      },
    });
    const { secret } = await (await new Browser(app).signIn('ada')).enrollTotp();
    app.clock.advance(60);
    const { pass } = await app.mfa.issuePass('ada', by);
    const thief = await new Browser(app).signIn('ada');
    await thief.answer('pass', pass);
    const { body } = await thief.jsonGet('/mfa/setup/twin').expect(200);
    const twin = body.secret as string;
    expect((await thief.json('/mfa/setup/twin', { code: code(twin, app.clock) })).status).to.equal(200);
    expect(codeIn(await thief.jsonGet('/vault').expect(403))).to.equal(onHold);
    const owner = await new Browser(app).signIn('ada');
    await owner.proveTotp(secret);
    await owner.jsonGet('/vault').expect(200);
    expect(codeIn(await thief.jsonGet('/vault').expect(403)), 'still').to.equal(onHold);
    // Whoever finds the phone again goes on by it, from the page that says so.
    const page = await thief.htmlGet('/vault').expect(403);
    expect(page.text).to.include('href="/mfa/verify"');
    await thief.htmlGet('/mfa/verify').expect(303);
    await thief.proveTotp(secret);
    await thief.jsonGet('/vault').expect(200);
    expect((await app.mfa.status('ada'))?.hold).to.equal(undefined);
    await app.close();
  });

  it('lets nobody who is held trust a browser', async () => {
    const app = await testApp({ factors: [totp(), supportPass()], trustBrowser: { days: 30 } });
    await (await new Browser(app).signIn('ada')).enrollTotp();
    app.clock.advance(60);
    const { pass } = await app.mfa.issuePass('ada', by);
    const person = await new Browser(app).signIn('ada');
    await person.answer('pass', pass);
    const { secret } = await person.enrollTotp();
    app.clock.advance(30);
    const next = await new Browser(app).signIn('ada');
    await next.json('/mfa/verify/totp', { code: code(secret, app.clock), trustBrowser: 'yes' });
    await next.jsonGet('/account').expect(200);
    expect((await app.mfa.status('ada'))?.trustedBrowsers).to.equal(0);
    await app.close();
  });

  it('takes no hours that are none, and no minutes', async () => {
    const whole = { factors: [totp(), supportPass()] };
    for (const holdHours of [0, 169, 1.5]) {
      const failed: unknown = await testApp({ ...whole, holdHours }).catch((error: unknown) => error);
      expect(failed).to.include({ code: 'config.invalid_option' });
    }
    const app = await testApp(whole);
    for (const validMinutes of [9, 1441, 10.5]) {
      const failed: unknown = await app.mfa.issuePass('ada', { ...by, validMinutes }).catch((error: unknown) => error);
      expect(failed).to.include({ code: 'config.invalid_option' });
    }
    const without = await testApp({ factors: [totp(), backupCodes()] });
    const failed: unknown = await without.mfa.issuePass('ada', by).catch((error: unknown) => error);
    expect(failed).to.include({ code: 'config.invalid_option' });
    await Promise.all([app.close(), without.close()]);
  });
});

/** A second factor of the same make under another name. */
function totpTwin() {
  const one = totp();
  return { ...one, kind: 'twin' };
}
