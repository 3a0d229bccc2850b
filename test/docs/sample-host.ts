// An ordinary app around a sample of the documentation: people, a session, a log-in that asks for nothing, and what the
// sample names without saying where it comes from (`host.txt`). Time and stores are the test's.
import type { Express, NextFunction, Request, RequestHandler, Response } from 'express';
import session from 'express-session';
import { Passport } from 'passport';
import { Strategy } from 'passport-local';
import * as api from '../../src/index.js';
import * as ldapApi from '../../src/ldap.js';
import * as passportApi from '../../src/passport.js';
import * as scimApi from '../../src/scim.js';
import * as sqlApi from '../../src/sql.js';
import * as upstreamApi from '../../src/upstream.js';
import { Browser } from '../support/agent.js';
import { appSecret, expressOf, testClock } from '../support/app.js';
import { serve, type Served } from '../support/serve.js';
import { breakable, type Breakdown } from './breakdown.js';
import type { Block } from './markdown.js';
import { paste, type Names } from './pasted.js';

export type Row = Express.User & { emailVerified: boolean; active: boolean; hasMfa: boolean; role: string };

export type SampleSite = Served & {
  mfa: api.Mfa;
  app: Express;
  rows: Map<string, Row>;
  events: api.MfaEvent[];
  /** What the sample declared. */
  names: Names;
};

export type Placing = {
  /**
   * `whole`: makes everything itself; `unguarded`: mounts router and guard itself. Else both are mounted for it: it stands
   * before them, between or behind.
   */
  as: 'whole' | 'unguarded' | 'before' | 'between' | 'behind';
  guard?: api.RequireMfaOptions | false;
  /** Options of the app around it. */
  options?: Partial<api.MfaOptions>;
  /** What the sample takes for granted beside what `host.txt` declares. */
  around?: Names;
  modules?: Names;
  /** In place of parts of express-mfa that reach out, such as the sender of a provider. */
  instead?: Names;
  /** Runs in the log-in, as the comment of the quick start says. */
  atLogIn?: Block;
  /** What stands between the log-in and the sample. */
  beforeSample?: (app: Express, rows: Map<string, Row>) => void;
  /** The sample is about the real time. */
  realTime?: boolean;
};

/** The Express that the samples run with from now on, and what was opened since. */
let version: 4 | 5 = 5;
let opened: { site: SampleSite; breakdown: Breakdown }[] = [];

export function beginWith(express: 4 | 5): void {
  version = express;
  opened = [];
}

export const openedSites = () => opened;

const personOf = (req: Request) => (req as unknown as { user?: Row }).user;

export async function openSample(sample: Block, placing: Placing): Promise<SampleSite> {
  const clock = testClock(placing.realTime ? Date.now() : undefined);
  const events: api.MfaEvent[] = [];
  const rows = new Map(['ada', 'eve', 'tom', 'user-42'].map((id) => [id, rowOf(id)]));
  const ownExpress = expressOf(version);
  const app = ownExpress();
  const breakdown: Breakdown = { now: false };
  const store = new session.MemoryStore();
  const time = placing.realTime ? {} : { clock };
  const memory = () => breakable(api.memoryStore(time), breakdown);
  const createMfa = (options: api.MfaOptions) =>
    api.createMfa({
      ...options,
      ...time,
      store: memory(),
      onEvent: (event) => {
        events.push(event);
        void options.onEvent?.(event);
      },
    });
  const host: api.MfaOptions = {
    appName: 'Acme',
    secrets: [appSecret],
    factors: [api.totp(), api.webauthn()],
    policy: 'no-prompt',
    user: (req) => {
      const person = personOf(req);
      return person ? { id: person.id, email: person.email, tenant: 'acme' } : null;
    },
    notify: () => undefined,
    ...placing.options,
  };
  const passport = passportFor(rows);
  const given = { ...api, createMfa, redisStore: memory, memoryStore: memory, ...placing.instead };
  const sessions = (options: session.SessionOptions) => session({ ...options, store });
  const modules: Names = {
    'express-mfa': given,
    'express-mfa/ldap': ldapApi,
    'express-mfa/passport': passportApi,
    'express-mfa/scim': scimApi,
    'express-mfa/sql': sqlApi,
    'express-mfa/upstream': upstreamApi,
    express: ownExpress,
    'express-session': Object.assign(sessions, session),
    passport,
    ...placing.modules,
  };
  const own = placing.as === 'whole' ? undefined : createMfa(host);
  const around = { app, host, createMfa, mfa: own, ...surroundings(rows, breakdown), ...placing.around };

  app.use(sessions({ secret: appSecret, resave: false, saveUninitialized: false }));
  app.use(passport.session() as RequestHandler);
  const logIn = async (req: Request, res: Response) => {
    await new Promise<void>((resolve, reject) =>
      req.session.regenerate((error) => (error ? reject(error as Error) : resolve())),
    );
    const { uid = 'ada' } = req.body as { uid?: string };
    Object.assign(req.session, { userId: uid, signInId: String(Math.random()), passport: { user: uid } });
    Object.assign(req, { user: rows.get(uid) });
    if (placing.atLogIn) await paste(placing.atLogIn, { req, mfa: made.mfa });
    res.json({ signedIn: true });
  };
  app.post('/login', ownExpress.json(), (req, res, next) => {
    if (req.is('json')) void logIn(req, res).catch(next);
    else next();
  });
  placing.beforeSample?.(app, rows);
  const made: { mfa?: api.Mfa } = {};
  const names = await mount(sample, placing, { app, own, around, modules });
  const mfa = (names['mfa'] ?? own) as api.Mfa;
  made.mfa = mfa;
  if (placing.as === 'before') mountMfa(app, mfa, placing.guard);
  app.all(['/account', '/transfer'], (req, res) => void res.json({ secret: 'of the host', mfa: req.mfa ?? null }));
  app.post('/logout', (req, res, next) => {
    req.session.destroy((error) => (error ? next(error) : res.redirect(303, '/')));
  });
  app.use((error: unknown, _req: Request, res: Response, _next: NextFunction) => {
    res.status(500).json({ host: String(error) });
  });
  const site = { ...(await serve(app, clock)), mfa, app, rows, events, names };
  opened.push({ site, breakdown });
  return site;
}

