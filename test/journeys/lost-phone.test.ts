// The phone is gone: a backup code lets its owner in, opens nothing but the way to a new factor, and the old factor ends.
import { expect } from 'chai';
import { totp, type Policy } from '../../src/index.js';
import { Browser, code, codeIn } from '../support/agent.js';
import { fewBackupCodes, testApp, type TestApp } from '../support/app.js';
import { codesApp, signIn } from '../support/codes.js';

const factors = () => [totp(), fewBackupCodes()];

describe('somebody whose phone is lost', () => {
  let app: TestApp;
  let person: Browser;
  let secret: string;
  let codes: string[];

  beforeEach(async () => {
    app = await testApp({ factors: factors() });
    ({ secret, codes } = await (await new Browser(app).signIn('ada')).enrollTotp());
    app.clock.advance(86_400);
    person = await new Browser(app).signIn('ada');
  });

  it('gets in by a backup code, and replaces the app', async () => {
    await person.htmlGet('/account?tab=1').expect(303);
    const first = await person.htmlGet('/mfa/verify/totp').expect(200);
    expect(first.text).to.include('href="/mfa/verify/choose"');
    const choice = await person.htmlGet('/mfa/verify/choose').expect(200);
    expect(choice.text.indexOf('/mfa/verify/totp')).to.be.below(choice.text.indexOf('/mfa/verify/backup-codes'));
    const page = await person.htmlGet('/mfa/verify/backup-codes').expect(200);
    const typed = ` ${codes[0]!.toLowerCase().replace('-', ' – ')}\u200b`;
    const answer = await person.submit(page, '/verify/backup-codes', { code: typed }).expect(303);
    expect(answer.headers.location).to.equal('/mfa/backup-codes/used');
    const used = await person.htmlGet('/mfa/backup-codes/used').expect(200);
    expect(used.text).to.include('4 of 5 backup codes are left.').and.include('href="/account?tab=1">Continue<');
    expect(used.text).to.include('href="/mfa/setup">Lost your phone? Set up a new one<');
    await person.htmlGet('/mfa/setup').expect(303).expect('Location', '/mfa/setup/totp');

    const setup = await person.htmlGet('/mfa/setup/totp').expect(200);
    const fresh = /<code class="mfa-secret" id="key" dir="ltr">([^<]*)</.exec(setup.text)![1]!.replaceAll(' ', '');
    await person.submit(setup, '/setup/totp', { code: code(fresh, app.clock) }).expect(303);

    app.clock.advance(60);
    const again = await new Browser(app).signIn('ada');
    expect((await again.answer('totp', code(secret, app.clock))).status).to.equal(422);
    await again.proveTotp(fresh);
    expect((await again.jsonGet('/mfa')).body.backupCodes.remaining).to.equal(4);
  });

  it('opens nothing else with it', async () => {
    await person.answer('backup-codes', codes[0]);
    const [{ id }] = (await person.jsonGet('/mfa')).body.authenticators;
    const changes: [path: string, body: object][] = [
      [`/mfa/authenticators/${id}/remove`, {}],
      [`/mfa/authenticators/${id}/rename`, { name: 'mine now' }],
      ['/mfa/preferences', { signInStep: 'off' }],
      ['/mfa/backup-codes/generate', {}],
      ['/mfa/backup-codes/remove', {}],
    ];
    for (const [path, body] of changes) {
      const refused = await person.json(path, body);
      expect({ status: refused.status, code: codeIn(refused) }, path).to.deep.equal({
        status: 401,
        code: 'session.mfa.step_up_required',
      });
      expect(refused.body.stepUp.factors).to.deep.equal(['totp']);
    }
  });

  it('puts no other address in the place of one that works', async () => {
    const mail = await codesApp({ factors: (made) => [made.email, made.totp, made.backupCodes] });
    const owner = await signIn(mail, 'ada');
    const { codes: saved } = await owner.enrollTotp();
    const address = { address: 'ada@good.example' };
    expect((await owner.json('/mfa/setup/email/begin', address)).status).to.equal(200);
    expect((await owner.json('/mfa/setup/email', { code: mail.lastCode('email') })).status).to.equal(200);
    const thief = await signIn(mail, 'ada');
    expect((await thief.answer('backup-codes', saved[0])).status).to.equal(200);
    const sent = mail.codes('email').length;
    const refused = await thief.json('/mfa/setup/email/begin', { address: 'eve@evil.example' });
    expect([refused.status, codeIn(refused)]).to.deep.equal([401, 'session.mfa.step_up_required']);
    expect(mail.codes('email')).to.have.length(sent);
  });

  it('is told by a notice, with what is left', async () => {
    await person.answer('backup-codes', codes[0]);
    await app.mfa.settled();
    const notice = app.notices.find(({ what }) => what === 'backup-code-used');
    expect(notice).to.deep.include({ what: 'backup-code-used', userId: 'ada', left: 4 });
  });
});

