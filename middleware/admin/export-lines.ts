// One entry of the audit log as a line of a file that somebody opens: CSV, where no field begins a formula (OWASP CSV Injection), or
// JSON. No sign in it turns a line around or ends it.
import { csvRow, turning, written, type Field } from '../../src/insight/csv-field.js';
import type { Entry } from './story.js';

export function jsonLine(entry: Entry): string {
  return `${JSON.stringify(entry).replace(turning, written).replace(/</g, '\\u003c')}\n`;
}

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
  return csvRow(columns.map(([, of]) => of(entry)));
}
