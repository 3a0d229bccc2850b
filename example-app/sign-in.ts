// The app's own sign-in: Passport with the local strategy, each app with a Passport of its own. Knows no second factor.
import type { Request, RequestHandler, Response } from 'express';
import passport from 'passport';
import { Strategy as LocalStrategy } from 'passport-local';
import { parseCredentials } from './credentials.js';
import type { AppUser, Users } from './users.js';

declare global {
  namespace Express {
    // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- how Passport is told what a user is
    interface User extends AppUser {}
  }
}

export type SignIn = {
  /** Finds the user of the session, for every request. */
  restore: RequestHandler;
  /** The user whose address and password the body holds. */
  authenticate(req: Request, res: Response): Promise<AppUser | undefined>;
};

export function signInWithPassword(users: Users): SignIn {
  const auth = new passport.Passport();
  auth.serializeUser((user, done) => done(null, user.id));
  auth.deserializeUser((id: string, done) => {
    users.find(id).then((user) => done(null, user ?? false), done);
  });
  auth.use(
    new LocalStrategy({ usernameField: 'email' }, (typed, password, done) => {
      const { email } = parseCredentials({ email: typed });
      users.check(email, password).then((user) => done(null, user ?? false), done);
    }),
  );
  return {
    restore: auth.session() as RequestHandler,
    authenticate: (req, res) =>
      new Promise((resolve, reject) => {
        const done = (error: Error | null, user?: AppUser | false) =>
          error ? reject(error) : resolve(user || undefined);
        (auth.authenticate('local', done) as RequestHandler)(req, res, reject);
      }),
  };
}

/** Signs the user in, in a session with a new id. */
export async function logIn(req: Request, user: AppUser): Promise<void> {
  await new Promise<void>((resolve, reject) =>
    req.logIn(user, (error: Error | null) => (error ? reject(error) : resolve())),
  );
}

/** Signs out; the session gets a new id and keeps nothing. */
export async function logOut(req: Request): Promise<void> {
  await new Promise<void>((resolve, reject) =>
    req.logout((error: Error | null) => (error ? reject(error) : resolve())),
  );
}
