// Attack: markup in a name, an address, a path, a header or a field, in the hope that a page repeats it as it is.
// Rule: a view is text slots; values are escaped for the part they go into; the pages' CSP allows no inline script.
// Answer: it is shown as text, or not at all.
import { expect } from 'chai';
import { totp } from '../../src/index.js';
import { Browser } from '../support/agent.js';
import { fewBackupCodes, testApp, type TestApp } from '../support/app.js';

const evil = `"><img src=x onerror=alert(1)>'\u2028</script><script>alert(1)</script>{{7*7}}<%= 7*7 %>`;

function expectHarmless(html: string, where: string): void {
  expect(html, where).not.to.match(/<img src=x|<script>alert|onerror=alert\(1\)>/);
  expect(html, where).not.to.match(/<%/);
  expect(html, where).not.to.match(/<(script|style)(?![^>]*\b(src|href)=)[^>]*>/);
  expect(html, where).not.to.match(/\son\w+="/);
  expect(html, where).not.to.match(/href="javascript:/i);
}

describe('markup', () => {
  let app: TestApp;
  let person: Browser;

  beforeEach(async () => {
    app = await testApp({
      appName: `A ${evil}`.slice(0, 64),
      factors: [totp(), fewBackupCodes()],
      user: (req) => {
        const { uid } = req.session as unknown as { uid?: string };
        return uid === undefined ? null : { id: uid, label: evil };
      },
      brand: { help: evil },
    });
    person = await new Browser(app).signIn(`ada${evil}`);
  });

  it('in what the host and the person say is shown as text on every page', async () => {
    const setup = await person.htmlGet('/mfa/setup/totp').expect(200);
    expectHarmless(setup.text, '/setup/totp');
    const { secret } = await person.enrollTotp();
    const [{ id }] = (await person.jsonGet('/mfa')).body.authenticators;
    await person.json(`/mfa/authenticators/${id}/rename`, { name: evil.replace('\u2028', '').slice(0, 60) });
    for (const path of ['', '/setup', '/setup/totp', '/backup-codes', '/recover'])
      expectHarmless((await person.htmlGet(`/mfa${path}`)).text, path);
    expectHarmless((await person.form(`/mfa/authenticators/${id}/remove`)).text, 'remove');
    expectHarmless((await person.form('/mfa/backup-codes/generate')).text, 'generate');
    expectHarmless((await person.htmlGet('/mfa/backup-codes')).text, 'pending codes');
    const pending = await new Browser(app).signIn(`ada${evil}`);
    for (const path of ['/verify/totp', '/verify/choose', '/verify/backup-codes', '/recover'])
      expectHarmless((await pending.htmlGet(`/mfa${path}`)).text, path);
    expectHarmless((await pending.post('/account', { a: evil })).text, 'stopped');
    await pending.proveTotp(secret);
  });

  it('in what the request says is not repeated', async () => {
    await person.enrollTotp();
    const pending = await new Browser(app).signIn(`ada${evil}`);
    const path = encodeURIComponent(evil);
    for (const answer of [
      await pending.form('/mfa/verify/totp', { code: evil }),
      await pending.form('/mfa/verify/backup-codes', { code: evil }),
      await pending.form(`/mfa/verify/${path}`, { code: '1' }),
      await pending.htmlGet(`/mfa/verify/${path}`),
      await pending.htmlGet(`/mfa/setup/${path}`),
      await person.form(`/mfa/setup/${path}`, { code: '1' }),
      await person.form(`/mfa/authenticators/${path}/remove`, { confirmed: 'yes' }),
      await person.form('/mfa/preferences', { signInStep: evil }),
      await pending.htmlGet('/mfa/verify/totp', { 'Accept-Language': '<script>', 'X-Request-Id': '<script>' }),
    ]) {
      expectHarmless(answer.text, answer.text.slice(0, 200));
      expect(JSON.stringify(answer.headers)).not.to.include('<img');
    }
  });

  it('in the path of a page that failed is not repeated as a link that runs', async () => {
    const broken = await testApp({
      user: () => {
        throw new Error(evil);
      },
    });
    for (const path of [`/account?x=${encodeURI(evil)}`, '/account?"onmouseover="alert(1)', "/account?x='%22%3E"]) {
      const { text } = await new Browser(broken).htmlGet(path).expect(500);
      expectHarmless(text, path);
    }
  });

  it('in a header of thousands of parts costs no time', async () => {
    const headers = {
      'Accept-Language': Array.from({ length: 900 }, (_, index) => `x${index}-Y${index}`).join(','),
      Accept: `text/html,${Array.from({ length: 100 }, (_, index) => `a/b${index};q=0.${index}`).join(',')}`,
    };
    const began = performance.now();
    await person.htmlGet('/mfa/setup/totp', headers).expect(200);
    expect(performance.now() - began, 'milliseconds').to.be.below(10_000);
  });
});
