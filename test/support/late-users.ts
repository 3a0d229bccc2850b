// A host whose routes find their user behind the guard, each in one of the ways that apps have: the guard saw nobody.
import express, { type Express, type Request, type RequestHandler } from 'express';
import type { MfaOptions } from '../../src/index.js';
import { Browser } from './agent.js';
import { hostData, testApp, type TestApp, type TestAppOptions } from './app.js';

type Late = Request & { late?: string };

/** Who is signed in, by the session or by whatever a route has found. */
export const lateUser: MfaOptions['user'] = (req) => {
  const id = (req as Late).late ?? (hostData(req).uid as string | undefined);
  return id === undefined ? null : { id, label: id };
};

/** `Authorization: Basic ada:…`, looked at by the route alone. */
export const basic: RequestHandler = (req, res, next) => {
  const [name] = Buffer.from(req.headers.authorization?.split(' ')[1] ?? '', 'base64')
    .toString()
    .split(':');
  if (!name) return void res.status(401).set('WWW-Authenticate', 'Basic').send('who?');
  (req as Late).late = name;
  next();
};

export const asBasic = (name: string) => ({
  Authorization: `Basic ${Buffer.from(`${name}:password`).toString('base64')}`,
});

/** "Remember me": a cookie that signs in to the session, and is a new one then. */
const remembered: RequestHandler = (req, res, next) => {
  const name = /\bremember=(\w+)/.exec(req.headers.cookie ?? '')?.[1];
  if (name === undefined || hostData(req).uid !== undefined) return next();
  res.cookie('remember', name);
  Object.assign(req.session, { uid: name });
  next();
};

const secret = { secret: 'of the host' };
const enter: RequestHandler = (req, res, next) => {
  const { uid, then = 'json' } = (req.method === 'GET' ? req.query : req.body) as { uid: string; then?: string };
  const answer = () => (then === 'json' ? res.json({ signedIn: true }) : res.redirect(302, then));
  if (req.path === '/enter-keeping') {
    Object.assign(req.session, { uid });
    answer();
  } else req.session.regenerate((error) => (error ? next(error) : (Object.assign(req.session, { uid }), answer())));
};

export function lateRoutes(app: Express): void {
  app.get('/basic', basic, (_req, res) => void res.set('X-Secret', 'yes').json(secret));
  app.post('/basic', basic, (_req, res) => void res.json(secret));
  app.get('/basic/counted', basic, (req, res) => {
    Object.assign(req.session, { visits: 1 });
    res.json(secret);
  });
  app.get('/basic/stream', basic, (_req, res) => {
    res.write('secret of the host');
    setTimeout(() => {
      res.write('more of it');
      res.end();
    }, 20);
  });
  app.get(
    '/basic/head',
    basic,
    (_req, res) => void res.writeHead(200, { 'X-Secret': 'yes' }).end('secret of the host'),
  );
  app.get('/basic/file', basic, (_req, res) => res.sendFile(`${process.cwd()}/package.json`));
  app.get('/remembered', remembered, (_req, res) => void res.json(secret));
  for (const path of ['/enter', '/enter-keeping', '/callback']) {
    app.get(path, enter);
    app.post(path, express.json(), enter);
  }
  app.post('/leave', (req, res, next) =>
    req.session.destroy((error) => {
      if (error) next(error);
      else res.json({ left: true });
    }),
  );
  app.get('/public', (_req, res) => void res.json({ for: 'everybody' }));
}

/** With ada, who has an authenticator app. */
export async function lateApp(options: TestAppOptions = {}): Promise<TestApp & { secret: string }> {
  const { host, ...rest } = options;
  const app = await testApp({ policy: 'no-prompt', user: lateUser, ...rest, host: { routes: lateRoutes, ...host } });
  const { secret: totpSecret } = await (await new Browser(app).signIn('ada')).enrollTotp();
  return { ...app, secret: totpSecret };
}