describe('somebody with backup codes only', () => {
  for (const policy of ['no-prompt', 'prompt-at-sign-in-and-sign-up', 'mandatory'] as Policy[]) {
    it(`must set up a new factor before going on, under ${policy}`, async () => {
      const app = await testApp({ factors: factors(), policy });
      const person = await new Browser(app).signIn('ada');
      const { codes } = await person.enrollTotp();
      const [{ id }] = (await person.jsonGet('/mfa')).body.authenticators;
      const asked = await person.form(`/mfa/authenticators/${id}/remove`);
      expect(asked.status).to.equal(200);
      const removed = await person.submit(asked, '/remove', { keepBackupCodes: 'yes' }).expect(303);
      // What elevated this session is gone, and its elevation with it: said before anything is asked for.
      expect(removed.headers.location).to.equal('/mfa/removed');
      const said = await person.htmlGet('/mfa/removed').expect(200);
      expect(said.text).to.include('Removed: Authenticator app').and.include('a backup code lets you in');
      expect(said.text).to.include('href="/mfa/verify"');

      const again = await new Browser(app).signIn('ada');
      await again.htmlGet('/mfa/verify').expect(303).expect('Location', '/mfa/verify/backup-codes');
      const answer = await again.answer('backup-codes', codes[0]);
      expect(answer.body.next).to.deep.equal({ step: 'enroll', url: '/mfa/setup' });
      expect(codeIn(await again.jsonGet('/account').expect(403))).to.equal('user.missing_mfa');
      expect((await again.json('/mfa/setup/skip')).status).to.equal(422);
      await again.htmlGet('/mfa/setup').expect(303).expect('Location', '/mfa/setup/totp');
      await again.enrollTotp();
      await again.jsonGet('/account').expect(200);
      expect(app.events.some(({ name }) => name === 'recovery-completed')).to.equal(true);
    });
  }

  it('must do so in spite of a remembered skip', async () => {
    const app = await testApp({ factors: factors() });
    const person = await new Browser(app).signIn('ada');
    await person.json('/mfa/setup/skip');
    const { codes } = await person.enrollTotp();
    const [{ id }] = (await person.jsonGet('/mfa')).body.authenticators;
    await person.json(`/mfa/authenticators/${id}/remove`, { keepBackupCodes: 'yes' });
    const again = await new Browser(app).signIn('ada');
    expect((await again.answer('backup-codes', codes[0])).body.next.step).to.equal('enroll');
  });

  it('may take their time where it was the last one: nothing else is left that they could prove', async () => {
    const app = await testApp({ factors: factors() });
    const person = await new Browser(app).signIn('ada');
    const { codes } = await person.enrollTotp();
    const [{ id }] = (await person.jsonGet('/mfa')).body.authenticators;
    await person.json(`/mfa/authenticators/${id}/remove`, { keepBackupCodes: 'yes' });
    let again = person;
    for (const each of codes) {
      again = await new Browser(app).signIn('ada');
      expect((await again.answer('backup-codes', each)).body.next.step).to.equal('enroll');
    }
    app.clock.advance(3600);
    await again.enrollTotp();
    await again.jsonGet('/account').expect(200);
  });
});

describe('a set of backup codes', () => {
  let app: TestApp;
  let secret: string;
  let codes: string[];

  beforeEach(async () => {
    app = await testApp({ factors: factors() });
    ({ secret, codes } = await (await new Browser(app).signIn('ada')).enrollTotp());
  });

  it('runs low: a warning on every page of the account, and an event', async () => {
    for (const each of codes.slice(0, 3)) await (await new Browser(app).signIn('ada')).answer('backup-codes', each);
    const person = await new Browser(app).signIn('ada');
    await person.proveTotp(secret);
    for (const path of ['/mfa', '/mfa/backup-codes']) {
      const page = await person.htmlGet(path).expect(200);
      expect(page.text, path).to.match(/2 (backup )?codes/i);
    }
    expect(app.events.filter(({ name }) => name === 'backup-codes-low')).to.have.length(1);
  });

  it('runs out: a new one is made before going on', async () => {
    for (const each of codes) await (await new Browser(app).signIn('ada')).answer('backup-codes', each);
    const person = await new Browser(app).signIn('ada');
    const { body } = await person.jsonGet('/mfa');
    expect(body.availableFactors).to.deep.equal(['totp']);
    expect((await person.answer('backup-codes', codes[0])).status).to.equal(422);
    expect((await person.proveTotp(secret)).body.next.step).to.equal('save-backup-codes');
    await person.htmlGet('/account').expect(303).expect('Location', '/mfa/backup-codes');
    expect(await person.saveCodes()).to.have.length(5);
    await person.jsonGet('/account').expect(200);
  });

  it('whose last code let its owner in is renewed with that very proof', async () => {
    for (const each of codes.slice(1)) await (await new Browser(app).signIn('ada')).answer('backup-codes', each);
    const person = await new Browser(app).signIn('ada');
    expect((await person.answer('backup-codes', codes[0])).body.next.step).to.equal('save-backup-codes');
    await person.saveCodes();
    await person.jsonGet('/account').expect(200);
  });

  it('expires: its owner still signs in by the app, and makes a new one', async () => {
    app.clock.advance(365 * 86_400);
    const person = await new Browser(app).signIn('ada');
    expect((await person.jsonGet('/mfa')).body.availableFactors).to.deep.equal(['totp']);
    expect((await person.proveTotp(secret)).body.next.step).to.equal('save-backup-codes');
    await person.saveCodes();
  });
});
