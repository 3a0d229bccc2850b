// The one row of the audit log in SQL, which says where it begins and ends: whoever writes to the log holds it until they are done.
import type { Run, Sql } from '../../stores/sql/sql.js';
import type { LineToWrite } from '../audit-store.js';
import { pack, unpack } from './sql-text.js';

/** The row of the log. `line`: the hash of the ledger's latest. */
export type Log = { first: number; last: number; bytes: number; line: string; lines: number };

export type LogRow = ReturnType<typeof logRowIn>;

export function logRowIn({ dialect, space, ask }: Sql) {
  /** The row of the log, made and held: others wait for the end of this transaction. */
  async function hold(run: Run): Promise<Log> {
    const text = `INSERT INTO mfa_audit (namespace, first_place, last_place, bytes, line, line_count) VALUES (?, 1, 0, 0, ?, 0) ${dialect.onConflict('namespace')} bytes = mfa_audit.bytes RETURNING first_place, last_place, bytes, line, line_count`;
    return logIn((await run(text, [space, ''])).rows[0] ?? []);
  }

  async function write(run: Run, { first, last, bytes, line, lines }: Log): Promise<void> {
    const text = `UPDATE mfa_audit SET first_place = ${first}, last_place = ${last}, bytes = ${bytes}, line = ?, line_count = ${lines} WHERE namespace = ?`;
    await run(text, [pack(line), space]);
  }

  /** @returns the log with it */
  async function writeLine(run: Run, log: Log, { hash, text }: LineToWrite): Promise<Log> {
    const lines = log.lines + 1;
    await run(`INSERT INTO mfa_audit_lines (namespace, number, line) VALUES (?, ${lines}, ?)`, [space, pack(text)]);
    return { ...log, line: hash, lines };
  }

  async function look(): Promise<Log> {
    const text = 'SELECT first_place, last_place, bytes, line, line_count FROM mfa_audit WHERE namespace = ?';
    const { rows } = await ask('measuring the audit log', text, [space]);
    return rows[0] ? logIn(rows[0]) : { first: 1, last: 0, bytes: 0, line: '', lines: 0 };
  }

  return { hold, write, writeLine, look };
}

function logIn([first, last, bytes, line, lines]: (string | null)[]): Log {
  return {
    first: Number(first),
    last: Number(last),
    bytes: Number(bytes),
    line: unpack(line ?? ''),
    lines: Number(lines),
  };
}
