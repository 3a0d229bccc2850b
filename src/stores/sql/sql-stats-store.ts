// Figures of a census in PostgreSQL, MariaDB or SQLite, over a Knex that the host made and closes. Whoever changes them holds the one
// row that says which census is the latest and which is under way. It knows nothing of what is counted.
import { dayOf, daysToDrop, type Census, type CensusCounts, type StatsStore } from '../../core/kernel/stats.js';
import { checkOptionNames } from '../../core/words/unknown-option.js';
import { escapeKey, unescapeKey } from '../escaped-key.js';
import type { Knex } from './knex-client.js';
import { migrationsOf } from './migrate.js';
import { rowsOf } from './rows.js';
import { asciiOf, keyOf, openSql, type Run, type SqlStoreOptions } from './sql.js';

/** A census under way: `run` names its rows. */
type Running = {
  run: number;
  startedAt: number;
  by?: string;
  step: number;
  cursor: string;
  about: number;
  ttlMs: number;
};

/** What that row says. `ended`: the fence that ended the latest. */
type State = { running?: Running; latest?: Omit<Census, 'counts'> & { run: number }; ended?: number };

/** What a name grows by, and where it ends then. */
type Total = { scope: string; name: string; by: number; end: number };

/** Rows that one statement writes or deletes. */
const atOnce = 500;

/**
 * Keeps figures in the database of `sqlStore`, by the same migrations; the namespace may be the same. Ids stand in lists, twice while
 * a census is under way.
 * @throws MfaError `config.namespace_missing`, `config.invalid_option`, `config.unknown_option`
 */
