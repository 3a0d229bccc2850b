// The components of `express-mfa/react` one by one in a real browser, in Strict mode: what they send and when, where the focus goes,
// with parts that an app draws itself.
import { expect } from 'chai';
import { launchBrowser } from '../support/browser.js';
import { boundPerson, type CodesApp } from '../support/codes.js';
import { addresses, wrongFor } from '../support/addresses.js';
import { during } from '../support/during.js';
import { eventually } from '../support/eventually.js';
import { stageApp, StagePerson, type Shown } from './stage.js';
import { testClock } from '../support/app.js';

describe('a component', () => {
  const browser = during(launchBrowser);
  let app: CodesApp;
  let person: StagePerson;

  beforeEach(async () => {
    // Browsers go by the time of the server's answers.
    app = await stageApp({ clock: testClock(Date.now()) });
  });
  afterEach(async () => {
    expect(person.tab.problems.filter((problem) => !/ (400|401|403|422|429) /.test(problem))).to.deep.equal([]);
    await person.close();
    await app.close();
  });

  async function verifyByCode(kind: 'email' | 'sms'): Promise<void> {
    await person.show('verify');
    await person.button('Send code').click();
    const field = person.page.getByLabel('6-digit security code');
    await field.waitFor();
    await field.fill(app.lastCode(kind));
    await person.page.keyboard.press('Enter');
    await eventually(async () => expect(await person.told()).to.have.length(1));
  }

  it('runs by the React that was asked for', async () => {
    person = await StagePerson.open(browser(), app);
    const version = await person.page.evaluate(() => (window as unknown as Shown).stage.version);
    expect(version).to.match(process.env['MFA_TEST_REACT'] === undefined ? /^19\./ : /^18\./);
  });

  for (const kind of ['email', 'sms'] as const) {
    const label = { email: 'E-mail address', sms: 'Mobile number' }[kind];
    const change = { email: 'Change address', sms: 'Change number' }[kind];
    const wrong = { email: 'nobody', sms: '12' }[kind];

    it(`sets codes by ${kind} up: a wrong address, another one, a wrong code, the right one`, async () => {
      person = await StagePerson.open(browser(), app);
      const { page } = person;
      await person.show(kind);
      const address = page.getByLabel(label, { exact: true });
      await address.fill(wrong);
      await address.press('Enter');
      await page.getByRole('alert').waitFor();
      await person.expectFocus('address');
      expect(await address.inputValue()).to.equal(wrong);
      expect(app.codes(kind)).to.have.length(0);
      await address.fill(addresses[kind]);
      await person.button('Send code').click();
      await page.getByText('Not received a code?').waitFor();
      await person.button(change).click();
      expect(await address.inputValue()).to.equal(addresses[kind]);
      app.clock.advance(60);
      await address.press('Enter');
      const code = page.getByLabel('6-digit security code');
      await code.waitFor();
      await eventually(async () => expect(app.codes(kind)).to.have.length(2));
      await code.fill(wrongFor(app.lastCode(kind)));
      await code.press('Enter');
      await page.getByRole('alert').waitFor();
      await person.expectFocus('code');
      await code.fill(app.lastCode(kind));
      await code.press('Enter');
      await eventually(async () =>
        expect(await person.told()).to.have.nested.property('[0].next.step', 'save-backup-codes'),
      );
      const begin = `/mfa/setup/${kind}/begin`;
      const confirm = `/mfa/setup/${kind}`;
      expect(person.sent).to.deep.equal([begin, begin, begin, confirm, confirm]);
    });

    it(`verifies by ${kind}: sends at a press and not before, and another one after a while`, async () => {
      await boundPerson(app, kind);
      const before = app.codes(kind).length;
      person = await StagePerson.open(browser(), app);
      const { page } = person;
      await page.clock.install();
      await person.show('verify');
      await person.button('Send code').waitFor();
      expect(app.codes(kind)).to.have.length(before);
      await person.button('Send code').click();
      await page.getByText('You can ask for a new code in').waitFor();
      expect(await person.button('Send a new code').count()).to.equal(0);
      // The app's clock went ahead while the address was bound.
      app.clock.advance(61);
      await page.clock.runFor(150_000);
      await person.button('Send a new code').click();
      await page.getByText('This is code 2').or(page.getByText('newest')).first().waitFor();
      await page.getByLabel('Trust this browser for 30 days').check();
      await page.getByLabel('6-digit security code').fill(app.lastCode(kind));
      await page.keyboard.press('Enter');
      await eventually(async () => expect(await person.told()).to.have.nested.property('[0].next.step', 'done'));
      expect(app.codes(kind)).to.have.length(before + 2);
      expect(person.sent).to.deep.equal([1, 2].map(() => `/mfa/verify/${kind}/begin`).concat(`/mfa/verify/${kind}`));
    });
  }

  it('renames and removes methods by the keyboard, says what is lost, and gives the focus back', async () => {
    await boundPerson(app, 'email');
    person = await StagePerson.open(browser(), app);
    const { page } = person;
    await verifyByCode('email');
    await person.show('authenticators');
    const rename = page.getByRole('button', { name: /^Rename: / });
    await rename.focus();
    await page.keyboard.press('Enter');
    await person.expectFocus('name');
    await page.keyboard.type('Home');
    await page.keyboard.press('Enter');
    await page.getByText('“Home”').waitFor();
    await person.expectFocus('Remove');
    await page.keyboard.press('Enter');
    await page.getByText('What about the backup codes?').waitFor();
    await page.getByText('You have 5 left').waitFor();
    await person.expectFocus('Keep them');
    for (const _ of [1, 2]) await page.keyboard.press('Tab');
    await person.expectFocus('Cancel');
    await page.keyboard.press('Enter');
    await person.expectFocus('Remove');
    expect(person.sent.filter((path) => path.endsWith('/remove'))).to.deep.equal([]);
  });

  it('fetches the options of a passkey before the press, once, and ends a ceremony that waits', async () => {
    person = await StagePerson.open(browser(), app);
    const { page } = person;
    await person.show('passkey');
    const begin = '/mfa/setup/webauthn/begin';
    const fetched = page.waitForResponse((response) => response.url().endsWith(begin));
    await person.button('Create passkey').focus();
    await fetched;
    expect(person.sent).to.deep.equal([begin]);
    await page.keyboard.press('Enter');
    await eventually(async () => expect(await person.told()).to.have.length(1));
    expect(person.sent).to.deep.equal([begin, '/mfa/setup/webauthn']);

    const ended = await page.evaluate(async () => {
      const { client } = (window as unknown as Shown).stage;
      const asked = { challenge: 'AAAAAAAAAAAAAAAAAAAAAA', rpId: 'localhost' };
      // A sign-in form that waits, and a person who presses a button.
      const waiting = client.passkeys.get(asked, { autofill: true }).catch((error: unknown) => error);
      const pressed = client.passkeys.get(asked);
      return [(await waiting) instanceof DOMException, String(await waiting), (await pressed)['type']];
    });
    expect(ended[0]).to.equal(true);
    expect(ended[1]).to.match(/^AbortError/);
    expect(ended[2]).to.equal('public-key');
  });

  it('is locked after too many wrong codes, says how long, and comes back by itself', async () => {
    await boundPerson(app, 'email');
    person = await StagePerson.open(browser(), app);
    const { page } = person;
    await page.clock.install();
    await person.show('verify');
    await person.button('Send code').click();
    const field = page.getByLabel('6-digit security code');
    await field.waitFor();
    for (let left = 4; left >= 0; left -= 1) {
      await field.fill(wrongFor(app.lastCode('email')));
      await page.keyboard.press('Enter');
      await person.alert(left > 0 ? `You have ${left} attempt` : 'Too many incorrect').waitFor();
    }
    await person.alert('It works again in').waitFor();
    const { locked } = (await (await page.request.get(`${person.url}/mfa`)).json()) as { locked: { email: number } };
    app.clock.advance(locked.email + 1);
    await page.clock.runFor((locked.email + 2) * 1000);
    await field.waitFor();
  });

  it('is made of parts that the app draws, with the focus where it belongs', async () => {
    person = await StagePerson.open(browser(), app);
    const { page } = person;
    await person.show('totp', 'own');
    await page.locator('[data-own=field] input[name=code]').fill('12');
    await page.keyboard.press('Enter');
    await page.locator('[data-own=field] em').first().filter({ hasText: 'too short' }).waitFor();
    await person.expectFocus('code');
    expect(await page.locator('button:not([data-own])').count()).to.equal(0);
    expect(await page.locator('.mfa-button, .mfa-field, .mfa-note').count()).to.equal(0);
  });

  it('is a hook alone: codes are made at a press, confirmed, and gone', async () => {
    await boundPerson(app, 'sms');
    person = await StagePerson.open(browser(), app);
    const { page } = person;
    await verifyByCode('sms');
    await person.show('bare');
    await page.locator('[data-status=idle]').waitFor();
    expect(person.sent.filter((path) => path.includes('backup-codes'))).to.deep.equal([]);
    await person.button('Make').click();
    await page.locator('output:not(:empty)').waitFor();
    await person.button('Confirm').click();
    await page.locator('output:empty').waitFor({ state: 'attached' });
    await page.getByText('5', { exact: true }).waitFor();
    const made = ['/mfa/backup-codes/generate', '/mfa/backup-codes/confirm'];
    expect(person.sent.filter((path) => path.includes('backup-codes'))).to.deep.equal(made);
  });
});
