// An ordinary host app over HTTP, made MFA-safe the way the README says: sessions, a log-in of its own, our routers, the
// guard app-wide. A test turns what it is about and leaves the rest as it is.
import { createRequire } from 'node:module';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type ErrorRequestHandler, type Express, type Request } from 'express';
import session, { type SessionOptions } from 'express-session';
import {
  backupCodes,
  createMfa,
  mfaRouter,
  requireMfa,
  totp,
  type Mfa,
  type MfaEvent,
  type MfaOptions,
  type Notice,
  type RequireMfaOptions,
  type User,
} from '../../src/index.js';
import { testClock as clockAt, type TestClock } from '../../src/testing.js';
import { openBacking, type Backing } from './backing.js';

export type { TestClock };

/** Stands still until a test advances it; at the same moment in each. */
export function testClock(ms = 1_800_000_000_000): TestClock {
  return clockAt(ms);
}

export type HostOptions = {
  /** Which Express the host brings. Default: the one that tests run with. */
  express?: 5 | 4;
  /** Options of express-session; `false`: the host has none. */
  session?: Partial<SessionOptions> | false;
  /** The app-wide guard; `false`: the host installs none. */
  guard?: RequireMfaOptions | false;
  /** Where our routers are mounted. Default `/mfa`. */
  base?: string;
  /** The host gives the session no new id at log-in, as nine of twenty do not. */
  keepsSession?: boolean;
  /** What the host mounts before its sessions: parsers, headers. */
  before?: (app: Express) => void;
  /** What the host mounts between its sessions and our routers. */
  between?: (app: Express, mfa: Mfa) => void;
  /** Further routes, behind the guard. */
  routes?: (app: Express, mfa: Mfa) => void;
};

export type TestAppOptions = Partial<MfaOptions> & { host?: HostOptions };

export type TestApp = {
  readonly mfa: Mfa;
  readonly clock: TestClock;
  readonly url: string;
  readonly base: string;
  readonly events: MfaEvent[];
  readonly notices: (Notice & { userId: string })[];
  /** What reached the host's own error handler. */
  readonly thrown: unknown[];
  readonly express: Express;
  close(): Promise<void>;
};

export const appSecret = 'the secret of the app in these tests, 32 bytes and more';
const require = createRequire(import.meta.url);

export function expressOf(version?: 5 | 4): typeof express {
  return version === 4 ? (require('express-4') as typeof express) : express;
}

/** The part of the host's session that its log-in writes. */
export type HostData = { uid?: unknown; [key: string]: unknown };

/** Whom `/login` put into the session, by the id alone. */
export function userOfSession(req: Request): User | null {
  const { uid } = hostData(req);
  return uid === undefined ? null : { id: uid as string };
}

export function hostData(req: Request): HostData {
  return (req as unknown as { session?: HostData }).session ?? {};
}

/** Backup codes in a smaller set than usual: a derivation takes time, and ten show no more than five. */
export const fewBackupCodes = () => backupCodes({ count: 5, lowAt: 2 });

export async function testApp({ host = {}, ...options }: TestAppOptions = {}): Promise<TestApp> {
  const clock = (options.clock as TestClock | undefined) ?? testClock();
  const events: MfaEvent[] = [];
  const notices: (Notice & { userId: string })[] = [];
  const thrown: unknown[] = [];
  const backing = await openBacking(clock);
  const mfa = createMfa({
    appName: 'Acme',
    secrets: [appSecret],
    factors: [totp()],
    user: (req) => {
      const { uid } = hostData(req);
      return uid === undefined ? null : { id: uid as string, label: `${uid as string}@example.com` };
    },
    onEvent: (event) => void events.push(event),
    notify: (notice) => void notices.push(notice),
    ...(backing.store && { store: backing.store }),
    ...options,
    clock,
  });
  const base = host.base ?? '/mfa';
  const app = hostApp(mfa, base, host, thrown, backing);
  const server = await listen(app);
  const { port } = server.address() as AddressInfo;
  return {
    mfa,
    clock,
    url: `http://127.0.0.1:${port}`,
    base,
    events,
    notices,
    thrown,
    express: app,
    async close() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      await backing.close();
    },
  };
}

function hostApp(mfa: Mfa, base: string, host: HostOptions, thrown: unknown[], backing: Backing): Express {
  const own = expressOf(host.express);
  const app = own();
  if (backing.before) app.use(backing.before);
  host.before?.(app);
  if (host.session !== false) {
    const kept = backing.sessions && { store: backing.sessions };
    app.use(session({ secret: 'keyboard cat', resave: false, saveUninitialized: false, ...kept, ...host.session }));
  }
  mountSignIn(app, own, host.keepsSession === true);
  host.between?.(app, mfa);
  app.use(base, mfaRouter(mfa));
  if (host.guard !== false) app.use(requireMfa(mfa, { anonymous: 'pass', ...host.guard }));
  app.get('/', (_req, res) => void res.send('home'));
  app.all(/^\/account/, (req, res) => void res.json({ account: hostData(req).uid ?? null, mfa: req.mfa ?? null }));
  host.routes?.(app, mfa);
  const answerError: ErrorRequestHandler = (error: unknown, _req, res, _next) => {
    thrown.push(error);
    const { status = 500, code } = error as { status?: number; code?: string };
    res.status(status).json({ host: 'error', code: code ?? String(error) });
  };
  app.use(answerError);
  return app;
}

/** `POST /login` with `{ uid, … }`: every field goes into the session. No password: it is the thief's already. */
function mountSignIn(app: Express, own: typeof express, keepsSession: boolean): void {
  app.post('/login', own.json(), (req, res, next) => {
    const signIn = () => {
      Object.assign(req.session, req.body);
      req.session.save((error) => (error ? next(error) : void res.json({ signedIn: true })));
    };
    if (keepsSession) signIn();
    else req.session.regenerate((error) => (error ? next(error) : signIn()));
  });
  app.post('/logout', (req, res, next) => {
    if (keepsSession) {
      delete hostData(req).uid;
      res.redirect(303, '/');
      return;
    }
    req.session.destroy((error) => (error ? next(error) : res.redirect(303, '/')));
  });
}

/** Neither the server nor its connections keep a test run alive. */
async function listen(app: Express): Promise<Server> {
  const server = await new Promise<Server>((resolve) => {
    const started: Server = app.listen(0, '127.0.0.1', () => resolve(started));
  });
  server.on('connection', (socket) => socket.unref());
  return server.unref();
}
