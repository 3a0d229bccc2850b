// The three ways in which an address becomes a factor, in a real browser, by e-mail and by SMS.
import { expect } from 'chai';
import { launchBrowser, onPage } from '../support/browser.js';
import { during } from '../support/during.js';
import { codesApp, known, masks, type CodesApp, type CodesOptions } from '../support/codes.js';
import { addresses, kinds } from '../support/addresses.js';
import { CodesTab } from './codes-tab.js';

const words = {
  email: {
    factor: 'Code by e-mail',
    address: 'E-mail address',
    setUp: 'Set up security codes by e-mail',
    check: 'Check your e-mail',
  },
  sms: {
    factor: 'Code by text message',
    address: 'Mobile number',
    setUp: 'Set up security codes by text message',
    check: 'Check your phone',
  },
};

describe('binding an address in a browser', () => {
  const browser = during(launchBrowser);
  let app: CodesApp;
  let tab: CodesTab;

  afterEach(async () => {
    await tab.close();
    await app.close();
  });

  async function open(options: CodesOptions, scripts = true): Promise<void> {
    app = await codesApp(options);
    tab = await CodesTab.open(browser(), app, { scripts });
  }

  for (const kind of kinds) {
    const { factor, address, setUp, check } = words[kind];

    for (const scripts of [true, false]) {
      it(`verified at sign-up, by ${kind}: bound without a code, then another way is suggested and skipped${scripts ? '' : ', without JavaScript'}`, async () => {
        await open({ people: { ada: known(kind) } }, scripts);
        await tab.host('/signup', 'ada');
        await tab.go('/account');
        expect(await tab.heading()).to.equal('Save your backup codes');
        await tab.saveCodes();
        expect(tab.at, 'before the page asked for').to.equal('/mfa/setup');
        expect(await tab.heading()).to.equal('Add another method');
        expect(await tab.text()).to.include('Two-step verification is on for your account');
        await tab.press('Not now');
        expect(tab.at).to.equal('/account');
        expect(app.codes()).to.have.length(0);
        expect(tab.problems).to.deep.equal([]);
      });
    }

    it(`verified before, by ${kind}: bound when set-up begins, and its code asked for at once`, async () => {
      await open({ people: { ada: known(kind) } });
      await tab.host('/login', 'ada');
      await tab.go('/account');
      expect(await tab.heading()).to.equal('Set up two-step verification');
      await tab.press(factor);
      expect(await tab.heading()).to.equal(setUp);
      expect(await tab.page.getByLabel(onPage(address)).inputValue()).to.equal(addresses[kind]);
      await tab.press('Send code');
      expect(await tab.heading()).to.equal(check);
      expect(await tab.text()).to.include(masks[kind]);
      expect(app.codes()).to.have.length(1);
      await tab.type(/digit security code/, app.lastCode(kind));
      await tab.press('Verify');
      expect(await tab.heading()).to.equal('Save your backup codes');
      await tab.saveCodes();
      expect(await tab.heading()).to.equal('Two-step verification is on');
      await tab.press('Continue');
      expect(tab.at).to.equal('/account');
      expect(tab.problems).to.deep.equal([]);
    });

    it(`not verified, by ${kind}: bound by a code, after a slip of the finger`, async () => {
      await open({});
      await tab.host('/login', 'ada');
      await tab.go(`/mfa/setup/${kind}`);
      await tab.type(address, 'nobody');
      await tab.press('Send code');
      expect(await tab.page.getByLabel(onPage(address)).getAttribute('aria-invalid')).to.equal('true');
      await tab.type(address, addresses[kind]);
      await tab.press('Send code');
      expect(app.codes().map(({ usage, to }) => [usage, to])).to.deep.equal([['BindMFA', addresses[kind]]]);
      await tab.type(/digit security code/, '12345');
      await tab.press('Turn on');
      expect(await tab.text()).to.include('The code has 6 digits; you entered 5.');
      await tab.type(/digit security code/, app.lastCode(kind));
      await tab.press('Turn on');
      expect(await tab.heading()).to.equal('Save your backup codes');
      await tab.saveCodes();
      await tab.go('/account');
      expect(tab.at).to.equal('/account');
      expect(tab.problems).to.deep.equal([]);
    });
  }

  it('confirms a first enrolment of another kind by a code to the known address', async () => {
    await open({ people: { ada: known('email') }, factors: (made) => [made.totp, made.email, made.sms] });
    await tab.host('/login', 'ada');
    await tab.go('/mfa/setup/totp');
    expect(await tab.heading()).to.equal('First, confirm that it is you');
    await tab.press('Send code');
    await tab.type(/digit security code/, app.lastCode('email'));
    await tab.press('Verify');
    expect(tab.at).to.equal('/mfa/setup');
    await tab.press('Authenticator app');
    expect(await tab.heading()).to.equal('Set up your authenticator app');
    expect(tab.problems).to.deep.equal([]);
  });
});
