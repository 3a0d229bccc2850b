// Verification: reads the whole stored log once, follows each writer's chain, and compares with the ledger and with the
// lines that a sink has kept. Small steps; no writer waits for it.
import type { Sealer } from '../core/kernel/ports.js';
import type { AuditStore } from './audit-store.js';
import type { AuditCheckpoint } from './checkpoint.js';
import type { AuditEntry } from './entry.js';
import { getOrMake } from './get-or-make.js';
import { createFollower, type Follower } from './verify-chain.js';
import { readLedger, type LedgerSays } from './verify-ledger.js';
import type { Break, Verification, WriterVerified } from './verification.js';

export type VerifyOptions = {
  /** Unix milliseconds: chains are followed from their first entry of this time on. */
  sinceMs?: number;
  /** Lines of the ledger that a sink has kept. */
  checkpoints?: readonly AuditCheckpoint[];
};

const step = 500;
/** A writer that was not heard of for so long has ended without saying so. */
export const silentMs = 600_000;

/** @throws MfaError `store.unavailable` where the log cannot be read */
export async function verifyLog(
  store: AuditStore,
  sealer: Sealer,
  nowMs: number,
  options: VerifyOptions = {},
): Promise<Verification> {
  for (let round = 0; ; round += 1) {
    const before = await store.extent();
    const found = await walk(store, sealer, nowMs, options);
    // What was trimmed meanwhile looks like a cut.
    if ((await store.extent()).first === before.first || round === 2) return found;
  }
}

async function walk(
  store: AuditStore,
  sealer: Sealer,
  nowMs: number,
  { sinceMs, checkpoints }: VerifyOptions,
): Promise<Verification> {
  const heads = new Map((await store.heads()).map((head) => [head.writer, head]));
  const says = await readLedger(store, sealer, checkpoints);
  const followers = new Map<string, Follower>();
  const followerOf = (writer: string): Follower => {
    const start = says.trimmed.get(writer) ?? (sinceMs === undefined ? { seq: 0, hash: '' } : undefined);
    const points = says.points.get(writer) ?? new Map<number, string>();
    return getOrMake(followers, writer, () =>
      createFollower(sealer, writer, start, points, (at) => says.explained.has(at)),
    );
  };
  const unreadable: Break[] = [];
  let entries = 0;
  let first: string | undefined;
  let last: string | undefined;
  for (let place = 0; ;) {
    const fromMs = sinceMs === undefined ? {} : { fromMs: sinceMs };
    const page = await store.page({ after: place, limit: step, ...fromMs });
    for (const item of page.items) {
      entries += 1;
      const entry = parseEntry(item.text);
      if (!entry) {
        unreadable.push({ at: `place/${item.place}`, what: 'changed', place: item.place });
        continue;
      }
      first ??= entry.time;
      last = entry.time;
      followerOf(entry.writer).follow(item.place, entry);
    }
    if (page.items.length === 0) break;
    place = page.place;
  }
  // A writer that began meanwhile is named by now; where the ledger still says nothing, it was cut.
  const now = [...followers.keys()].some((writer) => !isNamed(says, writer))
    ? await readLedger(store, sealer, checkpoints)
    : says;
  const named = new Set([...followers.keys(), ...heads.keys(), ...now.points.keys()]);
  const writers = [...named].flatMap((writer): WriterVerified[] => {
    const proved = [...(says.points.get(writer)?.keys() ?? [])].reduce((most, seq) => Math.max(most, seq), 0);
    const trimmed = says.trimmed.get(writer)?.seq ?? 0;
    const head = heads.get(writer);
    const skipped = sinceMs !== undefined && !followers.has(writer);
    if (!followers.has(writer) && (skipped || Math.max(proved, head?.seq ?? 0) <= trimmed)) return [];
    const follower = followerOf(writer);
    const found = follower.conclude(head, proved);
    const broken = found && explainedBy(now, found);
    const isEnded = now.ended.has(writer);
    const isOpen = head !== undefined && !head.closed && nowMs - head.heardMs < silentMs;
    return [
      {
        writer,
        state: isEnded ? 'ended' : isOpen ? 'open' : 'abandoned',
        entries: follower.entries,
        unproved: Math.max(0, follower.seq - Math.max(proved, trimmed)),
        ...(broken && { broken }),
      },
    ];
  });
  for (const each of unreadable) {
    const broken = explainedBy(now, each);
    writers.push({ writer: 'unknown', state: 'abandoned', entries: 1, unproved: 0, broken });
  }
  const unnamed = [...followers.keys()].filter((writer) => !isNamed(now, writer));
  const cuts = unnamed.map((writer): Break => ({ at: `ledger/${writer}`, what: 'cut off' }));
  const ledger = [...now.broken, ...cuts].map((each) => explainedBy(now, each));
  const broken = ledger.find(({ explained }) => explained === undefined) ?? ledger[0];
  return {
    sound: [...writers.map((each) => each.broken), broken].every((each) => !each || each.explained !== undefined),
    entries,
    writers,
    ledger: { lines: now.lines, ...(broken && { broken }) },
    ...(first === undefined ? {} : { first }),
    ...(last === undefined ? {} : { last }),
  };
}

function isNamed(says: LedgerSays, writer: string): boolean {
  return says.points.has(writer) || says.trimmed.has(writer);
}

function explainedBy(says: LedgerSays, broken: Break): Break {
  const explained = says.explained.get(broken.at);
  return explained ? { ...broken, explained } : broken;
}

/** What is no entry at all reads as none. */
export function parseEntry(text: string): AuditEntry | undefined {
  try {
    const entry = JSON.parse(text) as Partial<AuditEntry> | null;
    const { writer, seq, hash, personal, time, keyId } = (entry ?? {}) as { [field: string]: unknown };
    const isWhole =
      [writer, hash, time, keyId].every((each) => typeof each === 'string') &&
      typeof seq === 'number' &&
      typeof personal === 'object';
    return isWhole && personal !== null ? (entry as AuditEntry) : undefined;
  } catch {
    return undefined;
  }
}
