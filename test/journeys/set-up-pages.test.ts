// What somebody is told on their way through a set-up: how far they are, what is best, where a code goes; and how an
// address that was mistyped is mended. A page that takes only a passkey says so.
import { expect } from 'chai';
import { requireMfa, totp, webauthn, type Policy } from '../../src/index.js';
import { Browser, code, codeIn } from '../support/agent.js';
import { fewBackupCodes, testApp } from '../support/app.js';
import { codesApp, known, masks, signIn, signUp } from '../support/codes.js';
import { addresses, kinds, otherAddresses } from '../support/addresses.js';

const plain = (html: string) => html.replaceAll('\u2060', '');
const stepIn = (html: string) => /<p class="mfa-step"><span>([^<]*)</.exec(html)?.[1];
const titleIn = (html: string) => /<h1>([^<]*)</.exec(html)?.[1];

describe('somebody who sets up their first method', () => {
  it('is told how far they are, from the list to the end', async () => {
    const app = await testApp({ factors: [webauthn(), totp(), fewBackupCodes()] });
    const person = await new Browser(app).signIn('ada');
    const list = await person.htmlGet('/mfa/setup').expect(200);
    expect(stepIn(list.text)).to.equal('Step 1 of 3');
    expect(list.text.match(/Recommended/g)).to.have.length(1);
    // Each with a picture, and a sentence on what it is good for.
    expect(list.text.match(/class="mfa-choice"[^>]*><span class="mfa-tile"><svg/g)).to.have.length(2);
    expect(plain(list.text)).to.include('safe from fake sign-in pages').and.include('even without a network');
    expect(list.text.indexOf('Recommended')).to.be.below(list.text.indexOf('/mfa/setup/totp'));
    const page = await person.htmlGet('/mfa/setup/totp').expect(200);
    expect(stepIn(page.text)).to.equal('Step 2 of 3');
    const secret = /([A-Z2-7]{4} ){7}[A-Z2-7]{4}/.exec(page.text)?.[0].replaceAll(' ', '') ?? '';
    await person.submit(page, '/setup/totp', { code: code(secret, app.clock) }).expect(303);
    const codes = await person.htmlGet('/mfa/backup-codes').expect(200);
    expect(stepIn(codes.text)).to.equal('Step 3 of 3');
    await person.submit(codes, '/confirm', { saved: 'yes' }).expect(303).expect('Location', '/mfa/setup/done');
    const done = plain((await person.htmlGet('/mfa/setup/done').expect(200)).text);
    expect(titleIn(done)).to.equal('Two-step verification is on');
    expect(done).to.include('Next time you sign in, we also ask for this: Authenticator app.');
    expect(done).to.include('Set up: Authenticator app').and.include('5 backup codes are saved');
    expect(done).to.include('href="/mfa/setup/webauthn"');
    // Whoever adds one later is on no way of three steps.
    expect(stepIn((await person.htmlGet('/mfa/setup').expect(200)).text)).to.equal(undefined);
  });

  it('is warned at the end where one lost phone locks them out', async () => {
    const app = await testApp({ factors: [webauthn(), totp()] });
    const person = await new Browser(app).signIn('ada');
    const page = await person.htmlGet('/mfa/setup/totp').expect(200);
    expect(stepIn(page.text)).to.equal('Step 2 of 2');
    const secret = /([A-Z2-7]{4} ){7}[A-Z2-7]{4}/.exec(page.text)?.[0].replaceAll(' ', '') ?? '';
    await person
      .submit(page, '/setup/totp', { code: code(secret, app.clock) })
      .expect(303)
      .expect('Location', '/mfa/setup/done');
    expect((await person.htmlGet('/mfa/setup/done')).text).to.include('If you lose your phone, you are locked out.');
  });
});

