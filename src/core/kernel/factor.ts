// What a factor must be able to do. A factor turns answers into evidence (slow, once) and evidence into a verdict
// (pure, once per rival); budget, lock, single use and events are the flows' business, never a factor's.
import type { ErrorDetails } from '../words/errors.js';
import type { Happened } from '../words/events.js';
import type { Reason } from '../words/outcome.js';
import type { MfaUser } from './mfa-user.js';
import type { RecordStore, SealedFor, Sealer, TransientStore } from './ports.js';
import type { Random } from '../words/random.js';
import type { Json } from '../words/json.js';
import type { Authenticator } from './record.js';

/** What every step of a factor is told and may use. */
export type FactorContext = {
  user: MfaUser;
  /** Whole Unix seconds. */
  now: number;
  appName: string;
  /** BCP 47, one that the catalogue has. */
  locale: string;
  /** The origins of the app, from the options; the first is its own. */
  origins: readonly string[];
  /** Names this ceremony's session; random. */
  flowId: string;
  random: Random;
  sealer: Sealer;
  /** Counters and claims; the record itself is the flows' to load and save. */
  store: TransientStore & Pick<RecordStore, 'claim'>;
  /** The request's address, a hint. */
  ip?: string;
  /** The id of the asking browser, where this person passed a factor in it before: it has budgets of its own. */
  knownBrowser?: string;
};

/**
 * How a challenge lives: `none` needs nothing begun; `once` is taken before verification, right or wrong;
 * `{ tries }` is read, and the record counts its wrong tries; `kept` is read any number of times (enrolment of a
 * secret, where a wrong code must not void what was scanned).
 */
export type Ceremony = 'none' | 'once' | 'kept' | { tries: number };

/** The two halves of something begun. `shown` never decides anything, `secret` never reaches a view or a browser. */
export type Begun = { secret: Json; shown: Json; happened?: Happened[] };

/** What a factor makes of an answer. */
export type Verdict =
  /** `data`: what must be written for this use to count. `happened`: e.g. how many codes are left. */
  | { is: 'right'; authenticatorId: string; data: Json; userVerified?: boolean; happened?: Happened[] }
  /** A refusal may write too: e.g. "perhaps cloned". `attempt: false`: refused before anything was compared. */
  | {
      is: 'wrong';
      reason: Reason;
      details?: ErrorDetails;
      attempt?: false;
      flag?: { authenticatorId: string; data: Json; happened?: Happened[] };
    }
  /** The evidence no longer fits the record (the salt changed): weigh again. */
  | { is: 'stale' };

/** What a factor makes of the answer that ends an enrolment. */
export type EnrollmentVerdict =
  | {
      is: 'right';
      /** The new authenticator's id, where the factor had to know it before (what it sealed is bound to it). */
      id?: string;
      data: Json;
      /** The name when the person gave none. */
      name?: string;
      /** Ids of this kind that this one takes the place of. */
      replaces?: string[];
      /** Keys that must become this user's before the record is saved; owned by another → `claimed`. */
      claims?: string[];
      claimed?: Reason;
      happened?: Happened[];
      /** Whether the person proved possession now (default true); false for an address that the host vouches for. */
      proved?: boolean;
      userVerified?: boolean;
    }
  | { is: 'wrong'; reason: Reason; details?: ErrorDetails; attempt?: false }
  | { is: 'stale' };

/**
 * What became of a secret that another system made. `same`: it is the one in force, nothing is to be written. `weak`: it is
 * shorter than this factor would make it. `replaces`: ids of this kind that it takes the place of.
 */
export type AdoptedSecret = {
  id: string;
  data: Json;
  weak: boolean;
  same: boolean;
  replaces: string[];
  /** As `fingerprintOf` tells it. */
  fingerprint: string;
  /** Why nobody could use it here, as the end of a sentence: it would only shut its person out. */
  useless?: string;
};

/** How an authenticator stands: `low` and `expiring` still work. `left`, `total` and `expiresAt` where they apply. */
export type Standing = {
  state: 'usable' | 'low' | 'empty' | 'expired';
  left?: number;
  total?: number;
  expiresAt?: number;
};

