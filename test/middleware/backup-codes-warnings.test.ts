// What people are told of a set that is low or has expired: on every page of the account, and where they look for it.
import { expect } from 'chai';
import { totp, webauthn } from '../../src/index.js';
import { Browser } from '../support/agent.js';
import { fewBackupCodes, testApp, type TestApp } from '../support/app.js';

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
    expect(text).to.include(expired).and.not.include('href="/mfa/backup-codes"');
  });

  it('is told to whoever opens its page', async () => {
    const person = await later();
    await person.htmlGet('/mfa/verify/backup-codes').expect(303).expect('Location', '/mfa/verify/choose');
    await person.htmlGet('/mfa/verify/nothing').expect(303).expect('Location', '/mfa/verify');
  });

  it('is told to whoever has nothing else', async () => {
    const [{ id }] = (await owner.jsonGet('/mfa')).body.authenticators;
    await owner.json(`/mfa/authenticators/${id}/remove`);
    const person = await later();
    await person.htmlGet('/mfa/verify/backup-codes').expect(303).expect('Location', '/mfa/recover');
    const { text } = await person.htmlGet('/mfa/recover').expect(200);
    expect(text).to.include(expired).and.not.include('href="/mfa/backup-codes"');
  });

  it('is not spoken of while it still works, and its number never to whoever owes a factor', async () => {
    const person = await later(364);
    for (const path of ['/mfa/verify/choose', '/mfa/recover']) {
      expect((await person.htmlGet(path).expect(200)).text, path).not.to.match(/expire|5 backup codes/);
    }
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
