// What the audit log asks of a database: append to a chain if nobody did meanwhile, read by place, and remember how far
// each sink came. It knows texts, places and hashes; what is in a text it does not read.
import type { StoreMigrations } from '../core/kernel/ports.js';
import type { DayCounts } from './day-counts.js';

/** An entry as a store is handed it. */
export type KeptEntry = {
  seq: number;
  hash: string;
  /** Milliseconds since the Unix epoch. */
  timeMs: number;
  /** Whose account; found by it again. */
  subject?: string;
  flow?: string;
  /** The latest of these are found by themselves. */
  watched?: true;
  /** The whole entry as JSON. */
  text: string;
};

/** A line of the ledger, to be written only where the latest line is still the expected one. */
export type LineToWrite = { expected: string; hash: string; text: string };

/** What a writer asks to be added to its chain, in one step. */
export type Append = {
  writer: string;
  /** Where this writer stood before; `0` and an empty hash at its beginning. */
  after: { seq: number; hash: string };
  /**
   * Contiguous, the first of them `after.seq + 1`; none where only the line is to be written, or where it is only asked
   * whether the store takes anything.
   */
  entries: readonly KeptEntry[];
  /**
   * Ids of those entries that somebody else may append as well. Where one of them was appended within the last hour, by
   * whatever writer, nothing is stored; else they are remembered for an hour, in the same step.
   */
  once?: readonly string[];
  counts: readonly DayCounts[];
  line?: LineToWrite;
  /** Which secret they were made with. */
  keyId: string;
  /** Nothing of this writer is taken after this. */
  closes?: true;
  /** The caller's time, Unix milliseconds: when this writer was last heard of. */
  nowMs: number;
};

/**
 * `stored`: it is, now or since an earlier try. `known`: these of `once` are there already, send the rest without them. `gap`: the writer's head stands elsewhere, send again from there.
 * `sealed`: this writer takes nothing more, begin anew. `ledger`: another line was faster.
 */
export type Appended =
  | { is: 'stored'; bytes: number; last: number }
  | { is: 'gap'; seq: number; hash: string }
  | { is: 'known'; ids: string[] }
  | { is: 'sealed' }
  | { is: 'ledger' };

/** Where a writer stands. */
export type WriterHead = { writer: string; seq: number; hash: string; heardMs: number; closed: boolean };

/** Some of the log, in the order that was asked for. */
export type Page = {
  items: { place: number; text: string }[];
  /** The last place that was looked at. */ place: number;
};

/** Which part of the log: all of it, one person's, one sign-in's, or the latest 200 that are watched. */
export type PageQuery = {
  subject?: string;
  flow?: string;
  watched?: true;
  /** Items at most. */
  limit: number;
  /** Only entries of this time, Unix milliseconds; a store may hand out others as well. */
  fromMs?: number;
  toMs?: number;
} & (
  | { /** Newest first, only places before this one. */ before: number }
  | { /** Oldest first, only places after this one. */ after: number }
);

/** What the log holds as a whole. `first` and `last` are places; an empty log has `first = last + 1`. */
export type Extent = { first: number; last: number; bytes: number; lines: number; keyIds: string[] };

/** How far a sink came: the last place and the last line of the ledger that it took. */
export type SinkPosition = { place: number; line: number };

/** What a sink refused for good: why, and the item as JSON. */
export type DeadLetter = { id: string; time: string; why: string; text: string };

/** The figures of one day; `people` is how many were active, near enough. */
export type Day = { day: string; counts: { [counter: string]: number }; people: number };

/** Where the audit log lives. Every method is one atomic step; failures are MfaErrors `store.unavailable`. */
export interface AuditStore {
  /** `memory` is refused in production. */
  readonly name: string;
  /** Days that entries are kept, and bytes at most; the log does the trimming. */
  readonly keep: { days: number; maxBytes: number };
  /** Adds to a writer's chain if its head still stands at `after`, with the counts of the days and the ledger's line, or none of it. */
  append(batch: Append): Promise<Appended>;
  /** Where every writer stands, in any order. */
  heads(): Promise<WriterHead[]>;
  /** Lines of the ledger after number `after`, oldest first. */
  lines(after: number, limit: number): Promise<string[]>;
  /** The ledger's latest line; undefined where there is none. */
  lastLine(): Promise<string | undefined>;
  /** A part of the log; with `subject`, `flow` or `watched` in a time that does not grow with it. */
  page(query: PageQuery): Promise<Page>;
  /** What there is: places, bytes, lines, and the secrets that entries were made with. */
  extent(): Promise<Extent>;
  /** Puts `text` in the place of `expected`. @returns whether it stood there */
  rewrite(place: number, expected: string, text: string): Promise<boolean>;
  /**
   * The oldest places that can be dropped in one small step, all older than `untilMs` where that is given.
   * @returns undefined where there is nothing to drop
   */
  oldest(untilMs?: number): Promise<{ first: number; last: number } | undefined>;
  /** Drops places up to `last` if they begin at `first`, and writes the line, or neither. */
  drop(
    first: number,
    last: number,
    line: LineToWrite,
    forgetWriters: readonly string[],
  ): Promise<'dropped' | 'ledger' | 'gone'>;
  /** The figures of the days from `from` to `to`, both `YYYY-MM-DD` and both included. */
  days(from: string, to: string): Promise<Day[]>;
  /** Takes or renews the lease of a sink. @returns its fencing token and position, undefined where another holds it */
  lease(sink: string, holder: string, ttlMs: number): Promise<{ fence: number; position: SinkPosition } | undefined>;
  /** Moves a sink's position by compare-and-set, for the holder of the latest lease only. */
  advance(sink: string, fence: number, from: SinkPosition, to: SinkPosition): Promise<boolean>;
  /** Gives the lease of a sink back, where `holder` has it. */
  release(sink: string, holder: string): Promise<void>;
  /** How far each sink came; a sink that never took anything may be left out. */
  positions(): Promise<{ [sink: string]: SinkPosition }>;
  /** Keeps what a sink refused for good. */
  putAside(sink: string, letters: readonly DeadLetter[]): Promise<void>;
  /** How many were put aside, and the newest `limit` of them, the newest last. */
  deadLetters(sink: string, limit: number): Promise<{ total: number; letters: DeadLetter[] }>;
  /** @returns how many there were */
  dropDeadLetters(sink: string): Promise<number>;
  /** For operators: the tables of a store that has such. */
  readonly migrations?: StoreMigrations;
  /** For operators: what is wrong or unwise about its server. */
  examine?(): Promise<{ level: 'warn' | 'fail'; text: string }[]>;
}
