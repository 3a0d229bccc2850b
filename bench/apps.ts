// Apps that differ in one line: the guard, the least that any guard does, a middleware that does nothing, or none.
// Sessions in Redis, Passport's session strategy, one route; what a signed-in request costs with and without the guard.
import { RedisStore } from 'connect-redis';
import express, { type Express, type RequestHandler } from 'express';
import session from 'express-session';
import { Redis } from 'ioredis';
import { generate } from 'otplib';
import { Passport } from 'passport';

import { backupCodes, createMfa, mfaRouter, redisStore, requireMfa, totp, type Mfa } from '../src/index.js';
import { riskByHistory } from '../src/risk.js';

type Person = { id: string };

/** `again` is `bare` a second time: how much two processes of one app differ. */
export const appNames = ['bare', 'again', 'idle', 'least', 'guarded', 'assessed'] as const;
export type AppName = (typeof appNames)[number];

export function benchApp(name: AppName, redisUrl: string, namespace: string): Express {
  const redis = new Redis(redisUrl);
  const mfa = createMfa({
    appName: 'Bench',
    secrets: ['a secret of the benchmark, thirty-two bytes or more'],
    store: redisStore(redis, { namespace, warn: () => undefined }),
    factors: [totp(), backupCodes()],
    user: (req) => {
      const person = req.user as Person | undefined;
      return person ? { id: person.id, label: person.id } : null;
    },
    recordMaxAgeSeconds: 300,
    ...(name === 'assessed' ? { risk: riskByHistory(), riskMode: 'enforce' as const } : {}),
  });
  const guards: { [name in AppName]?: RequestHandler } = {
    idle: (_req, _res, next) => {
      next();
    },
    least: leastGuard(namespace),
    guarded: requireMfa(mfa, { anonymous: 'pass' }),
    assessed: requireMfa(mfa, { anonymous: 'pass' }),
  };
  return hostApp(mfa, new RedisStore({ client: redis, prefix: `${namespace}:session:` }), guards[name]);
}

/** What no guard can leave out: look whose session it is, and tell the routes. It proves nothing and keeps nobody out. */
const leastGuard =
  (namespace: string): RequestHandler =>
  (req, _res, next) => {
    const { user, session: kept } = req as typeof req & { user?: Person };
    if (kept.mfa?.[namespace]?.userId === user?.id) (req as { mfa?: object }).mfa = told;
    next();
  };
const told = { state: 'elevated' };

function hostApp(mfa: Mfa, store: session.Store, guard: RequestHandler | undefined): Express {
  const passport = new Passport();
  passport.serializeUser((user, done) => {
    done(null, (user as Person).id);
  });
  passport.deserializeUser((id: string, done) => {
    done(null, { id } as unknown as Express.User);
  });
  const app = express();
  app.use(session({ store, secret: 'bench', resave: false, saveUninitialized: false }));
  app.use(passport.initialize());
  app.use(passport.session());
  app.post('/login/:id', (req, res, next) => {
    req.logIn({ id: req.params.id } as unknown as Express.User, (error?: unknown) => {
      if (error) next(error);
      else res.sendStatus(204);
    });
  });
  app.use('/mfa', mfaRouter(mfa));
  if (guard) app.use(guard);
  app.get('/hello', (_req, res) => {
    res.json({ hello: 'world' });
  });
  return app;
}

/** Signs in and sets up an authenticator app over HTTP. @returns the cookie of the elevated session */
export async function elevatedCookie(origin: string, id: string): Promise<string> {
  const browser = cookieJar();
  await elevate(origin, browser, id);
  return browser.cookie();
}

/** The same in a jar of cookies that goes on. */
export async function elevate(origin: string, browser: Browse, id: string): Promise<void> {
  await browser(`${origin}/login/${id}`, { method: 'POST' });
  const { secret } = (await (await browser(`${origin}/mfa/setup/totp`)).json()) as { secret: string };
  const { csrfToken } = (await (await browser(`${origin}/mfa`)).json()) as { csrfToken: string };
  const post = (path: string, token: string, body: object) =>
    browser(`${origin}/mfa${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-csrf-token': token },
      body: JSON.stringify(body),
    });
  await post('/setup/totp', csrfToken, { code: await generate({ secret }) });
  const codes = (await (await browser(`${origin}/mfa/backup-codes`)).json()) as {
    csrfToken: string;
    pending: { revealToken: string };
  };
  await post('/backup-codes/confirm', codes.csrfToken, { revealToken: codes.pending.revealToken, saved: 'yes' });
}

export type Browse = (url: string, init?: RequestInit) => Promise<Response>;

/** `fetch` that keeps cookies. */
export function cookieJar() {
  const jar = new Map<string, string>();
  const cookie = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  const browse = async (url: string, init: RequestInit = {}) => {
    const headers = { ...(init.headers as { [name: string]: string } | undefined), cookie: cookie() };
    const answer = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    return answer;
  };
  return Object.assign(browse, { cookie });
}
