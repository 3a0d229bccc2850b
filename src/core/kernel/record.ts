// One user's whole MFA state as one value. Everything that must be exact under parallel requests is in here, because
// the record is saved by compare-and-set; nothing in here expires with a cache. Times are whole Unix seconds.
import type { Json } from '../words/json.js';
import type { RiskLevel } from './risk.js';

/** One enrolled instance of a factor. `data` belongs to the factor; sealed where it is secret. */
export type Authenticator<D extends Json = Json> = {
  id: string;
  kind: string;
  name?: string;
  createdAt: number;
  lastUsedAt?: number;
  /** Wrong answers in a row over all lanes; at 100 it is disabled (NIST SP 800-63B-4 §3.2.2). */
  failures?: number;
  disabledAt?: number;
  /** Bound without the person choosing it: an address that the host had verified. */
  adopted?: true;
  /** When its address last followed that of the app: it is that of this address for no longer. */
  movedAt?: number;
  /** Whose proof allowed its enrolment, by authenticator id, and what that one leaned on; nearest first, eight at most. */
  enrolledBy?: string[];
  data: D;
};

/** Since when whoever holds it is shown by it: an address that moved may be somebody else's since. Unix seconds. */
export function standsSince({ createdAt, movedAt = 0 }: Pick<Authenticator, 'createdAt' | 'movedAt'>): number {
  return Math.max(createdAt, movedAt);
}

/** The failure budget of one scope: `<kind>/<lane>`, `enroll:<kind>/<lane>`, or the whole lane (`/<lane>`). */
export type Attempts = {
  /** Wrong answers in a row. */
  failures: number;
  failedAt: number;
  lockedUntil?: number;
  /** Only for self-unlock: right answers in a row. */
  rights?: number;
  /** Only on a lane, where risk is assessed: when the latest wrong answers came, twenty of the last hour at most. */
  recent?: number[];
  /** Only on a lane: closed until the owner, an admin or a new password opens it. */
  closedAt?: number;
};

/** Which address something went to, without the address; `keyId` names the secret of the digest. */
export type AddressDigest = { digest: string; keyId: string };

/** A browser that once passed a factor: it has a lane of its own in the failure budget, and nothing else. `hash`: 128 bits. */
export type KnownBrowser = { id: string; hash: string; createdAt: number };

/** A browser that may skip the sign-in step for some days. */
export type TrustedBrowser = {
  id: string;
  hash: string;
  /** Secrets that rotation replaced a moment ago, for requests that were under way with them. */
  previous: { hash: string; until: number }[];
  name?: string;
  createdAt: number;
  lastUsedAt?: number;
  expiresAt: number;
};

/** A sealed text of a record's field: see `sealed-field.ts`. */
export type SealedText = { sealed: string };

/** One thing that happened to this account, for the person's own eyes. */
export type Activity = { at: number; what: string; kind?: string; browser?: string };

/** `[at, what, kind, browser]`: kind is empty where there is none, browser counts in the sealed list, -1 for none. */
export type ActivityRow = [at: number, what: string, kind: string, browser: number];

/** The latest few, newest last. `sealed`: the browsers, each once. */
export type ActivityLog = { rows: ActivityRow[] } & Partial<SealedText>;

/** Made at every save and checked at every load; `keyId`: of the secret that it was made with. */
export type RecordMac = { keyId: string; value: string };

/** Who may bar an account: an administrator, or the directory that it came from. Each lifts its own bar alone. */
export const suspensionSources = ['admin', 'scim'] as const;
/** A source of suspensions. */
export type SuspensionSource = (typeof suspensionSources)[number];

/** From when until when somebody was exempt from the policy, or is. Unix seconds. */
export type Exemption = { from: number; until: number };

/** For what was made since `since`, the use of a pass or a backup code, until `until`; see `hold.ts`. Unix seconds. */
export type Hold = { since: number; until: number };

/** An account at an identity provider. `claim`: a digest of issuer and subject, and how often it was freed before. */
export type UpstreamLink = { issuer: string; claim: string };

