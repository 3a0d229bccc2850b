// What the rows of another system say, by person: what can be taken, what cannot, and why a row is left. Saves nothing.
import type { Brought } from '../core/operators/import-person.js';
import { isMfaError } from '../core/words/errors.js';
import { userIdOf } from '../core/words/user-id.js';
import { Unreadable, type Importer, type Said } from '../importers/importer.js';
import { readRows } from '../importers/rows.js';
import { Failure } from './configuration.js';

export type People = Map<string, Brought[]>;

/**
 * Rows by person: what one has comes in one save. `left`: a line for each row, and for each person with nothing to take;
 * `untaken`: how many of each that no export gives out.
 */
export async function peopleIn(path: string, importer: Importer, said: Said) {
  const read = await readRows(path, importer.list).catch((error: unknown) => {
    throw new Failure(`${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'it is no text'}.`);
  });
  const people: People = new Map();
  const without = new Map<string, Set<string>>();
  const untaken = new Map<string, number>();
  const left: string[] = [];
  for (const [at, row] of read.entries()) {
    try {
      if (!row) throw new Unreadable('it cannot be read');
      // Read whole before any of it counts.
      for (const { userId, ...found } of importer
        .read(row, said)
        .map((one) => ({ ...one, userId: userIdOf(one.userId) }))) {
        if ('cannot' in found) {
          untaken.set(found.cannot, (untaken.get(found.cannot) ?? 0) + 1);
          without.set(userId, (without.get(userId) ?? new Set()).add(found.cannot));
          continue;
        }
        const known = people.get(userId);
        if (known) known.push({ ...found, row: at });
        else people.set(userId, [{ ...found, row: at }]);
      }
    } catch (error) {
      if (!(error instanceof Unreadable) && !isMfaError(error)) throw error;
      left.push(`Row ${at + 1}: ${error.message.replace(/\.$/, '')}.`);
    }
  }
  for (const [userId, whats] of without)
    if (!people.has(userId))
      left.push(`${JSON.stringify(userId)}: nothing that can be taken, only ${[...whats].join(', ')}.`);
  return { people, left, untaken, rows: read.length };
}
