// What is done to a log that stands: erasing what is personal, dropping what is too old, sealing writers that fell silent,
// noting that a break is known. All in small steps, each of which changes nothing where somebody else was faster.
import type { AuditStore } from './audit-store.js';
import type { WriterPoint } from './checkpoint.js';
import { ledgerStuck, withLine } from './ledger.js';
import { parseEntry, silentMs } from './verify.js';
import type { AuditWorld } from './world.js';

const step = 200;
const dayMs = 86_400_000;

/** Empties `personal` of every entry about `subject`, but of those in which they act as an administrator. */
export async function eraseSubject(store: AuditStore, subject: string): Promise<number> {
  let erased = 0;
  for (let before = Infinity; ;) {
    const page = await store.page({ before, limit: step, subject });
    for (const { place, text } of page.items) {
      const entry = parseEntry(text);
      if (!entry || entry.subject?.id !== subject || Object.keys(entry.personal).length === 0) continue;
      if (entry.actor.type === 'admin' && entry.actor.id === subject) continue;
      if (await store.rewrite(place, text, JSON.stringify({ ...entry, personal: {} }))) erased += 1;
    }
    if (page.items.length === 0) return erased;
    before = page.items.at(-1)?.place ?? 0;
  }
}

/** What trimming did, and whether it had to pass a sink. */
export type Trimmed = { entries: number; unsent: number };

/** Drops what is older than the store keeps, and what is over its size; a sink that lags is waited for in the first case. */
export async function trimLog(store: AuditStore, world: AuditWorld, sinks: readonly string[]): Promise<Trimmed> {
  const trimmed: Trimmed = { entries: 0, unsent: 0 };
  for (;;) {
    const { bytes, first } = await store.extent();
    const over = bytes > store.keep.maxBytes;
    const oldest = await store.oldest(over ? undefined : world.now() - store.keep.days * dayMs);
    if (!oldest || oldest.first < first) return trimmed;
    const positions = await store.positions();
    const taken = Math.min(Infinity, ...sinks.map((name) => positions[name]?.place ?? 0));
    const unsent = Math.max(0, oldest.last - Math.max(taken, oldest.first - 1));
    if (unsent > 0 && !over) return trimmed;
    const entries = await dropOldest(store, world, oldest);
    if (entries === undefined) return trimmed;
    trimmed.entries += entries;
    trimmed.unsent += unsent;
  }
}

/** A line first says where each writer begins from now on; so trimming is no break. */
async function dropOldest(
  store: AuditStore,
  world: AuditWorld,
  { first, last }: { first: number; last: number },
): Promise<number | undefined> {
  const latest = new Map<string, WriterPoint>();
  let entries = 0;
  for (let after = first - 1; after < last;) {
    const page = await store.page({ after, limit: last - after });
    for (const { place, text } of page.items) {
      if (place > last) break;
      entries += 1;
      const entry = parseEntry(text);
      if (entry) latest.set(entry.writer, { writer: entry.writer, seq: entry.seq, hash: entry.hash });
    }
    if (page.items.length === 0) break;
    after = page.place;
  }
  const points = [...latest.values()];
  const heads = new Map((await store.heads()).map((head) => [head.writer, head]));
  const isOver = ({ writer, seq }: WriterPoint) => {
    const head = heads.get(writer);
    return head?.closed === true && head.seq <= seq;
  };
  const gone = points.filter(isOver).map(({ writer }) => writer);
  const said = { kind: 'trimmed' as const, points, detail: { places: last } };
  const answer = await withLine(store, world, said, (line) => store.drop(first, last, line, gone));
  return answer === 'dropped' ? entries : undefined;
}

/** Writers that nobody heard of for ten minutes end at their stored head; one that wakes begins anew. */
export async function sealSilent(store: AuditStore, world: AuditWorld): Promise<number> {
  let sealed = 0;
  for (const { writer, seq, hash, heardMs, closed } of await store.heads()) {
    if (closed || seq === 0 || world.now() - heardMs < silentMs) continue;
    const said = { kind: 'sealed' as const, points: [{ writer, seq, hash }] };
    const answer = await withLine(store, world, said, async (line) => {
      const head = { after: { seq, hash }, entries: [], counts: [], keyId: world.sealer.keyId };
      return (await store.append({ writer, ...head, line, closes: true, nowMs: world.now() })).is;
    });
    if (answer === 'stored') sealed += 1;
  }
  return sealed;
}

/**
 * Notes who knows of a break and why it is there; it stays in every later verification as explained.
 * @throws MfaError `store.unavailable` also where the ledger takes no line
 */
export async function explainBreak(
  store: AuditStore,
  world: AuditWorld,
  detail: { at: string; by: string; reason: string },
): Promise<void> {
  const writer = world.random.token(9);
  const said = { kind: 'explained' as const, points: [], detail };
  const answer = await withLine(store, world, said, async (line) => {
    const nobody = { writer, after: { seq: 0, hash: '' }, entries: [], counts: [], closes: true as const };
    return (await store.append({ ...nobody, keyId: world.sealer.keyId, line, nowMs: world.now() })).is;
  });
  if (answer !== 'stored') throw ledgerStuck();
}