export function sqlStatsStore(knex: Knex, options: SqlStoreOptions = { namespace: '' }): StatsStore {
  checkOptionNames('sqlStatsStore', options, ['namespace', 'timeoutMs']);
  const sql = openSql('sqlStatsStore', knex, options);
  const { dialect, space, inMemory } = sql;
  const { now, fresh, onConflict } = dialect;

  type Row = { fence: number; leftMs: number; state: State };
  const rowIn = ([fence, left, state]: (string | null)[]): Row => ({
    fence: Number(fence),
    leftMs: Number(left),
    state: JSON.parse(state ?? '{}') as State,
  });

  /** The row, made and held: others wait for the end of this transaction. */
  async function hold(run: Run): Promise<Row> {
    const text = `INSERT INTO mfa_census (namespace, fence, held_until, state) VALUES (?, 0, 0, ?) ${onConflict('namespace')} fence = mfa_census.fence RETURNING fence, held_until - ${now}, state`;
    const { rows } = await run(text, [space, '{}']);
    return rowIn(rows[0] ?? []);
  }

  async function write(run: Run, fence: number, heldMs: number, state: State): Promise<void> {
    const text = `UPDATE mfa_census SET fence = ${fence}, held_until = ${heldMs === 0 ? 0 : `${now} + ${heldMs}`}, state = ? WHERE namespace = ?`;
    await run(text, [asciiOf(JSON.stringify(state)), space]);
  }

  async function look(): Promise<Row | undefined> {
    const text = `SELECT fence, held_until - ${now}, state FROM mfa_census WHERE namespace = ?`;
    const { rows } = await sql.ask('reading a census', text, [space]);
    return rows[0] && rowIn(rows[0]);
  }

  /** Adds to totals, lists' lengths among them, and sets where each ends now. */
  async function addUp(run: Run, of: number, totals: ReadonlyMap<string, Total>): Promise<void> {
    for (const some of rowsOf([...totals.values()], atOnce)) {
      const values = some.map(({ by }) => `(?, ${of}, ?, ?, ${Math.trunc(by)})`).join(', ');
      const text = `INSERT INTO mfa_census_counts (namespace, run, scope, name, total) VALUES ${values} ${onConflict('namespace, run, scope, name')} total = mfa_census_counts.total + ${fresh('total')} RETURNING scope, name, total`;
      const { rows } = await run(
        text,
        some.flatMap(({ scope, name }) => [space, scope, name]),
      );
      for (const [scope, name, end] of rows) Object.assign(totals.get(`${scope} ${name}`) ?? {}, { end: Number(end) });
    }
  }

  async function countsIn(of: number, scope: string): Promise<CensusCounts> {
    const text = `SELECT name, total FROM mfa_census_counts WHERE namespace = ? AND run = ${of} AND scope = ?`;
    const { rows } = await sql.ask('reading figures', text, [space, keyOf(scope)]);
    return Object.fromEntries(
      rows.flatMap(([name, total]) => (name?.startsWith('c:') ? [[unescapeKey(name.slice(2)), Number(total)]] : [])),
    );
  }

  /** What is of no census any more goes, some at a time; it may fail: the next one does it again. */
  async function sweep(): Promise<void> {
    const state: State = (await look())?.state ?? {};
    const kept = [state.running?.run, state.latest?.run].filter((run) => run !== undefined);
    const gone = `namespace = ? AND run NOT IN (${kept.join(', ')})`;
    for (const [table, key] of [
      ['mfa_census_lists', 'namespace, run, scope, name, place'],
      ['mfa_census_counts', 'namespace, run, scope, name'],
    ]) {
      const some = `${gone} LIMIT ${atOnce}`;
      const which = `(${key}) IN (SELECT ${key} FROM ${table} WHERE ${some})`;
      const text = `DELETE FROM ${table} WHERE ${dialect.name === 'MariaDB' ? some : which}`;
      while ((await sql.ask('deleting an earlier census', text, [space])).changed === atOnce);
    }
  }

  return {
    name: inMemory ? 'memory' : 'sql',
    migrations: migrationsOf(sql),

    async begin({ resumeAfter, ttlSeconds, ...began }) {
      const held = await sql.transaction('beginning a census', async (run) => {
        const { fence: before, leftMs, state } = await hold(run);
        if (leftMs > 0) return undefined;
        const fence = before + 1;
        const left = state.running;
        const isNew = left === undefined || left.startedAt < resumeAfter;
        const own = isNew ? { run: fence, ...began, step: 0, cursor: '', about: 0 } : left;
        const ttlMs = ttlSeconds * 1000;
        await write(run, fence, ttlMs, { ...state, running: { ...own, ttlMs } });
        return { isNew, fence, startedAt: own.startedAt, step: own.step, cursor: own.cursor };
      });
      if (!held) return undefined;
      const { isNew, ...mine } = held;
      if (isNew) await sweep().catch(() => undefined);
      return mine;
    },

    add: (given, { step, cursor, about, parts }) =>
      sql.transaction('adding to a census', async (run) => {
        const { fence, state } = await hold(run);
        const { running } = state;
        if (fence !== given || !running || step > running.step + 1) return false;
        const isDone = step <= running.step;
        await write(
          run,
          fence,
          running.ttlMs,
          isDone ? state : { ...state, running: { ...running, step, cursor, about } },
        );
        if (isDone) return true;
        const totals = new Map<string, Total>();
        const rows: { total: Total; at: number; id: string }[] = [];
        const grow = (scope: string, name: string, by: number) => {
          const total = totals.get(`${scope} ${name}`) ?? { scope, name, by: 0, end: 0 };
          totals.set(`${scope} ${name}`, total);
          total.by += by;
          return total;
        };
        for (const { scope, counts, lists } of parts) {
          for (const [name, by] of Object.entries(counts)) grow(keyOf(scope), `c:${escapeKey(name)}`, by);
          for (const [name, ids] of Object.entries(lists))
            for (const id of ids) {
              const total = grow(keyOf(scope), keyOf(`l:${name}`), 1);
              rows.push({ total, at: total.by, id: escapeKey(id) });
            }
        }
        await addUp(run, running.run, totals);
        for (const some of rowsOf(rows, atOnce)) {
          const values = some.map(({ total: { end, by }, at }) => `(?, ${running.run}, ?, ?, ${end - by + at}, ?)`);
          const text = `INSERT INTO mfa_census_lists (namespace, run, scope, name, place, id) VALUES ${values.join(', ')}`;
          await run(
            text,
            some.flatMap(({ total: { scope, name }, id }) => [space, scope, name, id]),
          );
        }
        return true;
      }),

    async finish(given, { endedAt, keepFrom }) {
      const before = await look();
      const own = before?.state.running;
      const counts = own && (await countsIn(own.run, ''));
      const isMine = await sql.transaction('ending a census', async (run) => {
        const { fence, state } = await hold(run);
        if (fence !== given) return false;
        if (state.ended === given) return true;
        const { running } = state;
        if (!running || running.run !== own?.run || running.step !== own.step) return false;
        const { startedAt, by } = running;
        const latest = { run: running.run, startedAt, endedAt, ...(by === undefined ? {} : { by }) };
        await write(run, fence, 0, { latest, ended: given });
        const text = `INSERT INTO mfa_census_days (namespace, day, counts) VALUES (?, ?, ?) ${onConflict('namespace, day')} counts = ${fresh('counts')}`;
        await run(text, [space, dayOf(startedAt), asciiOf(JSON.stringify(counts))]);
        return true;
      });
      if (!isMine) return false;
      for (const day of daysToDrop(await this.days(), keepFrom))
        await sql.ask('dropping days', 'DELETE FROM mfa_census_days WHERE namespace = ? AND day = ?', [space, day]);
      await sweep().catch(() => undefined);
      return true;
    },

    async release(fence) {
      const text = `UPDATE mfa_census SET held_until = 0 WHERE namespace = ? AND fence = ${Math.trunc(fence)}`;
      await sql.ask('leaving a census', text, [space]);
    },

    async running() {
      const row = await look();
      const own = row?.state.running;
      if (!own) return undefined;
      const { run, startedAt, by, about } = own;
      const text = `SELECT total FROM mfa_census_counts WHERE namespace = ? AND run = ${run} AND scope = ? AND name = ?`;
      const { rows } = await sql.ask('reading a census', text, [space, keyOf(''), keyOf('l:all')]);
      const people = Number(rows[0]?.[0] ?? 0);
      return { startedAt, ...(by === undefined ? {} : { by }), people, about, held: row.leftMs > 0 };
    },

    async latest(scope = '') {
      const latest = (await look())?.state.latest;
      if (!latest) return undefined;
      const { run, ...told } = latest;
      return { ...told, counts: await countsIn(run, scope) };
    },

    async list({ name, scope = '', running, after, limit }) {
      const state = (await look())?.state;
      const of = (running ? state?.running : state?.latest)?.run;
      if (of === undefined) return [];
      const text = `SELECT id FROM mfa_census_lists WHERE namespace = ? AND run = ${of} AND scope = ? AND name = ? AND place > ${Math.trunc(after)} ORDER BY place LIMIT ${Math.trunc(limit)}`;
      const { rows } = await sql.ask('reading a list', text, [space, keyOf(scope), keyOf(`l:${name}`)]);
      return rows.map(([id]) => unescapeKey(id ?? ''));
    },

    async days() {
      const text = 'SELECT day FROM mfa_census_days WHERE namespace = ? ORDER BY day';
      return (await sql.ask('reading figures', text, [space])).rows.map(([day]) => day ?? '');
    },

    async countsOf(day) {
      const text = 'SELECT counts FROM mfa_census_days WHERE namespace = ? AND day = ?';
      const { rows } = await sql.ask('reading figures', text, [space, keyOf(day)]);
      return rows[0] && (JSON.parse(rows[0][0] ?? '{}') as CensusCounts);
    },
  };
}
