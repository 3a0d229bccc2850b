// Codes in a real browser: sent by themselves once, asked for again after the wait, expired, and failed over.
import { expect } from 'chai';
import { fallback, httpEmailSender, httpSmsSender, outboxSender } from '../../src/index.js';
import { launchBrowser, stopClock } from '../support/browser.js';
import { during } from '../support/during.js';
import { boundPerson, codesApp, type CodesApp, type CodesOptions } from '../support/codes.js';
import { kinds, wrongFor } from '../support/addresses.js';
import { CodesTab } from './codes-tab.js';

describe('codes in a browser', () => {
  const browser = during(launchBrowser);
  let app: CodesApp;
  let tab: CodesTab;
  let sentBefore: number;

  afterEach(async () => {
    await tab.close();
    await app.close();
  });

  /** A browser that owes a code by `kind`. */
  async function pending(kind: 'email' | 'sms', options: CodesOptions = {}, scripts = true): Promise<void> {
    app = await codesApp({
      ...options,
      allow: ['/leaving'],
      host: {
        routes: (host) =>
          host.get('/leaving', (_req, res) => {
            const rules = {
              prefetch: [{ urls: [`/mfa/verify/${kind}`] }],
              prerender: [{ urls: [`/mfa/verify/${kind}`] }],
            };
            res.send(`<!doctype html><title>Leaving</title><link rel="prefetch" href="/mfa/verify/${kind}">
              <script type="speculationrules">${JSON.stringify(rules)}</script><p>Leaving`);
          }),
      },
    });
    await boundPerson(app, kind);
    sentBefore = app.codes().length;
    tab = await CodesTab.open(browser(), app, { scripts });
    await tab.host('/login', 'ada');
  }
  const sent = () => app.codes().length - sentBefore;

  for (const kind of kinds) {
    const path = `/mfa/verify/${kind}`;

    it(`by ${kind} go out once when the person comes, not by prefetch, reload or going back`, async () => {
      await pending(kind);
      const fetched = tab.page.waitForRequest((request) => request.url().endsWith(path));
      await tab.go('/leaving');
      await fetched;
      await tab.page.waitForTimeout(300);
      expect(sent(), 'prefetched').to.equal(0);
      await tab.go('/account');
      expect(tab.at).to.equal(path);
      expect(sent()).to.equal(1);
      await tab.page.reload();
      await tab.go('/mfa/verify/choose');
      await tab.page.goBack();
      await tab.page.goForward();
      await tab.go(path);
      expect(sent()).to.equal(1);
      await tab.type(/digit security code/, wrongFor(app.lastCode(kind)));
      await tab.press('Verify');
      expect(await tab.text()).to.include('The code is incorrect. You have 4 attempts left.');
      await tab.type(/digit security code/, app.lastCode(kind));
      await tab.press('Verify');
      expect(tab.at).to.equal('/account');
      expect(tab.problems).to.deep.equal([]);
    });

    it(`by ${kind} can be asked for again after 30 s, counted down, and the page says which one counts`, async () => {
      await pending(kind);
      await stopClock(tab.page);
      await tab.page.goto(tab.url + path);
      const button = tab.page.getByRole('button', { name: 'Send a new code' });
      expect(await button.isDisabled()).to.equal(true);
      expect(await tab.text()).to.include('You can ask for a new code in 30 seconds.');
      await tab.page.clock.runFor(12_000);
      expect(await tab.text()).to.include('You can ask for a new code in 18 seconds.');
      await tab.page.clock.runFor(18_000);
      expect(await button.isEnabled()).to.equal(true);
      app.clock.advance(30);
      // The checks of a page need a clock that goes.
      await tab.page.clock.resume();
      await tab.press('Send a new code');
      expect(sent()).to.equal(2);
      expect(await tab.text()).to.include('Use the newest code, number 2.');
      await tab.type(/digit security code/, app.lastCode(kind));
      await tab.press('Verify');
      expect(tab.problems).to.deep.equal([]);
    });

    it(`by ${kind} that are asked for too early are refused by the server, without JavaScript`, async () => {
      await pending(kind, {}, false);
      await tab.go(path);
      app.clock.advance(10);
      await tab.press('Send a new code');
      expect(sent()).to.equal(1);
      expect(await tab.text()).to.include('You can ask for a new one in 20 seconds.');
      app.clock.advance(20);
      await tab.press('Send a new code');
      expect(sent()).to.equal(2);
      await tab.type(/digit security code/, app.lastCode(kind));
      await tab.press('Verify');
      await tab.go('/account');
      expect(tab.at).to.equal('/account');
    });

    it(`by ${kind} expire, and a new one helps`, async () => {
      await pending(kind);
      await tab.go(path);
      expect(await tab.text()).to.include('It works for 10 minutes.');
      app.clock.advance(600);
      await tab.type(/digit security code/, app.lastCode(kind));
      await tab.press('Verify');
      expect(await tab.text()).to.include('The code has expired');
      expect(await tab.page.getByLabel(/digit security code/).getAttribute('aria-invalid')).to.equal('true');
      await tab.press('Send a new code');
      await tab.type(/digit security code/, app.lastCode(kind));
      await tab.press('Verify');
      await tab.go('/account');
      expect(tab.at).to.equal('/account');
      expect(tab.problems).to.deep.equal([]);
    });

    it(`by ${kind} go out by the second sender when the first is down`, async () => {
      const outbox = outboxSender(kind);
      const down = { url: 'http://127.0.0.1:9/', secret: 'a secret of the webhook, 32 bytes and more' };
      const first = kind === 'email' ? httpEmailSender(down) : httpSmsSender(down);
      await pending(kind);
      const { store } = app.mfa.config;
      const both = await codesApp({ store, clock: app.clock, [kind]: { sender: fallback([first, outbox]) } });
      const other = await CodesTab.open(browser(), both);
      await other.host('/login', 'ada');
      await other.go(path);
      expect(outbox.messages).to.have.length(1);
      await other.type(/digit security code/, outbox.messages[0]!.code!);
      await other.press('Verify');
      await other.go('/account');
      expect(other.at).to.equal('/account');
      expect(other.problems).to.deep.equal([]);
      await other.close();
      await both.close();
    });

    it(`by ${kind} that no sender takes are told, and the other way leads in`, async () => {
      await pending(kind);
      const { store } = app.mfa.config;
      const failing = { channel: kind, send: () => Promise.reject(new Error('down')) };
      const none = await codesApp({ store, clock: app.clock, [kind]: { sender: fallback([failing, failing]) } });
      const other = await CodesTab.open(browser(), none);
      await other.host('/login', 'ada');
      await other.go(path);
      expect(await other.text()).to.include('The code could not be sent');
      await other.press('Try another method');
      expect(await other.text()).to.include('Backup code');
      expect(other.problems).to.deep.equal([]);
      await other.close();
      await none.close();
    });
  }
});