/** One user's whole MFA state. It is written as one value (see `compact-record.ts`), and read by every later version. */
export type MfaRecord = {
  v: 1;
  /** Random; changes with every change of authenticators, and ends every session that carries another one. */
  epoch: string;
  authenticators: Authenticator[];
  attempts: { [scope: string]: Attempts };
  trusted: TrustedBrowser[];
  known: KnownBrowser[];
  /** Suggestions that this person skipped, and when. */
  skipped: { [what: string]: number };
  /**
   * Steps that are owed, by name: `backup-codes` once the set is due, `primary` after an objection to a first enrolment.
   * Without it "removed" looks like "never had".
   */
  owed: string[];
  /** Once true, only an elevated removal of the last factor or a reset makes it false. */
  protected: boolean;
  /**
   * While `primary` is owed: when the objection was made, and the address it came from, which confirms the next enrolment;
   * without one a granted code does.
   */
  reclaim?: { since: number; address?: AddressDigest };
  /** This person asks for no second factor at sign-in, where the policy leaves it to them. */
  signInStepOff?: true;
  /** By whom this account is barred, and since when; any one bars. It outlives a reset and the account: see `lasting.ts`. */
  suspended?: { [source in SuspensionSource]?: number };
  /**
   * Of an id that comes back: `ended`, its account came to its end while the directory barred it, which is so until `mfa.readmit`, or
   * the directory makes it anew; then `anew` until the first enrolment, which is confirmed as under `required`.
   */
  account?: 'ended' | 'anew';
  /** The kind that this person wants to be asked for first; where it cannot be used, the one used last is. */
  preferred?: string;
  /** What was enrolled in a recovery, and since, opens little for a while. */
  hold?: Hold;
  /** Backup codes that were spent and count for nothing yet: what is owed before they do; see `recovering.ts`. */
  recovery?: SealedText;
  /** Until when no backup code and no pass works: somebody objected to the use of one. Unix seconds. */
  codesBarredUntil?: number;
  /** Times in which the policy demanded no set-up, of the last year, newest last; see `exemption.ts`. */
  exemptions?: Exemption[];
  /** Sign-ins that ended, by a digest; at most twenty, newest last. What a session says of them counts no more. */
  ended?: { id: string; at: number }[];
  activity?: ActivityLog;
  /** What a sign-in is compared with, where risk is assessed; see `history.ts`. It outlives a reset. */
  history?: SealedText;
  /** How risky the pending sign-ins of each lane looked at their worst; absent: low. See `kept-level.ts`. */
  raised?: { [lane: string]: RiskLevel };
  /** An administrator lets sign-ins go on that looked risky until then, Unix seconds. */
  releasedUntil?: number;
  /** The addresses that the host last said were verified; for telling the person where no request says them. */
  addresses?: SealedText;
  /** Digests of secrets that stood here and do not any more; no import brings one back. */
  spent?: SealedText;
  /**
   * Whom identity providers vouch for as this person: one account of each, by what is claimed for it across all users. It
   * outlives a reset.
   */
  upstream?: UpstreamLink[];
  /** When the epoch changed last, Unix seconds; kept where identity providers are believed, whose word must be younger. */
  epochAt?: number;
  /** What was claimed for this person by authenticators that are gone: see `former-claims.ts`. */
  formerClaims?: SealedText;
  /** Was protected once, whatever is true now: an import enrols nobody anew who removed or lost their factors. */
  protectedBefore?: true;
  /**
   * Entries of the audit log about what was saved last, eight at most, as JSON: whoever finds them here appends them, once
   * by their ids. Only where nothing may be told that the log does not hold; see `logbook.ts`.
   */
  unlogged?: SealedText;
  /** Over namespace, user id and all of the above; the kernel's alone, see `record-mac.ts`. */
  mac?: RecordMac;
};

export function emptyRecord(epoch: string): MfaRecord {
  return {
    v: 1,
    epoch,
    authenticators: [],
    attempts: {},
    trusted: [],
    known: [],
    skipped: {},
    owed: [],
    protected: false,
  };
}

/**
 * Takes a record of this or an older version.
 * @throws TypeError where it is of a version that this release does not know.
 */
export function upgradeRecord(stored: unknown): MfaRecord {
  const record = stored as MfaRecord;
  if ((record as { v?: unknown } | null)?.v !== 1) {
    throw new TypeError('The stored record is of a version that this release of express-mfa does not know.');
  }
  return record;
}
