// An audit store that a test takes away: at once, or after what it takes next; and that loses answers.
import { MfaError } from '../../src/core/words/errors.js';
import type { Append, AuditStore } from '../../src/audit/audit-store.js';

export type LogThatGoes = AuditStore & {
  /** Takes nothing, not even an empty batch. */
  away: boolean;
  /** Takes no entries; an empty batch it does, so that it seems to be there. */
  goes: boolean;
  /** Stores entries and loses its answer. */
  loses: boolean;
  /** Forgets at once which entries were appended. */
  forgets: boolean;
  /** How many batches it was asked to take, empty ones too. */
  asked: number;
};

export function logThatGoes(store: AuditStore): LogThatGoes {
  const gone = () => new MfaError('store.unavailable', 'The log is away.');
  const shaky: LogThatGoes = {
    ...store,
    away: false,
    goes: false,
    loses: false,
    forgets: false,
    asked: 0,
    async append({ once, ...batch }: Append) {
      shaky.asked += 1;
      if (shaky.away || (shaky.goes && batch.entries.length > 0)) throw gone();
      const answer = await store.append({ ...batch, ...(once && !shaky.forgets && { once }) });
      if (shaky.loses && batch.entries.length > 0) throw gone();
      return answer;
    },
  };
  return shaky;
}
