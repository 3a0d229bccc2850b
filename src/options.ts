// The options of createMfa: their types, and every default, once, at start-up. After this nobody asks again whether
// an option was given. Their shapes are checked in `validation.ts`, what they mean together in `start-up-checks.ts`.
import type { Request, Response } from 'express';
import type { AuditLog } from './audit/audit-log.js';
import { lockoutDefaults } from './core/rules/attempts.js';
import type { MfaEvent } from './core/words/events.js';
import type { EndSessions } from './core/flows/end-sign-ins.js';
import type { Factor, MfaUser } from './core/kernel/factor.js';
import type { Lockout, Settings } from './core/kernel/settings.js';
import type { Notice } from './core/words/notices.js';
import { strictest, type Policy } from './core/kernel/policy.js';
import type { Clock, MfaStore, Sender } from './core/kernel/ports.js';
import type { Random } from './core/words/random.js';
import { cryptoRandom } from './crypto/random.js';
import type { CodeFactor } from './factors/one-time-code/code-factor.js';
import type { Templates } from './factors/one-time-code/templates.js';
import { readOrigins } from './origins.js';
import { readFactors, readNotices } from './read-factors.js';
import { memoryStore } from './stores/memory-store.js';
import { readUser, requestOf, type DescribedUser, type User } from './user.js';
import { checkDate, checkOptions, checkPolicy } from './validation.js';

/** A host route that a pending person may reach: an exact path, with every method or one. */
export type AllowedRoute = string | { method: string; path: string };

/** The words of one language, by key; see `views/locales/en.json`. */
export type Catalogue = { readonly [key: string]: string };

