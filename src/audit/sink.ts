// What whoever watches must offer to be fed from the log. The log keeps the place, the order and what was put aside;
// a sink only delivers, and says how far it came.
import type { AuditCheckpoint } from './checkpoint.js';
import type { AuditEntry } from './entry.js';

/** What a sink is handed: entries in order per writer, and the ledger's lines among them. */
export type AuditItem = AuditEntry | AuditCheckpoint;

/** How far a sink came with a batch. */
export type Delivered = {
  /** How many, from the beginning of the batch, are done with: taken, or refused for good. The rest is offered again. */
  done: number;
  /** Those among them that will never be taken, by their index in the batch; the log puts them aside as dead letters. */
  refused?: readonly { index: number; why: string }[];
  /** Why the rest was not taken, for `audit.health()`; absent where all is done. */
  why?: string;
  /** Wait at least so long before the rest is offered again; else the log backs off on its own. */
  retryAfterMs?: number;
};

/**
 * Takes entries out of the stored log to whoever watches: at least once, in order per writer; `id` tells what came
 * twice. One process feeds a sink at a time. It never decides anything, and its failures never enter the log.
 */
export interface AuditSink {
  /** Names its place in the log: give two sinks of one kind different names, and keep a name over restarts. */
  readonly name: string;
  /** At most so many items at once; default 100. */
  readonly batchSize?: number;
  /** Resolves with how far it came. One that throws took nothing: the batch comes again. `signal` ends the waiting. */
  deliver(batch: readonly AuditItem[], signal: AbortSignal): Promise<Delivered>;
  /** Whether it can be reached, for `doctor`: a sentence, or nothing where all is well. */
  check?(signal: AbortSignal): Promise<string | undefined>;
  /** Lets go of files and connections; it may be fed again afterwards. */
  close?(): Promise<void>;
}
