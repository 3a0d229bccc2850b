// Every screen of the single-page app, in four languages: axe, layout and targets at 360 px, and in English also at 1280 px and in dark.
// A screenshot of each is kept.
import { expect } from 'chai';
import type { MessagesAnswer } from '../../src/client/index.js';
import { keepScreenshot, launchBrowser } from '../support/browser.js';
import { during } from '../support/during.js';
import { axeFindings, bringAxe, layoutFindings } from './page-checks.js';
import { backToRealTime, letPass } from './person.js';
import { openPerson, startSpa, unexpected } from './spa.js';

const looks = {
  narrow: { width: 360, height: 740, colorScheme: 'light' },
  wide: { width: 1280, height: 800, colorScheme: 'light' },
  dark: { width: 360, height: 740, colorScheme: 'dark' },
} as const;

describe('the screens of the single-page app', () => {
  const browser = during(launchBrowser);
  const example = during(startSpa);
  afterEach(backToRealTime);

  for (const lang of ['en', 'de', 'fr', 'it']) {
    it(`are sound and speak ${lang}`, async () => {
      const wanted = lang === 'en' ? (['narrow', 'wide', 'dark'] as const) : (['narrow'] as const);
      const { messages } = (await (await fetch(`${example().url}/mfa/messages/${lang}`)).json()) as MessagesAnswer;
      const t = (key: string) => messages[key]!;
      const person = await openPerson(browser(), example().url);
      const { page } = person;
      await bringAxe(person.tab.context);
      const found: string[] = [];
      const look = async (screen: string) => {
        for (const name of wanted) {
          const { width, height, colorScheme } = looks[name];
          await page.setViewportSize({ width, height });
          await page.emulateMedia({ colorScheme });
          const findings = [...(await axeFindings(page)), ...(await layoutFindings(page))];
          found.push(...findings.map((finding) => `${screen}, ${name}: ${finding}`));
          await keepScreenshot(page, `spa-${lang}-${screen}-${name}`);
        }
      };
      const press = (key: string) => person.button(t(key)).click();
      const refused = async (key: string) => {
        await page
          .getByRole('alert')
          .filter({ hasText: t(key) })
          .waitFor();
      };

      await person.open(`?lang=${lang}`);
      await page.locator(`html[lang=${lang}]`).waitFor();
      await look('sign-in');
      await person.enter('Sign up');
      await person.button(t('factor.totp.name')).waitFor();
      await look('nothing-set-up');
      await press('factor.totp.name');
      await person.readKey();
      await page.locator('.mfa-set-up summary').click();
      await look('app');
      await person.type('12ab');
      await page.getByRole('alert').waitFor();
      await look('app-refused');
      await person.type(await person.freshCode());
      await page.getByRole('heading', { name: t('title.backup-codes.pending') }).waitFor();
      await look('codes');
      await page.locator('.mfa-pending-codes button[type=submit]').click();
      await refused('hint.backup.not_saved');
      await page.locator('input[name=saved]').check();
      await page.locator('.mfa-pending-codes button[type=submit]').click();
      await page.locator('.mfa-authenticators li').waitFor();
      await page.getByRole('button', { name: `${t('manage.rename')}: ` }).click();
      await look('rename');
      await press('page.cancel');
      await page.getByRole('button', { name: `${t('manage.remove')}: ` }).click();
      await page.getByText(t('remove.keep_no_hint')).waitFor();
      await look('remove');
      await press('page.cancel');
      await press('manage.backup_codes');
      await person.button(t('codes.generate_new')).waitFor();
      await press('codes.remove');
      await look('codes-status');
      await press('page.cancel');
      await press('factor.email.name');
      await look('address');
      await page.getByLabel(t('setup.email.address'), { exact: true }).fill('no address');
      await press('send.button');
      // A refusal by the server speaks the language of the components.
      await refused('hint.email.invalid');
      await page.getByLabel(t('setup.email.address'), { exact: true }).fill('home@example.com');
      await press('send.button');
      await person.button(t('setup.email.change')).waitFor();
      await look('address-code');
      await press('factor.webauthn.name');
      await look('passkey');

      letPass(301);
      await person.button('Transfer').click();
      await page.getByRole('dialog').waitFor();
      await look('step-up');
      await press('page.cancel');
      await press('page.sign_out');
      await person.enter('Sign in');
      await page.locator('.mfa-another-way summary').click();
      await look('verify');

      expect(found).to.deep.equal([]);
      expect(unexpected(person)).to.deep.equal([]);
      await person.tab.context.close();
    });
  }
});