/** Options of createMfa. What is unknown or cannot work is refused at start-up with an MfaError `config.*`. */
export type MfaOptions = {
  /** Shown in authenticator apps, pages and messages. */
  appName: string;
  /** Newest first, each ≥ 32 bytes; the newest seals, older ones still open. */
  secrets: readonly (string | undefined)[];
  /** The origin of the app, `https://app.example.com`; required outside localhost with passkeys or SMS. */
  origin?: string;
  /** Several origins, the own one first; in place of `origin`. */
  origins?: readonly string[];
  /** Default: `memoryStore()`, which is refused in production. */
  store?: MfaStore;
  /** In the order in which they are offered; listing a factor turns it on. */
  factors: readonly Factor[];
  /** Who is signed in, or null; may be async. */
  user: (req: Request) => User | null | undefined | false | Promise<User | null | undefined | false>;
  /** Default `prompt-at-sign-in-and-sign-up`; of several the strictest wins. */
  policy?: Policy | ((user: DescribedUser, req: Request) => Policy | readonly Policy[]);
  /** `mandatory` demands only from then on. */
  graceUntil?: Date | ((user: DescribedUser, req: Request) => Date | undefined);
  /** How old a proof may be for changes of the account. Seconds, default 600. */
  freshSeconds?: number;
  /** How long a second factor may be owed before signing in anew. Seconds, default 900. */
  pendingMaxAgeSeconds?: number;
  /** How long a proof counts. Seconds, default 86400 (NIST SP 800-63B-4 §2.2.3: at most 24 h at AAL2). */
  elevationMaxAgeSeconds?: number;
  /** How long an elevated session may be believed without loading. Seconds, 0–300, default 30. */
  recordMaxAgeSeconds?: number;
  /** Whether a first enrolment asks for a code to the address that the host verified. Default `when-possible`. */
  confirmFirstEnrollment?: 'when-possible' | 'required' | 'open';
  /** Whether addresses that the host verified are bound as factors. Default true. */
  autoBind?: boolean;
  /** The host's first factors, for the rule that one channel cannot be first and second factor. */
  signInMethods?: readonly string[];
  /** The ways by which the host resets passwords, for the same rule. */
  passwordResetMethods?: readonly string[];
  /** When wrong answers make people wait; what is left out has its default. */
  lockout?: Partial<Lockout>;
  /** Off by default. `days`: 1–90. */
  trustBrowser?: false | { days: number };
  /** Where anonymous people go. Default `/login`. */
  signInUrl?: string;
  /** The host's own sign-out. Default `POST /logout`. */
  signOut?: { method?: 'GET' | 'POST'; path: string };
  /** The path of our routers as browsers see it; said where they are mounted elsewhere than at the default, `/mfa`. */
  publicBasePath?: string;
  /** Host routes that a pending person may reach; the sign-out always is. */
  allow?: readonly AllowedRoute[];
  /** The host's own CSRF token instead of ours; our Origin check stays. */
  csrf?: {
    /** The token that our forms carry in the field `_csrf`. */
    token: (req: Request) => string;
    /**
     * Whether `given`, the text of the field `_csrf` or else of the header `X-CSRF-Token`, is the right one. Not asked where
     * neither came.
     */
    verify: (req: Request, given: string) => boolean | Promise<boolean>;
  };
  /**
   * Where it is kept what a person proved. `session` (default): in the host's express-session. For hosts without one,
   * `cookie`: in our store, found by a cookie of ours; `token`: the same, found by the header `X-MFA-Token`, for programs.
   * Both need `signInId`.
   */
  proofs?: 'session' | 'cookie' | 'token';
  /** A mail sender for notices alone: for apps without codes by e-mail, or with another sender for them. */
  notices?: { sender: Sender };
  /** Takes notices over: what a person is told of a change to their account. */
  notify?: (notice: Notice & { userId: string }) => void | Promise<void>;
  /**
   * Ends the host's own sessions of a person: all of them, those of one `signInId`, or all but `exceptSessionId` (the
   * session's id; with `proofs: 'cookie'` or `'token'` the `signInId`). Called by `mfa.endSignIns` and the account page.
   */
  endSessions?: EndSessions;
  /** Audit, metrics. Never changes an outcome. */
  onEvent?: (event: MfaEvent) => void | Promise<void>;
  /** Where what happened is kept: `auditLog` of `express-mfa/audit`. */
  audit?: AuditLog;
  /** A folder whose files replace our templates of the same name. */
  viewsDir?: string;
  /** Wraps our content in the host's own page. */
  layout?: (
    html: string,
    req: Request,
    res: Response,
    facts: { title: string; lang: string; dir: 'ltr' | 'rtl'; view: string },
  ) => string | Promise<string>;
  /** Renders everything in our stead. */
  render?: (req: Request, res: Response, view: string, model: object) => void | Promise<void>;
  /** A CSP nonce of the host's, where its header cannot be replaced. */
  nonce?: (req: Request, res: Response) => string;
  /** Messages of e-mail and SMS, per usage and language; those of a factor come first. */
  templates?: Templates;
  /** `help`: a text or address under "I can't use any of these"; `accent`: `#rrggbb`; `home`: where the app's name leads. */
  brand?: { logo?: string; accent?: string; help?: string; home?: string };
  /** The language of a request, BCP 47. Default: the user's, then `Accept-Language`. */
  locale?: (req: Request) => string | undefined;
  /** Replaced sentences, or whole languages. */
  messages?: { [locale: string]: Catalogue };
  /** Time, for tests. Default `Date.now`. */
  clock?: Clock;
  /** Chance, for tests. Default Node's cryptographic source. */
  random?: Random;
};

/** The options with every default filled in, checked. Web options are read by `middleware/` only. */
export type MfaConfig = {
  environment: 'production' | 'development' | 'unset';
  secrets: readonly (string | undefined)[];
  settings: Settings;
  factors: readonly Factor[];
  store: MfaStore;
  clock: Clock;
  random: Random;
  recordMaxAgeSeconds: number;
  notify: ((notice: Notice & { userId: string }) => void | Promise<void>) | undefined;
  /** Delivers notices by mail in the stead of the factor. */
  notices: CodeFactor | undefined;
  onEvent: ((event: MfaEvent) => void | Promise<void>) | undefined;
  endSessions: EndSessions | undefined;
  audit: AuditLog | undefined;
  web: WebConfig;
};

