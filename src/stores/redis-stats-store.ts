// Figures of a census in Redis, single or cluster, over a client that the host made and closes: all of them in one slot. It knows
// nothing of what is counted.
import { dayOf, daysToDrop, type CensusCounts, type StatsStore } from '../core/kernel/stats.js';
import { MfaError } from '../core/words/errors.js';
import { checkOptionNames } from '../core/words/unknown-option.js';
import { readClient, type NodeRedisClient } from './node-redis.js';
import { askWithin, storeUnavailable, type RedisClient } from './redis-client.js';
import { readNamespace } from './redis-keys.js';
import * as scripts from './redis-stats-scripts.js';

/** Options of the figures in Redis. */
export type RedisStatsStoreOptions = {
  /** Names the keys of this app. No "{", "}" or control characters. */
  namespace: string;
  /** How long any command may take, in milliseconds; 1–60000, default 3000. */
  timeoutMs?: number;
};

/** ioredis may be told to answer numbers as texts. */
type Figure = number | string;

/**
 * Keeps figures in Redis 5 or later, in one slot of a cluster. The client is of ioredis 5 or 6 or of node-redis 5 or 6; the
 * namespace may be that of `redisStore`. Ids stand in lists: about 200 bytes of memory for a person, twice while a census is under way.
 * @throws MfaError `config.namespace_missing`, `config.invalid_option`, `config.unknown_option`
 */
export function redisStatsStore(
  given: RedisClient | NodeRedisClient,
  options: RedisStatsStoreOptions = { namespace: '' },
): StatsStore {
  const client = readClient('redisStatsStore', given);
  checkOptionNames('redisStatsStore', options, ['namespace', 'timeoutMs']);
  const { timeoutMs = 3000 } = options;
  if (!Number.isInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > 60_000)
    throw invalid(
      `the option \`timeoutMs\` must be a whole number from 1 to 60000; received ${JSON.stringify(timeoutMs)}.`,
    );
  const base = `${readNamespace('redisStatsStore', options.namespace)}:{stats}`;
  const ask = askWithin(client, timeoutMs);
  const run = (doing: string, script: string, ...args: Figure[]): Promise<unknown> =>
    ask(doing, () => client.eval(script, 1, base, ...args));

  return {
    name: 'redis',
    async begin({ startedAt, by, resumeAfter, ttlSeconds }) {
      const args = [startedAt, by === undefined ? '' : text(by), resumeAfter, ttlSeconds * 1000];
      const [fence, started, step, cursor] = (await run(
        'beginning a census',
        scripts.beginScript,
        ...args,
      )) as Figure[];
      if (fence === undefined) return undefined;
      return { fence: Number(fence), startedAt: Number(started), step: Number(step), cursor: String(cursor) };
    },
    async add(fence, { step, cursor, about, parts }) {
      const counts = parts.flatMap(({ scope, counts }) =>
        Object.entries(counts).map(([name, by]) => [text(scope), name, by]),
      );
      const lists = parts.flatMap(({ scope, lists }) =>
        Object.entries(lists).map(([name, ids]) => [text(scope), name, ids.map((id) => JSON.stringify(id)).join('\n')]),
      );
      const args = [fence, step, cursor, about, counts.length, ...counts.flat(), ...lists.flat()];
      return Number(await run('adding to a census', scripts.addScript, ...args)) === 1;
    },
    async finish(fence, { endedAt, keepFrom }) {
      const running = (await run('reading a census', scripts.runningScript)) as Figure[];
      const day = dayOf(Number(running[0] ?? endedAt));
      const reply = await run('ending a census', scripts.finishScript, fence, endedAt, day);
      const [ended, days] = reply as [Figure, string[]];
      if (Number(ended) !== 1) return false;
      const gone = daysToDrop(days, keepFrom);
      if (gone.length > 0) await run('dropping days', scripts.dropDaysScript, ...gone);
      return true;
    },
    async release(fence) {
      await run('leaving a census', scripts.releaseScript, fence);
    },
    async running() {
      const reply = (await run('reading a census', scripts.runningScript)) as
        [] | [Figure, string, Figure, Figure, Figure];
      if (reply.length === 0) return undefined;
      const [startedAt, by, people, about, held] = reply;
      const figures = { startedAt: Number(startedAt), people: Number(people), about: Number(about) };
      return { ...figures, ...byIn(by), held: Number(held) === 1 };
    },
    async latest(scope = '') {
      const reply = (await run('reading figures', scripts.latestScript, text(scope))) as
        [] | [Figure, Figure, string, string[]];
      if (reply.length === 0) return undefined;
      const [startedAt, endedAt, by, counts] = reply;
      const times = { startedAt: Number(startedAt), endedAt: Number(endedAt) };
      return { ...times, ...byIn(by), counts: countsIn(counts) };
    },
    async list({ name, scope = '', running, after, limit }) {
      if (limit < 1) return [];
      const args = [text(scope), name, running ? 1 : 0, after, limit];
      return ((await run('reading a list', scripts.listScript, ...args)) as string[]).map(read);
    },
    days: async () => ((await run('reading figures', scripts.daysScript)) as string[]).sort(),
    async countsOf(day) {
      const found = (await run('reading figures', scripts.countsScript, day)) as string | null;
      return found === null ? undefined : countsIn(JSON.parse(found) as string[]);
    },
  };
}

/** As JSON, which keeps halves of surrogate pairs apart; UTF-8 would make one name of them. Nothing is the empty text. */
function text(value: string): string {
  return value === '' ? '' : JSON.stringify(value);
}

function read(kept: string): string {
  try {
    return JSON.parse(kept) as string;
  } catch {
    throw storeUnavailable('reading figures', new TypeError('They are unreadable.'));
  }
}

function byIn(by: string): { by?: string } {
  return by === '' ? {} : { by: read(by) };
}

function countsIn(flat: readonly string[]): CensusCounts {
  return Object.fromEntries(flat.flatMap((name, at) => (at % 2 === 0 ? [[name, Number(flat[at + 1])]] : [])));
}

function invalid(wrong: string): MfaError {
  return new MfaError('config.invalid_option', `redisStatsStore: ${wrong}`);
}