/** A sealed value, what it is bound to, and the same data with another sealing of it. */
export type SealedValue = {
  value: string;
  belongsTo: SealedFor;
  /** The data with that in its place. */
  with(resealed: string): Json;
};

/** A malformed answer: no I/O, no attempt. `reason` and `details` say what the person can mend. */
export type Malformed = { malformed: true; reason?: Reason; details?: ErrorDetails };

/** How a factor is set up: begun, answered, and then one more authenticator. */
export interface FactorEnrollment<Answer = unknown, Evidence = unknown> {
  readonly ceremony: Exclude<Ceremony, 'none'>;
  /** How long a begun enrolment waits for its answer. */
  readonly ttlSeconds: number;
  /** How many of this kind one person may have. At the limit: one → it is replaced, several → refused. */
  readonly limit: number;
  /**
   * With several: a new one may take the place of one that the field `replaces` of the form names, and must at the limit; for
   * whoever came by a backup factor it takes the place of all of them, which were perhaps lost together.
   */
  readonly replaceable?: true;
  /**
   * Whether opening the page begins a ceremony (idempotently), as a QR code must be there to scan; otherwise only a
   * POST to `begin` does.
   */
  readonly beginsOnPage: boolean;
  /** The reason told when another one of this kind was confirmed while this ceremony was open. */
  readonly inUse?: Reason;
  /** What the person typed to begin (an address), or a Malformed. Absent: nothing is asked. */
  parseBegin?(body: Json): Json | Malformed;
  /** Begins: makes a secret, sends a code. */
  begin(context: FactorContext, own: readonly Authenticator[], input: Json): Promise<Begun>;
  /** `body`: the fields of the confirming form, `code`, `response`, `saved`, `revealToken`. */
  parse(body: Json): Answer | Malformed;
  /** May be slow; runs once per attempt. */
  weigh(context: FactorContext, own: readonly Authenticator[], answer: Answer, begun: Begun): Promise<Evidence>;
  /** Pure and synchronous; runs again for every rival. */
  judge(context: FactorContext, own: readonly Authenticator[], evidence: Evidence): EnrollmentVerdict;
}

/** The words of a language, as far as a file needs them. */
export type FileWords = {
  /** The sentence of a key, its slots filled. */
  t(key: string, params?: { [name: string]: string | number }): string;
  /** Unix seconds as a date. */
  date(seconds: number): string;
};

/**
 * What a factor is to a person: `primary`, one of theirs; `backup`, offered last, never alone, opens little; `pass`, issued to
 * whoever lost everything, opens a sign-in and one new primary factor.
 */
export type Rank = 'primary' | 'backup' | 'pass';

