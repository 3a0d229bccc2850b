// Attack: a pending person passes the guard by a path that fits a parameter of `allow`, and is more than a segment to others.
// Rule: a parameter is one segment as Express has it, and nothing that leads up or on; wildcards are refused at start-up.
// Answer: dots, encoded slashes and further segments are stopped as if `allow` did not name them.
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { expect } from 'chai';
import { createMfa, totp } from '../../src/index.js';
import { Browser } from '../support/agent.js';
import { appSecret, testApp, type TestApp } from '../support/app.js';

async function statusOf(app: TestApp, path: string, cookie: string, method = 'GET'): Promise<number | undefined> {
  const headers = { Cookie: cookie, Accept: 'application/json' };
  const [answer] = (await once(request(app.url, { path, method, headers }).end(), 'response')) as [IncomingMessage];
  answer.resume();
  return answer.statusCode;
}

for (const version of [4, 5] as const)
  describe(`a parameter in \`allow\`, on Express ${version}`, () => {
    let app: TestApp;
    let thief: Browser;
    before(async () => {
      app = await testApp({
        allow: ['/r/:id', { method: 'POST', path: '/subscriptions/:list/confirm' }],
        host: { express: version, routes: (host) => host.use((_req, res) => void res.json({ reached: true })) },
      });
      await (await new Browser(app).signIn('ada')).enrollTotp();
      thief = await new Browser(app).signIn('ada');
    });
    after(() => app.close());

    it('lets one segment pass, by the method that is named', async () => {
      for (const path of ['/r/1', '/r/a%20b', '/r/%61.b?next=/admin', '/r/~x'])
        expect(await statusOf(app, path, thief.cookies), path).to.equal(200);
      expect(await statusOf(app, '/subscriptions/news/confirm', thief.cookies, 'POST')).to.equal(200);
      expect(await statusOf(app, '/subscriptions/news/confirm', thief.cookies)).to.equal(403);
    });

    const more = ['/r', '/r/', '/r//', '/r/1/', '/r/1/2', '//r/1', '/R/1', '/r/../admin', '/r/..', '/r/.', '/r/%2e%2e'];
    const encoded = ['/r/..%2fadmin', '/r/%2e%2e%5cadmin', '/r/1%2f2', '/r/%00', '/r/%', '/r/%zz', '/x/r/1', '/r:1'];
    for (const path of [...more, ...encoded])
      it(`stops ${path}`, async () => expect(await statusOf(app, path, thief.cookies)).to.be.oneOf([400, 403]));
  });

describe('a wildcard in `allow`', () => {
  for (const path of ['/r/*', '/r/*rest', '/:id?', '/r/:id+', '/r/:id(\\d+)', '/:id.json', '/{r}', '/a:b', '/r/::'])
    it(`is refused at start-up: ${path}`, () =>
      expect(() =>
        createMfa({ appName: 'Acme', secrets: [appSecret], factors: [totp()], user: () => null, allow: [path] }),
      ).to.throw('`allow.0`'));
});
