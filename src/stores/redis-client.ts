// The client that the Redis store asks for, and the one way to ask it: with a deadline of our own, and every failure
// as one error. What is asked is not known here.
import { isMfaError, MfaError } from '../core/words/errors.js';
import type { Deadlines } from './redis-deadline.js';

/**
 * One connection to one Redis, or to a cluster: the part of ioredis (5 or 6; `Redis` or `Cluster`) that is used. Clients of
 * node-redis are put behind it.
 */
export interface RedisClient {
  eval(script: string, keyCount: number, ...keysAndArguments: (string | number)[]): Promise<unknown>;
  get(key: string): Promise<string | null>;
  set(key: string, value: string, unit: 'PX', ttlMs: number): Promise<unknown>;
  scan(
    cursor: string,
    match: 'MATCH',
    pattern: string,
    count: 'COUNT',
    keys: number,
  ): Promise<[cursor: string, keys: string[]]>;
  config(subcommand: 'GET', parameter: string): Promise<unknown>;
  info(section: string): Promise<string>;
  pipeline(commands: unknown[][]): { exec(): Promise<[error: Error | null, reply: unknown][] | null> };
  duplicate(): RedisClient;
  disconnect(): void;
  on(event: 'ready' | 'end' | 'error', listener: () => void): unknown;
  off(event: 'ready' | 'end', listener: () => void): unknown;
  /** Only a cluster has nodes. */
  nodes?(role: 'master' | 'all'): RedisClient[];
  /** What `work` sends before it waits is not sent any more once `signal` aborts; only node-redis has it. */
  sending?<T>(signal: AbortSignal, work: () => T): T;
  readonly status?: string;
  readonly options?: {
    keyPrefix?: string | undefined;
    scaleReads?: unknown;
    host?: string | undefined;
    port?: number | undefined;
  };
}

/** Sends one command and waits for its answer, at most for the deadline. `doing` completes "while …"; `ms`: how long. */
export type Ask = <T>(doing: string, send: (ms: number) => Promise<T>) => Promise<T>;

/** ioredis would queue what is sent now, without bound, and apply it when nobody waits for it any more. */
const notYet: ReadonlySet<string | undefined> = new Set([
  'connecting',
  'connect',
  'reconnecting',
  'close',
  'disconnecting',
]);

/**
 * Asks `client` with a deadline, the wait for a connection included: `deadline` in milliseconds, or what is left for one
 * answer. A command whose deadline passed before there was a connection is never sent; one that was sent may still be
 * applied later. Every failure is an MfaError `store.unavailable`.
 */
export function askWithin(client: RedisClient, deadline: number | Pick<Deadlines, 'begin'>): Ask {
  let connection: Promise<void> | undefined;

  function connected(): Promise<void> | undefined {
    if (!notYet.has(client.status)) return undefined;
    // One pair of listeners for all who wait, or Node would warn of a leak.
    connection ??= new Promise((resolve) => {
      const settled = () => {
        client.off('ready', settled);
        client.off('end', settled);
        connection = undefined;
        resolve();
      };
      client.on('ready', settled);
      client.on('end', settled);
    });
    return connection;
  }

  return (doing, send) =>
    new Promise((resolve, reject) => {
      const { ms, end } = typeof deadline === 'number' ? { ms: deadline, end: () => undefined } : deadline.begin();
      let late = false;
      const unsent = client.sending && new AbortController();
      const giveUp = () => {
        late = true;
        unsent?.abort();
        end();
        reject(storeUnavailable(doing, new Error(`No answer within ${ms} ms.`)));
      };
      if (ms <= 0) {
        giveUp();
        return;
      }
      const timer = setTimeout(giveUp, ms);
      const answer = async () => {
        const wait = connected();
        if (wait) await wait;
        if (late) return undefined;
        return unsent && client.sending ? client.sending(unsent.signal, () => send(ms)) : send(ms);
      };
      const waited = () => {
        clearTimeout(timer);
        if (!late) end();
      };
      // Settling a settled promise does nothing: a late rejection ends here, not as an unhandled one.
      answer().then(
        (value) => {
          waited();
          resolve(value as Awaited<ReturnType<typeof send>>);
        },
        (error: unknown) => {
          waited();
          reject(storeUnavailable(doing, error));
        },
      );
    });
}

/** Every server that takes writes. A cluster knows them only once it is connected: asking for `anyKey` proves that. */
export async function mastersOf(client: RedisClient, ask: Ask, anyKey: string): Promise<RedisClient[]> {
  await ask('looking for the servers', () => client.get(anyKey));
  return client.nodes?.('master') ?? [client];
}

/**
 * The one error of whatever is kept in Redis. The cause is a copy of name, code and message: ioredis hangs the command with all its
 * arguments on its errors, and Redis quotes arguments of commands that it does not know; both end up in logs.
 */
export function storeUnavailable(doing: string, cause?: unknown): MfaError {
  const { name, code, message } = cause as { name?: string; code?: string; message?: string };
  const copy = new Error((message ?? 'unknown').replace(/,? with args beginning with:.*$/s, ''));
  Object.assign(copy, name && { name }, code && { code });
  return new MfaError('store.unavailable', `Redis failed while ${doing}: ${copy.message}`, { cause: copy });
}

/** For what may be forbidden: `undefined` where Redis refuses the command itself. @throws every other error */
export function unlessRefused(error: unknown): undefined {
  if (!isRefusal(error)) throw error;
}

/** Whether Redis refuses the command itself; LOADING, CLUSTERDOWN and the like are no refusals. */
export function isRefusal(error: unknown): error is MfaError {
  return isMfaError(error) && /^(ERR|NOPERM)\b/.test((error.cause as Error).message);
}
