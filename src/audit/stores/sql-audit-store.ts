// The audit log in PostgreSQL, MariaDB or SQLite, over a Knex that the host made and closes. Whoever writes holds the one row that says
// where the log begins and ends. What is hashed is kept as its very letters; nothing of what is in an entry is known here.
import { checkOptionNames } from '../../core/words/unknown-option.js';
import { unescapeKey } from '../../stores/escaped-key.js';
import type { Knex } from '../../stores/sql/knex-client.js';
import { migrationsOf } from '../../stores/sql/migrate.js';
import { examineDatabase } from '../../stores/sql/start-up.js';
import { keyOf, openSql, type SqlStoreOptions } from '../../stores/sql/sql.js';
import type { AuditStore, PageQuery } from '../audit-store.js';
import { readKeep, type KeepOptions } from './keep.js';
import { emptySketch, peopleIn } from './people-sketch.js';
import { appenderIn, stepPlaces } from './sql-audit-append.js';
import { logRowIn } from './sql-audit-row.js';
import { sinksIn } from './sql-audit-sinks.js';
import { pack, unpack } from './sql-text.js';

/** Options of the audit log in SQL. */
export type SqlAuditStoreOptions = KeepOptions & SqlStoreOptions;

const figuresDays = 400;

/**
 * Keeps the audit log in the database of `sqlStore`, by the same migrations; the namespace may be the same.
 * @throws MfaError `config.namespace_missing`, `config.invalid_option`, `config.unknown_option`
 */
