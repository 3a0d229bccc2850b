// Reading the log: newest first, by person, sign-in, event, outcome and time. A cursor is a place in the log, not a time,
// so entries of one millisecond come once each.
import { MfaError } from '../core/words/errors.js';
import type { EventName } from '../core/words/events.js';
import type { AuditStore } from './audit-store.js';
import type { AuditEntry } from './entry.js';
import { parseEntry } from './verify.js';

/** What to read; everything may be left out. */
export type AuditQuery = {
  /** Who reads: then it is told as `audit-read`. */
  by?: string;
  userId?: string;
  /** All entries of one sign-in or recovery, as they say in `flow`. */
  flow?: string;
  names?: readonly EventName[];
  outcome?: 'success' | 'failure';
  from?: Date | string;
  to?: Date | string;
  /** 1–500, default 100. */
  limit?: number;
  /** As an earlier page gave it. */
  cursor?: string;
};

/** A page, newest first. */
export type AuditPage = {
  entries: AuditEntry[];
  /** Where the next page begins; absent where there is none. */
  cursor?: string;
  /** Only so many entries were looked at, so the page may be shorter than asked for, or empty, and still not the last. */
  partial?: true;
};

/** Entries that a filtered page looks at, at most. */
const mostLooked = 10_000;
const step = 500;

/** Who is meant by `userId` in the stored entries: several where ids are digests under several secrets. */
export type Subjects = (userId: string) => Promise<readonly string[]>;

/** @throws MfaError `request.invalid` for a limit, a time or a cursor that is none */
export async function readPage(store: AuditStore, query: AuditQuery, subjectsOf: Subjects): Promise<AuditPage> {
  const { userId, flow, names, outcome, limit = 100, cursor } = query;
  if (!Number.isInteger(limit) || limit < 1 || limit > 500) throw invalid('`limit` is a whole number from 1 to 500.');
  const fromMs = timeOf('from', query.from);
  const toMs = timeOf('to', query.to);
  const subjects: readonly (string | undefined)[] = userId === undefined ? [undefined] : await subjectsOf(userId);
  const fits = (entry: AuditEntry): boolean => {
    const at = Date.parse(entry.time);
    return (
      (userId === undefined || (entry.subject !== undefined && subjects.includes(entry.subject.id))) &&
      (flow === undefined || entry.flow === flow) &&
      (names === undefined || names.includes(entry.name)) &&
      (outcome === undefined || entry.outcome === outcome) &&
      (fromMs === undefined || at >= fromMs) &&
      (toMs === undefined || at <= toMs)
    );
  };
  const found: { place: number; entry: AuditEntry }[] = [];
  let partial = false;
  let end = 0;
  for (const subject of subjects) {
    let before = cursor === undefined ? Infinity : placeOf(cursor);
    let mine = 0;
    for (let looked = 0; mine <= limit;) {
      const page = await store.page({
        before,
        limit: Math.min(step, Math.max(50, limit + 1)),
        ...(subject === undefined ? {} : { subject }),
        ...(flow === undefined || subject !== undefined ? {} : { flow }),
        ...(fromMs === undefined ? {} : { fromMs }),
        ...(toMs === undefined ? {} : { toMs }),
      });
      for (const { place, text } of page.items) {
        const entry = parseEntry(text);
        if (!entry || !fits(entry)) continue;
        found.push({ place, entry });
        mine += 1;
      }
      if (page.items.length === 0) break;
      looked += page.items.length;
      before = Math.min(page.place, page.items.at(-1)?.place ?? page.place);
      if (looked < mostLooked || mine > limit) continue;
      partial = true;
      end = Math.max(end, before);
      break;
    }
  }
  // Of several indices the one that was left early bounds what may be told without a hole.
  const sorted = found.sort((a, b) => b.place - a.place).filter(({ place }) => !partial || place >= end);
  const told = sorted.slice(0, limit);
  const isCut = sorted.length > limit;
  const next = isCut ? told.at(-1)?.place : partial ? end : undefined;
  return {
    entries: told.map(({ entry }) => entry),
    ...(next === undefined ? {} : { cursor: next.toString(36) }),
    ...(partial && !isCut ? { partial: true as const } : {}),
  };
}

function timeOf(name: string, value: Date | string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const ms = value instanceof Date ? value.getTime() : Date.parse(value);
  if (Number.isNaN(ms)) throw invalid(`\`${name}\` is no time.`);
  return ms;
}

function placeOf(cursor: string): number {
  if (!/^[0-9a-z]{1,10}$/.test(cursor)) throw invalid('`cursor` is not one that a page gave.');
  return parseInt(cursor, 36);
}

function invalid(what: string): MfaError {
  return new MfaError('request.invalid', `audit.read: ${what}`);
}
