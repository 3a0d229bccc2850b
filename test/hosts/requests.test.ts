// Requests as hosts leave them for us: bodies parsed, not parsed, parsed as something else; HTMX; upgrades of websockets;
// prefixes; and the oldest Express that we say we work with.
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import { expect } from 'chai';
import express, { type Express, type Request } from 'express';
import { WebSocket, WebSocketServer } from 'ws';
import { mfaRouter, readMfa, requireMfa, type Mfa } from '../../src/index.js';
import { Browser, code, codeIn, formsOf } from '../support/agent.js';
import { expressOf, testApp } from '../support/app.js';
import { mfaFor, serve, hostSessions, mountSignIn } from '../support/serve.js';

const oldest = createRequire(import.meta.url)('express-4-16') as typeof express;

type Mount = (app: Express, own: typeof express) => void;

function hostOf(mfa: Mfa, own: typeof express, before: Mount = () => undefined, at = '/mfa'): Express {
  const app = own();
  mountSignIn(app);
  before(app, own);
  app.use(at, mfaRouter(mfa));
  app.use(requireMfa(mfa, { anonymous: 'pass' }));
  app.get('/account', (req, res) => void res.json({ mfa: req.mfa }));
  app.get('/:anything', (req, res) => void res.status(404).send(`none: ${req.params.anything}`));
  return app;
}

/** Set-up, sign-in and verification, by forms. */
async function journey(app: Express, clock: ReturnType<typeof mfaFor>['clock'], base = '/mfa'): Promise<void> {
  const served = await serve(app, clock, base);
  const { secret } = await (await new Browser(served).signIn('ada')).enrollTotp();
  const person = await new Browser(served).signIn('ada');
  await person.htmlGet('/account').expect(303).expect('Location', `${base}/verify`);
  const page = await person.htmlGet(`${base}/verify/totp`).expect(200);
  clock.advance(30);
  await person
    .submit(page, '/verify/totp', { code: code(secret, clock) })
    .expect(303)
    .expect('Location', '/account');
  await person.jsonGet('/account').expect(200);
  await served.close();
}

describe('a host', () => {
  for (const [version, own] of [
    ['4.16', oldest],
    ['4', expressOf(4)],
    ['5', express],
  ] as const)
    it(`of Express ${version} gets the whole journey, with a catch-all route after it`, async () => {
      const { mfa, clock } = mfaFor();
      await journey(hostOf(mfa, own), clock);
    });

  const parsers: [what: string, mount: Mount][] = [
    ['none at all', () => undefined],
    ['forms and JSON', (app, own) => app.use(own.urlencoded({ extended: true }), own.json())],
    ['JSON alone', (app, own) => app.use(own.json())],
    ['text of every type', (app, own) => app.use(own.text({ type: '*/*' }))],
    ['bytes of every type', (app, own) => app.use(own.raw({ type: '*/*' }))],
    ['a body that is never undefined', (app) => app.use((req, _res, next) => ((req.body ??= {}), next()))],
  ];
  for (const [what, mount] of parsers)
    it(`may parse bodies as ${what}`, async () => {
      const { mfa, clock } = mfaFor();
      await journey(hostOf(mfa, express, mount), clock);
    });

  it('may stand behind a proxy that keeps its prefix, or that strips it', async () => {
    const told = mfaFor({ publicBasePath: '/shop/mfa' });
    await journey(hostOf(told.mfa, express, undefined, '/shop/mfa'), told.clock, '/shop/mfa');
    const stripped = mfaFor({ publicBasePath: '/shop/mfa' });
    const inner = hostOf(stripped.mfa, express);
    const served = await serve(inner, stripped.clock);
    const person = await new Browser(served).signIn('ada');
    const page = await person.htmlGet('/mfa/setup/totp').expect(200);
    for (const { action } of formsOf(page.text)) expect(action).to.match(/^\/shop\/mfa\//);
    expect(page.text).to.match(/href="\/shop\/mfa\/assets\//);
    await served.close();
  });

  it('that puts a slash behind every path sends nobody in circles', async () => {
    const { mfa, clock } = mfaFor();
    const slashes: Mount = (app) =>
      app.use((req, res, next) => {
        if (req.method === 'GET' && !req.path.endsWith('/') && !req.path.includes('.'))
          res.redirect(301, `${req.path}/`);
        else next();
      });
    const served = await serve(hostOf(mfa, express, slashes), clock);
    const person = await new Browser(served).signIn('ada');
    let path = '/mfa/setup/totp';
    const seen: string[] = [];
    for (let step = 0; step < 5; step += 1) {
      const answer = await person.htmlGet(path);
      if (answer.status < 300) break;
      seen.push((path = answer.headers['location']!));
    }
    expect(seen).to.deep.equal(['/mfa/setup/totp/']);
    await served.close();
  });

  it('with HTMX is told where to go in the header that HTMX reads', async () => {
    const app = await testApp({ policy: 'no-prompt' });
    await (await new Browser(app).signIn('ada')).enrollTotp();
    const person = await new Browser(app, { 'HX-Request': 'true' }).signIn('ada');
    const answer = await person.htmlGet('/account').expect(403);
    expect(answer.headers['hx-redirect']).to.equal('/mfa/verify');
    expect(codeIn(answer)).to.equal('session.mfa.require_mfa_verification');
    expect((await person.post('/account').expect(403)).headers['hx-redirect']).to.equal('/mfa/verify');
    await app.close();
  });

  it('lets a websocket be opened by whoever the guard would let through', async () => {
    const { mfa, clock } = mfaFor();
    const shared = hostSessions();
    const app = express();
    mountSignIn(app, shared);
    app.use('/mfa', mfaRouter(mfa));
    const served = await serve(app, clock);
    const sockets = new WebSocketServer({ noServer: true });
    served.server.on('upgrade', (req: IncomingMessage, socket, head) => {
      shared(req as Request, {} as never, () => {
        const refuse = () => void socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
        readMfa(mfa, req as Request).then((read) => {
          if (read.passes) sockets.handleUpgrade(req, socket, head, (ws) => ws.send(read.state ?? ''));
          else refuse();
        }, refuse);
      });
    });
    const said = async (person: Browser): Promise<string> => {
      const ws = new WebSocket(served.url.replace('http', 'ws'), { headers: { Cookie: person.cookies } });
      const answer = await Promise.race([
        once(ws, 'message').then(([data]) => String(data)),
        once(ws, 'unexpected-response').then(([, res]) => String((res as IncomingMessage).statusCode)),
      ]);
      ws.terminate();
      return answer;
    };
    expect(await said(new Browser(served))).to.equal('403');
    const first = await new Browser(served).signIn('ada');
    expect(await said(first)).to.equal('none');
    const { secret } = await first.enrollTotp();
    const person = await new Browser(served).signIn('ada');
    expect(await said(person)).to.equal('403');
    await person.proveTotp(secret);
    expect(await said(person)).to.equal('elevated');
    sockets.close();
    await served.close();
  });
});
