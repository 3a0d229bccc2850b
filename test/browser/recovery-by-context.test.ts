// A backup code far from home, in a real browser with real mail, in each language: confirmed by a code, confirmed and held, or
// nothing before an administrator approves. Each page is looked at as it comes.
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { emailCode, smtpSender, totp, type MfaOptions } from '../../src/index.js';
import { fewBackupCodes } from '../support/app.js';
import { keepScreenshot, launchBrowser, openTab, pictureOfPage, plainText, type Tab } from '../support/browser.js';
import { during } from '../support/during.js';
import { eventually } from '../support/eventually.js';
import { admin, levels, reason, recoveryApp, type RecoveryApp } from '../support/recovering.js';
import { certificate, smtpPassword, smtpUser, startMailServer } from '../support/smtp.js';
import { axeFindings, bringAxe, layoutFindings } from './page-checks.js';
import { pictureOf, screen } from './side-by-side.js';

const words = (language: string) =>
  JSON.parse(readFileSync(new URL(`../../views/locales/${language}.json`, import.meta.url), 'utf8')) as {
    [key: string]: string;
  };

const narrow = { viewport: { width: 360, height: 760 } };
const made = new URL('../../output/screenshots/recovery.webp', import.meta.url);
const committed = new URL('../../docs/images/recovery.webp', import.meta.url);

describe('a backup code far from home', () => {
  const browser = during(launchBrowser);
  const post = during(startMailServer);
  let app: RecoveryApp;
  let codes: string[];
  let tab: Tab;
  let language: string;

  async function start(options: Partial<MfaOptions> = {}): Promise<void> {
    const sender = smtpSender({
      from: 'Acme <no-reply@acme.example>',
      host: 'localhost',
      port: post().port,
      auth: { user: smtpUser, pass: smtpPassword },
      tls: { ca: certificate().cert },
    });
    app = await recoveryApp({ factors: [totp(), emailCode({ sender }), fewBackupCodes()], ...options });
    ({ codes } = await app.owner());
  }
  afterEach(async () => {
    await tab.context.close();
    await app.close();
  });

  const at = () => new URL(tab.page.url()).pathname;
  const heading = async () => plainText(await tab.page.locator('h1').innerText());
  const open = (path: string) => tab.page.goto(`${app.url.replace('127.0.0.1', 'localhost')}${path}`);

  /** Somebody with the password, in a browser that says this language. */
  async function enter(level: 'medium' | 'high', spoken: string, look: BrowserContextOptions = narrow): Promise<void> {
    language = spoken;
    const { 'User-Agent': userAgent, ...extraHTTPHeaders } = levels[level];
    tab = await openTab(browser(), {
      locale: spoken,
      userAgent,
      extraHTTPHeaders,
      ...look,
    });
    await bringAxe(tab.context);
    const url = app.url.replace('127.0.0.1', 'localhost');
    await tab.context.request.post(`${url}/login`, { data: { uid: 'ada' }, headers: extraHTTPHeaders });
    await open('/account');
    expect(at()).to.equal('/mfa/verify/totp');
    await open('/mfa/verify/backup-codes');
    await type(tab.page, codes.shift()!);
  }

  async function type(page: Page, typed: string): Promise<void> {
    const input = page.locator('input[name=code]');
    await input.fill(typed);
    await Promise.all([page.waitForEvent('domcontentloaded'), input.press('Enter')]);
  }

  async function press(name: string): Promise<void> {
    await Promise.all([tab.page.waitForEvent('domcontentloaded'), tab.page.locator(name).first().click()]);
  }

  /** Its heading in the person's language, no fault, and nothing of why. */
  async function expectPage(path: string, title: string, name: string): Promise<void> {
    expect(at()).to.equal(path);
    expect(await heading()).to.equal(words(language)[title]);
    expect(await tab.page.locator('html').getAttribute('lang')).to.equal(language);
    expect(await tab.page.locator('main').innerText()).to.not.match(/Brazil|\bBR\b|198\.51|Chrome|score|medium|high/i);
    await keepScreenshot(tab.page, `recovery ${name}-${language}`);
    const findings = [...(await axeFindings(tab.page)), ...(await layoutFindings(tab.page))];
    expect(findings).to.deep.equal([]);
  }

  /** Asks for a mail, reads it, and types its code. */
  async function confirmByMail(take: () => Promise<unknown> = async () => undefined): Promise<void> {
    await expectPage('/mfa/confirm', 'title.confirm', 'confirm');
    const before = post().mails.length;
    await press('main form button');
    await expectPage('/mfa/confirm', 'title.confirm', 'code sent');
    await take();
    const sent = () =>
      post()
        .mails.slice(before)
        .filter(({ text }) => /\b\d{6}\b/.test(text));
    await eventually(async () => expect(sent()).to.have.length(1));
    const [mail] = sent();
    expect(mail?.to).to.deep.equal(['ada@example.com']);
    await type(tab.page, /\b\d{6}\b/.exec(mail?.text ?? '')?.[0] ?? '');
  }

  for (const spoken of ['en', 'de', 'fr', 'it']) {
    it(`is confirmed by a code that came by mail, at medium risk, in ${spoken}`, async () => {
      await start();
      await enter('medium', spoken);
      await confirmByMail();
      await open('/account');
      expect(at()).to.equal('/account');
      expect(tab.problems).to.deep.equal([]);
    });

    it(`is confirmed and held, at high risk, in ${spoken}`, async () => {
      await start();
      await enter('high', spoken);
      await confirmByMail();
      await open('/account');
      expect(at()).to.equal('/account');
      await open('/mfa/setup/email');
      expect(await heading()).to.equal(words(language)['title.error.session.mfa.on_hold']);
      await keepScreenshot(tab.page, `recovery on hold-${language}`);
      expect(tab.problems).to.deep.equal([]);
    });

    it(`waits for an administrator, where the app wants it so, in ${spoken}`, async () => {
      await start({ riskActions: { recovery: { high: 'approve' } } });
      await enter('high', spoken);
      await expectPage('/mfa/wait', 'title.wait', 'wait');
      await open('/account');
      expect(at()).to.equal('/mfa/wait');
      const [waiting] = await app.mfa.cases();
      await app.mfa.approve(waiting!.id, { by: admin, reason });
      await open('/mfa/wait');
      await expectPage('/mfa/wait', 'title.wait.approved', 'approved');
      await press('main form button');
      await open('/account');
      expect(at()).to.equal('/account');
      expect(tab.problems).to.deep.equal([]);
    });
  }

  // docs/images/recovery.webp is a copy of it that somebody chose to renew.
  it('is pictured for the documentation: one more proof, its code, and what is held', async () => {
    await start();
    await enter('high', 'en', screen);
    const screens: Buffer[] = [];
    const take = async () => screens.push(await pictureOfPage(tab.page, { animations: 'disabled', caret: 'hide' }));
    await take();
    await confirmByMail(take);
    await open('/mfa/setup/email');
    await take();
    const picture = await pictureOf(tab.page, screens);
    mkdirSync(new URL('.', made), { recursive: true });
    writeFileSync(made, picture);
    expect(picture.length).to.be.within(10_000, 150_000);
    expect(readFileSync(new URL('../../docs/risk.md', import.meta.url), 'utf8')).to.match(
      /!\[[^\]]{60,}\]\(images\/recovery\.webp\)/,
    );
    expect(statSync(committed).size).to.be.below(150_000);
  });
});