type Mounted = { app: Express; own: api.Mfa | undefined; around: Names; modules: Names };

async function mount(sample: Block, { as, guard }: Placing, { app, own, around, modules }: Mounted): Promise<Names> {
  if (own && as !== 'before' && as !== 'unguarded') app.use('/mfa', api.mfaRouter(own));
  if (own && as === 'behind' && guard !== false) app.use(api.requireMfa(own, { anonymous: 'pass', ...guard }));
  return paste(sample, around, modules);
}

function mountMfa(app: Express, mfa: api.Mfa, guard: Placing['guard']): void {
  app.use('/mfa', api.mfaRouter(mfa));
  if (guard !== false) app.use(api.requireMfa(mfa, { anonymous: 'pass', ...guard }));
}

const rowOf = (id: string): Row => ({
  id,
  email: `${id}@example.com`,
  passwordHash: '',
  emailVerified: false,
  active: true,
  hasMfa: false,
  role: 'user',
});

/** With the strategy `local`, for which the name is enough, and whatever the sample adds. */
function passportFor(rows: Map<string, Row>) {
  const passport = new Passport();
  passport.serializeUser((user, done) => done(null, (user as Row).id));
  passport.deserializeUser((id: string, done) => done(null, rows.get(id) ?? false));
  passport.use(new Strategy((name, _password, done) => done(null, rows.get(name) ?? false)));
  return passport;
}

/** What `host.txt` declares. */
function surroundings(rows: Map<string, Row>, breakdown: Breakdown): Names {
  const opens = (_req: Request, res: Response) => void res.json({ open: 'to everybody' });
  const shows = (_req: Request, res: Response) => void res.json({ secret: 'of the host' });
  return {
    process: { env: { MFA_SECRET: appSecret, SESSION_SECRET: appSecret, SMTP_URL: 'smtp://127.0.0.1:1' } },
    redis: {},
    passkeys: [],
    moreFactors: [],
    isAdmin: ({ email = '' }: { email?: string }) => email.startsWith('admin'),
    users: breakable(
      {
        find: async (id: string) => rows.get(id),
        bySubject: async (_issuer: string, subject: string) => rows.get(subject),
        setMfa: async (id: string, hasMfa: boolean) => void Object.assign(rows.get(id) ?? {}, { hasMfa }),
      },
      breakdown,
    ),
    showAccount: shows,
    showTransfer: shows,
    showReport: shows,
    makeApiKey: shows,
    checkApiKey: (req: Request, res: Response, next: NextFunction) =>
      req.get('X-API-Key') === 'right' ? next() : res.sendStatus(401),
    takeHook: opens,
    showTarget: opens,
    showPrices: opens,
    payOut: shows,
  };
}

/** Somebody who has an authenticator app, and a thief who has their password. */
export async function ownerAndThief(site: SampleSite, uid = 'ada') {
  const owner = await new Browser(site).signIn(uid);
  const { secret } = await owner.enrollTotp();
  const thief = await new Browser(site).signIn(uid);
  return { owner, secret, thief };
}
