// Work on every record of a store: some at a time, each person once, with progress, until it is done or somebody
// stops it.
import type { Revision } from '../core/kernel/ports.js';
import type { MfaRecord } from '../core/kernel/record.js';
import type { MfaCore } from '../mfa.js';
import { count } from '../checks/count.js';
import { askedToStop } from './asked-to-stop.js';
import type { Terminal } from './terminal.js';

/** Few messages to the store, and none so long that people at sign-in wait behind it. */
const perVisit = 50;
/** Enough to hide the time to the store. */
const atOnce = 4;

/** A record as it was met, and its revision then. */
export type Met = { userId: string; record: MfaRecord; revision: Revision };

/** `unread`: how many were passed over, for they cannot be believed; each was told. */
export type Walked = { looked: number; unread: number; stopped: boolean };

/**
 * Runs `visit` for all records, some in each. SIGINT and SIGTERM let what is under way end and then stop.
 * @param said the progress beyond how many were looked at
 */
export async function forEverybody(
  mfa: MfaCore,
  terminal: Terminal,
  visit: (met: readonly Met[]) => Promise<void>,
  said: () => string = () => '',
): Promise<Walked> {
  const progress = terminal.progress();
  const seen = new Set<string>();
  let underWay = 0;
  let wake: () => void = () => undefined;
  /** Until so few are under way; woken by each that ends, for a race of promises would keep all that it ever met. */
  const fewer = async (than: number) => {
    while (underWay >= than) await new Promise<void>((resolve) => (wake = resolve));
  };
  const failures: unknown[] = [];
  const asked = askedToStop();
  let passedOver = 0;
  // Beside the walk, which does not wait for it. Removed people are counted and not met, so it is about so many.
  let total = 0;
  void mfa.kernel.store.count?.().then(
    (counted) => (total = counted),
    () => undefined,
  );
  let met: Met[] = [];
  const visitMet = async () => {
    if (met.length === 0) return;
    underWay += 1;
    void visit(met)
      .catch((error: unknown) => void failures.push(error))
      .finally(() => {
        underWay -= 1;
        wake();
      });
    met = [];
    await fewer(atOnce);
    progress.show(`${placeOf(seen.size, total)} looked at${said()}`);
    await terminal.drained();
  };
  try {
    for await (const { userId, record, revision, unread } of mfa.kernel.store.scan()) {
      // A scan of Redis may meet a key twice.
      if (seen.has(userId)) continue;
      seen.add(userId);
      if (unread) {
        passedOver += 1;
        terminal.tell(unread.message);
        continue;
      }
      if (record === undefined) continue;
      met.push({ userId, record, revision });
      if (met.length >= perVisit) await visitMet();
      if (asked.toStop || failures.length > 0) break;
    }
    // Whoever was asked to stop says how many were looked at: those as well.
    if (failures.length === 0) await visitMet();
  } finally {
    await fewer(1);
    asked.end();
    progress.end();
  }
  if (failures.length > 0) throw failures[0];
  return { looked: seen.size - passedOver, unread: passedOver, stopped: asked.toStop };
}

/** `12,000 of about 100,000 records (12 %)`, or without a total while it is not known. */
export function placeOf(seen: number, total: number): string {
  if (total < seen) return count(seen, 'record');
  return `${seen.toLocaleString('en')} of about ${count(total, 'record')} (${Math.floor((seen / total) * 100)} %)`;
}
