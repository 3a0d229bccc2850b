// The audit log as a host holds it in its hand: its options, and what it can be asked.
import type { MfaEvent } from '../core/words/events.js';
import type { AuditStore, Day, DeadLetter } from './audit-store.js';
import type { AuditCheckpoint } from './checkpoint.js';
import type { AuditHealth } from './health.js';
import type { AuditEntry } from './entry.js';
import type { Draft } from './make-entry.js';
import type { AuditPage, AuditQuery } from './read.js';
import type { AuditSink } from './sink.js';
import type { Verification } from './verification.js';
import type { AuditWorld } from './world.js';

/** Options of the audit log. */
export type AuditLogOptions = {
  /** Where it lives: `redisAuditStore`, or `memoryAuditStore` in development. */
  store: AuditStore;
  /** Whoever watches; each is fed from the stored log. */
  sinks?: readonly AuditSink[];
  /** `digest` where ids of people are addresses. Default `id`. */
  subjectAs?: 'id' | 'digest';
  /**
   * What happens while the store takes nothing. `continue`, the default: nobody waits for it, and what is over a bounded
   * buffer is lost, and told so. `refuse`: no accepted answer, no change of an account and nothing that an operator did is
   * told before its entry is stored; it is refused as `audit.unavailable`.
   */
  whenUnavailable?: 'continue' | 'refuse';
};

/** What verifying may be told. */
export type AuditVerifyOptions = {
  /** Who verifies; then it is told as `audit-verified`. */
  by?: string;
  since?: Date | string;
  /** Lines of the ledger that a sink has kept: with them a cut through log and ledger is found. */
  checkpoints?: readonly AuditCheckpoint[];
};

/** The audit log. Every method rejects with MfaError `store.unavailable` where its store cannot be asked. */
export interface AuditLog {
  /** Newest first. */
  read(query?: AuditQuery): Promise<AuditPage>;
  /** Reads the whole log and says whether anything in it is not as it was written. */
  verify(options?: AuditVerifyOptions): Promise<Verification>;
  /** Notes who knows of a break, by its `at`, and why it is there. */
  acknowledge(at: string, who: { by: string; reason: string }): Promise<void>;
  /** Empties what is personal in a person's entries; the chains still verify. */
  erase(userId: string, who: { by: string; reason: string }): Promise<{ entries: number }>;
  /** How much there is, how far each sink is, and what fails. */
  health(): Promise<AuditHealth>;
  /** Figures per day, `2026-11-01` to `2026-11-30`. */
  days(from: string, to: string): Promise<Day[]>;
  /** What a sink refused for good, the newest last. */
  deadLetters(sink: string, limit?: number): Promise<{ total: number; letters: DeadLetter[] }>;
  /** @returns how many there were */
  dropDeadLetters(sink: string): Promise<number>;
  /** Resolves when all that was heard of is stored, or could not be. */
  settled(): Promise<void>;
  /** Ends this process's chain and lets go of the sinks. */
  close(): Promise<void>;
  /** @internal Ours: keys, time and chance, once, when the app is put together. */
  attach(world: AuditWorld): void;
  /** @internal Ours: an event, as listeners hear it. */
  take(event: MfaEvent): void;
  /** @internal Ours: whether nothing is told before its entry is stored. */
  readonly refuses: boolean;
  /** @internal Ours: an entry of an event, to be appended. */
  draft(event: MfaEvent): Draft;
  /** @internal Ours: appends each once by its id; rejects where the store fails. */
  append(drafts: readonly Draft[]): Promise<void>;
  /** @internal Ours: whether this process knows it to be stored. */
  isStored(id: string): boolean;
  /** @internal Ours: rejects where the store takes nothing. */
  reach(): Promise<void>;
  /** @internal Ours: what is done once a minute. */
  tend(): Promise<void>;
  /** @internal Ours: the latest of what is watched, newest first. */
  watched(limit: number): Promise<AuditEntry[]>;
  /** @internal Ours: what the latest verification that somebody asked for said. */
  lastVerified(): Promise<AuditEntry | undefined>;
  /** @internal Ours: feeds every sink until nothing is left. */
  feed(): Promise<void>;
  /** @internal Ours: for checks at start-up, and for the doctor. */
  readonly store: AuditStore;
  /** @internal Ours. */
  readonly sinks: readonly AuditSink[];
}
