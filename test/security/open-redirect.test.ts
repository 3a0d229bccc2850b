// Attack: a link whose path a browser reads as another site, in the hope that the right answer leads there.
// Rule: `returnTo` is set by the guard only, for documents, as a path of this origin of at most 2 KB; never by the request.
// Answer: such a path is not kept; the right answer leads home.
import { request } from 'node:http';
import { expect } from 'chai';
import { isSafePath } from '../../middleware/http/safe-path.js';
import { mfaRouter } from '../../src/index.js';
import { Browser, code } from '../support/agent.js';
import { testApp, type TestApp } from '../support/app.js';

describe('a path that leads elsewhere', () => {
  let app: TestApp;
  let secret: string;
  let person: Browser;

  beforeEach(async () => {
    app = await testApp();
    ({ secret } = await (await new Browser(app).signIn('ada')).enrollTotp());
    person = await new Browser(app).signIn('ada');
  });

  async function verify(): Promise<string> {
    app.clock.advance(30);
    const answer = await person.form('/mfa/verify/totp', { code: code(secret, app.clock) });
    expect(answer.status, answer.text).to.equal(303);
    return answer.headers.location!;
  }

  for (const path of [
    '//evil.example',
    '//evil.example/account',
    '/\\evil.example',
    '/%2Fevil.example',
    '/%5cevil.example',
    '/%09/evil.example',
    '/.//evil.example',
    '/x/..//evil.example',
    `/account?${'a'.repeat(2048)}`,
  ]) {
    it(`is not kept where it reads ${path.slice(0, 40)}`, async () => {
      expect((await raw(app, path, person.cookies)).status).to.equal(303);
      expect(await verify()).to.equal('/');
    });
  }

  for (const version of [4, 5] as const)
    it(`is not made of a mount under a wildcard, on Express ${version}`, async () => {
      const wild = await testApp({
        host: {
          express: version,
          between: (host, mfa) => host.use(version === 4 ? '*/mfa' : '/*any/mfa', mfaRouter(mfa)),
        },
      });
      const ada = await new Browser(wild).signIn('ada');
      for (const path of ['//evil.example/mfa', '/\\\\evil.example/mfa', '/%2Fevil.example/mfa']) {
        for (const page of ['/setup', '/verify', '/passkey-sign-in.js', '']) {
          const { location = '/', text } = await raw(wild, path + page, ada.cookies);
          expect(location, path + page).to.match(/^\/(?![/\\]|%2f|%5c)/i);
          expect(text, path + page).not.to.match(/(href|action|src)="[^"]*evil/);
        }
      }
    });

  it('is not offered as "try again" by an error page either', async () => {
    const broken = await testApp({
      user: () => {
        throw new Error('away');
      },
    });
    for (const path of ['//evil.example/x', '/\\evil.example', '/.//evil.example']) {
      const { status, text } = await raw(broken, path, '');
      expect(status).to.equal(500);
      expect(text)
        .to.match(/<a [^>]*href="\/[^/\\"]*"/)
        .and.not.match(/href="[^"]*evil/);
    }
    expect((await raw(broken, '/account?x=1', '')).text).to.include('href="/account?x=1"');
  });
});

describe('isSafePath', () => {
  it('takes paths of this origin', () => {
    for (const path of [
      '/',
      '/a',
      '/a/b?c=d#e',
      '/a//b',
      '/%E4',
      '/a?u=//evil',
      '/a?u=https://evil',
      `/${'a'.repeat(2047)}`,
    ])
      expect(isSafePath(path), path).to.equal(true);
  });

  it('refuses whatever a browser could read as another', () => {
    const refused = [
      '',
      'a',
      'https://evil',
      'javascript:alert(1)',
      '//evil',
      '///evil',
      '/\\evil',
      '\\/evil',
      '/\\/evil',
    ];
    const hidden = [
      '/\t/evil',
      '/\n/evil',
      '/\r/evil',
      '/\u0000/evil',
      '/ /evil',
      '/a\u0085',
      '/%2f/evil',
      '/%5C/evil',
    ];
    const dots = ['/./', '/.//evil', '/..//evil', '/%2e//evil', '/a/..//evil', '/a/%2e%2e//evil', '/.\\evil'];
    for (const path of [...refused, ...hidden, ...dots.slice(1), `/${'a'.repeat(2048)}`])
      expect(isSafePath(path), JSON.stringify(path)).to.equal(false);
  });
});

/** Sends the path as it is: clients tidy it up. */
function raw(
  app: TestApp,
  path: string,
  cookie: string,
): Promise<{ status: number | undefined; location: string | undefined; text: string }> {
  const { hostname, port } = new URL(app.url);
  const headers = { Cookie: cookie, Accept: 'text/html', 'Sec-Fetch-Dest': 'document' };
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, headers }, (res) => {
      let text = '';
      res.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      res.on('end', () => resolve({ status: res.statusCode, location: res.headers.location, text }));
    })
      .on('error', reject)
      .end();
  });
}
