// What the rules ask of the world: time, chance, sealing, storage, delivery. The rules know these shapes and nothing
// of what stands behind them; every implementation is handed in by `mfa.ts`.
import type { MfaError } from '../words/errors.js';
import type { Json } from '../words/json.js';
import type { MfaRecord } from './record.js';

/** Milliseconds since the Unix epoch, as `Date.now`. The rules themselves count in whole Unix seconds. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
}

/** What a sealed value belongs to. A value that is moved elsewhere does not open. */
export type SealedFor = { userId: string; authenticatorId: string; purpose: string };

/** Keeps stored secrets unreadable, and makes keyed digests of what need not be read again. */
export interface Sealer {
  /** The id of the newest secret; what is hashed with it carries this id. */
  readonly keyId: string;
  /** The ids of all secrets, newest first. */
  readonly keyIds: readonly string[];
  /** Encrypts `plain` with the newest secret. */
  seal(plain: string, belongsTo: SealedFor): string;
  /**
   * As `seal`, and the same text each time: for names that stand in addresses. Whoever sees two learns whether they are the same,
   * and nothing else.
   */
  sealAlike(plain: string, belongsTo: SealedFor): string;
  /**
   * Decrypts what `seal` made.
   * @throws MfaError `store.unavailable` when it was sealed with a secret that this process does not have.
   */
  open(sealed: string, belongsTo: SealedFor): string;
  /** Whether `sealed` was made with the newest secret. */
  isCurrent(sealed: string): boolean;
  /**
   * HMAC-SHA-256 of `value` with the pepper of `purpose`, under the newest secret or the one named by `keyId`.
   * @throws MfaError `store.unavailable` when there is no secret of that id.
   */
  digest(purpose: string, value: string, keyId?: string): Uint8Array;
  /** SHA-256 of `value`, base64url: for tokens of 128 random bits and more, which need no pepper. */
  hashToken(value: string): string;
  /** Compares two byte strings or texts in constant time. */
  equal(a: Uint8Array | string, b: Uint8Array | string): boolean;
}

/** A random token that names one saved state of a record. Compared for equality, never for order. */
export type Revision = string;

/** `record` is absent where there is none or it was removed; `revision` is absent only where there never was one. */
export type Loaded = { record?: MfaRecord; revision?: Revision };

/** What `save` is told. */
export type Saving = { userId: string; record: MfaRecord; expected: Revision | undefined };

/** Where a walk over a store stands, to go on from there; opaque, and of no meaning to another store. */
export type Cursor = string;

/**
 * A record met by a walk, or a tombstone, which has none. `unread`: why nothing is said of what stands there; it has neither
 * record nor revision.
 */
export type Scanned = { userId: string; cursor: Cursor } & (
  | { record?: MfaRecord; revision: Revision; unread?: undefined }
  | { record?: undefined; revision?: undefined; unread: MfaError }
);

/** A claim met by a walk. */
export type Claimed = { key: string; userId?: string; cursor: Cursor };

/** Where the users' records live: load, and save if nobody else did meanwhile. */
export interface RecordStore {
  /** The record and its revision; an empty object where there never was one. */
  load(userId: string): Promise<Loaded>;
  /**
   * Saves `record` if the stored revision is still `expected`, atomically.
   * @returns the new revision for exactly one of any number of rivals, `undefined` for all others.
   */
  save(userId: string, record: MfaRecord, expected: Revision | undefined): Promise<Revision | undefined>;
  /**
   * For operators: many saves in few messages, each by itself as `save` does it, in this order. Where it rejects, some may
   * have been made. Without it each is sent alone.
   */
  saveAll?(saves: readonly Saving[]): Promise<(Revision | undefined)[]>;
  /**
   * Removes the record and leaves a tombstone with a revision of its own, so that no save begun before fits after. With `seen`
   * only if what stands there is still that; without, whatever it is, one that cannot be read as well.
   * @returns whether it was removed: false where a rival was faster
   */
  remove(userId: string, seen?: Pick<Loaded, 'revision'>): Promise<boolean>;
  /** Claims of this user stay taken for all time and name nobody any more; those of others stay as they are. */
  abandon(userId: string, claims: readonly string[]): Promise<void>;
  /**
   * Whose `key` is now. With `userId`, an unowned key becomes theirs; one winner for all time. Without, only reads.
   * @returns the owner's user id; `undefined` where nobody ever owned it, `null` where its owner was removed.
   */
  claim(key: string, userId?: string): Promise<string | null | undefined>;
  /**
   * Every record, in no particular order, some perhaps twice; for operators, never for a request. One that cannot be read
   * keeps nobody from reaching the next. With `tombstones` also what was removed, without a record. `after`: the cursor that an earlier walk reached; met is then whatever
   * that walk had not met.
   */
  scan(options?: { after?: Cursor; tombstones?: boolean }): AsyncIterable<Scanned>;
  /** Every claim, likewise; without `userId` where its owner was removed. */
  claims(options?: { after?: Cursor }): AsyncIterable<Claimed>;
}