for (const kind of kinds) {
  describe(`an address for codes by ${kind} that is typed`, () => {
    it('is shown in full, gets the new code too, and is mended where it was mistyped', async () => {
      const app = await codesApp({ people: { ada: known(kind) }, confirmFirstEnrollment: 'open' });
      const person = await signIn(app, 'ada');
      const page = await person.htmlGet(`/mfa/setup/${kind}`).expect(200);
      const bad = await person.submit(page, '/begin', { address: 'nonsense @' }).expect(400);
      expect(bad.text).to.include('value="nonsense @"').and.include('aria-invalid');

      await person.submit(bad, '/begin', { address: otherAddresses[kind] }).expect(303);
      const asked = await person.htmlGet(`/mfa/setup/${kind}`).expect(200);
      expect(asked.text).to.include(otherAddresses[kind]).and.not.include(addresses[kind]);
      app.clock.advance(31);
      await person.submit(asked, '/begin').expect(303);
      expect(app.codes().map(({ to }) => to)).to.deep.equal([otherAddresses[kind], otherAddresses[kind]]);

      const change = await person.htmlGet(`/mfa/setup/${kind}?change=yes`).expect(200);
      expect(change.text).to.include(`value="${otherAddresses[kind]}"`).and.not.include('name="code"');
      const wrong = await person.submit(change, '/begin', { address: 'still wrong @' }).expect(400);
      expect(wrong.text).to.include('value="still wrong @"').and.not.include('name="code"');
      // The code that was sent is still good for whoever goes back to it.
      const back = await person.htmlGet(`/mfa/setup/${kind}`).expect(200);
      await person.submit(back, `/setup/${kind}`, { code: app.lastCode(kind) }).expect(303);
    });
  });

  describe(`a code by ${kind} before a first method`, () => {
    it('says where it will go, masked, before it is sent; to a program as well', async () => {
      const app = await codesApp({ people: { ada: known(kind) } });
      const person = await signIn(app, 'ada');
      const page = await person.htmlGet('/mfa/setup/confirm').expect(200);
      expect(app.codes()).to.have.length(0);
      expect(page.text).to.include(masks[kind]).and.not.include(addresses[kind]);
      expect(stepIn(page.text)).to.equal('Step 1 of 3');
      expect((await person.jsonGet('/mfa/setup/confirm').expect(200)).body).to.deep.equal({
        via: kind,
        masked: masks[kind],
      });
    });
  });
}

describe('a page that takes only a passkey', () => {
  it('says so to whoever has none, offers nothing else, and lets go of it at the account page', async () => {
    const app = await testApp({
      factors: [totp(), webauthn(), fewBackupCodes()],
      host: {
        routes: (server, mfa) =>
          void server.get(
            '/passkey-only',
            requireMfa(mfa, { factors: ['webauthn'] }),
            (_req, res) => void res.send('in'),
          ),
      },
    });
    const person = await new Browser(app).signIn('ada');
    await person.enrollTotp();
    await person.htmlGet('/passkey-only').expect(303).expect('Location', '/mfa/setup');
    const { text } = await person.htmlGet('/mfa/setup').expect(200);
    expect(titleIn(text)).to.equal('Add a passkey to go on');
    expect(text).to.include('href="/mfa/setup/webauthn"').and.not.include('href="/mfa/setup/totp"');
    expect(text).to.include('Your other methods do not count there.');
    const refused = await person.jsonGet('/passkey-only').expect(403);
    expect(codeIn(refused)).to.equal('user.missing_mfa');
    expect(refused.body).to.deep.include({ url: '/mfa/setup', stepUp: { why: 'kind', factors: ['webauthn'] } });
    await person.htmlGet('/mfa').expect(200);
    expect((await person.htmlGet('/mfa/setup').expect(200)).text).to.include('href="/mfa/setup/totp"');
  });

  it('is where whoever sets one of its kinds up comes out, in spite of another one in between', async () => {
    const app = await codesApp({
      people: { ada: known('email') },
      factors: (made) => [made.totp, made.email, made.sms, made.backupCodes],
      host: {
        routes: (server, mfa) =>
          void server.get('/app-only', requireMfa(mfa, { factors: ['totp'] }), (_req, res) => void res.send('in')),
      },
    });
    const person = await signUp(app, 'ada');
    await person.saveCodes();
    await person.json('/mfa/setup/skip');
    await person.htmlGet('/app-only?from=menu').expect(303).expect('Location', '/mfa/setup');
    expect(titleIn((await person.htmlGet('/mfa/setup').expect(200)).text)).to.equal('Add a method to go on');
    const other = await person.htmlGet('/mfa/setup/sms').expect(200);
    await person.submit(other, '/begin', { address: otherAddresses.sms }).expect(303);
    const asked = await person.htmlGet('/mfa/setup/sms').expect(200);
    const sms = await person.submit(asked, '/setup/sms', { code: app.lastCode('sms') }).expect(303);
    // The way back that every page keeps is used up now; the page still has not got what it takes.
    expect(sms.headers.location).to.equal('/app-only?from=menu');

    const page = await person.htmlGet('/mfa/setup/totp').expect(200);
    const secret = /([A-Z2-7]{4} ){7}[A-Z2-7]{4}/.exec(page.text)?.[0].replaceAll(' ', '') ?? '';
    const done = await person.submit(page, '/setup/totp', { code: code(secret, app.clock) }).expect(303);
    expect(done.headers.location).to.equal('/app-only?from=menu');
    await person.htmlGet('/app-only?from=menu').expect(200);
  });
});

