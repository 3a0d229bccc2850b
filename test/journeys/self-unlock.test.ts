// Somebody locked out of their app gets it back on the page.
import { expect } from 'chai';
import { totp } from '../../src/index.js';
import { fewBackupCodes, testApp } from '../support/app.js';
import { Browser, code } from '../support/agent.js';

/** Somebody locked out of their app for an hour, in a browser that never passed a factor. */
async function lockedOut(selfUnlock: boolean) {
  const app = await testApp({ factors: [totp(), fewBackupCodes()], lockout: { selfUnlock } });
  const owner = await new Browser(app).signIn('ada');
  const { secret } = await owner.enrollTotp();
  const person = await new Browser(app).signIn('ada');
  for (let wrong = 0; wrong < 12; wrong += 1) {
    await person.answer('totp', '000000');
    if (wrong >= 4 && wrong < 11) {
      app.clock.advance(3600);
      await person.signIn('ada');
    }
  }
  return { app, person, secret };
}

describe('somebody locked out of their app', () => {
  it('regains it on the page, with three codes two minutes apart', async () => {
    const { app, person, secret } = await lockedOut(true);
    const locked = await person.htmlGet('/mfa/verify/totp').expect(200);
    expect(locked.text).to.include('/mfa/verify/totp/unlock');
    for (let right = 0; right < 3; right += 1) {
      const page = await person.htmlGet('/mfa/verify/totp/unlock').expect(200);
      await person.submit(page, '/unlock', { code: code(secret, app.clock) }).expect(200);
      app.clock.advance(121);
    }
    await person.htmlGet('/mfa/verify/totp/unlock').expect(303).expect('Location', '/mfa/verify');
    expect((await person.answer('totp', code(secret, app.clock))).status).to.equal(200);
  });

  it('is told the same of a wrong code, and to wait where the next comes too soon', async () => {
    const { app, person, secret } = await lockedOut(true);
    const wrong = await person.json('/mfa/verify/totp/unlock', { code: '000000' });
    app.clock.advance(121);
    const right = await person.json('/mfa/verify/totp/unlock', { code: code(secret, app.clock) });
    expect([wrong.status, wrong.body]).to.deep.equal([right.status, right.body]);
    const soon = await person.json('/mfa/verify/totp/unlock', { code: code(secret, app.clock, 1) });
    expect(soon.status).to.equal(429);
    expect(soon.headers['retry-after']).to.equal('120');
  });

  it('finds no such way where the app does not offer it', async () => {
    const { person } = await lockedOut(false);
    const page = await person.htmlGet('/mfa/verify/totp').expect(200);
    expect(page.text).not.to.include('/unlock');
    expect((await person.json('/mfa/verify/totp/unlock', { code: '123456' })).status).to.equal(400);
  });
});
