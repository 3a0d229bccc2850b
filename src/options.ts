// The options of createMfa, as a host writes them. Their defaults stand in `config.ts`.
import type { Request, Response } from 'express';
import type { AuditLog } from './audit/audit-log.js';
import type { CaseStore } from './core/kernel/cases.js';
import type { StatsStore } from './core/kernel/stats.js';
import type { Directory } from './core/operators/desk.js';
import type { AdminAction } from './core/rules/admin-rights.js';
import type { MfaEvent } from './core/words/events.js';
import type { EndSessions } from './core/flows/end-sign-ins.js';
import type { Factor } from './core/kernel/factor.js';
import type { Lockout } from './core/kernel/settings.js';
import type { Notice } from './core/words/notices.js';
import type { Preset } from './core/words/presets.js';
import type { Policy } from './core/kernel/policy.js';
import type { Clock, MfaStore, Sender } from './core/kernel/ports.js';
import type { RiskAssessor } from './core/kernel/risk.js';
import type { RiskActions } from './risk-options.js';
import type { Random } from './core/words/random.js';
import type { Templates } from './factors/one-time-code/templates.js';
import type { DescribedUser, User } from './user.js';

/** A host route that a pending person may reach: an exact path with `:name` for a segment, with every method or one. */
export type AllowedRoute = string | { method: string; path: string };

/** The words of one language, by key; see `dist/locales/en.json` of the package. */
export type Catalogue = { readonly [key: string]: string };

/** Whom to ask when nothing works, shown under "I can't use any of these" and on `/mfa/recover`. */
export type Help = {
  email?: string;
  phone?: string;
  /** When somebody answers: "Monday to Friday, 9 to 17". */
  hours?: string;
  url?: string;
  /** What support will ask, so that people have it at hand. */
  asks?: readonly string[];
};

/**
 * A request as the host's types know it. Where none of them, Passport's or the host's own, declares `req.user`, it is
 * there all the same, and nobody checks what is read of it.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- `unknown` would refuse every `req.user.id`.
export type HostRequest = 'user' extends keyof Request ? Request : Request & { user?: any };

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
  user: (req: HostRequest) => User | null | undefined | false | Promise<User | null | undefined | false>;
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
  /**
   * For how long what was enrolled by a support pass, or after a backup code at high risk, satisfies no step-up and no change; and
   * for how long no backup code works after an objection to one. Hours, 1–168, default 24.
   */
  holdHours?: number;
  /** Off by default. `days`: 1–90. */
  trustBrowser?: false | { days: number };
  /** Networks (CIDR) in which the sign-in step is not asked, by `req.ip`; with `trust proxy: true` none counts. Default none. */
  trustedNetworks?: readonly string[];
  /** Where anonymous people go. Default `/login`. */
  signInUrl?: string;
  /** The host's own sign-out. Default `POST /logout`. `then`: the page after one that shows people none, or is not there. */
  signOut?: { method?: 'GET' | 'POST'; path?: string; then?: string };
  /** The path of our routers as browsers see it; said where they are mounted elsewhere than at the default, `/mfa`. */
  publicBasePath?: string;
  /** Host routes that a pending person may reach; the sign-out always is. */
  allow?: readonly AllowedRoute[];
  /** The host's own CSRF token instead of ours; our Origin check stays. */
  csrf?: {
    /** The token that our forms carry in the field `_csrf`; `undefined` where the check is off, and ours stands. */
    token: (req: Request) => string | undefined;
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
  /** For what administrators do to other people's accounts: who is who, where cases wait, what needs two. */
  administration?: {
    /** Who is an administrator, and of which tenant. Without it `help` reaches less: anybody may be an administrator. */
    directory?: Directory;
    /** Where cases wait. Default in development `memoryCaseStore()`. */
    cases?: CaseStore;
    /** What a second administrator approves, always. Default: pass, reset, exempt and erase, once more than one has acted. */
    fourEyes?: readonly AdminAction[];
    /** Where the figures of a census are kept. Default in development `memoryStatsStore()`; without one nobody is counted. */
    stats?: StatsStore;
    /**
     * A process that has the pages of administration counts everybody, one of them, where the latest census is older than that.
     * Hours, 1–744. Default: only by the command line and the page.
     */
    censusEveryHours?: number;
    /**
     * Where reports are kept while they are made and for 30 days: a path that all processes see, for nobody else to read. Default: a
     * folder of this app among the temporary ones of the machine.
     */
    reportsFolder?: string;
  };
  /** Assesses how risky sign-ins look: `riskByHistory` of `express-mfa/risk`, or your own. Default: nothing is assessed. */
  risk?: RiskAssessor;
  /** `report`: assesses and tells, by event, audit log and `req.mfa.risk`, and changes nothing. Default `enforce`. */
  riskMode?: 'enforce' | 'report';
  /** What each level does at sign-in, at a first enrolment and after a backup code; what is left out has its default. */
  riskActions?: RiskActions;
  /**
   * Whether this is the password of whoever is signed in; only `true` is. Asked after a backup code in a sign-in of medium
   * risk that began without a password (`signedInBy`); tries are counted before it is asked.
   */
  verifyPassword?: (req: Request, text: string) => boolean | Promise<boolean>;
  /** Identity providers that say whether a second factor was used, by issuer; whoever is not named is not believed. */
  upstream?: { readonly [issuer: string]: UpstreamOptions };
  /**
   * Standards that the options are held to, one or several: sets defaults, and refuses to start where an option breaks one, with
   * every breach in one message.
   */
  preset?: Preset | readonly Preset[];
  /** Names this version of what your functions decide, `policy` and the like, so that a change of it is told; 1–64 characters. */
  policyVersion?: string;
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
  /**
   * `logo`: an image's address on the app's own origin; `accent`: `#rrggbb`; `help`: a sentence, an address, or several ways to
   * ask, without which production warns; `home`: where those go who asked for no page; `autoSubmit`: sends the form with the
   * last digit of a code, default false, since whoever mistypes that one loses an attempt.
   */
  brand?: { logo?: string; accent?: string; help?: string | Help; home?: string; autoSubmit?: boolean };
  /** The language of a request, BCP 47. Default: the user's, then `Accept-Language`. */
  locale?: (req: Request) => string | undefined;
  /** Replaced sentences, or whole languages. */
  messages?: { [locale: string]: Catalogue };
  /** Serves the OpenAPI document of our routes at `/mfa/openapi.json`. Default false. */
  openApi?: boolean;
  /** Time, for tests. Default `Date.now`. */
  clock?: Clock;
  /** Chance, for tests. Default Node's cryptographic source. */
  random?: Random;
};

