// What Passport asks of a strategy, as a shape: the host's Passport is the host's, of whatever version, and is never
// imported. And how a right answer is told without signing anybody in.
import type { Request } from 'express';

/** What Passport adds to a strategy for the time of one request. */
export interface Actions {
  success(user: object, info?: object): void;
  fail(challenge: object, status?: number): void;
  error(error: unknown): void;
}

/** Fits `passport.use` of every Passport from 0.2. */
export interface MfaStrategy {
  readonly name: string;
  /** Called by Passport. */
  authenticate(req: Request, options?: object): void;
}

type LogIn = (...given: unknown[]) => unknown;
type Loginable = { logIn?: LogIn };

/**
 * Tells Passport that an answer was right. A callback gets user and info; without one, Passport would now call
 * `req.logIn`, which from 0.6 on gives the session yet another id and drops what stands in it. The person is signed in
 * already, so that one call, known by the options that are Passport's own, goes straight on.
 */
export function succeed(actions: Actions, req: Request, options: object | undefined, user: object, info: object): void {
  const request = req as unknown as Loginable;
  const hostsOwn = Object.getOwnPropertyDescriptor(request, 'logIn');
  const { logIn } = request;
  const passOn: LogIn = (...given) => {
    const [, givenOptions, done] = given;
    const isPassports = givenOptions !== undefined && givenOptions === options;
    return isPassports ? (done as () => unknown)() : logIn?.apply(request, given);
  };
  Object.defineProperty(request, 'logIn', { value: passOn, configurable: true, writable: true });
  try {
    actions.success(user, info);
  } finally {
    if (hostsOwn) Object.defineProperty(request, 'logIn', hostsOwn);
    else delete request.logIn;
  }
}
