// Somebody entered too many wrong codes: what the owner of the account, or a program, is told before anything is typed.
import { expect } from 'chai';
import { memoryStore, totp } from '../../src/index.js';
import { Browser, code, wrongCode } from '../support/agent.js';
import { fewBackupCodes, testApp, type TestApp } from '../support/app.js';
import { boundPerson, codesApp, type CodesApp } from '../support/codes.js';
import { kinds } from '../support/addresses.js';

describe('somebody who is locked', () => {
  let app: TestApp;
  let secret: string;

  beforeEach(async () => {
    app = await testApp({ factors: [totp(), fewBackupCodes()], store: memoryStore(), trustBrowser: { days: 30 } });
    ({ secret } = await (await new Browser(app).signIn('ada')).enrollTotp());
    app.clock.advance(60);
  });

  async function lock(times = 5): Promise<void> {
    const guesser = await new Browser(app).signIn('ada');
    for (let tries = 0; tries < times; tries += 1) await guesser.answer('totp', wrongCode(secret, app.clock));
  }

  it('sees it on the page and in the list of methods before typing, and goes on when it is over', async () => {
    await lock();
    const ada = await new Browser(app).signIn('ada');
    const page = await ada.htmlGet('/mfa/verify/totp').expect(200);
    expect(page.text)
      .to.include('data-mfa-wait="30"')
      .and.match(/<input id="code"[^>]* disabled/);
    expect(page.text).to.not.include('<title>Error');
    const list = await ada.htmlGet('/mfa/verify/choose').expect(200);
    expect(list.text).to.include('data-mfa-url="/mfa/verify/totp"').and.include('href="/mfa/verify/backup-codes"');
    app.clock.advance(30);
    const open = await ada.htmlGet('/mfa/verify/totp').expect(200);
    expect(open.text).to.not.include('id="lock"').and.not.include(' disabled');
    await ada.submit(open, '/verify/totp', { code: code(secret, app.clock) }).expect(303);
  });

  it('sees it again with the answer that came too early, and is told in the title', async () => {
    await lock();
    const ada = await new Browser(app).signIn('ada');
    const page = await ada.form('/mfa/verify/totp', { code: '123456', trustBrowser: 'yes' });
    expect(page.status).to.equal(429);
    expect(page.text).to.include('<title>Error: ').and.include('id="lock"').and.not.include('mfa-summary');
  });

  it('keeps the tick that was set when an answer is refused, and has none that was not', async () => {
    const ada = await new Browser(app).signIn('ada');
    const ticked = await ada.form('/mfa/verify/totp', { code: '12345', trustBrowser: 'yes' });
    expect(ticked.text).to.match(/name="trustBrowser" value="yes" checked/);
    const not = await ada.form('/mfa/verify/totp', { code: '12345' });
    expect(not.text).to.include('name="trustBrowser"').and.not.include(' checked');
  });

  it('is told as a program what waits, and for how long; of a closed lane, that waiting does not help', async () => {
    const program = await new Browser(app).signIn('ada');
    expect((await program.jsonGet('/mfa')).body).to.not.have.property('locked');
    await lock();
    expect((await program.jsonGet('/mfa')).body.locked).to.deep.equal({ totp: 30 });
    const toldNow = async () => (await (await new Browser(app).signIn('ada')).jsonGet('/mfa')).body.locked?.totp;
    for (; (await toldNow()) !== null; app.clock.advance(3600)) await lock(1);
    const page = await (await new Browser(app).signIn('ada')).htmlGet('/mfa/verify/totp').expect(200);
    expect(page.text).to.include('Verification is closed in this browser').and.not.include('data-mfa-wait');
  });

  for (const kind of kinds) {
    it(`is sent no code by ${kind} by opening the page, and is when the wait is over`, async () => {
      const codes: CodesApp = await codesApp({ store: memoryStore(), confirmFirstEnrollment: 'open' });
      await boundPerson(codes, kind);
      const guesser = await new Browser(codes).signIn('ada');
      await guesser.htmlGet(`/mfa/verify/${kind}`).expect(200);
      for (let tries = 0; tries < 5; tries += 1) await guesser.answer(kind, '000000');
      const { length } = codes.codes(kind);
      const locked = (await guesser.jsonGet('/mfa')).body.locked;
      expect(locked).to.deep.equal({ [kind]: 30 });
      const fresh = await new Browser(codes).signIn('ada');
      await fresh.htmlGet(`/mfa/verify/${kind}`).expect(200);
      expect(codes.codes(kind)).to.have.length(length);
      codes.clock.advance(60);
      await fresh.htmlGet(`/mfa/verify/${kind}`).expect(200);
      expect(codes.codes(kind)).to.have.length(length + 1);
    });
  }
});
