// What somebody typed, to stand in its field again when it was refused. Says nothing of whether it is right.
import { fieldOf } from '../../src/validation.js';
import type { Visit } from './visit.js';

/** The longest address (RFC 5321 §4.5.3.1); what is longer is cut. */
const longest = 320;

/** The text of a field of this form; undefined where it has none. */
export function typedText({ body }: Visit, field: string): string | undefined {
  const text = fieldOf(body, field);
  return typeof text === 'string' ? text.slice(0, longest) : undefined;
}
