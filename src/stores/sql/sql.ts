// How a database is asked: one statement on one connection of the host's pool, with a deadline of our own, and every failure as one
// error. A statement that lost a race is sent again where that is right. What is asked is not known here.
import { setTimeout as sleep } from 'node:timers/promises';
import { createHash } from 'node:crypto';
import { isMfaError, MfaError } from '../../core/words/errors.js';
import { escapeKey } from '../escaped-key.js';
import { createDeadlines, type Deadlines } from '../redis-deadline.js';
import { readNamespace } from '../redis-keys.js';
import type { Dialect, Reply, Value } from './dialect.js';
import { dialectOf } from './dialects.js';
import { clientOf, invalid, type Knex } from './knex-client.js';

/** How long all statements of one answer are waited for; a person who waits longer sends it again. */
const answerMs = 2000;

export type Run = (sql: string, values?: readonly Value[]) => Promise<Reply>;

export type Sql = {
  readonly dialect: Dialect;
  /** As the host gave it. */
  readonly namespace: string;
  /** As the tables have it. */
  readonly space: string;
  /** Whether everything is gone with the process. */
  readonly inMemory: boolean;
  /** Runs one statement, again for as long as it loses races. `doing` completes "while …". @throws MfaError `store.unavailable` */
  ask: (doing: string, sql: string, values?: readonly Value[]) => Promise<Reply>;
  /** Runs one statement. @returns undefined where it lost a race, a key being there already among them */
  attempt: (doing: string, sql: string, values?: readonly Value[]) => Promise<Reply | undefined>;
  /**
   * Rows of `from`, a table or sub-query with what it is joined by, `t ON t.id = ?`; never those of a replica.
   * @param columns of which the first is null in no row
   */
  read: (
    doing: string,
    columns: string,
    from: string,
    values: readonly Value[],
    order?: string,
  ) => Promise<(string | null)[][]>;
  /** Runs `work` in a transaction that writes, again where it loses a race. @param ms instead of the usual deadline */
  transaction: <T>(doing: string, work: (run: Run) => Promise<T>, ms?: number) => Promise<T>;
  /** Those of whatever is asked here. */
  readonly deadlines: Deadlines;
};

type Patience = { late: boolean; giveUp?: (() => void) | undefined };

/** What is done on one connection; `condemn` says why nobody else may have it. */
type Work<T> = (run: Run, condemn: (why: unknown) => void) => Promise<T>;

/** Options that every store in SQL has. */
export type SqlStoreOptions = {
  /** Names this app's rows; two apps on one database never share a record. No "{", "}" or control characters. */
  namespace: string;
  /**
   * How long any statement may take, in milliseconds, the wait for a connection included; 1–60000, default 2000. All statements
   * of one answer together are waited for as long.
   */
  timeoutMs?: number;
};

/**
 * @param store names whose options these are
 * @throws MfaError `config.namespace_missing`, `config.invalid_option`
 */
