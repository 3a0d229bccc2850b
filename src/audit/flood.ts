// A flood must not fill the log: what one person can repeat without limit is told singly up to a number, per person,
// event, reason and minute; the rest is counted and told as one. Knows events and time, no store.
import type { MfaEvent } from '../core/words/events.js';

/** Told singly in a minute; the rest of that minute is one entry. */
const singly = 20;
const minuteMs = 60_000;
/** People remembered at once; whoever comes after is counted together. */
const most = 10_000;

/** What is no answer and still can be repeated at will. */
const repeatable: ReadonlySet<MfaEvent['name']> = new Set([
  'verification-required',
  'step-up-required',
  'enrollment-required',
  'challenge-issued',
  'enrollment-begun',
  'send-limited',
  'session-refused',
  'request-refused',
  'backup-codes-generated',
  'backup-codes-shown',
  'backup-codes-downloaded',
  'prompt-skipped',
  'token-request-passed',
]);

type Counted = { told: number; count: number; first: string; latest: MfaEvent };

export type Flood = {
  /** Whether the event is to be told now; where not, it was counted. */
  admits(event: MfaEvent): boolean;
  /** What was counted in minutes that are over; with `all`, in this one as well. */
  drain(nowMs: number, all?: boolean): MfaEvent[];
};

export function createFlood(): Flood {
  let minute = 0;
  let counted = new Map<string, Counted>();

  const drain = (nowMs: number, all = false): MfaEvent[] => {
    const now = Math.floor(nowMs / minuteMs);
    if (now === minute && !all) return [];
    const over = [...counted.values()].filter(({ count }) => count > 0).map(asOne);
    if (now !== minute) counted = new Map();
    else for (const each of counted.values()) each.count = 0;
    minute = now;
    return over;
  };

  return {
    drain,
    admits(event) {
      if (event.outcome !== 'refused' && !repeatable.has(event.name)) return true;
      // Strangers share a place: whoever has no name cannot be told from others by anything that is not forged.
      const key = [event.userId ?? '', event.name, event.reason ?? ''].join('\n');
      let each = counted.get(key) ?? (counted.size < most ? undefined : counted.get(`\n${event.name}`));
      if (!each) {
        each = { told: 0, count: 0, first: event.at, latest: event };
        counted.set(counted.size < most ? key : `\n${event.name}`, each);
      }
      if (each.told < singly) {
        each.told += 1;
        return true;
      }
      if (each.count === 0) each.first = event.at;
      each.count += 1;
      each.latest = event;
      return false;
    },
  };
}

function asOne({ count, first, latest }: Counted): MfaEvent {
  return { ...latest, detail: { ...latest.detail, count, first, last: latest.at } };
}