export function sqlAuditStore(knex: Knex, options: SqlAuditStoreOptions = { namespace: '' }): AuditStore {
  checkOptionNames('sqlAuditStore', options, ['namespace', 'retentionDays', 'maxBytes', 'timeoutMs']);
  const keep = readKeep('sqlAuditStore', options);
  const sql = openSql('sqlAuditStore', knex, options);
  const { dialect, space, inMemory, ask, transaction } = sql;
  const migrations = migrationsOf(sql);
  const { now } = dialect;
  const row = logRowIn(sql);
  const { hold, write, writeLine, look } = row;
  const append = appenderIn(sql, row);
  const table = (name: string) => `mfa_audit_${name} WHERE namespace = ?`;

  /** Entries from behind `from` on, to `to` at most, in the order of `order`. */
  async function read(
    from: number,
    to: number,
    order: 'ASC' | 'DESC',
    limit: number,
    more = '',
    values: string[] = [],
  ) {
    const text = `SELECT place, entry FROM ${table('entries')} AND place > ${from} AND place < ${to} ${more} ORDER BY place ${order} LIMIT ${limit}`;
    const { rows } = await ask('reading the audit log', text, [space, ...values]);
    return rows.map(([place, entry]) => ({ place: Number(place), text: unpack(entry ?? '') }));
  }

  return {
    name: inMemory ? 'memory' : 'sql',
    migrations,
    keep,
    append: (batch) => transaction('appending to the audit log', (run) => append(run, batch)),

    async heads() {
      const text = `SELECT writer, seq, hash, heard_ms, closed FROM ${table('writers')}`;
      const { rows } = await ask('reading the writers', text, [space]);
      return rows.map(([writer, seq, hash, heard, closed]) => ({
        writer: unescapeKey(writer ?? ''),
        seq: Number(seq),
        hash: unpack(hash ?? ''),
        heardMs: Number(heard),
        closed: closed === '1',
      }));
    },

    async lines(after, limit) {
      const text = `SELECT line FROM ${table('lines')} AND number > ${after} ORDER BY number LIMIT ${limit}`;
      return (await ask('reading the ledger', text, [space])).rows.map(([line]) => unpack(line ?? ''));
    },

    async lastLine() {
      const text = `SELECT line FROM ${table('lines')} ORDER BY number DESC LIMIT 1`;
      const [found] = (await ask('reading the ledger', text, [space])).rows;
      return found && unpack(found[0] ?? '');
    },

    async page(query) {
      const { first, last } = await look();
      const isDown = 'before' in query;
      const order = isDown ? 'DESC' : 'ASC';
      const end = isDown ? first : last;
      const [more, values] = partOf(query);
      const items: { place: number; text: string }[] = [];
      let [from, to] = isDown
        ? [first - 1, Math.min(query.before, last + 1)]
        : [Math.max(query.after, first - 1), last + 1];
      const timed = more === '' && (query.fromMs !== undefined || query.toMs !== undefined);
      for (;;) {
        let [low, high] = [from, to];
        if (timed) {
          // Of a time only spans are read in which there is anything of it.
          const within = `from_ms <= ${msOf(query.toMs ?? Infinity)} AND to_ms >= ${msOf(query.fromMs ?? 0)}`;
          const behind = isDown
            ? `bucket <= ${Math.floor((to - 1) / stepPlaces)}`
            : `bucket >= ${Math.floor((from + 1) / stepPlaces)}`;
          const text = `SELECT bucket FROM ${table('spans')} AND ${behind} AND ${within} ORDER BY bucket ${order} LIMIT 1`;
          const [found] = (await ask('reading the audit log', text, [space])).rows;
          if (!found) return { items, place: end };
          low = Math.max(from, Number(found[0]) * stepPlaces - 1);
          high = Math.min(to, (Number(found[0]) + 1) * stepPlaces);
        }
        const limit = query.limit - items.length;
        const some = low + 1 < high ? await read(low, high, order, limit, more, values) : [];
        items.push(...some);
        const place = items.at(-1)?.place ?? end;
        if (items.length >= query.limit) return { items, place };
        if (isDown) to = low + 1;
        else from = high - 1;
        if (!timed || from + 1 >= to) return { items, place: end };
      }
    },

    async extent() {
      const { first, last, bytes, lines } = await look();
      const { rows } = await ask('measuring the audit log', `SELECT key_id FROM ${table('keys')}`, [space]);
      return { first, last, bytes, lines, keyIds: rows.map(([id]) => unescapeKey(id ?? '')) };
    },

    rewrite: (place, expected, text) =>
      transaction('erasing', async (run) => {
        const log = await hold(run);
        const [before, after] = [pack(expected), pack(text)];
        const update = `UPDATE mfa_audit_entries SET entry = ? WHERE namespace = ? AND place = ${place} AND entry = ?`;
        if ((await run(update, [after, space, before])).changed === 0) return false;
        await write(run, { ...log, bytes: log.bytes + after.length - before.length });
        return true;
      }),

    async oldest(untilMs) {
      const { first, last } = await look();
      const to = Math.min(last, first + stepPlaces - 1);
      if (to < first) return undefined;
      if (untilMs === undefined) return { first, last: to };
      const text = `SELECT MIN(place) FROM ${table('entries')} AND place >= ${first} AND place <= ${to} AND time_ms >= ${msOf(untilMs)}`;
      const newer = (await ask('looking for the oldest', text, [space])).rows[0]?.[0];
      const until = newer === null || newer === undefined ? to : Number(newer) - 1;
      return until < first ? undefined : { first, last: until };
    },

    drop: (first, last, line, forgetWriters) =>
      transaction('trimming the audit log', async (run) => {
        const log = await hold(run);
        if (log.first !== first) return 'gone';
        if (log.line !== line.expected) return 'ledger';
        const those = `${table('entries')} AND place >= ${first} AND place <= ${last}`;
        const { rows } = await run(`SELECT COALESCE(SUM(LENGTH(entry)), 0) FROM ${those}`, [space]);
        await run(`DELETE FROM ${those}`, [space]);
        await run(`DELETE FROM ${table('spans')} AND bucket < ${Math.floor((last + 1) / stepPlaces)}`, [space]);
        await run(`DELETE FROM ${table('keys')} AND last_place <= ${last}`, [space]);
        await run(`DELETE FROM ${table('once')} AND expires_at <= ${now}`, [space]);
        for (const writer of forgetWriters)
          await run(`DELETE FROM ${table('writers')} AND writer = ?`, [space, keyOf(writer)]);
        const day = new Date(Date.now() - figuresDays * 86_400_000).toISOString().slice(0, 10);
        for (const name of ['days', 'people']) await run(`DELETE FROM ${table(name)} AND day < ?`, [space, day]);
        const left = { ...log, first: last + 1, bytes: log.bytes - Number(rows[0]?.[0]) };
        await write(run, await writeLine(run, left, line));
        return 'dropped';
      }),

    async days(from, to) {
      const between = 'day >= ? AND day <= ?';
      const [counts, people] = await Promise.all(
        ['counter, total FROM mfa_audit_days', 'sketch FROM mfa_audit_people'].map((what) =>
          ask('reading the figures', `SELECT day, ${what} WHERE namespace = ? AND ${between}`, [space, from, to]),
        ),
      );
      const days = new Map<string, { counts: { [counter: string]: number }; people: number }>();
      const dayOf = (day = '') => days.get(day) ?? days.set(day, { counts: {}, people: 0 }).get(day);
      for (const [day, counter, total] of counts?.rows ?? [])
        Object.assign(dayOf(day ?? '')?.counts ?? {}, { [unescapeKey(counter ?? '')]: Number(total) });
      for (const [day, sketch] of people?.rows ?? [])
        Object.assign(dayOf(day ?? '') ?? {}, { people: peopleIn(sketch ?? emptySketch) });
      return [...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, figures]) => ({ day, ...figures }));
    },

    examine: async () => (await examineDatabase('sqlAuditStore', sql, migrations)).findings,
    ...sinksIn(sql, hold),
  };
}

/** Which entries a query reads; nothing: all of them. */
function partOf({ subject, flow, watched }: PageQuery): [more: string, values: string[]] {
  if (watched) return ['AND watched = 1', []];
  if (subject !== undefined) return ['AND subject = ?', [keyOf(subject)]];
  return flow === undefined ? ['', []] : ['AND flow = ?', [keyOf(flow)]];
}

/** As a number of a statement. */
function msOf(ms: number): number {
  return Math.trunc(Math.min(ms, Number.MAX_SAFE_INTEGER));
}
