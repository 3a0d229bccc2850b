// The app's origins, as somebody writes them and as browsers say them: what means the same is the same, and what is more
// than an origin is refused at start-up, not by every form afterwards.
import { expect } from 'chai';
import { createMfa, totp, type MfaOptions } from '../src/index.js';
import { Browser, code } from './support/agent.js';
import { appSecret, testApp } from './support/app.js';
import { thrownBy } from './support/thrown.js';

const start = (options: Partial<MfaOptions>) =>
  createMfa({ appName: 'Acme', secrets: [appSecret], factors: [totp()], user: () => null, ...options });

describe('an origin', () => {
  for (const origin of ['https://App.example.com', 'https://app.example.com:443', 'HTTPS://APP.EXAMPLE.COM:0443']) {
    it(`written as ${origin} takes the forms of its pages, and of no others`, async () => {
      const app = await testApp({ origin });
      const inside = { Origin: 'https://app.example.com' };
      const { secret } = await (await new Browser(app, inside).signIn('ada')).enrollTotp();
      const person = await new Browser(app, inside).signIn('ada');
      app.clock.advance(30);
      const answer = { _csrf: await person.csrf(), code: code(secret, app.clock) };
      for (const Origin of ['https://app.example.com:444', 'http://app.example.com', 'https://example.com'])
        await person.post('/mfa/verify/totp', answer, { Origin }).expect(403);
      await person.post('/mfa/verify/totp', answer).expect(303);
    });
  }

  it('is read as browsers say it, once', () => {
    const origins = ['https://APP.example', 'http://localhost:80', 'https://bücher.example', 'http://[::1]:3000'];
    const { config } = start({ origin: 'https://app.example:443', origins });
    const said = ['https://app.example', 'http://localhost', 'https://xn--bcher-kva.example', 'http://[::1]:3000'];
    expect(config.web.origins).to.deep.equal(said);
    expect(config.settings.origins).to.deep.equal(said);
    expect(origins[0]).to.equal('https://APP.example');
  });

  const refused: [origin: string, sentence: string][] = [
    ['https://a.example/x', 'has a path. Write `https://a.example`.'],
    ['https://a.example/', 'has a path. Write `https://a.example`.'],
    ['https://a.example/?q', 'has a query. Write `https://a.example`.'],
    ['https://a.example?q', 'has a query. Write `https://a.example`.'],
    ['https://a.example#x', 'has a fragment. Write `https://a.example`.'],
    ['https://ada:hunter2@a.example', 'has a user name or password. Write `https://a.example`.'],
    ['https://@a.example', 'is more than an origin. Write `https://a.example`.'],
    ['https://a.example ', 'is more than an origin. Write `https://a.example`.'],
    ['https:\\\\a.example', 'is more than an origin. Write `https://a.example`.'],
    ['https://*.a.example', 'has a wildcard, which matches nothing. List each origin in `origins`.'],
    ['ftp://a.example', 'is no origin. Write one such as `https://app.example.com`.'],
    ['app.example.com', 'is no origin. Write one such as `https://app.example.com`.'],
    ['localhost:3000', 'is no origin. Write one such as `https://app.example.com`.'],
    ['https://a.example:99999', 'is no origin. Write one such as `https://app.example.com`.'],
  ];
  for (const [origin, sentence] of refused) {
    it(`is refused as ${JSON.stringify(origin)}`, () => {
      const { code: reason, message } = thrownBy(() => start({ origin }));
      expect([reason, message]).to.deep.equal(['config.invalid_option', `createMfa: \`origin\` ${sentence}`]);
      const { message: inList } = thrownBy(() => start({ origins: ['https://b.example', origin] }));
      expect(inList).to.equal(`createMfa: \`origins.1\` ${sentence}`);
    });
  }
});
