// What is counted while entries are kept, per day in UTC: events by name, outcome, factor, reason and sender; codes used
// and left; messages; who was active, as digests; how long the second factor took. Read by whoever draws figures from the log.
import { getOrMake } from './get-or-make.js';
import type { Draft } from './make-entry.js';

/** Upper bounds in seconds of the histogram from first to second factor; what took longer counts under `more`. */
export const secondsBounds = [1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 900] as const;

/** What became of a message: of a limited notice it is not known by what it would have gone. */
const messages: { readonly [name: string]: 'sent' | 'failed' | 'limited' } = {
  'code-sent': 'sent',
  'code-not-sent': 'failed',
  'notice-sent': 'sent',
  'notice-failed': 'failed',
  'send-limited': 'limited',
};

function messageOf({ name, factor, detail }: Draft): string | undefined {
  const became = messages[name];
  if (became === undefined) return undefined;
  const isNotice = name.startsWith('notice-') || detail?.['what'] !== undefined;
  const kind = isNotice && became === 'limited' ? '-' : (factor?.kind ?? '-');
  return `message/${isNotice ? 'notices' : 'codes'}/${kind}/${became}`;
}

/** What one batch adds to one day. */
export type DayCounts = {
  /** `2026-11-29` */
  day: string;
  /** How much each counter grows, by name: `event/verification-accepted/success/totp/-`. */
  counts: { [counter: string]: number };
  /** Digests of people who were active. */
  people: string[];
};

type Counted = { counts: { [counter: string]: number }; people: Set<string> };

const singleEvent = (entry: Draft): string =>
  ['event', entry.name, entry.outcome ?? '-', entry.factor?.kind ?? '-', entry.reason ?? '-'].join('/');

/**
 * Counters of a batch, a part per day. Names: `event/<name>/<outcome>/<kind>/<reason>`, `message/<codes|notices>/<kind>/<sent|failed|limited>`,
 * `codes/used`, `left/<n>`, `seconds/<kind>/<bound>`; a dash where there is none.
 */
export function countDays(entries: readonly Draft[], personOf: (subjectId: string) => string): DayCounts[] {
  const days = new Map<string, Counted>();
  for (const entry of entries) {
    const day = entry.time.slice(0, 10);
    const { counts, people } = getOrMake(days, day, (): Counted => ({ counts: {}, people: new Set() }));
    const times = Number(entry.detail?.['count'] ?? 1);
    const add = (counter: string) => (counts[counter] = (counts[counter] ?? 0) + times);
    add(singleEvent(entry));
    const { left, seconds } = entry.detail ?? {};
    const message = messageOf(entry);
    if (message !== undefined) add(message);
    if (entry.name === 'backup-code-used') {
      add('codes/used');
      if (typeof left === 'number') add(`left/${left}`);
    }
    if (entry.name === 'verification-accepted' && typeof seconds === 'number') {
      const bound = secondsBounds.find((each) => seconds <= each) ?? 'more';
      add(`seconds/${entry.factor?.kind ?? '-'}/${bound}`);
    }
    if (entry.actor.type === 'user' && entry.subject) people.add(entry.subject.id);
  }
  return [...days].map(([day, { counts, people }]) => ({ day, counts, people: [...people].map(personOf) }));
}
