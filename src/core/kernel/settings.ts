// What an app decides once for all its people, with every default filled in.
import type { MfaUser } from './mfa-user.js';
import type { Upstream } from '../words/upstream.js';
import type { Policy } from './policy.js';
import type { RiskTable } from './risk.js';

/** When wrong answers make people wait. Defaults: see `lockoutDefaults` in `attempts.ts`. */
export type Lockout = {
  /** Wrong answers in a row before the first wait. */
  after: number;
  firstWaitSeconds: number;
  maxWaitSeconds: number;
  /** Wrong answers of one person, over all factors that can be guessed, until they get a notice. */
  noticeAfter: number;
  /** Wrong answers in the lane of unknown browsers until it closes. */
  closeLaneAfter: number;
  /** Wrong answers in a row on one authenticator until it is disabled (NIST SP 800-63B-4 §3.2.2: at most 100). */
  disableAfter: number;
  /** Whether a locked person may regain a factor by three right codes in a row, two minutes apart. */
  selfUnlock: boolean;
};

/** How one identity provider is believed. */
export type UpstreamRule = {
  mfa: 'accept' | 'reject' | 'enforce';
  /** What it is asked for, where it is asked once more. */
  acr: readonly string[];
  /** Whether it says that a second factor was used. */
  isEnough(said: Pick<Upstream, 'amr' | 'acr'>): boolean;
  /** At most as long as a proof counts. */
  maxAgeSeconds: number;
  /** Stands in for the sign-in step of people who have a method of their own, too. */
  insteadOfOwnFactor: boolean;
};

export type Settings = {
  appName: string;
  origins: readonly string[];
  freshSeconds: number;
  pendingMaxAgeSeconds: number;
  elevationMaxAgeSeconds: number;
  lockout: Lockout;
  confirmFirstEnrollment: 'when-possible' | 'required' | 'open';
  autoBind: boolean;
  /** How long what was made in a recovery is held, and codes are barred after an objection. */
  holdHours: number;
  /** Trusted browsers are off where this is undefined. */
  trustDays: number | undefined;
  /** What a level of risk does; undefined where none is assessed, or only told of. */
  riskActions: RiskTable | undefined;
  /** By issuer; whoever is not named is not believed. */
  upstream: ReadonlyMap<string, UpstreamRule>;
  policyOf(user: MfaUser): Policy;
  graceUntilOf(user: MfaUser): number | undefined;
};
