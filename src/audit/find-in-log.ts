// An entry that was appended already, by whatever writer: for one that was left in a record for longer than a store
// remembers ids.
import type { AuditStore } from './audit-store.js';
import type { AuditEntry } from './entry.js';
import type { Draft } from './make-entry.js';
import { parseEntry } from './verify.js';

/** Entries of that person that are looked at, the newest first. */
const mostLooked = 10_000;
const step = 500;

/** @throws MfaError `store.unavailable` where the log cannot be read */
export async function findInLog(store: AuditStore, { id, subject }: Draft): Promise<AuditEntry | undefined> {
  const whose = subject === undefined ? {} : { subject: subject.id };
  let before = Infinity;
  for (let looked = 0; looked < mostLooked;) {
    const { items, place } = await store.page({ ...whose, before, limit: step });
    for (const { text } of items) {
      const entry = text.includes(id) ? parseEntry(text) : undefined;
      if (entry?.id === id) return entry;
    }
    if (items.length === 0) return undefined;
    looked += items.length;
    before = Math.min(place, items.at(-1)?.place ?? place);
  }
  return undefined;
}
