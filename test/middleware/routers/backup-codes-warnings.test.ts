// What people are told of a set that is low or has expired: on every page of the account, and where they look for it.
import { expect } from 'chai';
import { totp, webauthn } from '../../../src/index.js';
import { Browser } from '../../support/agent.js';
import { fewBackupCodes, testApp, type TestApp } from '../../support/app.js';

/** What a page says, without its tags. */
const plain = (html: string) => html.replace(/<[^>]+>/g, '');

const expired = 'Your backup codes expired on January 15, 2028.';

describe('a set of backup codes that has expired', () => {
  let app: TestApp;
  let owner: Browser;

  beforeEach(async () => {
    app = await testApp({ factors: [totp(), fewBackupCodes()] });
    owner = await new Browser(app).signIn('ada');
    await owner.enrollTotp();
  });

  const later = async (days = 366) => {
    app.clock.advance(days * 86_400);
    return new Browser(app).signIn('ada');
  };

  it('is told, with its date, to whoever looks for another way', async () => {
    const person = await later();
    expect((await person.htmlGet('/mfa/verify/totp').expect(200)).text).to.include('href="/mfa/verify/choose"');
    const { text } = await person.htmlGet('/mfa/verify/choose').expect(200);
    expect(plain(text)).to.include(expired);
    expect(text).not.to.include('href="/mfa/backup-codes"');
  });

  it('is told to whoever opens its page', async () => {
    const person = await later();
    await person.htmlGet('/mfa/verify/backup-codes').expect(303).expect('Location', '/mfa/verify/choose');
    await person.htmlGet('/mfa/verify/nothing').expect(303).expect('Location', '/mfa/verify');
  });

  it('is told to whoever has nothing else', async () => {
    const [{ id }] = (await owner.jsonGet('/mfa')).body.authenticators;
    await owner.json(`/mfa/authenticators/${id}/remove`, { keepBackupCodes: 'yes' });
    const person = await later();
    await person.htmlGet('/mfa/verify/backup-codes').expect(303).expect('Location', '/mfa/recover');
    const { text } = await person.htmlGet('/mfa/recover').expect(200);
    expect(plain(text)).to.include(expired);
    expect(text).not.to.include('href="/mfa/backup-codes"');
  });

  it('is not spoken of while it still works, and its number never to whoever owes a factor', async () => {
    const person = await later(364);
    for (const path of ['/mfa/verify/choose', '/mfa/recover']) {
      expect((await person.htmlGet(path).expect(200)).text, path).not.to.match(/expire|5 backup codes/);
    }
  });
});

