// One process writes one chain: what waits goes to the store in batches, one at a time, each after the one before. Nobody
// waits for it. A lost answer sends the same batch again; a store that forgot gets what it forgot; a writer that was
// sealed while it slept begins anew.
import type { Append, AuditStore } from './audit-store.js';
import { chained, type Head, type Link } from './batch.js';
import { createBuffer } from './buffer.js';
import { hashOfPerson } from './chain.js';
import { countDays } from './day-counts.js';
import { nextLine, type LineSaid } from './ledger.js';
import type { Draft } from './make-entry.js';
import type { AuditWorld } from './world.js';

/** Entries in one trip. */
const batchSize = 100;
/** How long the first of a batch waits for company. */
const batchMs = 50;
/** Waiting while the store is away. */
const bufferSize = 10_000;
/** Kept for a store that forgot the latest, after a fail-over. */
const windowSize = 1_000;
/** A line in the ledger after so many entries, or so long. */
const lineEvery = { entries: 1_000, ms: 300_000 };
const backOff = { firstMs: 100, mostMs: 5_000 };

const drafts = (links: readonly Link[]): Draft[] => links.map(({ draft }) => draft);

export type Writer = {
  /** Never throws, never waits. */
  add(draft: Draft): void;
  /** Resolves when all that was added is stored, or the store refused it just now; then `health` says so. */
  settled(): Promise<void>;
  /** A line in the ledger, where one is due. */
  tend(): Promise<void>;
  /** Tells the ledger that this writer ends. */
  close(): Promise<void>;
  health(): { waiting: number; lost: number; failing?: string; bytes: number };
};

/** @param tellLost told what could not be kept, as plain facts */
export function createWriter(
  store: AuditStore,
  world: AuditWorld,
  tellLost: (detail: { [key: string]: string | number }) => void,
): Writer {
  const buffer = createBuffer(bufferSize);
  const newHead = (): Head => ({ writer: world.random.token(9), seq: 0, hash: '' });
  let head = newHead();
  let window: Link[] = [];
  let inFlight: Link[] = [];
  let lined = { seq: 0, atMs: world.now() };
  let timer: NodeJS.Timeout | undefined;
  let busy: Promise<void> | undefined;
  let failing: string | undefined;
  let waitMs = 0;
  let lost = 0;
  let bytes = 0;

  /** One batch after the head, or a line alone; `again` where what is in flight, or the head, is another one now. */
  async function send(links: readonly Link[], said?: LineSaid, closes = false): Promise<'stored' | 'again'> {
    const line = said && (await nextLine(store, world, said));
    const batch: Append = {
      writer: head.writer,
      after: { seq: head.seq, hash: head.hash },
      entries: links.map(({ kept }) => kept),
      counts: countDays(drafts(links), hashOfPerson),
      keyId: world.sealer.keyId,
      nowMs: world.now(),
      ...(line && { line }),
      ...(closes && { closes }),
    };
    const answer = await store.append(batch);
    if (answer.is === 'ledger') return 'again';
    if (answer.is === 'stored') {
      bytes = answer.bytes;
      return 'stored';
    }
    if (answer.is === 'gap') resume(answer);
    else beginAnew();
    return 'again';
  }

  /** The store stands elsewhere: from there again, where that is still known here; else as another writer. */
  function resume(at: { seq: number; hash: string }): void {
    const known = [...window, ...inFlight];
    const found = at.seq === 0 ? -1 : known.findIndex(({ kept: { seq, hash } }) => seq === at.seq && hash === at.hash);
    const next = known[found + 1];
    if ((at.seq > 0 && found === -1) || next?.kept.seq !== at.seq + 1) {
      tellLost({ why: 'the store forgot', writer: head.writer, from: at.seq + 1, to: head.seq });
      beginAnew();
      return;
    }
    inFlight = known.slice(found + 1);
    window = known.slice(0, found + 1);
    head = { writer: head.writer, seq: at.seq, hash: at.hash };
  }

  function beginAnew(): void {
    head = newHead();
    window = [];
    lined = { seq: 0, atMs: world.now() };
    inFlight = chained(world, head, drafts(inFlight));
  }

  function lineDue(links: readonly Link[]): LineSaid | undefined {
    const end = links.at(-1)?.kept ?? head;
    if (end.seq === lined.seq || end.seq === 0) return undefined;
    const kind = lined.seq === 0 ? 'began' : 'reached';
    const due =
      kind === 'began' || end.seq - lined.seq >= lineEvery.entries || world.now() - lined.atMs >= lineEvery.ms;
    return due ? { kind, points: [{ writer: head.writer, seq: end.seq, hash: end.hash }] } : undefined;
  }

  /** Sends what is in flight, in trips of at most a batch; what a store forgot may be more than one. */
  async function sendInFlight(): Promise<void> {
    while (inFlight.length > 0) {
      const links = inFlight.slice(0, batchSize);
      const said = lineDue(links);
      if ((await send(links, said)) === 'again') continue;
      const { seq, hash } = links.at(-1)?.kept ?? head;
      head = { writer: head.writer, seq, hash };
      if (said) lined = { seq, atMs: world.now() };
      window.push(...links);
      // Trimmed now and then: a copy for every batch would cost as much as all else here.
      if (window.length > windowSize * 2) window = window.slice(-windowSize);
      inFlight = inFlight.slice(links.length);
    }
  }

  async function drain(): Promise<void> {
    try {
      do {
        await sendInFlight();
        // First made room for, then told: what tells of a loss must not be a cause of another.
        inFlight = chained(world, head, buffer.take(batchSize));
        const gone = buffer.lost();
        if (gone) {
          lost += gone.refused + gone.others;
          tellLost({ why: 'the store was away', ...gone });
        }
      } while (inFlight.length > 0);
      failing = undefined;
      waitMs = 0;
    } catch (error) {
      failing = error instanceof Error ? error.message : String(error);
      waitMs = Math.min(backOff.mostMs, Math.max(backOff.firstMs, waitMs * 2));
      plan(waitMs * (0.5 + world.random.int(1000) / 1000));
    }
  }

  function plan(ms: number): void {
    if (timer) return;
    timer = setTimeout(() => {
      timer = undefined;
      void flush();
    }, ms);
    timer.unref();
  }

  function flush(): Promise<void> {
    busy ??= drain().finally(() => (busy = undefined));
    return busy;
  }

  async function settled(): Promise<void> {
    while (busy ?? buffer.size + inFlight.length > 0) {
      if (timer) clearTimeout(timer);
      timer = undefined;
      await flush();
      if (failing !== undefined) return;
    }
  }

  return {
    add(draft) {
      buffer.add(draft);
      if (failing !== undefined || busy) return;
      if (buffer.size >= batchSize) void flush();
      else plan(batchMs);
    },
    settled,
    async tend() {
      await settled();
      const said = failing === undefined ? lineDue([]) : undefined;
      if (said && (await send([], said)) === 'stored') lined = { seq: head.seq, atMs: world.now() };
    },
    async close() {
      for (let round = 0; round < 50; round += 1) {
        await settled();
        if (head.seq === 0 || failing !== undefined) return;
        const point = { writer: head.writer, seq: head.seq, hash: head.hash };
        if ((await send([], { kind: 'ended', points: [point] }, true)) === 'stored') break;
      }
      head = newHead();
      window = [];
      lined = { seq: 0, atMs: world.now() };
    },
    health: () => ({
      waiting: buffer.size + inFlight.length,
      lost,
      bytes,
      ...(failing === undefined ? {} : { failing }),
    }),
  };
}
