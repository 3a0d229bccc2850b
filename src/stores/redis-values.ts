// What stands in the strings of Redis: a record as its revision and its short form, all else as JSON. Knows no key and no
// command. What cannot be read is an error, never "there is none".
import type { MfaError } from '../core/words/errors.js';
import { compacted, readStoredRecord } from '../core/kernel/compact-record.js';
import type { Loaded, Revision } from '../core/kernel/ports.js';
import type { MfaRecord } from '../core/kernel/record.js';
import type { Json } from '../core/words/json.js';
import { storeUnavailable } from './redis-client.js';
import { tombstone } from './redis-scripts.js';

const isRevision = /^[0-9a-f]{32}$/;

/** The string of a record; of a removed one where there is none. */
export function recordText(revision: Revision, record?: MfaRecord): string {
  return `${revision}\n${record === undefined ? tombstone : JSON.stringify(compacted(record))}`;
}

/** @throws MfaError `store.unavailable` */
export function readRecord(stored: string, userId: string): Loaded & { revision: Revision } {
  const end = stored.indexOf('\n');
  const [revision, json] = [stored.slice(0, Math.max(end, 0)), stored.slice(end + 1)];
  if (!isRevision.test(revision)) throw unreadable('record', userId);
  if (json === tombstone) return { revision };
  try {
    const record = readStoredRecord(JSON.parse(json));
    if (typeof record.epoch !== 'string' || !Array.isArray(record.authenticators)) throw new TypeError('Not a record.');
    return { revision, record };
  } catch (error) {
    // A parser's message quotes the text; that of an unknown version tells what to do.
    throw unreadable('record', userId, error instanceof SyntaxError ? undefined : error);
  }
}

/** `undefined` where there is no key. @throws MfaError `store.unavailable` */
export function readText(stored: unknown, what: string, whose: string): Json | undefined {
  if (stored === null || stored === undefined) return undefined;
  try {
    return JSON.parse(stored as string) as Json;
  } catch {
    throw unreadable(what, whose);
  }
}

/** Never "there is none": that would switch MFA off for whoever can spoil a string. */
export function unreadable(what: string, whose: string, cause: unknown = new TypeError('Malformed.')): MfaError {
  return storeUnavailable(`reading the ${what} of ${JSON.stringify(whose)}`, cause);
}
