// What the files of the store contract share: the shape of one opened store, names, and ids that stores confuse.
import type { MfaStore } from '../core/kernel/ports.js';

/** A store to be tested, and how to leave it. */
export type OpenedStore = {
  store: MfaStore;
  /** Called once after each test. */
  close: () => Promise<void>;
  /** Lets that many seconds pass, where the store's time can be moved; otherwise the suite waits. */
  advance?: (seconds: number) => void | Promise<void>;
};

export type Tools = { store: MfaStore; userId: string; pass: (seconds: number) => Promise<void> };

/** One test of the contract, on a store that was opened for it. */
export type Holds = (sentence: string, body: (tools: Tools) => Promise<void>) => void;

/** Ids that a careless key or a forgiving collation confuses; each is a user of its own. */
export const oddIds = [
  '0',
  'a',
  'A',
  'a ',
  ' a',
  'a:record',
  'a}{b',
  '{}',
  '{a}',
  'a{',
  'a007b',
  'a%007b',
  '%7B',
  'a/b?c*[d]',
  'quote\'"\\',
  'ä',
  'a\u0308',
  '\u00e1',
  'a\u00a0',
  'a\0',
  '\0',
  '\ud800',
  '\ud801',
  '\ufffd',
  'ss',
  '\u00df',
  'ключ-🙂',
  'line\nfeed',
  'line\u2028paragraph\u2029',
  '__proto__',
  'constructor',
  'x'.repeat(255),
];

let made = 0;

/** Unique among runs, because a host's store may keep what earlier runs wrote. */
export function unique(what: string): string {
  made += 1;
  return `${what}-${globalThis.crypto.randomUUID()}-${made}-`;
}

export function defined<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The store answered nothing where it must answer something.');
  return value;
}

/** Never less: a timer counts from when the event loop last looked at the clock, which on a busy machine is a while ago. */
export async function wait(seconds: number): Promise<void> {
  const { performance } = globalThis;
  const until = performance.now() + seconds * 1000;
  for (let left = seconds * 1000; left > 0; left = until - performance.now())
    await new Promise((resolve) => setTimeout(resolve, left));
}