/** Short-lived values that are not part of a user's state. `userId` keeps all keys of one user in one place. */
export interface TransientStore {
  /** Keeps a value for `ttlSeconds`, in place of any other. */
  put(userId: string, key: string, value: Json, ttlSeconds: number): Promise<void>;
  /** Keeps a value unless there is one, atomically. @returns the value that is there now, the same for all rivals. */
  putIfAbsent(userId: string, key: string, value: Json, ttlSeconds: number): Promise<Json>;
  /** The value, `undefined` once it lapsed. */
  get(userId: string, key: string): Promise<Json | undefined>;
  /** Reads and deletes in one step: one winner among any number of takers. */
  take(userId: string, key: string): Promise<Json | undefined>;
  /** Adds `by` (default 1; -1 gives back) to a counter that lapses `ttlSeconds` after its first increment. */
  increment(
    userId: string,
    key: string,
    ttlSeconds: number,
    by?: number,
  ): Promise<{ count: number; expiresInSeconds: number }>;
}

/** All that express-mfa asks of a database. */
export type MfaStore = RecordStore &
  TransientStore & {
    /** `memory` is refused in production. */
    readonly name?: string;
    /** Part of keys, of what sealed values are bound to, and of cookie names. */
    readonly namespace?: string;
    /**
     * Resolves when the store may be used; rejects with an MfaError `config.*` when its server is set up wrongly, with any
     * other error when it is to be asked again.
     */
    ready?(): Promise<void>;
    /** Runs the work of one answer: all that it asks the store for that it is handed is given one deadline together. */
    within?<T>(work: (store: MfaStore) => Promise<T>): Promise<T>;
    /** For operators: about how many records a walk will meet, to say how far it is. Reads none of them. */
    count?(): Promise<number>;
    /** For operators: what is wrong or unwise about its server, and that server's clock. */
    examine?(): Promise<StoreExamination>;
    /** For operators: the tables of a store that has such. */
    readonly migrations?: StoreMigrations;
  };

/** Makes the tables of a store, in steps, and takes them back. Several processes at once do no harm. */
export interface StoreMigrations {
  /** Every step, in order, and whether it was made. */
  status: () => Promise<{ name: string; made: boolean }[]>;
  /** Makes what is missing. @returns the names of the steps that this process made */
  migrate: () => Promise<string[]>;
  /** Takes the last step back, with all that its tables hold. @returns its name; undefined where there is none */
  rollback: () => Promise<string | undefined>;
}

/** What an examination of a store found. */
export type StoreExamination = {
  findings: { level: 'warn' | 'fail'; text: string }[];
  /** Milliseconds since the Unix epoch; undefined where the server does not tell. */
  serverTimeMs?: number;
};

/** What carries a message. */
export type Channel = 'email' | 'sms';

/** A rendered message. `to` is one address, already validated; `code` is there for senders with templates of their own. */
export type Message = {
  to: string;
  usage: 'MfaVerification' | 'BindMFA' | 'Notice' | 'Generic';
  subject?: string;
  text: string;
  html?: string;
  code?: string;
  locale: string;
  expiresInMinutes?: number;
  appName: string;
  ip?: string;
};

/**
 * Delivers a rendered message.
 * Throws MfaError `connector.rate_limit_exceeded` when the provider throttles, `connector.send_failed` for all else,
 * with the cause; `definite: true` in its details only if the provider surely did not deliver.
 */
export interface Sender {
  readonly channel: Channel;
  /** The sender's name, for start-up checks and messages: `console`, `smtp`, … */
  readonly name?: string;
  /** Resolves once the provider has taken the message; never waits longer than it must. */
  send(message: Message): Promise<void>;
}