/** What `reauthenticate` is told to ask for. Whatever was asked for, what counts is what the provider then says. */
export type UpstreamAsk = {
  issuer: string;
  /** The page that the person asked for: lead them there once they are back. */
  returnTo?: string;
  /** Parameters of an authorization request of OpenID Connect. `claims` asks for `acr` as essential; it is JSON. */
  oidc: { max_age: number; acr_values?: string; claims?: string };
  /** For an `AuthnRequest`: `ForceAuthn`, and the classes of `RequestedAuthnContext`. */
  saml: { forceAuthn: true; authnContext: string[] };
};

/** How one identity provider is believed. */
export type UpstreamOptions = {
  /** `reject` (default): not at all. `enforce`: nobody who came by it goes on unless it vouches for them. */
  mfa: 'accept' | 'reject' | 'enforce';
  /** Values of `amr` of which one is enough; two of different kinds (RFC 8176) always are. Never a password, PIN or question. */
  amr?: readonly string[];
  /** Values of `acr`, of `AuthnContextClassRef` or of the attribute `authnmethodsreferences`, of which one is enough. */
  acr?: readonly string[];
  /** How old its authentication may be, at each request. Seconds, ≥ 60; default and at most `elevationMaxAgeSeconds`. */
  maxAgeSeconds?: number;
  /** Also stands in for the sign-in step of people who have a method of their own. Default false. */
  insteadOfOwnFactor?: boolean;
  /**
   * Where its pages are, if not at the issuer's own origin: our forms may lead on to them, as signing out does where the app then
   * signs people out at the provider as well.
   */
  origins?: readonly string[];
  /** With `enforce`: where the person is sent to be authenticated once more; an address, or a path of this app. */
  reauthenticate?: (req: Request, ask: UpstreamAsk) => string | Promise<string>;
};

export type Brand = NonNullable<MfaOptions['brand']>;
