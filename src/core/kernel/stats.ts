// What a census finds, and where it is kept: the port of a store of figures. What is counted, and by which rule somebody stands
// in a list, is not known here. Times are whole Unix seconds, days `2026-11-29` in UTC.
import type { StoreMigrations } from './ports.js';

/** Figures by name: `protected`, `kind/totp`, `left/3`. */
export type CensusCounts = { [name: string]: number };

/** A census that is under way, or was left. */
export type RunningCensus = {
  startedAt: number;
  /** Who asked for it. */
  by?: string;
  /** People counted so far. */
  people: number;
  /** About how many there are to count; 0 while it is not known. */
  about: number;
  /** Whether somebody counts right now. */
  held: boolean;
};

/** A census as it is taken up, from its beginning or where another process was stopped. */
export type HeldCensus = {
  /** Later ones are higher: whoever has a lower one is not heard any more. */
  fence: number;
  startedAt: number;
  /** How many steps are kept. */
  step: number;
  /** What was handed in with the latest of them. */
  cursor: string;
};

/** What one step adds. `scope`: the tenant whose figures these are, empty for everybody's. */
export type CensusPart = {
  scope: string;
  counts: CensusCounts;
  /** Ids to be added to lists, by name. */
  lists: { [name: string]: readonly string[] };
};

/** One step of a census. `step`: one more than the one before. */
export type CensusStep = { step: number; cursor: string; about: number; parts: readonly CensusPart[] };

/** The latest census that came to its end. */
export type Census = { startedAt: number; endedAt: number; by?: string; counts: CensusCounts };

/** Asks for a census to be taken up. */
export type CensusRequest = {
  startedAt: number;
  by?: string;
  /** One that was left is gone on with, unless it began before this. */
  resumeAfter: number;
  /** For so long nobody else is let in after each step. */
  ttlSeconds: number;
};

/** Which list, and which part of it. */
export type ListQuery = {
  name: string;
  scope?: string;
  /** Of the census that is under way, in the stead of the latest. */
  running?: true;
  /** How many to pass over. */
  after: number;
  limit: number;
};

/** Where a census is kept, seen by every process. Every method is one atomic step; failures are MfaErrors `store.unavailable`. */
export interface StatsStore {
  /** `memory` is refused in production. */
  readonly name: string;
  /** For operators: the tables of a store that has such. */
  readonly migrations?: StoreMigrations;
  /** Takes a census up: one that was left, else a new one. @returns undefined where somebody else counts right now */
  begin(request: CensusRequest): Promise<HeldCensus | undefined>;
  /** Adds a step, once however often it is handed in. @returns whether this holder is still the latest */
  add(fence: number, step: CensusStep): Promise<boolean>;
  /**
   * Makes it the latest census, and keeps everybody's counts as those of the day on which it began, in the place of an earlier
   * one of that day. Days before `keepFrom` are dropped, but for the last of each month. @returns as `add`
   */
  finish(fence: number, end: { endedAt: number; keepFrom: string }): Promise<boolean>;
  /** Lets somebody else go on with it. */
  release(fence: number): Promise<void>;
  /** The census that is not over. */
  running(): Promise<RunningCensus | undefined>;
  /** The latest that is, with the counts of a tenant or of everybody. */
  latest(scope?: string): Promise<Census | undefined>;
  /** Ids of a list, in the order in which they were counted. */
  list(query: ListQuery): Promise<string[]>;
  /** Days whose counts are kept, oldest first. */
  days(): Promise<string[]>;
  /** Everybody's counts of a day. */
  countsOf(day: string): Promise<CensusCounts | undefined>;
}

/** The day of a time. */
export function dayOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}

/** The days that go: before `keepFrom`, and not the last of their month among all that are kept. */
export function daysToDrop(days: readonly string[], keepFrom: string): string[] {
  const last = new Map<string, string>();
  for (const day of [...days].sort()) last.set(day.slice(0, 7), day);
  return days.filter((day) => day < keepFrom && last.get(day.slice(0, 7)) !== day);
}
