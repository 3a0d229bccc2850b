// What the files of the audit store's contract share: the shape of one opened store, and batches as a writer sends them.
// It knows no chain: to a store, hashes are texts.
import type { Append, AuditStore, KeptEntry, LineToWrite } from '../audit/audit-store.js';

/** An audit store to be tested, and how to leave it. */
export type OpenedAuditStore = {
  /** Holds nothing yet. */
  store: AuditStore;
  /** Called once after each test. */
  close: () => Promise<void>;
};

/** One test of the contract, on an empty store that was opened for it. */
export type AuditHolds = (sentence: string, body: (store: AuditStore) => Promise<void>) => void;

export const noonMs = Date.parse('2026-03-01T12:00:00.000Z');

/** The state of a writer, after `seq` entries. */
export const headOf = (writer: string, seq: number): { seq: number; hash: string } => ({
  seq,
  hash: seq === 0 ? '' : `${writer}-hash-${seq}`,
});

/** Entries `from` to `to` of a writer; `texts` tells each apart. */
export function entriesOf(writer: string, from: number, to: number, more: Partial<KeptEntry> = {}): KeptEntry[] {
  return Array.from({ length: to - from + 1 }, (_, index) => {
    const { seq, hash } = headOf(writer, from + index);
    return { seq, hash, timeMs: noonMs, text: JSON.stringify({ writer, seq, odd: 'tab\t "quote" 🙂' }), ...more };
  });
}

/** What a writer sends that stood at `from - 1`. */
export function batchOf(
  writer: string,
  from: number,
  to: number,
  { entry, ...more }: Partial<Append> & { entry?: Partial<KeptEntry> } = {},
): Append {
  const entries = entriesOf(writer, from, to, entry);
  return { writer, after: headOf(writer, from - 1), entries, counts: [], keyId: 'k1', nowMs: noonMs, ...more };
}

/** Line `number` of a ledger that holds `number - 1`. */
export const lineOf = (number: number): LineToWrite => ({
  expected: number === 1 ? '' : `line-hash-${number - 1}`,
  hash: `line-hash-${number}`,
  text: JSON.stringify({ line: number }),
});

/** Every text of the log, oldest first, read in pages of `limit`. */
export async function allTexts(store: AuditStore, limit = 100): Promise<string[]> {
  const texts: string[] = [];
  for (let after = 0; ;) {
    const { items, place } = await store.page({ after, limit });
    texts.push(...items.map(({ text }) => text));
    if (items.length === 0) return texts;
    after = place;
  }
}
