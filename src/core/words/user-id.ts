// One user id, one text: what hosts call an id comes as a number, a string or an ObjectId. Compared as strings from
// here on; anything that could stand for two people is refused.
import { MfaError } from './errors.js';

const maxLength = 255;

/**
 * The id as the text under which the record is kept.
 * @throws MfaError `config.invalid_user_id` for anything but a non-empty string, a safe integer, a bigint or an
 * object whose `toHexString` gives an ObjectId; at most 255 characters
 */
export function userIdOf(given: unknown): string {
  const id = idTextOf(given);
  if (id === undefined || id === '' || id.length > maxLength || isNoName(id)) {
    throw new MfaError(
      'config.invalid_user_id',
      `\`user(req)\` returned an id that cannot name a person: ${describe(given)}. ` +
        'Return the stored key of the user: a non-empty string of at most 255 characters, a safe integer or an ObjectId.',
    );
  }
  return id;
}

/** What `String(…)` makes of no id, or of an object: one and the same text for everybody. */
function isNoName(id: string): boolean {
  return id === 'undefined' || id.startsWith('[object ');
}

/** A string as it is, a safe integer, a bigint or an ObjectId as text; nothing of anything else. */
export function idTextOf(given: unknown): string | undefined {
  if (typeof given === 'string') return given;
  if (typeof given === 'number') return Number.isSafeInteger(given) ? String(given) : undefined;
  if (typeof given === 'bigint') return String(given);
  const { toHexString } = (given ?? {}) as { toHexString?: unknown };
  if (typeof toHexString !== 'function') return undefined;
  const hex: unknown = toHexString.call(given);
  return typeof hex === 'string' ? hex : undefined;
}

function describe(given: unknown): string {
  if (typeof given === 'string') return given === '' ? 'an empty string' : `a string of ${given.length} characters`;
  if (typeof given === 'number') return `the number ${given}`;
  return given === null ? 'null' : `a value of type ${typeof given}`;
}
