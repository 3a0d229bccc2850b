// The half of the store in SQL that lapses, by the database's clock. What has lapsed is never answered, and deleted some at a time.
import { setTimeout as sleep } from 'node:timers/promises';
import type { TransientStore } from '../../core/kernel/ports.js';
import type { Json } from '../../core/words/json.js';
import { storedValues } from '../stored-values.js';
import { asciiOf, keyOf, unavailable, type Sql } from './sql.js';

const { readText, unreadable } = storedValues(unavailable);

/** Rows deleted by one statement: few, for whoever writes meanwhile. */
const sweptAtOnce = 500;
const sweepEveryMs = 30_000;
const pauseMs = 100;
const here = 'namespace = ? AND user_id = ? AND name = ?';

export function transientsIn(sql: Sql): TransientStore {
  const { space, dialect } = sql;
  const { now, fresh } = dialect;
  const lives = `mfa_transients.expires_at > ${now}`;
  const onConflict = dialect.onConflict('namespace, user_id, name');
  const columns = 'namespace, user_id, name, value, counter, expires_at';
  const until = (ttlSeconds: number) => `${now} + ${Math.max(1, Math.ceil(ttlSeconds * 1000))}`;
  /** What stands there stays for as long as it lives. `expires_at` comes last: MariaDB assigns one after the other. */
  const unlessLiving = (assigned: { [column: string]: string }) =>
    Object.entries(assigned)
      .map(([column, living]) => `${column} = CASE WHEN ${lives} THEN ${living} ELSE ${fresh(column)} END`)
      .join(', ');
  const asItIs = {
    value: 'mfa_transients.value',
    counter: 'mfa_transients.counter',
    expires_at: 'mfa_transients.expires_at',
  };

  const keyed = (userId: string, key: string) => [space, keyOf(userId), keyOf(key)];
  /** A whole number stands where it can be counted on. */
  const insertOf = (value: Json, ttlSeconds: number) => {
    const counts = typeof value === 'number' && Number.isSafeInteger(value) && !Object.is(value, -0);
    const text = `INSERT INTO mfa_transients (${columns}) VALUES (?, ?, ?, ?, ${counts ? value : 'NULL'}, ${until(ttlSeconds)})`;
    return { text, stored: counts ? null : asciiOf(JSON.stringify(value)) };
  };
  const readValue = ([value, counter]: (string | null)[] = [], userId: string) =>
    readText(value ?? counter, 'transient', userId);

  let sweptAt = -Infinity;
  /** Nobody waits for it, and it may fail: the next one does it again. */
  function sweep(): void {
    const nowMs = performance.now();
    if (nowMs - sweptAt < sweepEveryMs) return;
    sweptAt = nowMs;
    const lapsed = `mfa_transients.expires_at <= ${now}`;
    const some = `${lapsed} ORDER BY expires_at LIMIT ${sweptAtOnce}`;
    // Only MariaDB's DELETE has a LIMIT, and only there a sub-query would be run for every row.
    const which = `${lapsed} AND (namespace, user_id, name) IN (SELECT namespace, user_id, name FROM mfa_transients WHERE ${some})`;
    const text = `DELETE FROM mfa_transients WHERE ${dialect.name === 'MariaDB' ? some : which}`;
    const go = async () => {
      while ((await sql.ask('deleting what has lapsed', text)).changed === sweptAtOnce)
        await sleep(pauseMs, undefined, { ref: false });
    };
    go().catch(() => undefined);
  }

  async function write(
    doing: string,
    text: string,
    values: readonly (string | null)[],
  ): Promise<(string | null)[] | undefined> {
    const { rows } = await sql.ask(doing, text, values);
    sweep();
    return rows[0];
  }

  return {
    async put(userId, key, value, ttlSeconds) {
      const { text, stored } = insertOf(value, ttlSeconds);
      const assign = ['value', 'counter', 'expires_at'].map((column) => `${column} = ${fresh(column)}`).join(', ');
      await write('putting a transient', `${text} ${onConflict} ${assign}`, [...keyed(userId, key), stored]);
    },

    async putIfAbsent(userId, key, value, ttlSeconds) {
      const { text, stored } = insertOf(value, ttlSeconds);
      const kept = `${text} ${onConflict} ${unlessLiving(asItIs)} RETURNING value, counter`;
      return readValue(await write('putting a transient', kept, [...keyed(userId, key), stored]), userId) as Json;
    },

    async get(userId, key) {
      const from = `mfa_transients ON ${here} AND ${lives}`;
      const [found] = await sql.read('reading a transient', 'name, value, counter', from, keyed(userId, key));
      return found && readValue(found.slice(1), userId);
    },

    async take(userId, key) {
      const text = `DELETE FROM mfa_transients WHERE ${here} AND ${lives} RETURNING value, counter`;
      const { rows } = await sql.ask('taking a transient', text, keyed(userId, key));
      return rows[0] && readValue(rows[0], userId);
    },

    async increment(userId, key, ttlSeconds, by = 1) {
      const { name } = dialect;
      const sum = (counter: string) => `CASE WHEN ${counter} + ${by} < 0 THEN 0 ELSE ${counter} + ${by} END`;
      const answer = `RETURNING counter, expires_at - ${now}`;
      const own = keyed(userId, key);
      const counted = sum('mfa_transients.counter');
      let text: string;
      if (by > 0) {
        const first = `INSERT INTO mfa_transients (${columns}) VALUES (?, ?, ?, NULL, ${by}, ${until(ttlSeconds)})`;
        text = `${first} ${onConflict} ${unlessLiving({ ...asItIs, counter: counted })} ${answer}`;
      } else if (name === 'MariaDB') {
        // Its UPDATE answers no row; what is there already is never inserted.
        const there = `SELECT t.namespace, t.user_id, t.name, t.value, ${sum('t.counter')}, t.expires_at FROM mfa_transients AS t WHERE t.namespace = ? AND t.user_id = ? AND t.name = ? AND t.expires_at > ${now}`;
        text = `INSERT INTO mfa_transients (${columns}) ${there} ${onConflict} counter = ${counted} ${answer}`;
      } else text = `UPDATE mfa_transients SET counter = ${counted} WHERE ${here} AND ${lives} ${answer}`;
      const found = await write('counting', text, own);
      if (!found) return { count: 0, expiresInSeconds: 0 };
      const [count, leftMs] = found;
      if (typeof count !== 'string') throw unreadable('counter', userId);
      return { count: Number(count), expiresInSeconds: Math.ceil(Number(leftMs) / 1000) };
    },
  };
}
