// What must be true of a Redis server before second factors may be kept on it: it does not evict, and it survives a
// restart. Asked once at start-up; what is stored is not known here.
import { isMfaError, MfaError } from '../core/words/errors.js';
import type { StoreExamination } from '../core/kernel/ports.js';
import { isRefusal, type Ask, type RedisClient } from './redis-client.js';

/**
 * Checks every master.
 * @throws MfaError `config.redis_evicts` where NODE_ENV is production and any key could be evicted; elsewhere warns.
 */
export async function checkServers(masters: RedisClient[], ask: Ask, warn: (message: string) => void): Promise<void> {
  const verdicts = await Promise.all(masters.map((server) => examine(server, ask)));

  const policy = verdicts.map(({ evicts }) => evicts).find((evicts) => evicts !== undefined && evicts !== 'noeviction');
  if (policy !== undefined) {
    const message = `redisStore: Redis runs with maxmemory-policy "${policy}", so it may evict a record, and with it somebody's second factor. Set \`maxmemory-policy noeviction\`.`;
    if (process.env.NODE_ENV === 'production') throw new MfaError('config.redis_evicts', message);
    warn(message);
  }
  if (verdicts.some(({ forbidden }) => forbidden)) {
    warn(
      'redisStore: Redis does not allow CONFIG GET, so nothing here can see whether it evicts keys and survives a restart. Make sure of `maxmemory-policy noeviction` and of AOF or RDB persistence.',
    );
  }
  if (verdicts.some(({ forgets }) => forgets)) {
    warn(
      'redisStore: Redis keeps nothing on disk (neither AOF nor RDB is on), so a restart loses every record and switches MFA off. Set `appendonly yes`.',
    );
  }
}

/** The same for operators: everything that is to be said, as a list. */
export async function examineServers(masters: RedisClient[], ask: Ask): Promise<StoreExamination['findings']> {
  const findings: StoreExamination['findings'] = [];
  try {
    await checkServers(masters, ask, (text) => findings.push({ level: 'warn', text }));
  } catch (error) {
    if (!isMfaError(error) || error.code !== 'config.redis_evicts') throw error;
    findings.push({ level: 'fail', text: error.message });
  }
  return findings;
}

/** The clock of a server, in milliseconds. */
export async function serverTime(client: RedisClient, ask: Ask): Promise<number> {
  const reply = await ask('reading its clock', () => client.eval("return redis.call('TIME')", 0));
  const [seconds, microseconds] = reply as [string, string];
  return Number(seconds) * 1000 + Number(microseconds) / 1000;
}

type Verdict = { evicts?: string; forgets?: boolean; forbidden?: boolean };

async function examine(server: RedisClient, ask: Ask): Promise<Verdict> {
  const read = (parameter: string) =>
    unlessForbidden(() => ask('reading its settings', () => server.config('GET', parameter)));
  const [evicts, save, appendOnly] = (
    await Promise.all([read('maxmemory-policy'), read('save'), read('appendonly')])
  ).map(valueOf);
  if (evicts === undefined || save === undefined || appendOnly === undefined) {
    // Managed services that forbid CONFIG mostly still answer INFO, which tells the policy at least.
    const info = await unlessForbidden(() => ask('reading its settings', () => server.info('memory')));
    const told = evicts ?? /^maxmemory_policy:(.+?)\r?$/m.exec(info ?? '')?.[1];
    return { forbidden: true, ...(told !== undefined && { evicts: told }) };
  }
  return { evicts, forgets: save === '' && appendOnly !== 'yes' };
}

/** `undefined` where Redis refuses the command itself; LOADING, CLUSTERDOWN and the like are still errors. */
async function unlessForbidden<T>(question: () => Promise<T>): Promise<T | undefined> {
  try {
    return await question();
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

/** The one value of a CONFIG GET reply: a flat list, or an object where ioredis is told `replyMapping: 'resp3'`. */
function valueOf(reply: unknown): string | undefined {
  if (typeof reply !== 'object' || reply === null) return undefined;
  const value: unknown = Array.isArray(reply) ? reply[1] : Object.values(reply)[0];
  return typeof value === 'string' ? value : undefined;
}
