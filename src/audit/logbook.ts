// The audit log as flows know it: entries of what happened, each appended once, and one error for all that can fail.
import type { AuditLog } from './audit-log.js';
import type { Draft } from './make-entry.js';
import { MfaError } from '../core/words/errors.js';
import type { Happened, MfaEvent } from '../core/words/events.js';
import type { Heard, LogEntry, Logbook } from '../core/kernel/kernel.js';

/** @param eventOf what is kept of a thing that happened */
export function logbookOf(audit: AuditLog, eventOf: (about: Heard, happened: Happened) => MfaEvent): Logbook {
  const orUnavailable = async (work: Promise<void>): Promise<void> => {
    try {
      await work;
    } catch (cause) {
      const words =
        'The audit log takes nothing, and `whenUnavailable` says that nothing is told without an entry in it.';
      throw new MfaError('audit.unavailable', words, { cause });
    }
  };
  return {
    refuses: audit.refuses,
    entryOf: (about, happened) => audit.draft(eventOf(about, happened)),
    reach: () => orUnavailable(audit.reach()),
    // Whatever stands in a record as an entry, `entryOf` made.
    append: (entries: readonly LogEntry[]) => orUnavailable(audit.append(entries as readonly Draft[])),
    isStored: ({ id }) => audit.isStored(id),
  };
}
