// Somebody looks for help: what they are told to look for first, whom to ask, and who is not told that they have lost something.
import { expect } from 'chai';
import { memoryStore, supportPass, totp } from '../../src/index.js';
import { Browser } from '../support/agent.js';
import { fewBackupCodes, testApp, type TestAppOptions } from '../support/app.js';

const help = {
  phone: '+44 20 7946 0000',
  hours: 'Monday to Friday, 9 to 17',
  email: 'support@example.com',
  url: 'https://help.example.com/mfa',
  asks: ['the address of your account'],
};
const start = (more: TestAppOptions = {}) =>
  testApp({ factors: [totp(), fewBackupCodes()], store: memoryStore(), ...more });

describe('an error page', () => {
  it('leads on, for whoever has followed a link that nobody knows', async () => {
    const app = await start();
    const page = await new Browser(app).htmlGet('/mfa/object/unknown').expect(404);
    expect(page.text).to.include('<a class="mfa-button " href="/login">');
  });
});

describe('somebody who looks for help', () => {
  it('is told what may still help, whom to ask and what they will ask', async () => {
    const app = await start({ brand: { help } });
    await (await new Browser(app).signIn('ada')).enrollTotp();
    const ada = await new Browser(app).signIn('ada');
    const page = await ada.htmlGet('/mfa/recover').expect(200);
    expect(page.text).to.include('a backup code, on paper').and.not.include('a passkey on another device');
    expect(page.text).to.include('href="/mfa/verify/choose"').and.include('href="tel:+442079460000"');
    expect(page.text)
      .to.include('href="mailto:support@example.com"')
      .and.include('href="https://help.example.com/mfa"');
    expect(page.text).to.include('Monday to Friday, 9 to 17').and.include('<li>the address of your account</li>');
    expect(page.text).to.include('We never ask for your password');
    const list = await ada.htmlGet('/mfa/verify/choose').expect(200);
    expect(list.text).to.include('href="tel:+442079460000"');
  });

  it('is led to a pass from support where the app has it', async () => {
    for (const [more, has] of [
      [[supportPass()], true],
      [[], false],
    ] as const) {
      const app = await testApp({ factors: [totp(), ...more] });
      await (await new Browser(app).signIn('ada')).enrollTotp();
      const page = await (await new Browser(app).signIn('ada')).htmlGet('/mfa/recover').expect(200);
      expect(page.text.includes('href="/mfa/verify/pass"')).to.equal(has);
    }
  });

  it('is told who they are where the app gives no address', async () => {
    const app = await start();
    await (await new Browser(app).signIn('ada')).enrollTotp();
    const page = await (await new Browser(app).signIn('ada')).htmlGet('/mfa/recover').expect(200);
    expect(page.text).to.include('Contact the people who run Acme.');
    const program = await (await new Browser(app).signIn('ada')).jsonGet('/mfa/recover').expect(403);
    expect(program.body.code).to.equal('session.mfa.recovery_required');
  });

  it('is led to their methods when verified, not to the list of a challenge', async () => {
    const app = await start();
    const ada = await new Browser(app).signIn('ada');
    await ada.enrollTotp();
    const page = await ada.htmlGet('/mfa/recover').expect(200);
    expect(page.text).to.match(/<a class="mfa-button mfa-quiet" href="\/mfa">/);
  });

  it('is not told that no method works where there is no two-step verification', async () => {
    const app = await start();
    const ada = await new Browser(app).signIn('ada');
    await ada.htmlGet('/mfa/recover').expect(303).expect('Location', '/mfa');
    const { body } = await ada.jsonGet('/mfa/recover').expect(200);
    expect(body).to.include({ state: 'none' }).and.not.have.property('code');
  });
});