/** A kind of second factor. `Answer` is what was typed, parsed; `Evidence` what weighing makes of it. */
export interface Factor<Answer = unknown, Evidence = unknown, EnrollAnswer = unknown, EnrollEvidence = unknown> {
  /** The word in URL, view, store, event, error and locale key: `totp`, `webauthn`, `email`, `sms`, `backup-codes`, `pass`. */
  readonly kind: string;
  readonly rank: Rank;
  /** RFC 8176 value for `req.mfa.amr`, where one is registered. */
  readonly amr?: string;
  /** The reason told for a wrong, unknown or absent answer alike. */
  readonly wrong: Reason;
  /** The reason told when a challenge is asked for and none of this kind is enrolled. */
  readonly absent?: Reason;
  /** False where wrong answers bring a guesser nothing (a signature): rate-limited, never locked or disabled. */
  readonly guessable: boolean;
  /** The channel that carries it, for the rule that one channel cannot be first and second factor. */
  readonly channel?: 'email' | 'sms';
  /**
   * How hard it is to take from its owner: 3 what no other site can ask for (a passkey), 2 what is typed by hand (an authenticator
   * app), 1 what others carry (e-mail, SMS). Where a sign-in looks risky only the strongest that the person has is asked for.
   * Default 1.
   */
  readonly strength?: 1 | 2 | 3;
  /** Lost together with the person's phone: several such are no help for one another. */
  readonly onPhone?: true;
  readonly ceremony: Ceremony;
  /** How long a begun challenge waits for its answer; with `ceremony: 'none'` unused. */
  readonly challengeTtlSeconds?: number;
  /** The same factor, with these options where the app said nothing of them: what a preset asks for. */
  under?(defaults: { readonly [option: string]: string | boolean }): Factor;
  /** What of its options is in force, defaults filled in, for whoever must know what holds here. Never a secret. */
  readonly inForce?: { readonly [option: string]: number | string | boolean | null };
  /** Parses the fields of the answer form or JSON body. Malformed: no I/O, no attempt, but audited. */
  parse(body: Json): Answer | Malformed;
  /** Begins a challenge: sends a code, makes request options. Absent with `ceremony: 'none'`. */
  issue?(context: FactorContext, own: readonly Authenticator[]): Promise<Begun>;
  /**
   * Why a challenge that was begun before the last change of authenticators is void, where there is more to say than
   * that none was begun: it went to an address that is no longer the person's.
   */
  voided?(own: readonly Authenticator[], begun: Begun): Reason | undefined;
  /** May be slow or look at the challenge; runs once per attempt. `begun` is there unless `ceremony` is `none`. */
  weigh(context: FactorContext, own: readonly Authenticator[], answer: Answer, begun?: Begun): Promise<Evidence>;
  /** Pure and synchronous; runs again for every rival. */
  judge(context: FactorContext, own: readonly Authenticator[], evidence: Evidence): Verdict;
  /** Pure. */
  standing(authenticator: Authenticator, now: number): Standing;
  readonly enrollment: FactorEnrollment<EnrollAnswer, EnrollEvidence>;
  /** What of an authenticator a page or JSON answer may show: a masked address, algorithm and digits. Never a secret. */
  describe?(context: FactorContext, authenticator: Authenticator): { [key: string]: Json };
  /** A pending set as a text file, for download without a script. `shown`: that half of what was begun. */
  textFile?(appName: string, user: MfaUser, shown: Json, words: FileWords): { name: string; text: string };
  /** The data for an address that the host has verified, for binding without a code. */
  adopt?(context: FactorContext): Promise<Json | undefined>;
  /** The address that the host has verified for this person, as this factor would bind it. */
  vouchedAddress?(context: FactorContext): string | undefined;
  /** An address as it is told to whoever has not proved that it is theirs. */
  maskOf?(address: string): string;
  /** The bound address in clear, in its normal form: what an authenticator of a channel proves. For its owner, elevated. */
  addressOf?(context: FactorContext, authenticator: Authenticator): string;
  /** The data that a bound address takes when the host's verified address is another one now. */
  follow?(context: FactorContext, authenticator: Authenticator): Json | undefined;
  /**
   * The authenticator for a secret that another system made, for operators who move people here; never from a request.
   * @throws MfaError `config.invalid_option` where `input` is not such a secret.
   */
  adoptSecret?(context: FactorContext, own: readonly Authenticator[], input: Json): Promise<AdoptedSecret>;
  /** A digest of its secret, the same for the same secret: by it an import knows what stood here before. */
  fingerprintOf?(sealer: Sealer, userId: string, authenticator: Authenticator): string;
  /** The sealed value in an authenticator's data; undefined where nothing in it is sealed. For rotation and import. */
  sealed?(userId: string, authenticator: Authenticator): SealedValue | undefined;
  /** Ids of the secrets behind what is only hashed: that cannot be made anew, so it works as long as they are kept. */
  hashedWith?(authenticator: Authenticator): readonly string[];
  /** The keys that are claimed for it across all users: see `claims` of EnrollmentVerdict. */
  claimsOf?(authenticator: Authenticator): readonly string[];
  /** Only of rank `pass`: draws one for the person of `context`; `pass` is shown once, `data` goes into the record. */
  issuePass?(context: FactorContext, authenticatorId: string, expiresAt: number): { pass: string; data: Json };
  /** Options that only the whole configuration can check; throws MfaError `config.*`. */
  check?(config: { production: boolean; origins: readonly string[] }): void;
}

export function isMalformed(value: unknown): value is Malformed {
  return typeof value === 'object' && value !== null && (value as { malformed?: unknown }).malformed === true;
}
