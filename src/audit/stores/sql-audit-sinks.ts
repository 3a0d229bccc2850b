// How far each sink of the audit log came, who feeds it, and what it refused for good, in SQL.
import { unescapeKey } from '../../stores/escaped-key.js';
import { keyOf, type Run, type Sql } from '../../stores/sql/sql.js';
import type { AuditStore, DeadLetter } from '../audit-store.js';
import { pack, unpack } from './sql-text.js';

/** Letters that are kept for one sink, the newest. */
const mostLetters = 10_000;

type Sinks = Pick<
  AuditStore,
  'lease' | 'advance' | 'release' | 'positions' | 'putAside' | 'deadLetters' | 'dropDeadLetters'
>;

/** @param hold what makes others wait for the end of a transaction */
export function sinksIn({ dialect, space, ask, transaction }: Sql, hold: (run: Run) => Promise<unknown>): Sinks {
  const { now, onConflict } = dialect;
  const here = 'WHERE namespace = ? AND sink = ?';

  return {
    lease: (sink, holder, ttlMs) =>
      transaction('taking a sink', async (run) => {
        const own = [space, keyOf(sink)];
        const taken = `INSERT INTO mfa_audit_sinks (namespace, sink, fence, place, line, holder, until_ms) VALUES (?, ?, 0, 0, 0, ?, 0) ${onConflict('namespace, sink')} fence = mfa_audit_sinks.fence RETURNING fence, place, line, holder, until_ms - ${now}`;
        const [fenceText, place, line, held, left] = (await run(taken, [...own, ''])).rows[0] ?? [];
        const isHeld = Number(left) > 0;
        const isMine = held === keyOf(holder);
        if (isHeld && !isMine) return undefined;
        const fence = Number(fenceText) + (isHeld ? 0 : 1);
        const text = `UPDATE mfa_audit_sinks SET fence = ${fence}, holder = ?, until_ms = ${now} + ${Math.trunc(ttlMs)} ${here}`;
        await run(text, [keyOf(holder), ...own]);
        return { fence, position: { place: Number(place), line: Number(line) } };
      }),

    async advance(sink, fence, from, to) {
      const text = `UPDATE mfa_audit_sinks SET place = ${to.place}, line = ${to.line} ${here} AND fence = ${fence} AND place = ${from.place} AND line = ${from.line}`;
      return (await ask('moving on a sink', text, [space, keyOf(sink)])).changed > 0;
    },

    async release(sink, holder) {
      const text = `UPDATE mfa_audit_sinks SET until_ms = 0 ${here} AND holder = ?`;
      await ask('letting go of a sink', text, [space, keyOf(sink), keyOf(holder)]);
    },

    async positions() {
      const text = 'SELECT sink, place, line FROM mfa_audit_sinks WHERE namespace = ?';
      const { rows } = await ask('reading positions', text, [space]);
      return Object.fromEntries(
        rows.map(([sink, place, line]) => [unescapeKey(sink ?? ''), { place: Number(place), line: Number(line) }]),
      );
    },

    putAside: (sink, letters) =>
      transaction('putting aside', async (run) => {
        await hold(run);
        const own = [space, keyOf(sink)];
        const { rows } = await run(`SELECT COALESCE(MAX(number), 0) FROM mfa_audit_letters ${here}`, own);
        let last = Number(rows[0]?.[0]);
        for (const letter of letters) {
          last += 1;
          const text = `INSERT INTO mfa_audit_letters (namespace, sink, number, letter) VALUES (?, ?, ${last}, ?)`;
          await run(text, [...own, pack(JSON.stringify(letter))]);
        }
        await run(`DELETE FROM mfa_audit_letters ${here} AND number <= ${last - mostLetters}`, own);
      }),

    async deadLetters(sink, limit) {
      const own = [space, keyOf(sink)];
      const [total, newest] = await Promise.all([
        ask('reading dead letters', `SELECT COUNT(*) AS many FROM mfa_audit_letters ${here}`, own),
        ask(
          'reading dead letters',
          `SELECT letter FROM mfa_audit_letters ${here} ORDER BY number DESC LIMIT ${limit}`,
          own,
        ),
      ]);
      const letters = newest.rows.map(([letter]) => JSON.parse(unpack(letter ?? '')) as DeadLetter).reverse();
      return { total: Number(total.rows[0]?.[0]), letters };
    },

    async dropDeadLetters(sink) {
      return (await ask('dropping dead letters', `DELETE FROM mfa_audit_letters ${here}`, [space, keyOf(sink)]))
        .changed;
    },
  };
}
