// An app behind an nginx that strips a prefix and is set up as the guide says: everybody stays under the prefix, once, and
// no path that nginx decodes or joins leads around the guard.
import { get } from 'node:http';
import { expect } from 'chai';
import { Browser, code } from '../support/agent.js';
import { testApp, type TestApp } from '../support/app.js';
import { freePort } from '../../scripts/free-port.mjs';
import { blocksOf } from '../docs/markdown.js';
import { startNginx, type Nginx } from './nginx.js';

const [directive] = blocksOf('docs/guides/proxy-prefix.md').filter(({ language }) => language === 'nginx');

describe('nginx with the block of the guide', () => {
  let app: TestApp;
  let nginx: Nginx;
  /** As browsers see it: the prefix stands before every path. */
  let site: TestApp;
  before(async () => {
    const port = await freePort();
    const origin = `http://127.0.0.1:${port}`;
    app = await testApp({
      origin,
      policy: 'no-prompt',
      publicBasePath: '/shop/mfa',
      signInUrl: '/shop/login',
      signOut: { path: '/shop/logout' },
      host: {
        before: (host) => {
          host.set('trust proxy', 1);
          host.get('/go', (req, res) => res.redirect(req.query['to'] as string));
        },
      },
    });
    nginx = await startNginx(port, app.url, directive!.code);
    site = { ...app, url: `${nginx.url}/shop` };
  });
  after(async () => {
    await nginx.stop();
    await app.close();
  });

  const locationOf = async (path: string) => (await new Browser(site).htmlGet(path)).headers['location'];

  it('puts the prefix before redirects of the host, and before none of ours a second time', async () => {
    expect(await locationOf('/go?to=/login')).to.equal('/shop/login');
    expect(await locationOf('/go?to=/shop/login')).to.equal('/shop/login');
    expect(await locationOf('/go?to=//evil.example/login')).to.equal('/shop//evil.example/login');
    const { secret } = await (await new Browser(site).signIn('ada')).enrollTotp();
    const ada = await new Browser(site).signIn('ada');
    const stopped = await ada.htmlGet('/account?page=2').expect(303);
    expect(stopped.headers['location']).to.match(/^\/shop\/mfa\/verify/);
    site.clock.advance(30);
    const proved = await ada.form('/mfa/verify/totp', { code: code(secret, site.clock) }, { Origin: nginx.url });
    expect([proved.status, proved.headers['location']]).to.deep.equal([303, '/shop/account?page=2']);
    await ada.htmlGet('/account?page=2').expect(200);
  });

  it('lets nobody around the guard by a path that it decodes or joins', async () => {
    await (await new Browser(site).signIn('eve')).enrollTotp();
    const { cookies } = await new Browser(site).signIn('eve');
    for (const path of [
      ...['/shop/account', '/shop//account', '/shop/./account', '/shop/%61ccount', '/shop/x/../account'],
      ...['/shop/mfa/../account', '/shop/mfa/%2e%2e/account', '/shop/mfa/..%2faccount', '/shop/login/..%2faccount'],
      ...['/shop/mfa/assets/../../account', '/shop/ACCOUNT', '/shop/account/', '/shop/account%00', '/shop/account%3fx'],
    ]) {
      const { status, text } = await raw(nginx.url, path, cookies);
      expect(text, path).not.to.include('"account"');
      expect(status, path).to.be.within(300, 499);
    }
  });

  it('leaves forms of other sites refused, whatever host they name', async () => {
    const tom = await new Browser(site).signIn('tom');
    await tom.enrollTotp();
    const press = (headers: { [name: string]: string }) =>
      tom.form('/mfa/preferences', { resetPrompts: 'yes' }, headers);
    expect((await press({ Origin: nginx.url })).status).to.equal(303);
    for (const more of [{}, { 'X-Forwarded-Host': 'evil.example' }, { Host: 'evil.example' }])
      expect((await press({ Origin: 'https://evil.example', ...more })).status).to.equal(403);
  });
});

/** As it is typed: a client of ours would tidy the path up first. */
function raw(url: string, path: string, cookie: string): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const headers = { Cookie: cookie, Accept: 'application/json' };
    get({ hostname, port, path, headers, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
    }).on('error', reject);
  });
}
