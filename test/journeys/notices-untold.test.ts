// The helpdesk resets somebody in an app whose factors send nothing: the person hears of it all the same, at the address that
// the app last said was verified. And what an app is told that can tell nobody.
import { expect } from 'chai';
import { createMfa, outboxSender, totp, type MfaOptions, type Notice, type User } from '../../src/index.js';
import { Browser, code } from '../support/agent.js';
import { appSecret, fewBackupCodes, hostData, testApp, type TestApp, type TestAppOptions } from '../support/app.js';
import { warningsOf } from '../support/warnings.js';

const email = 'ada@example.com';

describe('a reset by the helpdesk', () => {
  const mail = outboxSender('email');
  let app: TestApp;
  let known: Partial<User>;

  async function start(options: TestAppOptions = {}) {
    mail.clear();
    known = { email, emailVerified: true, locale: 'de' };
    app = await testApp({
      factors: [totp(), fewBackupCodes()],
      notify: undefined as never,
      notices: { sender: mail },
      confirmFirstEnrollment: 'open',
      origin: 'https://acme.example',
      user: (req) => {
        const { uid } = hostData(req);
        return uid === undefined ? null : { id: uid as string, label: uid as string, ...known };
      },
      ...options,
    });
    const person = await new Browser(app).signIn('ada');
    const enrolled = await person.enrollTotp();
    return { person, ...enrolled };
  }
  const told = async () => (await app.mfa.settled(), mail.messages);

  it('tells the person where no factor sends anything, in their language, with a page for objecting', async () => {
    await start();
    const before = (await told()).length;
    await app.mfa.reset('ada', { by: 'help desk' });
    const [message] = (await told()).slice(before);
    expect(message).to.include({ to: email, usage: 'Notice', locale: 'de' });
    expect(message!.text).to.include('zurückgesetzt').and.include('https://acme.example/mfa/object/');
  });

  it('tells them at the address that was verified last, though the host has none or another one by now', async () => {
    const { secret } = await start();
    known = { email: 'new@example.com', emailVerified: true };
    app.clock.advance(60);
    const again = await new Browser(app).signIn('ada');
    expect((await again.answer('totp', code(secret, app.clock))).status).to.equal(200);
    known = { email: 'thief@example.com', emailVerified: false };
    app.clock.advance(60);
    const later = await new Browser(app).signIn('ada');
    expect((await later.answer('totp', code(secret, app.clock))).status).to.equal(200);
    const before = (await told()).length;
    await app.mfa.reset('ada', { by: 'help desk' });
    expect((await told()).slice(before).map(({ to }) => to)).to.deep.equal(['new@example.com']);
  });

  it('keeps that address sealed, and none of somebody without a second factor', async () => {
    await start();
    const { record } = await app.mfa.config.store.load('ada');
    expect(JSON.stringify(record)).to.not.include(email).and.not.include('ada@');
    expect(record!.addresses).to.have.all.keys('sealed');
    const other = await new Browser(app).signIn('bob');
    await other.json('/mfa/setup/skip');
    expect((await app.mfa.config.store.load('bob')).record?.addresses).to.equal(undefined);
  });

  it('is told of once: one notice of one enrolment, one of a recovery, one of the question at sign-in', async () => {
    const { person } = await start({ elevationMaxAgeSeconds: 86_400 });
    const whats = async () => (await told()).map(({ text }) => text.split('\n')[0]);
    expect(await whats()).to.deep.equal([
      'Ihrer Bestätigung in zwei Schritten wurde eine Methode hinzugefügt: Authenticator-App.',
    ]);
    for (const signInStep of ['off', 'off', 'on']) {
      expect((await person.json('/mfa/preferences', { signInStep })).status).to.equal(200);
    }
    expect((await whats()).slice(1)).to.deep.equal([
      'Die Anmeldung bei Ihrem Konto verlangt keine Bestätigung in zwei Schritten mehr: Das Passwort genügt.',
    ]);
  });

  it('and a sender of notices is refused beside `notify`, which takes all of them over', () => {
    const options = { appName: 'Acme', secrets: [appSecret], factors: [totp()], user: () => null };
    expect(() => createMfa({ ...options, notify: () => undefined, notices: { sender: mail } })).to.throw(
      /one of the two/,
    );
    expect(() => createMfa({ ...options, notices: { sender: outboxSender('sms') } })).to.throw(/channel/);
  });
});

describe('a recovery', () => {
  it('is told of as one, and not as an addition', async () => {
    const notices: Notice[] = [];
    const app = await testApp({
      factors: [totp(), fewBackupCodes()],
      notify: (notice) => void notices.push(notice),
    });
    const person = await new Browser(app).signIn('ada');
    const { codes } = await person.enrollTotp();
    const [{ id }] = (await person.jsonGet('/mfa')).body.authenticators;
    await person.json(`/mfa/authenticators/${id}/remove`, { keepBackupCodes: 'yes' });
    await app.mfa.settled();
    notices.length = 0;
    const back = await new Browser(app).signIn('ada');
    expect((await back.answer('backup-codes', codes[0])).status).to.equal(200);
    await back.enrollTotp();
    await app.mfa.settled();
    expect(notices.map(({ what }) => what)).to.deep.equal(['backup-code-used', 'recovery']);
    expect(notices[1]).to.include({ kind: 'totp' });
  });
});

describe('an app that can tell nobody', () => {
  const options = { appName: 'Acme', secrets: [appSecret], factors: [totp()], user: () => null };

  it('hears so at start-up, and none that can', async () => {
    const saysSo = async (more: Partial<MfaOptions>) =>
      (await warningsOf(() => createMfa({ ...options, ...more }))).some(
        ({ code }) => code === 'express-mfa.nobody_is_told',
      );
    expect(await saysSo({})).to.equal(true);
    expect(await saysSo({ notify: () => undefined })).to.equal(false);
    expect(await saysSo({ notices: { sender: outboxSender('email') } })).to.equal(false);
  });
});
