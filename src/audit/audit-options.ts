// Reads what a host says: the options of the audit log, and who does something to it.
import { MfaError } from '../core/words/errors.js';
import { checkOptionNames } from '../core/words/unknown-option.js';
import type { AuditLogOptions } from './audit-log.js';
import type { AuditStore } from './audit-store.js';

/** @throws MfaError `config.invalid_option`, `config.unknown_option` */
export function readAuditOptions(options: AuditLogOptions): Required<AuditLogOptions> {
  checkOptionNames('auditLog', options, ['store', 'sinks', 'subjectAs', 'whenUnavailable']);
  const { store, sinks = [], subjectAs = 'id', whenUnavailable = 'continue' } = options;
  const refuse = (words: string): never => {
    throw new MfaError('config.invalid_option', `auditLog: ${words}`);
  };
  if (typeof (store as Partial<AuditStore> | undefined)?.append !== 'function')
    refuse('`store` is missing. Use `redisAuditStore(redis, { namespace })`, or `memoryAuditStore()` in development.');
  const names = sinks.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) refuse(`two sinks are named ${JSON.stringify(twice)}; give each a \`name\` of its own.`);
  if (!['id', 'digest'].includes(subjectAs)) refuse('`subjectAs` takes "id" or "digest".');
  if (!['continue', 'refuse'].includes(whenUnavailable)) refuse('`whenUnavailable` takes "continue" or "refuse".');
  return { store, sinks, subjectAs, whenUnavailable };
}

/** @throws MfaError as above */
export function checkWho(caller: string, who: { by: string; reason: string }): { by: string; reason: string } {
  checkOptionNames(caller, who, ['by', 'reason']);
  const { by, reason } = who as { by?: unknown; reason?: unknown };
  if (typeof by === 'string' && by !== '' && typeof reason === 'string' && reason !== '') return who;
  throw new MfaError(
    'config.invalid_option',
    `${caller}: \`by\` takes the name of whoever does it, \`reason\` says why.`,
  );
}
