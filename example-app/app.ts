// An ordinary Express app with accounts, sessions, Passport and pages of its own. What stands between the marks
// `mfa:` and `:mfa` makes it MFA-safe; the README's quick start is those very lines.
import { createHmac } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { RedisStore } from 'connect-redis';
import express, { type NextFunction, type Request, type Response } from 'express';
import session from 'express-session';
import helmet from 'helmet';
import type { Redis } from 'ioredis';
import type { Knex } from 'knex';
// mfa:
import { backupCodes, createMfa, memoryStore, mfaRouter, redisStore, requireMfa, totp } from 'express-mfa';
// :mfa
import { passkeySignInRouter, supportPass } from 'express-mfa';
import { mfaAdminRouter } from 'express-mfa/admin';
import { sqlStore } from 'express-mfa/sql';
import { administrationOf, isAdmin } from './administration.js';
import { goOn, send } from './answers.js';
import { openAudit } from './audit-log.js';
import { parseCredentials } from './credentials.js';
import { SqlSessions } from './database.js';
import { atOneName } from './origin.js';
import { openOutbox } from './outbox.js';
import { accountPage, adminPage, homePage, logInPage, messagePage, signUpPage, transferPage } from './pages.js';
import { sameSiteOnly } from './same-site.js';
import { logIn, logOut, signInWithPassword } from './sign-in.js';
import { openUsers } from './users.js';

type On = { database?: Knex | undefined; redis?: Redis | undefined; origin?: string | undefined };

/**
 * The app, on a database, on Redis or, without one, on this process' memory. Reads `MFA_SECRET` from the environment.
 * @param on.origin where browsers see it: without one, notices have no link
 * @throws MfaError `config.*` where express-mfa cannot work with its options
 */