export function openSql(store: string, knex: Knex, { namespace, timeoutMs = answerMs }: SqlStoreOptions): Sql {
  const client = clientOf(store, knex);
  const dialect = dialectOf(store, client);
  if (!Number.isInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > 60_000)
    throw invalid(
      store,
      `the option \`timeoutMs\` must be a whole number from 1 to 60000; received ${String(timeoutMs)}`,
    );
  const { filename } = client.connectionSettings ?? {};
  const deadlines = createDeadlines(Math.max(answerMs, timeoutMs), timeoutMs);

  /** A connection for `work`, which is thrown away where the deadline passes on it or `work` says why. */
  async function connected<T>(patience: Patience, work: Work<T>): Promise<T> {
    const connection = await client.acquireConnection();
    let mine = true;
    const release = () => {
      if (mine) client.releaseConnection(connection);
      mine = false;
    };
    if (dialect.kill)
      patience.giveUp = () => {
        // By now somebody else may have it.
        if (!mine) return;
        connection.__knex__disposed = 'It did not answer in time.';
        dialect.kill?.(connection);
        release();
      };
    try {
      if (patience.late) throw new Error('Too late.');
      const run: Run = (sql, values = []) => dialect.send(client, connection, sql, values);
      return await work(run, (why) => (connection.__knex__disposed = why));
    } finally {
      release();
    }
  }

  /** Runs `work` until it neither is kept waiting by a busy database nor, where `again`, loses a race. */
  async function insist<T>(patience: Patience, again: boolean, work: Work<T>): Promise<T | undefined> {
    for (let pauseMs = 2; ; pauseMs = Math.min(50, pauseMs * 2)) {
      try {
        return await connected(patience, work);
      } catch (error) {
        const failure = dialect.classify(error);
        if (failure === 'race' && !again) return undefined;
        if (failure !== 'busy' && failure !== 'race') throw error;
        await sleep(pauseMs * (0.5 + Math.random()));
        if (patience.late) throw error;
      }
    }
  }

  function inTime<T>(doing: string, own: number | undefined, work: (patience: Patience) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const { ms, end } = own === undefined ? deadlines.begin() : { ms: own, end: () => undefined };
      const patience: Patience = { late: false };
      const leave = () => {
        patience.late = true;
        end();
        patience.giveUp?.();
        reject(unavailable(doing, new Error(`No answer within ${ms} ms.`)));
      };
      if (ms <= 0) return leave();
      const timer = setTimeout(leave, ms);
      // Settling a settled promise does nothing: a late rejection ends here, not as an unhandled one.
      work(patience)
        .then(resolve, (error: unknown) => reject(isMfaError(error) ? error : unavailable(doing, error)))
        .finally(() => {
          clearTimeout(timer);
          if (!patience.late) end();
        });
    });
  }

  const ask: Sql['ask'] = (doing, sql, values) =>
    inTime(doing, undefined, (patience) => insist(patience, true, (run) => run(sql, values))) as Promise<Reply>;

  return {
    dialect,
    namespace: readNamespace(store, namespace),
    space: keyOf(namespace),
    inMemory: filename === ':memory:' || filename === '',
    ask,
    attempt: (doing, sql, values) =>
      inTime(doing, undefined, (patience) => insist(patience, false, (run) => run(sql, values))),

    read(doing, columns, from, values, order = '') {
      const sql = `SELECT ${dialect.standby} AS standby, ${columns} FROM (SELECT 1 AS one) AS self LEFT JOIN ${from} ${order}`;
      return inTime(doing, undefined, (patience) =>
        insist(patience, true, async (run, condemn) => {
          const { rows } = await run(sql, values);
          // Old answers would show a spent code as unspent. The next connection may lead to whoever took over.
          if (/^(1|ON)/.test(rows[0]?.[0] ?? '1')) {
            const standby = new Error('This server is no primary.');
            condemn(standby);
            throw standby;
          }
          return rows.map((row) => row.slice(1)).filter(([first]) => first !== null);
        }),
      ) as Promise<(string | null)[][]>;
    },

    transaction: <T>(doing: string, work: (run: Run) => Promise<T>, ms?: number) =>
      inTime(doing, ms, (patience) =>
        insist(patience, true, async (run, condemn) => {
          await run(dialect.begin);
          try {
            const result = await work(run);
            if (patience.late) throw new Error('Too late.');
            await run('COMMIT');
            return result;
          } catch (error) {
            await run('ROLLBACK').catch(condemn);
            throw error;
          }
        }),
      ) as Promise<T>,

    deadlines,
  };
}

/**
 * A key as the tables have it: escaped, and by its digest where it is longer than the shortest index takes. `%=` begins nothing
 * that is escaped.
 */
export function keyOf(text: string): string {
  const key = escapeKey(text);
  return key.length <= 255 ? key : `%=${createHash('sha256').update(key).digest('base64url')}`;
}

/** What `keyOf` does not tell any more, to stand beside it: null where it does. */
export function longOf(text: string): string | null {
  const key = escapeKey(text);
  return key.length <= 255 ? null : key;
}

/** JSON in plain ASCII: the same in every character set of a server, a database or a connection. */
export function asciiOf(json: string): string {
  return json.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * The one error of whatever is kept in SQL. The cause is a copy of name, code and message: Knex puts the statement with all its
 * values before the message, drivers hang them on their errors, and both end up in logs.
 */
export function unavailable(doing: string, cause?: unknown): MfaError {
  const { name, code, message = 'unknown' } = cause as { name?: string; code?: string; message?: string };
  const copy = new Error(message.slice(message.lastIndexOf(' - ') + 1).replace(/^- /, ''));
  Object.assign(copy, name && { name }, code && { code });
  return new MfaError('store.unavailable', `The database failed while ${doing}: ${copy.message}`, { cause: copy });
}
