// One entry of the audit log as a line of a file that somebody opens: CSV, where no field begins a formula (OWASP CSV Injection), or
// JSON. No sign in it turns a line around or ends it.
import type { Entry } from './story.js';

/** Signs that turn the line, or that some readers take for its end. */
const turning = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

const written = (sign: string) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;

export function jsonLine(entry: Entry): string {
  return `${JSON.stringify(entry).replace(turning, written).replace(/</g, '\\u003c')}\n`;
}

type Field = string | number | undefined;

const columns: readonly (readonly [name: string, of: (entry: Entry) => Field])[] = [
  ['time', ({ time }) => time],
  ['name', ({ name }) => name],
  ['outcome', ({ outcome }) => outcome],
  ['reason', ({ reason }) => reason],
  ['severity', ({ severity }) => severity],
  ['actor', ({ actor }) => actor.type],
  ['actorId', ({ actor }) => actor.id],
  ['subject', ({ subject }) => subject?.id],
  ['tenant', ({ subject }) => subject?.tenant],
  ['kind', ({ factor }) => factor?.kind],
  ['flow', ({ flow }) => flow],
  ['ip', ({ personal }) => personal.ip ?? personal.ipText],
  ['userAgent', ({ personal }) => personal.userAgent],
  ['method', ({ personal }) => personal.method],
  ['path', ({ personal }) => personal.path],
  ['why', ({ personal }) => personal.reasonText],
  ['detail', ({ detail }) => detail && JSON.stringify(detail)],
  ['writer', ({ writer }) => writer],
  ['seq', ({ seq }) => seq],
  ['id', ({ id }) => id],
];

export const csvHead = `${columns.map(([name]) => name).join(',')}\r\n`;

export function csvLine(entry: Entry): string {
  return `${columns.map(([, of]) => csvField(of(entry))).join(',')}\r\n`;
}

/** Always in quotes (RFC 4180 §2), and never a formula to a spreadsheet, whatever blanks come before it. */
export function csvField(value: Field): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = value.replace(turning, (sign) => (/[\t\r\n]/.test(sign) ? ' ' : written(sign)));
  const plain = /^\s*[=+\-@|%\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
  return `"${plain.replace(/"/g, '""')}"`;
}
