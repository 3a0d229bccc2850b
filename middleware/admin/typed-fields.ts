// What an administrator typed into a form: read as text, kept for the form where a fresh proof is owed first.
import { MfaError } from '../../src/core/words/errors.js';
import type { Json } from '../../src/core/words/json.js';
import { fieldOf } from '../../src/validation.js';

/** The text of a field, trimmed; undefined where it is empty or none. Numbers of JSON count as their text. */
export function textIn(body: Json, name: string): string | undefined {
  const given = fieldOf(body, name);
  const text = typeof given === 'number' ? String(given) : given;
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
}

const kept = ['reason', 'ticket', 'until', 'validMinutes', 'signInId'];

/** Texts that a form is to hold again; never its token. */
export function typedIn(body: Json): { [name: string]: string } {
  return Object.fromEntries(
    kept.flatMap((name) => {
      const text = textIn(body, name)?.slice(0, 500);
      return text === undefined ? [] : [[name, text] as const];
    }),
  );
}

/** @throws MfaError `request.invalid` */
export function invalidField(field: string): MfaError {
  return new MfaError('request.invalid', `The field "${field}" cannot be used as it is.`, { details: { field } });
}

/** A day, `2026-12-01`: its end in UTC. Or a time, RFC 3339. @throws MfaError `request.invalid` */
export function untilIn(body: Json): Date | undefined {
  const text = textIn(body, 'until');
  if (text === undefined) return undefined;
  const until = new Date(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T23:59:59Z` : text);
  if (Number.isNaN(until.getTime())) throw invalidField('until');
  return until;
}

/** @throws MfaError `request.invalid` */
export function minutesIn(body: Json): number | undefined {
  const text = textIn(body, 'validMinutes');
  if (text === undefined) return undefined;
  const minutes = Number(text);
  if (!Number.isInteger(minutes) || minutes < 10 || minutes > 1440) throw invalidField('validMinutes');
  return minutes;
}
