// What stands in a database: a record in its short form beside its revision, all else as JSON. Knows no key and no command. What
// cannot be read is an error, never "there is none".
import { compacted, readStoredRecord } from '../core/kernel/compact-record.js';
import type { Loaded, Revision } from '../core/kernel/ports.js';
import type { MfaRecord } from '../core/kernel/record.js';
import type { MfaError } from '../core/words/errors.js';
import type { Json } from '../core/words/json.js';

/** No other one stands anywhere. */
export const isRevision = /^[0-9a-f]{32}$/;

/** What stands in place of the record of somebody who was removed. */
export const tombstone = 'removed';

/** The text of a record; of a removed one where there is none. */
export function recordText(record?: MfaRecord): string {
  return record === undefined ? tombstone : JSON.stringify(compacted(record));
}

export type StoredValues = {
  /** What `recordText` wrote, under its revision. @throws MfaError `store.unavailable` */
  readRecord: (
    revision: string | undefined,
    text: string | undefined,
    userId: string,
  ) => Loaded & { revision: Revision };
  /** `undefined` where there is nothing. @throws MfaError `store.unavailable` */
  readText: (stored: unknown, what: string, whose: string) => Json | undefined;
  unreadable: (what: string, whose: string) => MfaError;
};

/** @param unavailable makes the error of this database; `doing` completes "while …" */
export function storedValues(unavailable: (doing: string, cause: unknown) => MfaError): StoredValues {
  /** Never "there is none": that would switch MFA off for whoever can spoil a string. */
  function unreadable(what: string, whose: string, cause: unknown = new TypeError('Malformed.')): MfaError {
    return unavailable(`reading the ${what} of ${JSON.stringify(whose)}`, cause);
  }
  return {
    readRecord(revision, text, userId) {
      if (text === undefined || revision === undefined || !isRevision.test(revision))
        throw unreadable('record', userId);
      if (text === tombstone) return { revision };
      try {
        const record = readStoredRecord(JSON.parse(text));
        if (typeof record.epoch !== 'string' || !Array.isArray(record.authenticators))
          throw new TypeError('Not a record.');
        return { revision, record };
      } catch (error) {
        // A parser's message quotes the text; that of an unknown version tells what to do.
        throw unreadable('record', userId, error instanceof SyntaxError ? undefined : error);
      }
    },
    readText(stored, what, whose) {
      if (stored === null || stored === undefined) return undefined;
      try {
        return JSON.parse(stored as string) as Json;
      } catch {
        throw unreadable(what, whose);
      }
    },
    unreadable,
  };
}
