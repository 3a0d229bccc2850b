// Many saves in few statements: each row by itself is taken or refused, as by `save`. What one statement cannot say of every row, a
// transaction does.
import type { Revision, Saving } from '../../core/kernel/ports.js';
import { newRevision } from '../revision.js';
import { isRevision, recordText } from '../stored-values.js';
import { asciiOf, keyOf, longOf, type Sql } from './sql.js';

/** Rows, and signs of all of them, in one statement: whoever signs in waits for no longer one, and no server refuses it as too large. */
const rowsAtOnce = 100;
const signsAtOnce = 500_000;
const doing = 'saving records';

type Row = { key: string; long: string | null; revision: Revision; text: string; expected: string | undefined };

/** Parts of which every row has a key of its own, so that nothing depends on an order within them, and all are new or none. */
function partsOf(rows: readonly Row[]): Row[][] {
  const parts: Row[][] = [];
  let keys = new Set<string>();
  let signs = 0;
  for (const row of rows) {
    const part = parts.at(-1);
    signs += row.text.length;
    const fits = part?.[0] && keys.size < rowsAtOnce && signs <= signsAtOnce && !keys.has(row.key);
    if (fits && (part[0]?.expected === undefined) === (row.expected === undefined)) part.push(row);
    else {
      parts.push([row]);
      keys = new Set();
      signs = row.text.length;
    }
    keys.add(row.key);
  }
  return parts;
}

/** @returns `saveAll` of a store */
export function savesManyIn(sql: Sql): (saves: readonly Saving[]) => Promise<(Revision | undefined)[]> {
  const { space, dialect } = sql;
  const { now, name } = dialect;
  const saved = ({ rows }: { rows: (string | null)[][] }) => rows.map(([revision]) => revision);

  async function insert(part: readonly Row[]) {
    // Writes what is there anew, where that alone makes the database answer the others.
    const unlessThere = dialect.unlessThere || `${dialect.onConflict('')} revision = mfa_records.revision`;
    const text = `INSERT INTO mfa_records (namespace, user_id, long_id, revision, record, updated_at) VALUES ${part.map(() => `(?, ?, ?, ?, ?, ${now})`).join(', ')} ${unlessThere} RETURNING revision`;
    const values = part.flatMap(({ key, long, revision, text: record }) => [space, key, long, revision, record]);
    return saved(await sql.ask(doing, text, values));
  }

  const assign = `revision = ?, record = ?, updated_at = ${now} WHERE namespace = ? AND user_id = ? AND revision = ?`;
  /** MariaDB's UPDATE does not say of which rows it was. */
  const updateByRow = (part: readonly Row[]) =>
    sql.transaction(doing, async (run) => {
      const done: Revision[] = [];
      for (const { key, revision, text, expected = '' } of part) {
        const { changed } = await run(`UPDATE mfa_records SET ${assign}`, [revision, text, space, key, expected]);
        if (changed === 1) done.push(revision);
      }
      return done;
    });

  async function update(part: readonly Row[]) {
    const given = part.map(() => '(?, ?, ?, ?)').join(', ');
    const text = `UPDATE mfa_records SET revision = v.column3, record = v.column4, updated_at = ${now} FROM (VALUES ${given}) AS v WHERE namespace = ? AND user_id = v.column1 AND revision = v.column2 RETURNING revision`;
    const values = part.flatMap(({ key, expected = '', revision, text: record }) => [key, expected, revision, record]);
    return saved(await sql.ask(doing, text, [...values, space]));
  }

  return async (saves) => {
    const rows = saves.map(({ userId, record, expected }) => ({
      key: keyOf(userId),
      long: longOf(userId),
      revision: newRevision(),
      text: asciiOf(recordText(record)),
      expected,
    }));
    const taken = new Set<string | null | undefined>();
    for (const part of partsOf(rows.filter(({ expected }) => expected === undefined || isRevision.test(expected)))) {
      // In the order of their keys: of two who do this at once none has what the other waits for.
      part.sort((a, b) => (a.key < b.key ? -1 : 1));
      const write = part[0]?.expected === undefined ? insert : name === 'MariaDB' ? updateByRow : update;
      for (const revision of await write(part)) taken.add(revision);
    }
    return rows.map(({ revision }) => (taken.has(revision) ? revision : undefined));
  };
}