describe('a set-up that was begun', () => {
  it('is to be finished: on the account page, where the app stops, and on its last page', async () => {
    const app = await testApp({ factors: [totp(), fewBackupCodes()] });
    const person = await new Browser(app).signIn('ada');
    expect(plain((await person.htmlGet('/mfa').expect(200)).text)).to.not.include('Finish set-up');
    const page = await person.htmlGet('/mfa/setup/totp').expect(200);
    const secret = /([A-Z2-7]{4} ){7}[A-Z2-7]{4}/.exec(page.text)?.[0].replaceAll(' ', '') ?? '';
    await person.submit(page, '/setup/totp', { code: code(secret, app.clock) }).expect(303);
    const account = plain((await person.htmlGet('/mfa').expect(200)).text);
    expect(account).to.include('href="/mfa/backup-codes">Finish set-up<').and.not.include('Make backup codes');
    const stopped = await person.post('/account').expect(403);
    expect(plain(stopped.text)).to.include('<h1>Finish set-up first<');
    expect(plain(stopped.text)).to.include('href="/mfa/backup-codes">Finish set-up<');
    const codes = await person.htmlGet('/mfa/backup-codes').expect(200);
    expect(plain(codes.text)).to.include('<button>Finish set-up<');
    await person.submit(codes, '/confirm', { saved: 'yes' }).expect(303);
    expect(plain((await person.htmlGet('/mfa').expect(200)).text)).to.not.include('Finish set-up');
    const renewed = await person.form('/mfa/backup-codes/generate').then(() => person.htmlGet('/mfa/backup-codes'));
    expect(plain(renewed.text)).to.include('<button>Finish<').and.not.include('Finish set-up');
  });

  it('is one as soon as a first enrolment was confirmed by a code', async () => {
    const app = await codesApp({
      people: { ada: known('email') },
      factors: (made) => [made.totp, made.email, made.backupCodes],
    });
    const person = await signIn(app, 'ada');
    expect(plain((await person.htmlGet('/mfa').expect(200)).text)).to.not.include('Finish set-up');
    await person.json('/mfa/setup/confirm/begin');
    expect((await person.json('/mfa/setup/confirm', { code: app.lastCode('email') })).status).to.equal(200);
    const account = plain((await person.htmlGet('/mfa').expect(200)).text);
    expect(account).to.include('href="/mfa/setup">Finish set-up<');
  });
});

describe('the page before a first method', () => {
  const pageUnder = async (policy: Policy) => {
    const app = await codesApp({ people: { ada: known('email') }, policy });
    const person = await signIn(app, 'ada');
    return (await person.htmlGet('/mfa/setup/confirm').expect(200)).text;
  };

  it('leads out again, to the list that can be skipped or to the account page', async () => {
    const suggested = await pageUnder('prompt-at-sign-in-and-sign-up');
    expect(suggested).to.include('href="/mfa/setup">Cancel<').and.include('I can’t use this');
    expect(await pageUnder('no-prompt')).to.include('href="/mfa">Cancel<');
  });

  it('leads nowhere past a set-up that is demanded, and tells where help is', async () => {
    const text = await pageUnder('mandatory');
    expect(text).to.include('I can’t use this').and.include('Sign out').and.not.include('>Cancel<');
  });
});