export function createApp({ database, redis, origin }: On = {}) {
  const app = express();
  const users = openUsers(redis, database);
  const { restore, authenticate } = signInWithPassword(users);
  const { passkeys, moreFactors: sent, show: showOutbox } = openOutbox();
  const moreFactors = [...sent, supportPass()];
  const hasPasskeys = passkeys.length > 0;
  const form = express.urlencoded({ extended: false });

  app.disable('x-powered-by');
  app.use(
    helmet({
      contentSecurityPolicy: { directives: { 'upgrade-insecure-requests': null } },
      // Helmet's default would make browsers send `Origin: null` with this app's own forms.
      referrerPolicy: { policy: 'same-origin' },
    }),
  );
  app.use(atOneName(origin));
  app.use(express.static(fileURLToPath(new URL('public', import.meta.url))));
  app.use(
    session({
      name: 'example.sid',
      secret: createHmac('sha256', process.env.MFA_SECRET ?? '')
        .update('session')
        .digest('hex'),
      resave: false,
      saveUninitialized: false,
      cookie: { httpOnly: true, sameSite: 'lax', secure: 'auto' },
      ...(redis && { store: new RedisStore({ client: redis, prefix: 'example:session:' }) }),
      ...(database && { store: new SqlSessions(database) }),
    }),
  );
  app.use(restore);
  app.use(sameSiteOnly);
  app.get('/signup', (_req, res) => send(res, signUpPage()));
  app.post('/signup', form, signUp);
  app.get('/login', (_req, res) => send(res, logInPage({ passkeys: hasPasskeys })));
  app.post('/login', form, signIn);
  app.post('/logout', signOut);
  app.get('/dev/outbox', showOutbox);

  // mfa:
  const mfa = createMfa({
    appName: 'Example',
    secrets: [process.env.MFA_SECRET],
    store: redis ? redisStore(redis, { namespace: 'example' }) : memoryStore(),
    factors: [...passkeys, totp(), ...moreFactors, backupCodes()],
    user: (req) => req.user && { id: req.user.id, email: req.user.email },
    policy: (user) => (isAdmin(user) ? 'mandatory' : 'prompt-at-sign-in-and-sign-up'),
    // :mfa
    ...(origin && { origin }),
    ...(database && { store: sqlStore(database, { namespace: 'example' }) }),
    audit: openAudit(redis, database),
    administration: administrationOf(users, redis, database),
    // mfa:
  });
  // :mfa
  if (hasPasskeys) app.use('/mfa', passkeySignInRouter(mfa, { signIn: signInWithPasskey }));
  // mfa:
  app.use('/mfa', mfaRouter(mfa));
  app.use(requireMfa(mfa, { anonymous: 'pass' }));
  // :mfa

  app.get('/', ({ user }, res) => send(res, homePage(sent.length > 0, user)));
  // mfa:
  app.get('/account', requireMfa(mfa), showAccount);
  app.all('/transfer', requireMfa(mfa, { maxAgeSeconds: 300 }));
  // :mfa
  app.get('/transfer', showTransfer);
  app.post('/transfer', transfer);
  app.use(
    '/admin/mfa',
    mfaAdminRouter(mfa, {
      admin: ({ user }) => user && isAdmin(user) && { name: user.email, may: ['view', 'help', 'decide', 'audit'] },
    }),
  );
  app.get('/admin', requireMfa(mfa), showAdministration);
  app.use(({ user }, res) => send(res, messagePage('Not found', 'There is no such page.', user), 404));
  app.use(sorry);

  async function signUp(req: Request, res: Response) {
    const { email, password, error } = parseCredentials(req.body);
    if (error !== undefined) return send(res, signUpPage({ email, error }), 422);
    const user = await users.add(email, password);
    if (!user) return send(res, signUpPage({ email, error: 'There is an account with this address already.' }), 422);
    await logIn(req, user);
    // mfa:
    await mfa.signedUp(req);
    // :mfa
    await goOn(req, res, '/account');
  }

  async function signIn(req: Request, res: Response) {
    const user = await authenticate(req, res);
    const { email } = parseCredentials(req.body);
    if (!user)
      return send(res, logInPage({ email, error: 'Address or password is wrong.', passkeys: hasPasskeys }), 422);
    await logIn(req, user);
    // mfa:
    await mfa.signedIn(req);
    // :mfa
    await goOn(req, res, '/account');
  }

  /** Not needed for a second factor: the button on the log-in page. */
  async function signInWithPasskey(req: Request, userId: string) {
    const user = await users.find(userId);
    if (!user) return false;
    await logIn(req, user);
    return true;
  }

  // The sign-out of the MFA pages is sent on to here: the method stays, and there is no token of this app in it.
  async function signOut(req: Request, res: Response) {
    await logOut(req);
    await goOn(req, res, '/');
  }

  return { app, mfa, users };
}

function showAccount({ user, mfa }: Request, res: Response): void {
  if (user && mfa) send(res, accountPage(user, mfa));
}

function showTransfer({ user, mfa }: Request, res: Response): void {
  if (user && mfa) send(res, transferPage(user, mfa));
}

/** Nothing is moved here. The guard stands before the form's POST too: a page that asks for a proof protects nothing else. */
function transfer({ user, mfa }: Request, res: Response): void {
  if (user && mfa) send(res, messagePage('Transfer money', 'Done: nothing was moved, for this is an example.', user));
}

function showAdministration({ user }: Request, res: Response): void {
  if (user && isAdmin(user)) send(res, adminPage(user));
  else send(res, messagePage('For administrators', 'Your address is not at @admin.example.', user), 403);
}

/** Express takes a function of four parameters for an error handler. */
function sorry(error: unknown, { user }: Request, res: Response, next: NextFunction): void {
  if (res.headersSent) return next(error);
  // An address that cannot be read, a body that is too large: whoever asked is told so, and nothing is written down.
  const { status = 500 } = error as { status?: number };
  if (status >= 400 && status < 500)
    return send(res, messagePage('This did not work', 'What was sent here cannot be read.', user), status);
  console.error(error);
  send(res, messagePage('Something went wrong', 'The mistake is ours, and it was written down.', user), 500);
}