export type WebConfig = Pick<
  MfaOptions,
  'publicBasePath' | 'csrf' | 'viewsDir' | 'layout' | 'render' | 'nonce' | 'locale' | 'messages'
> & {
  user: (req: Request) => MfaUser | null | Promise<MfaUser | null>;
  proofs: 'session' | 'cookie' | 'token';
  signInUrl: string;
  signOut: { method: 'GET' | 'POST'; path: string };
  allow: readonly AllowedRoute[];
  brand: { logo?: string; accent?: string; help?: string; home?: string };
  origins: readonly string[];
};

/**
 * Checks the options and fills in the defaults. The caller's object is never changed.
 * @throws MfaError `config.*` with what was received and what to do
 */
export function readOptions(options: MfaOptions): MfaConfig {
  checkOptions(options);
  const clock = options.clock ?? { now: () => Date.now() };
  const origins = readOrigins(options);
  return {
    environment: environment(),
    secrets: [...options.secrets],
    settings: readSettings(options, origins),
    factors: readFactors(options.factors, options.templates),
    store: options.store ?? memoryStore({ clock }),
    clock,
    random: options.random ?? cryptoRandom,
    recordMaxAgeSeconds: options.recordMaxAgeSeconds ?? 30,
    notify: options.notify,
    notices: options.notices && readNotices(options.notices.sender, options.factors, options.templates),
    onEvent: options.onEvent,
    endSessions: options.endSessions,
    audit: options.audit,
    web: readWeb(options, origins),
  };
}

function environment(): MfaConfig['environment'] {
  const name = process.env.NODE_ENV;
  if (name === undefined || name === '') return 'unset';
  return name === 'development' || name === 'test' ? 'development' : 'production';
}

function readSettings(options: MfaOptions, origins: readonly string[]): Settings {
  const { policy = 'prompt-at-sign-in-and-sign-up', graceUntil } = options;
  const untilOf = typeof graceUntil === 'function' ? graceUntil : () => graceUntil;
  return {
    appName: options.appName,
    origins,
    freshSeconds: options.freshSeconds ?? 600,
    pendingMaxAgeSeconds: options.pendingMaxAgeSeconds ?? 900,
    elevationMaxAgeSeconds: options.elevationMaxAgeSeconds ?? 86_400,
    lockout: { ...lockoutDefaults, ...options.lockout },
    confirmFirstEnrollment: options.confirmFirstEnrollment ?? 'when-possible',
    autoBind: options.autoBind ?? true,
    trustDays: options.trustBrowser ? options.trustBrowser.days : undefined,
    policyOf:
      typeof policy === 'function' ? (user) => strictest(checkPolicy(policy(user, requestOf(user)))) : () => policy,
    graceUntilOf: (user) => {
      const until = untilOf(user, requestOf(user));
      return until === undefined ? undefined : checkDate(until);
    },
  };
}

function readWeb(options: MfaOptions, origins: readonly string[]): WebConfig {
  const { publicBasePath, csrf, viewsDir, layout, render, nonce, locale, messages } = options;
  return {
    ...(publicBasePath === undefined ? {} : { publicBasePath: publicBasePath.replace(/\/+$/, '') }),
    ...(csrf && { csrf }),
    ...(viewsDir === undefined ? {} : { viewsDir }),
    ...(layout && { layout }),
    ...(render && { render }),
    ...(nonce && { nonce }),
    ...(locale && { locale }),
    ...(messages && { messages }),
    user: (req) => readUser(options.user, req),
    proofs: options.proofs ?? 'session',
    signInUrl: options.signInUrl ?? '/login',
    signOut: { method: options.signOut?.method ?? 'POST', path: options.signOut?.path ?? '/logout' },
    allow: options.allow ?? [],
    brand: { ...options.brand },
    origins,
  };
}
