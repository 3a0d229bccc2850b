// Apps as the doctor meets them, by the environment: TEST_APP says which fault this one has. A process loads one as a module
// (test/cli/fixtures/app.ts); tests make others.
import express, { Router, type RequestHandler } from 'express';
import session, { MemoryStore, Store } from 'express-session';
import { mfaRouter, requireMfa } from '../../src/index.js';
import { plainApp } from './cli-configurations.js';

const answer: RequestHandler = (_req, res) => void res.send('answer');

/** A store on a server, as far as anybody can see. */
class ServerStore extends Store {
  readonly inner = new MemoryStore();
  override get = this.inner.get.bind(this.inner);
  override set = this.inner.set.bind(this.inner);
  override destroy = this.inner.destroy.bind(this.inner);
}

const sessionsWith = (fault: string): RequestHandler =>
  session({
    secret: 'keyboard cat',
    resave: fault === 'resaving sessions',
    saveUninitialized: true,
    ...(fault === 'memory sessions' ? {} : { store: new ServerStore() }),
    cookie: {
      secure: fault === 'insecure cookie' ? false : 'auto',
      sameSite: fault === 'cross-site cookie' ? 'none' : 'lax',
      httpOnly: fault !== 'readable cookie',
    },
  });

function _cookieSession(_req: unknown, _res: unknown, next: () => void) {
  next();
}

export function faultyApp(environment: { [name: string]: string | undefined }) {
  const fault = environment['TEST_APP'] ?? '';
  const { mfa, close } = plainApp(environment);
  const app = express();
  if (fault !== 'no proxy') app.set('trust proxy', fault === 'trusts everybody' ? true : 1);
  if (fault === 'cookie-session') app.use(_cookieSession);
  else if (fault !== 'late session' && fault !== 'no session') app.use(sessionsWith(fault));
  app.get('/login', answer);
  app.post('/logout', answer);
  if (fault === 'guard first') app.use(requireMfa(mfa));
  if (fault !== 'no pages') app.use('/mfa', mfaRouter(mfa));
  if (fault === 'late session') app.use(sessionsWith(fault));
  if (fault === 'static files') app.use('/files', express.static('/nowhere'));
  if (fault === 'mounted app') app.use('/legacy', express().get('/hidden', answer));
  const router = Router();
  router.get('/forgotten/:id', answer);
  if (fault === 'open routes') app.use('/api', router);
  if (fault === 'report') app.use(requireMfa(mfa, { mode: 'report' }));
  else if (fault !== 'no guard' && fault !== 'guard first' && fault !== 'single guard') {
    app.use(requireMfa(mfa, { anonymous: 'pass' }));
  }
  app.get('/', ...(fault === 'single guard' ? [requireMfa(mfa)] : []), answer);
  return { mfa, app, close };
}
