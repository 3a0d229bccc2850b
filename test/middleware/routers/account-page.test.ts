// What the account page says first, what it says once after a change, and the ways out that lead from it: turning off,
// other browsers, the preferred method, the backup codes.
import { expect } from 'chai';
import { emailCode, outboxSender, totp, webauthn } from '../../../src/index.js';
import { Browser, codeIn, formsOf } from '../../support/agent.js';
import { fewBackupCodes, testApp, type TestApp } from '../../support/app.js';

const statusIn = (html: string) => /role="status">.*?<p>([^<]*)<\/p>/s.exec(html)?.[1]?.replaceAll('\u2060', '');
const headingIn = (html: string) => /<h2 id="state">([^<]*)</.exec(html)?.[1];

describe('the account page', () => {
  let app: TestApp;
  let person: Browser;
  let id: string;

  beforeEach(async () => {
    app = await testApp({ factors: [totp(), webauthn(), fewBackupCodes()] });
    person = await new Browser(app).signIn('ada');
    await person.enrollTotp();
    id = (await person.jsonGet('/mfa')).body.authenticators[0].id as string;
  });

  const page = (path = '/mfa') => person.htmlGet(path).expect(200);

  it('says first whether it is on, and how good that is, with a bar for the codes', async () => {
    const { text } = await page();
    expect(headingIn(text)).to.equal('On · 1 method and backup codes');
    expect(text.match(/<i class="is-on">/g)).to.have.length(5);
    await person.json('/mfa/backup-codes/remove');
    const exposed = (await page()).text;
    expect(headingIn(exposed)).to.equal('On, but one lost phone locks you out');
    expect(exposed).to.include('href="/mfa/setup"').and.include('action="/mfa/backup-codes/generate"');
    expect(exposed).to.include('Lost your phone?').and.include('href="/mfa/recover"');
    const bob = await new Browser(app).signIn('bob');
    expect(headingIn((await bob.htmlGet('/mfa').expect(200)).text)).to.equal('Off');
  });

  it('says what was done, once', async () => {
    for (const [action, fields, said] of [
      ['/rename', { name: 'phone' }, 'The new name is saved.'],
      ['/preferences', { signInStep: 'off' }, 'You are no longer asked to verify at sign-in.'],
      ['/sign-ins/end-others', {}, 'You are signed out everywhere else. No browser is trusted.'],
    ] as const) {
      await person
        .submit(await page(), action, fields)
        .expect(303)
        .expect('Location', '/mfa');
      const first = (await page()).text;
      expect(statusIn(first)).to.equal(said);
      expect(first.match(/role="status"/g)).to.have.length(1);
      expect((await page()).text).not.to.include('role="status"');
    }
  });

  it('says nothing to somebody who was led elsewhere meanwhile, nor for what a program did', async () => {
    await person.json(`/mfa/authenticators/${id}/rename`, { name: 'phone' });
    expect((await page()).text)
      .to.include('value="phone"')
      .and.not.include('role="status"');
    const strict = await testApp({ policy: 'mandatory', factors: [totp()] });
    const bob = await new Browser(strict).signIn('bob');
    await bob.enrollTotp();
    const asked = await bob.submit(await bob.htmlGet('/mfa').expect(200), '/remove').expect(200);
    await bob.submit(asked, '/remove').expect(303).expect('Location', '/mfa/setup');
    const left = (await bob.htmlGet('/mfa').expect(200)).text;
    expect(left).to.include('href="/mfa/setup"').and.not.include('role="status"');
  });

  it('asks before the backup codes go, and says so', async () => {
    const asked = await person.submit(await page('/mfa/backup-codes'), '/remove').expect(200);
    expect(asked.text).to.include('Remove your backup codes?').and.include('5 backup codes are left.');
    expect((await person.jsonGet('/mfa')).body.backupCodes).to.include({ remaining: 5 });
    await person.submit(asked, '/remove').expect(303).expect('Location', '/mfa');
    expect(statusIn((await page()).text)).to.equal('Removed: Backup code.');
  });

  it('tells of the set in one line, and lists only the codes that were used', async () => {
    const before = (await page('/mfa/backup-codes')).text;
    expect(before).to.include('5 of 5 backup codes are left.').and.not.include('<table').and.not.include('Used codes');
    const { codes } = await new Browser(app).signIn('bob').then((bob) => bob.enrollTotp());
    const bob = await new Browser(app).signIn('bob');
    await bob.answer('backup-codes', codes[1]);
    const { text } = await bob.htmlGet('/mfa/backup-codes').expect(200);
    expect(text.match(/<li>Code \d, used on/g)).to.deep.equal(['<li>Code 2, used on']);
  });

  it('turns it off on one page that names what goes', async () => {
    const { text } = await page();
    expect(text).to.include('href="/mfa/turn-off"');
    const asked = await page('/mfa/turn-off');
    expect(asked.text).to.include('<li>Authenticator app').and.include('<li>5 backup codes');
    await person.submit(asked, '/turn-off', { confirmed: '' }).expect(303).expect('Location', '/mfa/turn-off');
    await person.submit(asked, '/turn-off').expect(303).expect('Location', '/mfa');
    const off = (await page()).text;
    expect(statusIn(off)).to.equal('Two-step verification is off.');
    expect(headingIn(off)).to.equal('Off');
    expect(off).not.to.include('/mfa/turn-off');
    await person.htmlGet('/account').expect(200);
    expect(app.notices.map(({ what }) => what)).to.include('turned-off');
  });

  it('turns it off for a program, which confirms too', async () => {
    const unsure = await person.json('/mfa/turn-off');
    expect({ status: unsure.status, code: codeIn(unsure) }).to.deep.equal({ status: 400, code: 'request.invalid' });
    const off = await person.json('/mfa/turn-off', { confirmed: 'yes' });
    expect(off.body).to.deep.equal({ next: { step: 'done', url: '/mfa' } });
    expect((await app.mfa.status('ada'))?.protected).to.equal(false);
    expect((await person.json('/mfa/turn-off', { confirmed: 'yes' })).status).to.equal(404);
  });

  it('turns it off after a fresh proof only, and leads back', async () => {
    const asked = await page('/mfa/turn-off');
    app.clock.advance(601);
    await person.htmlGet('/mfa/turn-off').expect(303).expect('Location', '/mfa/verify');
    await person.submit(asked, '/turn-off').expect(401);
    expect((await app.mfa.status('ada'))?.protected).to.equal(true);
  });

  it('does not offer it where the policy demands a factor', async () => {
    const strict = await testApp({ policy: 'mandatory' });
    const other = await new Browser(strict).signIn('ada');
    await other.enrollTotp();
    expect((await other.htmlGet('/mfa').expect(200)).text).not.to.include('/mfa/turn-off');
    await other.htmlGet('/mfa/turn-off').expect(422);
    const refused = await other.json('/mfa/turn-off', { confirmed: 'yes' });
    expect(codeIn(refused)).to.equal('session.mfa.mfa_policy_not_user_controlled');
  });

  it('removes the last method with or without the codes, as is said, and asks a program too', async () => {
    const unsaid = await person.json(`/mfa/authenticators/${id}/remove`);
    expect(unsaid.body).to.deep.include({ status: 400, code: 'request.invalid' });
    const asked = await person.submit(await page(), `${id}/remove`).expect(200);
    expect(asked.text).to.include('name="keepBackupCodes" value="yes"');
    await person.submit(asked, `${id}/remove`, { keepBackupCodes: 'no' }).expect(303).expect('Location', '/mfa');
    expect(statusIn((await page()).text)).to.equal('Two-step verification is off.');
  });
});

