// What stands in the strings of Redis: a record behind its revision, all else as JSON. Knows no key and no command.
import type { Loaded, Revision } from '../core/kernel/ports.js';
import type { MfaRecord } from '../core/kernel/record.js';
import { storeUnavailable } from './redis-client.js';
import { recordText, storedValues } from './stored-values.js';

const { readRecord, readText, unreadable } = storedValues(storeUnavailable);
export { readText, unreadable };

/** The string of a record, revision, line feed and text; of a removed one where there is none. */
export function stringOf(revision: Revision, record?: MfaRecord): string {
  return `${revision}\n${recordText(record)}`;
}

/** @throws MfaError `store.unavailable` */
export function readStored(stored: string, userId: string): Loaded & { revision: Revision } {
  const end = stored.indexOf('\n');
  return readRecord(stored.slice(0, Math.max(end, 0)), stored.slice(end + 1), userId);
}