describe('a backup code that was used', () => {
  let app: TestApp;
  let owner: Browser;
  let codes: string[];
  let secret: string;

  beforeEach(async () => {
    app = await testApp({ factors: [totp(), fewBackupCodes()] });
    owner = await new Browser(app).signIn('ada');
    ({ codes, secret } = await owner.enrollTotp());
  });

  /** Somebody new who gives a code on the page; says where that leads. */
  async function enter(typed: string, path = '/account?tab=1'): Promise<{ person: Browser; location: string }> {
    const person = await new Browser(app).signIn('ada');
    await person.htmlGet(path);
    const page = await person.htmlGet('/mfa/verify/backup-codes').expect(200);
    const answer = await person.submit(page, '/verify/backup-codes', { code: typed }).expect(303);
    return { person, location: answer.headers.location as string };
  }

  const lost = 'href="/mfa/setup">Lost your phone? Set up a new one<';

  it('leads past how many are left, to a new phone or on to the page first asked for', async () => {
    const { person, location } = await enter(codes[0]!);
    expect(location).to.equal('/mfa/backup-codes/used');
    for (const look of ['first', 'loaded again']) {
      const { text } = await person.htmlGet(location).expect(200);
      expect(text, look).to.include('4 of 5 backup codes are left.').and.include('href="/account?tab=1">Continue<');
      expect(text, look).to.include(lost).and.not.include('Make new backup codes');
    }
    await person.jsonGet('/account?tab=1').expect(200);
  });

  it('says besides where new ones are made, when few are left', async () => {
    for (const each of codes.slice(0, 2)) await enter(each);
    const { person } = await enter(codes[2]!);
    const { text } = await person.htmlGet('/mfa/backup-codes/used').expect(200);
    expect(text).to.include('2 of 5 backup codes are left.').and.include(lost);
    expect(text).to.include('href="/mfa/backup-codes">Make new backup codes<');
  });

  it('leads to the start of the app whoever asked for no page', async () => {
    const { person } = await enter(codes[0]!, '/mfa/verify');
    expect((await person.htmlGet('/mfa/backup-codes/used').expect(200)).text).to.include('href="/">Continue<');
  });

  it('leads past the same page after the last one, once the set that is then owed is saved', async () => {
    for (const each of codes.slice(0, 4)) await enter(each);
    const { person, location } = await enter(codes[4]!);
    expect(location).to.equal('/mfa/backup-codes');
    const pending = await person.htmlGet(location).expect(200);
    const saved = await person.submit(pending, '/backup-codes/confirm', { saved: 'yes' }).expect(303);
    expect(saved.headers.location).to.equal('/mfa/backup-codes/used');
    const { text } = await person.htmlGet('/mfa/backup-codes/used').expect(200);
    expect(text).to.include('5 of 5 backup codes are left.').and.include(lost);
  });

  it('is told on every page of the account, until a method is verified', async () => {
    const { person } = await enter(codes[0]!, '/mfa');
    const { text } = await person.htmlGet('/mfa').expect(200);
    expect(text).to.include('You came in with a backup code. You have 4 left.').and.include(lost);
    expect((await person.htmlGet('/mfa/setup/totp').expect(200)).text)
      .to.include('You have 4 left.')
      .and.not.include(lost);
    await person.proveTotp(secret);
    expect((await person.htmlGet('/mfa').expect(200)).text).not.to.include('backup code. You have');
  });

  it('shows that page to nobody else', async () => {
    await owner.htmlGet('/mfa/backup-codes/used').expect(303).expect('Location', '/mfa');
    const pending = await new Browser(app).signIn('ada');
    await pending.htmlGet('/mfa/backup-codes/used').expect(303).expect('Location', '/mfa');
    expect((await pending.jsonGet('/mfa/backup-codes/used')).status).to.equal(403);
  });

  it('leads straight to a page of the account, which says it itself', async () => {
    for (const each of codes.slice(0, 2)) await enter(each);
    app.clock.advance(601);
    expect((await owner.form('/mfa/preferences', { resetPrompts: 'yes' })).status).to.equal(401);
    const page = await owner.htmlGet('/mfa/verify/backup-codes').expect(200);
    const typed = { code: codes[2]! };
    await owner.submit(page, '/verify/backup-codes', typed).expect(303).expect('Location', '/mfa');
    expect((await owner.htmlGet('/mfa').expect(200)).text).to.include('You have 2 backup codes left.');
  });

  it('tells a program what is left, and leads it nowhere else; no other factor tells', async () => {
    for (const [at, each] of codes.slice(0, 3).entries()) {
      const { body } = await (await new Browser(app).signIn('ada')).answer('backup-codes', each);
      expect(body).to.deep.equal({ next: { step: 'done', url: '/' }, backupCodes: { remaining: 4 - at } });
    }
    const { body } = await (await new Browser(app).signIn('ada')).proveTotp(secret);
    expect(body).to.have.all.keys('next');
  });
});

describe('a set of backup codes that is low', () => {
  it('is warned of on every page of the account', async () => {
    const app = await testApp({ factors: [totp(), webauthn(), fewBackupCodes()] });
    const person = await new Browser(app).signIn('ada');
    const { codes } = await person.enrollTotp();
    const [{ id }] = (await person.jsonGet('/mfa')).body.authenticators;
    for (const each of codes.slice(0, 3)) await (await new Browser(app).signIn('ada')).answer('backup-codes', each);
    const pages = ['/mfa', '/mfa/backup-codes', '/mfa/setup', '/mfa/setup/totp', '/mfa/setup/webauthn'];
    const warning = 'You have 2 backup codes left.';
    for (const path of pages) expect((await person.htmlGet(path).expect(200)).text, path).to.include(warning);
    expect((await person.form(`/mfa/authenticators/${id}/remove`)).text).to.include(warning);
  });
});