describe('the account page of somebody with two methods', () => {
  let app: TestApp;
  let person: Browser;
  const sender = outboxSender('email');
  const address = 'ada.lovelace@example.com';

  beforeEach(async () => {
    app = await testApp({
      factors: [totp(), emailCode({ sender }), fewBackupCodes()],
      confirmFirstEnrollment: 'open',
      trustBrowser: { days: 30 },
    });
    person = await new Browser(app).signIn('ada');
    await person.enrollTotp();
    await person.json('/mfa/setup/email/begin', { address });
    const [code = ''] = /\d{6}/.exec(sender.messages.at(-1)?.text ?? '') ?? [];
    expect((await person.json('/mfa/setup/email', { code })).status).to.equal(200);
  });

  it('shows their own address in full, on the page and to a program, once they are elevated', async () => {
    expect((await person.htmlGet('/mfa').expect(200)).text).to.include(`<bdi>${address}</bdi>`);
    const told = (await person.jsonGet('/mfa')).body.authenticators as { kind: string; address?: string }[];
    expect(told.map((own) => own.address)).to.deep.equal([undefined, address]);
    const pending = await new Browser(app).signIn('ada');
    expect((await pending.htmlGet('/mfa/verify/choose').expect(200)).text).not.to.include(address);
    expect(JSON.stringify((await pending.jsonGet('/mfa')).body)).not.to.include(address);
  });

  it('lets them choose the method that is asked for first', async () => {
    const { text } = await person.htmlGet('/mfa').expect(200);
    expect(text).to.include('<select id="preferred"');
    const chosen = await person.submit(await person.htmlGet('/mfa'), '/preferences', { preferred: 'totp' });
    expect(chosen.status).to.equal(303);
    expect(statusIn((await person.htmlGet('/mfa')).text)).to.equal('We ask for this method first: Authenticator app.');
    expect((await person.jsonGet('/mfa')).body.preferred).to.equal('totp');
    const again = await new Browser(app).signIn('ada');
    await again.htmlGet('/mfa/verify').expect(303).expect('Location', '/mfa/verify/totp');
    expect((await person.json('/mfa/preferences', { preferred: 'email' })).status).to.equal(200);
    const later = await new Browser(app).signIn('ada');
    await later.htmlGet('/mfa/verify').expect(303).expect('Location', '/mfa/verify/email');
    for (const preferred of ['backup-codes', 'pigeon', 5, ['totp']])
      expect((await person.json('/mfa/preferences', { preferred })).status).to.equal(400);
    expect((await person.json('/mfa/preferences', { preferred: '' })).status).to.equal(200);
  });

  it('marks this browser among the trusted ones, on the page and to a program', async () => {
    const both = [new Browser(app), new Browser(app)];
    app.clock.advance(3600);
    for (const browser of both) {
      await browser.signIn('ada');
      await browser.json('/mfa/verify/email/begin');
      const [code = ''] = /\d{6}/.exec(sender.messages.at(-1)?.text ?? '') ?? [];
      expect((await browser.json('/mfa/verify/email', { code, trustBrowser: 'yes' })).status).to.equal(200);
      app.clock.advance(3600);
    }
    const last = both[1] ?? person;
    const { trustedBrowsers } = (await last.jsonGet('/mfa')).body as { trustedBrowsers: { current?: boolean }[] };
    expect(trustedBrowsers.map(({ current }) => current)).to.deep.equal([undefined, true]);
    const { text } = await last.htmlGet('/mfa').expect(200);
    expect(text.match(/This browser/g)).to.have.length(1);
    expect(formsOf(text).filter(({ action }) => action.endsWith('/revoke'))).to.have.length(2);
  });
});
