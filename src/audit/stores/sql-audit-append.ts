// How a batch gets into the audit log in SQL: entries, spans of time, figures, the writer's head and the line, or none of it.
import { keyOf, type Run, type Sql } from '../../stores/sql/sql.js';
import { rowsOf } from '../../stores/sql/rows.js';
import type { Append, Appended } from '../audit-store.js';
import { emptySketch, sketchWith } from './people-sketch.js';
import type { Log, LogRow } from './sql-audit-row.js';
import { pack, unpack } from './sql-text.js';

/** Places that are dropped in one step, and that share one span of time. */
export const stepPlaces = 256;
const rowsAtOnce = 100;
const onceMs = 3_600_000;

/** @returns what appends a batch within a transaction */
export function appenderIn({ dialect, space }: Sql, { hold, write, writeLine }: LogRow) {
  const { now, fresh, onConflict } = dialect;
  const table = (name: string) => `mfa_audit_${name} WHERE namespace = ?`;

  async function writeEntries(run: Run, log: Log, { entries, keyId }: Append): Promise<Log> {
    let { last, bytes } = log;
    const spans = new Map<number, [from: number, to: number]>();
    for (const some of rowsOf(entries, rowsAtOnce)) {
      const values: (string | null)[] = [];
      const rows = some.map(({ timeMs, subject, flow, watched, text }) => {
        last += 1;
        const entry = pack(text);
        bytes += entry.length;
        const bucket = Math.floor(last / stepPlaces);
        const [from, to] = spans.get(bucket) ?? [timeMs, timeMs];
        spans.set(bucket, [Math.min(from, timeMs), Math.max(to, timeMs)]);
        values.push(
          space,
          subject === undefined ? null : keyOf(subject),
          flow === undefined ? null : keyOf(flow),
          entry,
        );
        return `(?, ${last}, ${timeMs}, ?, ?, ${watched ? 1 : 'NULL'}, ?)`;
      });
      const columns = 'namespace, place, time_ms, subject, flow, watched, entry';
      await run(`INSERT INTO mfa_audit_entries (${columns}) VALUES ${rows.join(', ')}`, values);
    }
    for (const [bucket, [from, to]] of spans) {
      const wider = (column: string, sign: '<' | '>') =>
        `${column} = CASE WHEN ${fresh(column)} ${sign} mfa_audit_spans.${column} THEN ${fresh(column)} ELSE mfa_audit_spans.${column} END`;
      const text = `INSERT INTO mfa_audit_spans (namespace, bucket, from_ms, to_ms) VALUES (?, ${bucket}, ${from}, ${to}) ${onConflict('namespace, bucket')} ${wider('from_ms', '<')}, ${wider('to_ms', '>')}`;
      await run(text, [space]);
    }
    if (entries.length > 0) {
      const text = `INSERT INTO mfa_audit_keys (namespace, key_id, last_place) VALUES (?, ?, ${last}) ${onConflict('namespace, key_id')} last_place = ${fresh('last_place')}`;
      await run(text, [space, keyOf(keyId)]);
    }
    return { ...log, last, bytes };
  }

  async function writeFigures(run: Run, { counts }: Append): Promise<void> {
    for (const { day, counts: added, people } of counts) {
      for (const some of rowsOf(Object.entries(added), rowsAtOnce)) {
        const rows = some.map(([, by]) => `(?, ?, ?, ${Math.trunc(by)})`).join(', ');
        const text = `INSERT INTO mfa_audit_days (namespace, day, counter, total) VALUES ${rows} ${onConflict('namespace, day, counter')} total = mfa_audit_days.total + ${fresh('total')}`;
        await run(
          text,
          some.flatMap(([name]) => [space, day, keyOf(name)]),
        );
      }
      if (people.length === 0) continue;
      const { rows } = await run(`SELECT sketch FROM ${table('people')} AND day = ?`, [space, day]);
      const text = `INSERT INTO mfa_audit_people (namespace, day, sketch) VALUES (?, ?, ?) ${onConflict('namespace, day')} sketch = ${fresh('sketch')}`;
      await run(text, [space, day, sketchWith(rows[0]?.[0] ?? emptySketch, people)]);
    }
  }

  /** Which of these were appended lately. */
  async function knownOf(run: Run, once: readonly string[]): Promise<string[]> {
    if (once.length === 0) return [];
    const some = `id IN (${once.map(() => '?').join(', ')})`;
    const { rows } = await run(`SELECT id FROM ${table('once')} AND ${some} AND expires_at > ${now}`, [
      space,
      ...once.map(keyOf),
    ]);
    const known = new Set(rows.map(([id]) => id));
    return once.filter((id) => known.has(keyOf(id)));
  }

  async function append(run: Run, batch: Append): Promise<Appended> {
    const { writer, after, entries, once = [], line, closes, nowMs } = batch;
    let log = await hold(run);
    const { rows } = await run(`SELECT seq, hash, closed FROM ${table('writers')} AND writer = ?`, [
      space,
      keyOf(writer),
    ]);
    const [seqText, hashText, closed] = rows[0] ?? [];
    const head = { seq: Number(seqText ?? 0), hash: unpack(hashText ?? '') };
    const end = entries.at(-1) ?? after;
    const isPast = head.seq > end.seq || (head.seq === end.seq && head.hash === end.hash);
    if (entries.length > 0 ? isPast : line?.hash === log.line)
      return { is: 'stored', bytes: log.bytes, last: log.last };
    if (closed === '1') return { is: 'sealed' };
    if (head.seq !== after.seq || head.hash !== after.hash) return { is: 'gap', ...head };
    if (line && line.expected !== log.line) return { is: 'ledger' };
    const known = await knownOf(run, once);
    if (known.length > 0) return { is: 'known', ids: known };
    for (const id of once) {
      const text = `INSERT INTO mfa_audit_once (namespace, id, expires_at) VALUES (?, ?, ${now} + ${onceMs}) ${onConflict('namespace, id')} expires_at = ${fresh('expires_at')}`;
      await run(text, [space, keyOf(id)]);
    }
    log = await writeEntries(run, log, batch);
    if (line) log = await writeLine(run, log, line);
    await write(run, log);
    const own = ['seq', 'hash', 'heard_ms', 'closed'].map((column) => `${column} = ${fresh(column)}`).join(', ');
    const text = `INSERT INTO mfa_audit_writers (namespace, writer, seq, hash, heard_ms, closed) VALUES (?, ?, ${end.seq}, ?, ${nowMs}, ${closes ? 1 : 0}) ${onConflict('namespace, writer')} ${own}`;
    await run(text, [space, keyOf(writer), pack(end.hash)]);
    await writeFigures(run, batch);
    return { is: 'stored', bytes: log.bytes, last: log.last };
  }

  return append;
}
