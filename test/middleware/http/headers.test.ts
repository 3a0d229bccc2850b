// The headers of our pages and answers: what keeps other sites, caches and frames out, whatever the host sets itself.
import { expect } from 'chai';
import { Browser } from '../../support/agent.js';
import { testApp, type HostOptions, type TestApp } from '../../support/app.js';
import { warningsOf } from '../../support/warnings.js';

const openHost: NonNullable<HostOptions['before']> = (app) =>
  app.use((_req, res, next) => {
    res.set({
      'Access-Control-Allow-Origin': 'https://friend.example',
      'Access-Control-Allow-Credentials': 'true',
      Vary: 'Origin',
      'Access-Control-Expose-Headers': 'X-Mine',
      'Content-Security-Policy': "default-src *; script-src 'unsafe-inline' *",
      'Cache-Control': 'public, max-age=3600',
      'X-Mine': 'kept',
    });
    next();
  });

describe('the headers of', () => {
  let app: TestApp;
  let person: Browser;

  before(async () => {
    app = await testApp({ host: { before: openHost } });
    person = await new Browser(app).signIn('ada');
  });

  const answers: { [what: string]: () => Promise<{ headers: { [name: string]: string } }> } = {
    'a page': () => person.htmlGet('/mfa/setup/totp').expect(200),
    'a redirect': () => person.htmlGet('/mfa/verify').expect(303),
    'a JSON answer': () => person.jsonGet('/mfa').expect(200),
    'a refused form': () => person.post('/mfa/setup/totp', { code: '1' }).expect(403),
    'a problem': () => person.postJson('/mfa/setup/totp', {}).expect(403),
    'a malformed body': () => person.json('/mfa/setup/totp', { code: [] }),
    'an answer to nobody': () => new Browser(app).htmlGet('/mfa').expect(303),
    'a problem for nobody': () => new Browser(app).jsonGet('/mfa').expect(401),
  };

  for (const [what, answer] of Object.entries(answers)) {
    it(`${what} keep others out`, async () => {
      const { headers } = await answer();
      const policy = Object.fromEntries(
        headers['content-security-policy']!.split(';').map((each) => {
          const [directive = '', ...sources] = each.trim().split(' ');
          return [directive, sources.join(' ')];
        }),
      );
      const self = "'self'";
      expect(policy).to.deep.equal({
        'default-src': "'none'",
        'script-src': self,
        'style-src': self,
        'img-src': self,
        'font-src': self,
        'connect-src': self,
        'form-action': self,
        'base-uri': "'none'",
        'frame-ancestors': "'none'",
      });
      expect(headers).to.include({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'x-frame-options': 'DENY',
        'x-mine': 'kept',
      });
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).to.deep.equal([]);
      expect(headers).not.to.have.property('strict-transport-security');
    });
  }

  it('let forms lead on to identity providers that are named, where their pages are, and nowhere else', async () => {
    const rule = { mfa: 'reject' } as const;
    const named = await testApp({
      upstream: {
        'https://login.acme.example/tenant/v2.0': rule,
        'urn:partner': { ...rule, origins: ['https://idp.partner.example'] },
        'no address': rule,
      },
    });
    const { headers } = await new Browser(named).jsonGet('/mfa').expect(401);
    const wanted = "form-action 'self' https://login.acme.example https://idp.partner.example;";
    expect(headers['content-security-policy']).to.include(wanted);
    await named.close();
  });

  it('what the guard tells a program of another site that the host admits can be read there; its pages cannot', async () => {
    const owing = await testApp({ policy: 'mandatory', host: { before: openHost } });
    const other = await new Browser(owing).signIn('ada');
    const told = await other.jsonGet('/account', { Origin: 'https://friend.example' }).expect(403);
    expect(told.headers['access-control-allow-origin']).to.equal('https://friend.example');
    expect(told.headers['vary']).to.include('Cookie').and.to.include('Origin');
    const page = await other.post('/account').expect(403);
    expect(page.text).to.include('_csrf');
    expect(page.headers).not.to.have.property('access-control-allow-origin');
  });

  it("the host's own routes are the host's", async () => {
    const { headers } = await person.jsonGet('/account').expect(200);
    expect(headers['access-control-allow-origin']).to.equal('https://friend.example');
    expect(headers['cache-control']).to.include('public');
  });

  it('static files let caches keep them for ever, and change their name with their content', async () => {
    const { text } = await person.htmlGet('/mfa/setup/totp');
    const [, file] = /href="(\/mfa\/assets\/[^"]+\.css[^"]*)"/.exec(text)!;
    const answer = await new Browser(app).htmlGet(file!).expect(200);
    expect(answer.headers['cache-control'])
      .to.match(/max-age=31536000/)
      .and.match(/immutable/);
    expect(answer.headers['content-type']).to.match(/^text\/css/);
    expect(answer.headers['x-content-type-options']).to.equal('nosniff');
    expect(answer.headers).not.to.have.property('set-cookie');
  });

  it('static files outside the folder are not found', async () => {
    for (const path of ['..%2f..%2fpackage.json', '%2e%2e%2flayout.ejs', 'nothing.css', '..', '%00'])
      expect((await person.jsonGet(`/mfa/assets/${path}`)).status, path).to.be.within(400, 404);
  });

  it("a nonce of the host's stands beside 'self'", async () => {
    const withNonce = await testApp({ nonce: () => 'abc123' });
    const { headers, text } = await (await new Browser(withNonce).signIn('ada')).htmlGet('/mfa/setup/totp');
    expect(headers['content-security-policy']).to.include("script-src 'self' 'nonce-abc123'");
    expect(text).to.include('nonce="abc123"');
  });

  it('what is no nonce opens no policy: there is none then, and the host hears of it once', async () => {
    const warned = await warningsOf(async () => {
      let nonce: unknown;
      const app = await testApp({ nonce: () => nonce as string });
      const ada = await new Browser(app).signIn('ada');
      for (nonce of [
        "x' 'unsafe-inline",
        "x'; script-src *",
        'x, default-src *',
        '',
        ' ',
        'a=b',
        7,
        ['abc'],
        undefined,
      ]) {
        const { headers, text } = await ada.htmlGet('/mfa/setup/totp').expect(200);
        expect(headers['content-security-policy'], String(nonce))
          .to.match(/script-src 'self';/)
          .and.not.include('nonce');
        expect(text, String(nonce)).not.to.include('nonce=');
      }
    });
    expect(warned.filter(({ message }) => message.includes('no nonce'))).to.have.length(1);
  });
});
