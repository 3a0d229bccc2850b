// What an assessment of risk is asked, and what it says: shapes alone. Who assesses is handed in; the rules know neither
// points nor databases.

/** How risky a sign-in looks. */
export type RiskLevel = 'low' | 'medium' | 'high';
/** From the least. */
export const riskLevels: readonly RiskLevel[] = ['low', 'medium', 'high'];

/** Where a level does something: at the question of whoever has a second factor, at a first enrolment, after a backup code. */
export type RiskPlace = 'signIn' | 'enrollment' | 'recovery';

/** What a level does; `rules/risk-actions.ts` says which fit where, from the least. */
export type RiskAction = 'allow' | 'ask' | 'strongest' | 'confirm' | 'hold' | 'approve' | 'block';

/** What each level does at each place. */
export type RiskTable = { readonly [place in RiskPlace]: { readonly [level in RiskLevel]: RiskAction } };

/** The higher of two. */
export function higherLevel(one: RiskLevel, other: RiskLevel): RiskLevel {
  return riskLevels.indexOf(one) > riskLevels.indexOf(other) ? one : other;
}

/**
 * One thing that was looked at. `id`: `device`, `network`, `country`, `travel`, `address`, `failures`, `dormant`, `change`,
 * `unavailable`; `code`: what was found. Without points it is told because it could not be known.
 */
export type RiskSignal = { id: string; code: string; points: number; detail?: string };

/** `score`: 0 to 100. `signals`: what was found, and what could not be known, in a fixed order. */
export type Assessment = { score: number; level: RiskLevel; signals: RiskSignal[] };

/** Where an address is, as far as a database knows. `country`: ISO 3166-1, two letters. */
export type Place = { country?: string; latitude?: number; longitude?: number; accuracyKm?: number };

/** What is known of an address: an anonymous proxy, a data centre. */
export type Reputation = { anonymous?: boolean; hosting?: boolean };

/** The request of whoever is assessed, for look-ups. */
export type RiskRequest = {
  /** `req.ip`: right only where `trust proxy` is. */
  address?: string;
  userAgent?: string;
  /** A header of the request; undefined where there is none, or no request. */
  header(name: string): string | undefined;
};

/** What was looked up of a request. `unavailable`: which providers gave no answer; then the level is at least `fallbackLevel`. */
export type LookedUp = {
  /** The browser's and the system's names, never versions; empty where the request names none. */
  family?: string;
  system?: string;
  place?: Place;
  reputation?: Reputation;
  unavailable?: readonly string[];
};

/** What is true of a sign-in now. Times are Unix seconds. */
export type RiskContext = LookedUp & {
  address?: string;
  /** The /24 or /48 that the address is in. */
  network?: string;
  /** Whether this browser passed a factor of this person before. */
  knownBrowser: boolean;
  /** When wrong second factors came, of the last hour: from this browser; of an unknown browser, from any. */
  failedAt: readonly number[];
  /** When the password or an address changed last. */
  changedAt?: number;
  /** An administrator took all factors away, and nobody signed in since. */
  afterReset?: boolean;
};

/**
 * What the record says of such sign-ins, as compared with the one that is assessed: when the same was seen last. Times are
 * Unix seconds; what is kept as a day counts as of its end. Absent: never, or longer ago than anything is kept.
 */
export type RiskHistory = {
  /** Nobody signed in yet since risk is assessed. */
  empty: boolean;
  networkAt?: number;
  familyAt?: number;
  systemAt?: number;
  countryAt?: number;
  /** Whether any country is known: without one, this one is no stranger than any other. */
  hasCountries: boolean;
  /** Where the last sign-in with a place came from, rounded to 0.1°. */
  lastPlace?: { latitude: number; longitude: number; accuracyKm: number; at: number };
  lastAt?: number;
};

/** Weighs what a sign-in looks like. A host may bring its own; that of `express-mfa/risk` is `riskByHistory`. */
export interface RiskAssessor {
  /** Rejects with MfaError `config.*` for what is missing, such as a package; `mfa.ready` then does. */
  ready?(): Promise<void>;
  /** What must be looked up before: browser, place, reputation. It has half a second. */
  lookUp?(request: RiskRequest): Promise<LookedUp>;
  /** Pure: the same for the same. `now`: Unix seconds. */
  assess(context: RiskContext, history: RiskHistory, now: number): Assessment;
  /** For `doctor`: what is wrong or unwise about what it looks things up in. */
  examine?(): Promise<{ level: 'ok' | 'warn' | 'fail'; text: string }[]>;
}
