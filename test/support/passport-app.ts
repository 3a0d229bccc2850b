// A host app with Passport of any version: its log-in signs in by `req.logIn`, its own page answers the second factor
// by `passport.authenticate('mfa-…')`.
import { IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import express, { type Express, type Handler, type Request } from 'express';
import type { Authenticator } from 'passport';
import { totp, type Mfa, type User } from '../../src/index.js';
import { mfaStrategies } from '../../src/passport.js';
import { Browser, type Fields } from './agent.js';
import { fewBackupCodes, testApp, type TestApp, type TestAppOptions } from './app.js';

export const passportVersions = [
  'passport-0.2',
  'passport-0.3',
  'passport-0.4',
  'passport-0.5',
  'passport-0.6',
  'passport',
] as const;
export type PassportVersion = (typeof passportVersions)[number];
type AnyPassport = Authenticator & { Passport: new () => Authenticator };

const require = createRequire(import.meta.url);

function passportOf(version: PassportVersion): AnyPassport {
  forgetLogIn();
  const passport = require(version) as AnyPassport;
  // Version 0.2 lends its `logIn` where it is loaded, once; later ones where an instance is made.
  const lending = 'passport-0.2/lib/http/request';
  delete require.cache[require.resolve(lending)];
  if (version === 'passport-0.2') require(lending);
  return passport;
}

/** Up to 0.4 Passport lends its `logIn` and the like to all requests of Node, and what is lent already later ones use. */
function forgetLogIn(): void {
  for (const name of ['login', 'logIn', 'logout', 'logOut', 'isAuthenticated', 'isUnauthenticated'])
    Reflect.deleteProperty(IncomingMessage.prototype, name);
}

/** The host's table of users. */
type Row = { id: number; name: string };
const rows: Row[] = ['ada', 'bob', 'eve'].map((name, index) => ({ id: index + 1, name }));

export type PassportAppOptions = TestAppOptions & {
  version?: PassportVersion;
  keepSessionInfo?: boolean;
  /** The host's own routes, with its Passport. */
  mount?: (app: Express, passport: Authenticator, mfa: Mfa) => void;
};

/** How often the session was given a user, by whomever. */
export type PassportApp = TestApp & { readonly logIns: { count: number } };

export async function passportApp(options: PassportAppOptions = {}): Promise<PassportApp> {
  const { version = 'passport', keepSessionInfo = false, mount, host, ...rest } = options;
  const passport = new (passportOf(version).Passport)();
  const logIns = { count: 0 };
  passport.serializeUser((user, done) => {
    logIns.count += 1;
    done(null, (user as unknown as Row).id);
  });
  passport.deserializeUser((id, done) => {
    done(null, (rows.find((row) => row.id === id) ?? false) as never);
  });
  const between = (app: Express, mfa: Mfa) => {
    app.use(passport.initialize(), passport.session() as Handler);
    app.post('/enter', express.json(), (req, res, next) => {
      const row = rows.find(({ name }) => name === (req.body as { name: string }).name);
      req.logIn(row as never, { keepSessionInfo } as never, (error: unknown) =>
        error ? next(error) : void res.json({}),
      );
    });
    for (const strategy of mfaStrategies(mfa)) passport.use(strategy);
    mount?.(app, passport, mfa);
  };
  const app = await testApp({
    factors: [totp(), fewBackupCodes()],
    policy: 'no-prompt',
    user: (req) => userOf(req),
    ...rest,
    host: { ...host, between },
  });
  const close = () => {
    forgetLogIn();
    return app.close();
  };
  return { ...app, logIns, close };
}

function userOf(req: Request): User | null {
  const row = req.user as unknown as Row | undefined;
  return row ? { id: row.id, label: row.name } : null;
}

export class PassportBrowser extends Browser {
  async enter(name: string): Promise<this> {
    await this.agent.post('/enter').set(this.headers).send({ name }).expect(200);
    return this;
  }

  /** Posts to a route of the host's with the token of our forms. */
  async send(path: string, fields: Fields, headers: { [name: string]: string } = {}) {
    return this.post(path, { _csrf: await this.csrf(), ...fields }, headers);
  }
}

/** A person who has an authenticator app, and has signed in anew since. */
export async function pendingAt(app: TestApp, name = 'ada') {
  const { secret, codes } = await (await new PassportBrowser(app).enter(name)).enrollTotp();
  app.clock.advance(30);
  return { person: await new PassportBrowser(app).enter(name), secret, codes };
}
