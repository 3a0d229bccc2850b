// Who acts on somebody's account, and why: what every call of operators must be told, for the event.
import { MfaError } from '../words/errors.js';
import type { Happened } from '../words/events.js';
import { checkOptionNames } from '../words/unknown-option.js';

/** Who did it and why, for the audit. */
export type ByAdmin = { by: string; reason?: string };

/**
 * An audit that does not say who is none; from JavaScript the name may be left out or misspelt without a word.
 * @param further what this call takes beside the two
 * @throws MfaError `config.invalid_option`, `config.unknown_option`
 */
export function checkAdmin<T extends ByAdmin>(caller: string, byAdmin: T, further: readonly string[] = []): T {
  checkOptionNames(caller, byAdmin, ['by', 'reason', ...further]);
  const { by, reason } = byAdmin as { by?: unknown; reason?: unknown };
  if (typeof by === 'string' && by !== '' && (reason === undefined || typeof reason === 'string')) return byAdmin;
  const words = `${caller}: \`by\` takes the name of whoever does it, \`reason\` a text; both go into the event.`;
  throw new MfaError('config.invalid_option', words);
}

/** What an event says of them. */
export function byWhom({ by, reason }: ByAdmin): Pick<Happened, 'actor' | 'by' | 'detail'> {
  return { actor: 'admin', by, ...(reason === undefined ? {} : { detail: { reason } }) };
}
