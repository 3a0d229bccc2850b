// The half of the store in SQL that stays: records, and claims. A save is one statement that names the revision it expects.
import { isMfaError } from '../../core/words/errors.js';
import type { Json } from '../../core/words/json.js';
import type { Cursor, RecordStore, Revision, Saving } from '../../core/kernel/ports.js';
import type { MfaRecord } from '../../core/kernel/record.js';
import { unescapeKey } from '../escaped-key.js';
import { newRevision } from '../revision.js';
import { isRevision, recordText, storedValues } from '../stored-values.js';
import { savesManyIn } from './many-records.js';
import { asciiOf, keyOf, longOf, unavailable, type Sql } from './sql.js';

const { readRecord, readText } = storedValues(unavailable);
const pageRows = 200;
const recordKey = 'namespace, user_id';
/** What stands as the owner of a claim that was abandoned: no user id, which stands in quotation marks. */
const nobody = 'null';

export function recordsIn(sql: Sql): RecordStore & { count(): Promise<number> } {
  const { space, dialect } = sql;
  const { now, fresh } = dialect;
  const columns = `${recordKey}, long_id, revision, record, updated_at`;
  const row = `(?, ?, ?, ?, ?, ${now})`;

  const rowOf = (userId: string, revision: Revision, record?: MfaRecord) => [
    space,
    keyOf(userId),
    longOf(userId),
    revision,
    asciiOf(recordText(record)),
  ];

  /** By compare-and-set; a tombstone in the place of a record where `record` is undefined. */
  async function replace(
    doing: string,
    { userId, record, expected }: Partial<Saving> & { userId: string },
  ): Promise<Revision | undefined> {
    const revision = newRevision();
    if (expected === undefined) {
      const insert = `INSERT INTO mfa_records (${columns}) VALUES ${row} ${dialect.unlessThere}`;
      const inserted = await sql.attempt(doing, insert, rowOf(userId, revision, record));
      return inserted?.changed === 1 ? revision : undefined;
    }
    if (!isRevision.test(expected)) return undefined;
    const update = `UPDATE mfa_records SET revision = ?, record = ?, updated_at = ${now} WHERE namespace = ? AND user_id = ? AND revision = ?`;
    const values = [revision, asciiOf(recordText(record)), space, keyOf(userId), expected];
    return (await sql.attempt(doing, update, values))?.changed === 1 ? revision : undefined;
  }

  /** Rows in the order of their keys, from behind `after`. */
  async function* walk(doing: string, table: string, key: string, more: string, after: Cursor = '') {
    // Not one of our cursors: from the beginning.
    for (let last = /^[!-~]*$/.test(after) ? after : ''; ;) {
      const begins = last === '' ? '' : `AND ${key} > ?`;
      const page = `(SELECT ${key}, ${more} FROM ${table} WHERE namespace = ? ${begins} ORDER BY ${key} LIMIT ${pageRows}) AS page ON 1 = 1`;
      const rows = await sql.read(
        doing,
        `page.${key}, ${more}`,
        page,
        last === '' ? [space] : [space, last],
        `ORDER BY page.${key}`,
      );
      for (const [cursor, long, ...rest] of rows) {
        last = cursor ?? '';
        yield { name: unescapeKey(long ?? last), rest, cursor: last };
      }
      if (rows.length < pageRows) return;
    }
  }

  return {
    async load(userId) {
      const from = 'mfa_records AS r ON r.namespace = ? AND r.user_id = ?';
      const [found] = await sql.read('loading a record', 'r.revision, r.record', from, [space, keyOf(userId)]);
      return found ? readRecord(found[0] ?? undefined, found[1] ?? undefined, userId) : {};
    },

    save: (userId, record, expected) => replace('saving a record', { userId, record, expected }),
    saveAll: savesManyIn(sql),

    async remove(userId, seen) {
      const doing = 'removing a record';
      if (seen) return (await replace(doing, { userId, expected: seen.revision })) !== undefined;
      const assign = ['revision', 'record', 'updated_at'].map((column) => `${column} = ${fresh(column)}`).join(', ');
      const text = `INSERT INTO mfa_records (${columns}) VALUES ${row} ${dialect.onConflict(recordKey)} ${assign}`;
      await sql.ask(doing, text, rowOf(userId, newRevision()));
      return true;
    },

    async abandon(userId, claims) {
      const keys = [...new Set(claims.map(keyOf))];
      for (let first = 0; first < keys.length; first += pageRows) {
        const some = keys.slice(first, first + pageRows);
        const text = `UPDATE mfa_claims SET owner = ? WHERE namespace = ? AND owner = ? AND claim IN (${some.map(() => '?').join(', ')})`;
        await sql.ask('releasing claims', text, [nobody, space, asciiOf(JSON.stringify(userId)), ...some]);
      }
    },

    async claim(key, userId) {
      const own = [space, keyOf(key)];
      if (userId === undefined) {
        const from = 'mfa_claims AS c ON c.namespace = ? AND c.claim = ?';
        const [found] = await sql.read('reading an owner', 'c.owner', from, own);
        return readText(found?.[0], 'owner', key) as string | null | undefined;
      }
      // Writes what is there anew, for that alone makes every database answer it.
      const text = `INSERT INTO mfa_claims (namespace, claim, long_claim, owner) VALUES (?, ?, ?, ?) ${dialect.onConflict('namespace, claim')} owner = mfa_claims.owner RETURNING owner`;
      const { rows } = await sql.ask('claiming a key', text, [...own, longOf(key), asciiOf(JSON.stringify(userId))]);
      return readText(rows[0]?.[0], 'owner', key) as string | null | undefined;
    },

    async *scan({ after, tombstones = false } = {}) {
      for await (const { name, rest, cursor } of walk(
        'scanning records',
        'mfa_records',
        'user_id',
        'long_id, revision, record',
        after,
      )) {
        try {
          const read = readRecord(rest[0] ?? undefined, rest[1] ?? undefined, name);
          if (read.record || tombstones) yield { userId: name, ...read, cursor };
        } catch (error) {
          if (!isMfaError(error)) throw error;
          yield { userId: name, unread: error, cursor };
        }
      }
    },

    async *claims({ after } = {}) {
      for await (const { name, rest, cursor } of walk(
        'scanning claims',
        'mfa_claims',
        'claim',
        'long_claim, owner',
        after,
      )) {
        let owner: Json | undefined;
        try {
          owner = readText(rest[0], 'owner', name);
        } catch {
          // It is taken, and names nobody.
        }
        yield { key: name, ...(typeof owner === 'string' ? { userId: owner } : {}), cursor };
      }
    },

    async count() {
      const { rows } = await sql.ask(
        'counting records',
        'SELECT COUNT(*) AS many FROM mfa_records WHERE namespace = ?',
        [space],
      );
      return Number(rows[0]?.[0]);
    },
  };
}
