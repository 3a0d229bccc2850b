// Feeds one sink from the stored log: one process at a time, by a lease with a fencing token; the place moves by
// compare-and-set after the sink took the batch. So a sink gets everything at least once, in order per writer.
import type { AuditStore, DeadLetter, SinkPosition } from './audit-store.js';
import type { AuditCheckpoint } from './checkpoint.js';
import { parseLine } from './ledger.js';
import { isCheckpoint } from './checkpoint.js';
import type { AuditItem, AuditSink } from './sink.js';
import { parseEntry } from './verify.js';
import { withTimeLimit } from './time-limit.js';
import type { AuditWorld } from './world.js';

const leaseMs = 30_000;
/** A sink that hangs is let go of before its lease ends. */
const deliverMs = 20_000;
const idleMs = 1_000;
const backOff = { firstMs: 500, mostMs: 60_000, downAfterMs: 86_400_000, downMs: 3_600_000 };

export type Feed = {
  /** Feeds until there is nothing left, the sink fails, or another process holds it. */
  once(): Promise<void>;
  /** Feeds from now on, by itself. */
  start(): void;
  stop(): Promise<void>;
  health(): { failing?: string; failingSinceMs?: number; deadLetters: number };
};

export function createFeed(store: AuditStore, world: AuditWorld, sink: AuditSink): Feed {
  const holder = world.random.token(9);
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let stopped = true;
  let failing: { why: string; sinceMs: number; times: number } | undefined;
  let pauseMs = 0;
  let deadLetters = 0;
  let abort = new AbortController();

  function failed(why: string, retryAfterMs = 0): void {
    failing = { why, sinceMs: failing?.sinceMs ?? world.now(), times: (failing?.times ?? 0) + 1 };
    const isDown = world.now() - failing.sinceMs > backOff.downAfterMs;
    const wait = isDown ? backOff.downMs : Math.min(backOff.mostMs, backOff.firstMs * 2 ** (failing.times - 1));
    pauseMs = Math.max(retryAfterMs, wait * (0.5 + world.random.int(1000) / 2000));
  }

  /** @returns whether there may be more */
  async function step(fence: number, from: SinkPosition): Promise<SinkPosition | undefined> {
    const size = sink.batchSize ?? 100;
    const batch = await nextBatch(store, from, size);
    if (batch.items.length === 0) return undefined;
    const given = batch.items.map(({ item }) => item);
    const delivered = await withTimeLimit(deliverMs, abort.signal, (ends) => sink.deliver(given, ends));
    const { done, refused = [], why, retryAfterMs } = delivered;
    const letters = refused
      .filter(({ index }) => index < done)
      .flatMap(({ index, why: reason }) => letterOf(batch.items[index]?.item, reason, world.now()));
    if (letters.length > 0) {
      await store.putAside(sink.name, letters);
      deadLetters += letters.length;
    }
    const to = done >= batch.items.length ? batch.end : (batch.items[done - 1]?.after ?? from);
    const moved = done > 0 && (await store.advance(sink.name, fence, from, to));
    if (done > 0 && !moved) return undefined;
    if (done < batch.items.length) {
      failed(why ?? 'the sink did not take all', retryAfterMs);
      return undefined;
    }
    failing = undefined;
    pauseMs = 0;
    return to;
  }

  async function feed(): Promise<void> {
    try {
      for (;;) {
        const lease = await store.lease(sink.name, holder, leaseMs);
        if (!lease || abort.signal.aborted) return;
        if ((await step(lease.fence, lease.position)) === undefined) return;
      }
    } catch (error) {
      failed(error instanceof Error ? error.message : String(error));
    }
  }

  function once(): Promise<void> {
    running ??= feed().finally(() => (running = undefined));
    return running;
  }

  function plan(): void {
    if (stopped) return;
    timer = setTimeout(() => void once().finally(plan), Math.max(idleMs, pauseMs));
    timer.unref();
  }

  return {
    once,
    start() {
      stopped = false;
      abort = new AbortController();
      plan();
    },
    async stop() {
      stopped = true;
      if (timer) clearTimeout(timer);
      abort.abort();
      await running;
      await store.release(sink.name, holder).catch(() => undefined);
      await sink.close?.();
    },
    health: () => ({ deadLetters, ...(failing ? { failing: failing.why, failingSinceMs: failing.sinceMs } : {}) }),
  };
}

type Batch = { items: { item: AuditItem; after: SinkPosition }[]; end: SinkPosition };

/** Entries first, then the ledger's lines that there are by now. */
async function nextBatch(store: AuditStore, from: SinkPosition, size: number): Promise<Batch> {
  const page = await store.page({ after: from.place, limit: size });
  const items: Batch['items'] = page.items.flatMap(({ place, text }) => {
    const item = parseEntry(text);
    return item ? [{ item, after: { place, line: from.line } }] : [];
  });
  const place = page.items.at(-1)?.place ?? from.place;
  if (page.items.length === size) return { items, end: { place, line: from.line } };
  let line = from.line;
  for (const text of await store.lines(from.line, size - items.length)) {
    line += 1;
    const item: AuditCheckpoint | undefined = parseLine(text);
    if (item) items.push({ item, after: { place, line } });
  }
  return { items, end: { place, line } };
}

function letterOf(item: AuditItem | undefined, why: string, nowMs: number): DeadLetter[] {
  if (!item) return [];
  const id = isCheckpoint(item) ? `checkpoint ${item.n}` : item.id;
  return [{ id, time: new Date(nowMs).toISOString(), why, text: JSON.stringify(item) }];
}
