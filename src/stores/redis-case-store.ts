// Cases in Redis, single or cluster, over a client that the host made and closes: a hash of those that wait, and a set of who
// acted, both in one slot. It knows nothing of what a case asks for.
import type { Case, CaseStore } from '../core/kernel/cases.js';
import { MfaError } from '../core/words/errors.js';
import { checkOptionNames } from '../core/words/unknown-option.js';
import { readClient, type NodeRedisClient } from './node-redis.js';
import { askWithin, storeUnavailable, type RedisClient } from './redis-client.js';
import { readNamespace } from './redis-keys.js';

/** Options of the cases in Redis. */
export type RedisCaseStoreOptions = {
  /** Names the keys of this app. No "{", "}" or control characters. */
  namespace: string;
  /** How long any command may take, in milliseconds; 1–60000, default 1500. */
  timeoutMs?: number;
};

/** ARGV: id, case. Sent again after a lost connection it finds itself there. */
const openScript = `
redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2])
if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then return 1 end
return 0`;

const listScript = `return redis.call('HVALS', KEYS[1])`;

/** ARGV: id. */
const takeScript = `
local found = redis.call('HGET', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[1], ARGV[1])
return found`;

/** ARGV: who acted. */
const actedScript = `
redis.call('SADD', KEYS[1], ARGV[1])
return redis.call('SCARD', KEYS[1])`;

/**
 * Keeps cases in Redis 5 or later, in one slot of a cluster. The client is of ioredis 5 or 6 or of node-redis 5 or 6; the
 * namespace may be that of `redisStore`. When a connection breaks between a command and its answer, a take has no winner: the
 * case is asked for anew.
 * @throws MfaError `config.namespace_missing`, `config.invalid_option`, `config.unknown_option`
 */
export function redisCaseStore(
  given: RedisClient | NodeRedisClient,
  options: RedisCaseStoreOptions = { namespace: '' },
): CaseStore {
  const client = readClient('redisCaseStore', given);
  checkOptionNames('redisCaseStore', options, ['namespace', 'timeoutMs']);
  const { timeoutMs = 1500 } = options;
  if (!Number.isInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > 60_000)
    throw invalid(
      `the option \`timeoutMs\` must be a whole number from 1 to 60000; received ${JSON.stringify(timeoutMs)}.`,
    );
  const base = `${readNamespace('redisCaseStore', options.namespace)}:{cases}`;
  const [waiting, admins] = [`${base}:waiting`, `${base}:admins`];
  const ask = askWithin(client, timeoutMs);
  const run = (doing: string, script: string, key: string, ...args: string[]): Promise<unknown> =>
    ask(doing, () => client.eval(script, 1, key, ...args));

  return {
    name: 'redis',
    // As JSON, which keeps halves of surrogate pairs apart; UTF-8 would make one name of them.
    open: async (one) =>
      Number(await run('opening a case', openScript, waiting, JSON.stringify(one.id), JSON.stringify(one))) === 1,
    list: async () => ((await run('listing cases', listScript, waiting)) as string[]).map(readCase),
    async take(id) {
      const found = (await run('taking a case', takeScript, waiting, JSON.stringify(id))) as string | null;
      return found === null ? undefined : readCase(found);
    },
    acted: async (adminId) => Number(await run('remembering who acted', actedScript, admins, JSON.stringify(adminId))),
  };
}

function readCase(text: string): Case {
  try {
    return JSON.parse(text) as Case;
  } catch {
    throw storeUnavailable('reading a case', new TypeError('It is unreadable.'));
  }
}

function invalid(wrong: string): MfaError {
  return new MfaError('config.invalid_option', `redisCaseStore: ${wrong}`);
}
