// Components that are taken away in the middle of each of their requests: nothing is said on the console, nothing is sent after it,
// no code is used twice and none stays behind; and whoever's sign-in was renewed by it is not signed out.
import { expect } from 'chai';
import { launchBrowser } from '../support/browser.js';
import { boundPerson, type CodesApp } from '../support/codes.js';
import { addresses } from '../support/addresses.js';
import { during } from '../support/during.js';
import { eventually } from '../support/eventually.js';
import { testClock } from '../support/app.js';
import { stageApp, StagePerson } from './stage.js';

type Act = (person: StagePerson, app: CodesApp) => Promise<void>;

/** Has codes on the screen. */
const make: Act = async (person) => {
  const codes = person.page.locator('.mfa-codes');
  const button = person.button('Make new backup codes');
  await codes.or(button).first().waitFor();
  if ((await codes.count()) === 0) await button.click();
  await codes.waitFor();
};
const nothing: Act = () => Promise.resolve();
const send: Act = (person) => person.button('Send code').click();
const press =
  (name: string): Act =>
  (person) =>
    person.button(name).click();

/** Component, the request that is held, what comes before it, and what sends it. */
const moments: [string, string, Act, Act][] = [
  ['authenticators', 'GET /mfa', nothing, nothing],
  ['authenticators', 'GET /mfa/messages/en', nothing, nothing],
  ['totp', 'GET /mfa/setup/totp', nothing, nothing],
  [
    'totp',
    'POST /mfa/setup/totp',
    nothing,
    async ({ page }) => {
      await page.locator('input[name=code]').fill('123456');
      await page.keyboard.press('Enter');
    },
  ],
  [
    'sms',
    'POST /mfa/setup/sms/begin',
    nothing,
    async (person, app) => {
      await person.page.locator('input[name=address]').fill(addresses.sms);
      await send(person, app);
    },
  ],
  ['passkey', 'POST /mfa/setup/webauthn/begin', nothing, press('Create passkey')],
  ['passkey', 'POST /mfa/setup/webauthn', nothing, press('Create passkey')],
  ['codes', 'GET /mfa/backup-codes', nothing, nothing],
  ['codes', 'POST /mfa/backup-codes/generate', nothing, press('Make new backup codes')],
  ['codes', 'POST /mfa/backup-codes/download', make, press('Download')],
  ['codes', 'POST /mfa/backup-codes/extend', make, press('Give me ten more minutes')],
  [
    'codes',
    'POST /mfa/backup-codes/confirm',
    nothing,
    async (person) => {
      await person.page.locator('input[name=saved]').check();
      await person.button('Finish').click();
    },
  ],
  [
    'authenticators',
    'POST /rename',
    nothing,
    async ({ page }) => {
      await page
        .getByRole('button', { name: /^Rename: / })
        .first()
        .click();
      await page.keyboard.press('Enter');
    },
  ],
  ['verify', 'POST /mfa/verify/email/begin', nothing, send],
  [
    'verify',
    'POST /mfa/verify/email',
    nothing,
    async (person, app) => {
      await send(person, app);
      await person.page.locator('input[name=code]').waitFor();
      await person.page.locator('input[name=code]').fill(app.lastCode('email'));
      await person.page.keyboard.press('Enter');
    },
  ],
];

describe('a component that goes in the middle of its request', () => {
  const browser = during(launchBrowser);

  it('leaves nothing behind, and does nothing twice', async () => {
    const app = await stageApp({ clock: testClock(Date.now()) });
    await boundPerson(app, 'email');
    const person = await StagePerson.open(browser(), app);
    const { page } = person;
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    let codes: string[] = [];
    const seen = () => page.locator('.mfa-codes code').allInnerTexts();
    await person.show('verify');
    await send(person, app);
    await page.locator('input[name=code]').waitFor();
    await page.locator('input[name=code]').fill(app.lastCode('email'));
    await page.keyboard.press('Enter');
    await eventually(async () => expect(await person.told()).to.have.length(1));

    for (const [name, held, prepare, act] of moments) {
      const [method, path = ''] = held.split(' ');
      // Another code can be had only after a while.
      if (/sms|verify/.test(path)) app.clock.advance(61);
      await person.show(name);
      let release: () => void = () => undefined;
      const free = new Promise<void>((resolve) => (release = resolve));
      const times = { asked: 0 };
      const pattern = (url: URL) => url.pathname.endsWith(path) && (path !== '/mfa' || url.pathname === path);
      const isReading = method === 'GET';
      if (!isReading) await prepare(person, app);
      await page.route(pattern, async (route) => {
        if (route.request().method() !== method) return route.continue();
        times.asked += 1;
        await free;
        await route.continue().catch(() => undefined);
      });
      // What is read when it is there, is read by another one.
      if (isReading) await person.show(name);
      await act(person, app);
      await eventually(async () => expect(times.asked, held).to.be.greaterThan(0));
      codes = [...codes, ...(await seen())];
      await person.leave();
      const sent = person.sent.length;
      const answered = isReading || page.waitForResponse((answer) => pattern(new URL(answer.url())));
      release();
      await answered;
      await page.unrouteAll({ behavior: 'wait' });
      // Whatever comes of it would have come by the time of an answer to something asked later.
      expect(await page.evaluate(() => fetch('/mfa').then(({ status }) => status)), held).to.equal(200);
      expect(person.sent.length, held).to.equal(sent);
      if (!isReading) expect(times.asked, held).to.equal(1);
    }

    expect(await person.told()).to.have.length(1);
    const left = await page.evaluate(
      () => document.documentElement.outerHTML + JSON.stringify([localStorage, sessionStorage, location]),
    );
    expect(codes).to.have.length.greaterThan(4);
    expect(codes.filter((code) => `${left} ${said.join(' ')}`.includes(code))).to.deep.equal([]);
    expect(said.filter((line) => !line.includes('React DevTools') && !line.startsWith('Failed to load'))).to.deep.equal(
      [],
    );
    expect(person.tab.problems.filter((problem) => !/ (400|403|409|422|429) /.test(problem))).to.deep.equal([]);
    await person.close();
    await app.close();
  });
});
