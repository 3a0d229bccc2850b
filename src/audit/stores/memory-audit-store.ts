// The audit log in the memory of one process: the reference for the others, for development and tests.
import { checkOptionNames } from '../../core/words/unknown-option.js';
import type { AuditStore, DeadLetter, KeptEntry, SinkPosition, WriterHead } from '../audit-store.js';
import { getOrMake } from '../get-or-make.js';
import { readKeep, type KeepOptions } from './keep.js';

/** Places that are dropped in one step. */
const stepPlaces = 256;
const rememberedMs = 3_600_000;

type DayKept = { counts: Map<string, number>; people: Set<string> };
type Lease = { holder: string; untilMs: number };

/** The audit log in memory; refused in production, because nothing of it outlives the process. */
export function memoryAuditStore(options: KeepOptions = {}): AuditStore {
  checkOptionNames('memoryAuditStore', options, ['retentionDays', 'maxBytes']);
  const keep = readKeep('memoryAuditStore', options);
  const entries = new Map<number, KeptEntry & { keyId: string }>();
  const heads = new Map<string, WriterHead>();
  const lines: { hash: string; text: string }[] = [];
  const days = new Map<string, DayKept>();
  const sinks = new Map<string, SinkPosition & { fence: number }>();
  const leases = new Map<string, Lease>();
  const letters = new Map<string, DeadLetter[]>();
  /** Entries that two may append, and until when each is remembered. */
  const appended = new Map<string, number>();
  let first = 1;
  let last = 0;
  let bytes = 0;

  const lineHash = () => lines.at(-1)?.hash ?? '';
  const sinkOf = (name: string) => sinks.get(name) ?? { place: 0, line: 0, fence: 0 };

  return {
    name: 'memory',
    keep,

    async append({ writer, after, entries: batch, once = [], counts, line, keyId, closes, nowMs }) {
      const head = heads.get(writer) ?? { writer, seq: 0, hash: '', heardMs: nowMs, closed: false };
      const end = batch.at(-1) ?? after;
      const isLine = line?.hash === lineHash();
      const isPast = head.seq > end.seq || (head.seq === end.seq && head.hash === end.hash);
      const isStored = batch.length > 0 ? isPast : isLine;
      if (isStored) return { is: 'stored', bytes, last };
      if (head.closed) return { is: 'sealed' };
      if (head.seq !== after.seq || head.hash !== after.hash) return { is: 'gap', seq: head.seq, hash: head.hash };
      if (line && line.expected !== lineHash()) return { is: 'ledger' };
      const known = once.filter((id) => (appended.get(id) ?? 0) > Date.now());
      if (known.length > 0) return { is: 'known', ids: known };
      for (const id of once) appended.set(id, Date.now() + rememberedMs);
      for (const entry of batch) {
        last += 1;
        bytes += entry.text.length;
        entries.set(last, { ...entry, keyId });
      }
      if (line) lines.push({ hash: line.hash, text: line.text });
      heads.set(writer, { writer, seq: end.seq, hash: end.hash, heardMs: nowMs, closed: closes === true });
      for (const { day, counts: added, people } of counts) {
        const kept = getOrMake(days, day, (): DayKept => ({ counts: new Map(), people: new Set() }));
        for (const [name, by] of Object.entries(added)) kept.counts.set(name, (kept.counts.get(name) ?? 0) + by);
        people.forEach((each) => kept.people.add(each));
      }
      return { is: 'stored', bytes, last };
    },

    heads: () => Promise.resolve([...heads.values()].map((head) => ({ ...head }))),
    lines: (after, limit) => Promise.resolve(lines.slice(after, after + limit).map(({ text }) => text)),
    lastLine: () => Promise.resolve(lines.at(-1)?.text),

    page(query) {
      const down = 'before' in query;
      const items: { place: number; text: string }[] = [];
      let place = down ? Math.min(query.before, last + 1) : Math.max(query.after, first - 1);
      for (;;) {
        const next = down ? place - 1 : place + 1;
        if (next < first || next > last || items.length >= query.limit) break;
        place = next;
        const entry = entries.get(place);
        if (!entry) continue;
        if (query.subject !== undefined && entry.subject !== query.subject) continue;
        if (query.flow !== undefined && entry.flow !== query.flow) continue;
        if (query.watched && !entry.watched) continue;
        items.push({ place, text: entry.text });
      }
      return Promise.resolve({ items, place });
    },

    extent: () =>
      Promise.resolve({
        first,
        last,
        bytes,
        lines: lines.length,
        keyIds: [...new Set([...entries.values()].map(({ keyId }) => keyId))],
      }),

    rewrite(place, expected, text) {
      const entry = entries.get(place);
      if (entry?.text !== expected) return Promise.resolve(false);
      bytes += text.length - expected.length;
      entries.set(place, { ...entry, text });
      return Promise.resolve(true);
    },

    oldest(untilMs) {
      const end = Math.min(last, first + stepPlaces - 1);
      if (end < first) return Promise.resolve(undefined);
      let until = first - 1;
      for (let place = first; place <= end; place += 1) {
        const entry = entries.get(place);
        if (entry && untilMs !== undefined && entry.timeMs >= untilMs) break;
        until = place;
      }
      return Promise.resolve(until < first ? undefined : { first, last: until });
    },

    drop(from, until, line, forgetWriters) {
      if (from !== first) return Promise.resolve('gone');
      if (line.expected !== lineHash()) return Promise.resolve('ledger');
      for (let place = from; place <= until; place += 1) {
        bytes -= entries.get(place)?.text.length ?? 0;
        entries.delete(place);
      }
      first = until + 1;
      forgetWriters.forEach((writer) => heads.delete(writer));
      lines.push({ hash: line.hash, text: line.text });
      return Promise.resolve('dropped');
    },

    days: (from, to) =>
      Promise.resolve(
        [...days]
          .filter(([day]) => day >= from && day <= to)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([day, { counts, people }]) => ({ day, counts: Object.fromEntries(counts), people: people.size })),
      ),

    lease(sink, holder, ttlMs) {
      const held = leases.get(sink);
      const now = Date.now();
      if ((held?.holder ?? holder) !== holder && (held?.untilMs ?? 0) > now) return Promise.resolve(undefined);
      const { fence, place, line } = sinkOf(sink);
      const next = held?.holder === holder && held.untilMs > now ? fence : fence + 1;
      leases.set(sink, { holder, untilMs: now + ttlMs });
      sinks.set(sink, { place, line, fence: next });
      return Promise.resolve({ fence: next, position: { place, line } });
    },

    advance(sink, fence, from, to) {
      const at = sinkOf(sink);
      if (at.fence !== fence || at.place !== from.place || at.line !== from.line) return Promise.resolve(false);
      sinks.set(sink, { ...to, fence });
      return Promise.resolve(true);
    },

    release(sink, holder) {
      if (leases.get(sink)?.holder === holder) leases.delete(sink);
      return Promise.resolve();
    },

    positions: () =>
      Promise.resolve(Object.fromEntries([...sinks].map(([name, { place, line }]) => [name, { place, line }]))),

    putAside(sink, more) {
      letters.set(sink, [...(letters.get(sink) ?? []), ...more]);
      return Promise.resolve();
    },

    deadLetters(sink, limit) {
      const all = letters.get(sink) ?? [];
      return Promise.resolve({ total: all.length, letters: all.slice(-limit) });
    },

    dropDeadLetters(sink) {
      const { length } = letters.get(sink) ?? [];
      letters.delete(sink);
      return Promise.resolve(length);
    },
  };
}
