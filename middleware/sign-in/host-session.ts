// The shape of the host's session; by its parts, not by its package, of which the host brings its own copy or none.
import type { SignIn } from '../../src/core/kernel/sign-in.js';

type Cookie = {
  secure?: boolean | 'auto' | undefined;
  originalMaxAge: number | null;
  [setting: string]: unknown;
};

/** What express-session makes of `req.session`, as far as we go by it. */
export type HostSession = {
  id?: string;
  mfa?: SignIn;
  cookie: Cookie;
  regenerate(done: (error?: unknown) => void): void;
  save(done: (error?: unknown) => void): void;
  [key: string]: unknown;
};
