// One process writes one chain: what waits goes to the store in batches, one at a time, each after the one before. A
// request waits for it only where it says so. A lost answer sends the same batch again; a store that forgot gets what it
// forgot; a writer that was sealed while it slept begins anew.
import { MfaError } from '../core/words/errors.js';
import { createOnce } from './appended-once.js';
import type { Append, AuditStore, LineToWrite } from './audit-store.js';
import type { Link } from './batch.js';
import { createBuffer } from './buffer.js';
import { hashOfPerson } from './chain.js';
import { countDays } from './day-counts.js';
import { findInLog } from './find-in-log.js';
import { ledgerStuck, withLine, type LineSaid } from './ledger.js';
import type { Draft } from './make-entry.js';
import { createPosition, draftsOf } from './position.js';
import type { AuditWorld } from './world.js';

/** Entries in one trip. */
const batchSize = 100;
/** How long the first of a batch waits for company. */
const batchMs = 50;
/** Waiting while the store is away. */
const bufferSize = 10_000;
const backOff = { firstMs: 100, mostMs: 5_000 };
/** How long a store remembers ids, by its contract. */
const rememberedMs = 3_600_000;

export type Writer = {
  /** Never throws, never waits. */
  add(draft: Draft): void;
  /**
   * Appends at once, each of them once by its id, whoever else appends it. Rejects where the store fails just now; they are
   * tried again all the same.
   */
  append(drafts: readonly Draft[]): Promise<void>;
  /** Whether an entry of this id is known to be stored. */
  isStored(id: string): boolean;
  /** Asks the store whether it takes anything; rejects where it does not. */
  reach(): Promise<void>;
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
  const once = createOnce();
  const position = createPosition(world, tellLost);
  /** What somebody waits for goes first. */
  const firsts: Draft[] = [];
  let timer: NodeJS.Timeout | undefined;
  let busy: Promise<void> | undefined;
  let failing: string | undefined;
  let waitMs = 0;
  let lost = 0;
  let bytes = 0;

  /**
   * One batch after the head, or a line alone; `again` where what is in flight, or the head, is another one now.
   * @throws MfaError `store.unavailable` also where the ledger takes no line
   */
  async function send(links: readonly Link[], said?: LineSaid, closes = false): Promise<'stored' | 'again'> {
    const shared = draftsOf(links).filter(({ id }) => once.has(id));
    const there = await findOld(shared);
    if (there.length > 0) return leaveOut(there);
    const { writer, seq, hash } = position.head;
    const batch: Append = {
      writer,
      after: { seq, hash },
      entries: links.map(({ kept }) => kept),
      counts: countDays(draftsOf(links), hashOfPerson),
      keyId: world.sealer.keyId,
      nowMs: world.now(),
      ...(shared.length > 0 && { once: shared.map(({ id }) => id) }),
      ...(closes && { closes }),
    };
    const append = async (line?: LineToWrite) => {
      const answer = await store.append({ ...batch, ...(line && { line }) });
      return answer.is === 'ledger' ? answer.is : answer;
    };
    const answer = await (said ? withLine(store, world, said, append) : append());
    if (answer === 'ledger') throw ledgerStuck();
    if (answer.is === 'known') return leaveOut(answer.ids);
    if (answer.is === 'stored') {
      bytes = answer.bytes;
      once.stored(shared.map(({ id }) => id));
      return 'stored';
    }
    if (answer.is === 'gap') position.resume(answer);
    else position.beginAnew();
    return 'again';
  }

  /** The store remembers ids for a time only: what is older is looked for. */
  async function findOld(shared: readonly Draft[]): Promise<string[]> {
    const found: string[] = [];
    for (const draft of shared) {
      if (world.now() - Date.parse(draft.time) <= rememberedMs / 2) continue;
      const entry = await findInLog(store, draft);
      const { writer, seq } = position.head;
      // What stands after the head is this very try, whose answer was lost: left out, the rest would follow nothing.
      if (entry && !(entry.writer === writer && entry.seq > seq)) found.push(draft.id);
    }
    return found;
  }

  function leaveOut(ids: readonly string[]): 'again' {
    once.stored(ids);
    position.leaveOut(ids);
    return 'again';
  }

  /** Sends what is in flight, in trips of at most a batch; what a store forgot may be more than one. */
  async function sendInFlight(): Promise<void> {
    while (position.inFlight.length > 0) {
      const links = position.inFlight.slice(0, batchSize);
      const said = position.lineDue(links);
      if ((await send(links, said)) === 'stored') position.moved(links, said);
    }
  }

  async function drain(): Promise<void> {
    try {
      do {
        await sendInFlight();
        const first = firsts.splice(0, batchSize);
        // First made room for, then told: what tells of a loss must not be a cause of another.
        position.take([...first, ...buffer.take(batchSize - first.length)]);
        const gone = buffer.lost();
        if (gone) {
          lost += gone.refused + gone.others;
          tellLost({ why: 'the store was away', ...gone });
        }
      } while (position.inFlight.length > 0);
      failing = undefined;
      waitMs = 0;
    } catch (error) {
      failing = error instanceof Error ? error.message : String(error);
      once.failed(error);
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

  const waiting = (): number => firsts.length + buffer.size + position.inFlight.length;

  function flush(): Promise<void> {
    busy ??= drain().finally(() => {
      busy = undefined;
      // What came after the last look waits for nothing else.
      if (failing === undefined && waiting() > 0) plan(0);
    });
    return busy;
  }

  function flushNow(): Promise<void> {
    if (timer) clearTimeout(timer);
    timer = undefined;
    return flush();
  }

  async function settled(): Promise<void> {
    while (busy ?? waiting() > 0) {
      await flushNow();
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
    async append(entries) {
      if (firsts.length > bufferSize) throw new MfaError('store.unavailable', 'Too much waits for the audit log.');
      // A secret that was rotated meanwhile may be gone by the time that it is verified.
      const { keyId } = world.sealer;
      const stored = entries.map((draft) => once.wait(draft.id, () => firsts.push({ ...draft, keyId })));
      if (stored.length > 0) void flushNow();
      await Promise.all(stored);
    },
    isStored: (id) => once.isStored(id),
    async reach() {
      const nobody = { writer: 'reach', after: { seq: 0, hash: '' }, entries: [], counts: [] };
      await store.append({ ...nobody, keyId: world.sealer.keyId, nowMs: world.now() });
    },
    settled,
    async tend() {
      await settled();
      const said = failing === undefined ? position.lineDue([]) : undefined;
      if (said && (await send([], said)) === 'stored') position.moved([], said);
    },
    async close() {
      for (let round = 0; round < 50; round += 1) {
        await settled();
        const { writer, seq, hash } = position.head;
        if (seq === 0 || failing !== undefined) return;
        if ((await send([], { kind: 'ended', points: [{ writer, seq, hash }] }, true)) === 'stored') break;
      }
      position.beginAnew();
    },
    health: () => ({
      waiting: waiting(),
      lost,
      bytes,
      ...(failing === undefined ? {} : { failing }),
    }),
  };
}
