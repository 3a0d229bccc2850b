// How a Redis server must be set up before second factors may be kept on it: it does not evict records, and it survives a
// restart. What is stored is not known here.
import { MfaError } from '../core/words/errors.js';
import type { StoreExamination } from '../core/kernel/ports.js';
import { unlessRefused, type Ask, type RedisClient } from './redis-client.js';

/** What is wrong keeps the store from being used, what is unwise is only told. */
export type Checked = { wrong?: MfaError; unwise: string[] };

/** How every master is set up. A record that could be evicted is wrong where NODE_ENV is production, else unwise. */
export async function checkSettings(masters: RedisClient[], ask: Ask): Promise<Checked> {
  return judge(await Promise.all(masters.map((master) => examine(master, ask))));
}

/** The same for operators: everything that is to be said, as a list. */
export function findingsOf({ wrong, unwise }: Checked): StoreExamination['findings'] {
  return [
    ...(wrong ? [{ level: 'fail' as const, text: wrong.message }] : []),
    ...unwise.map((text) => ({ level: 'warn' as const, text })),
  ];
}

function judge(verdicts: Verdict[]): Checked {
  const unwise: string[] = [];
  const policies = verdicts.flatMap(({ evicts }) => (evicts === undefined || evicts === 'noeviction' ? [] : [evicts]));
  const [worst] = [...policies.filter((policy) => !policy.startsWith('volatile-')), ...policies];
  if (worst?.startsWith('volatile-')) {
    // What is begun, sent and counted lapses anyway; a record has no TTL.
    unwise.push(
      `redisStore: Redis runs with maxmemory-policy "${worst}", so when it is full it may forget codes and passkey ceremonies under way, and how much was sent. Records stay. Better set \`maxmemory-policy noeviction\`.`,
    );
  } else if (worst !== undefined) {
    const message = `redisStore: Redis runs with maxmemory-policy "${worst}", so it may evict a record, and with it somebody's second factor. Set \`maxmemory-policy noeviction\`.`;
    if (process.env.NODE_ENV === 'production') {
      return { wrong: new MfaError('config.redis_evicts', message), unwise };
    }
    unwise.push(message);
  }
  if (verdicts.some(({ forbidden }) => forbidden)) {
    unwise.push(
      'redisStore: Redis does not allow CONFIG GET, so nothing here can see whether it evicts keys and survives a restart. Make sure of `maxmemory-policy noeviction` and of AOF or RDB persistence.',
    );
  }
  if (verdicts.some(({ forgets }) => forgets)) {
    unwise.push(
      'redisStore: Redis keeps nothing on disk (neither AOF nor RDB is on), so a restart loses every record and switches MFA off. Set `appendonly yes`.',
    );
  }
  return { unwise };
}

type Verdict = { evicts?: string; forgets?: boolean; forbidden?: boolean };

async function examine(server: RedisClient, ask: Ask): Promise<Verdict> {
  const read = (parameter: string) =>
    ask('reading its settings', () => server.config('GET', parameter)).catch(unlessRefused);
  const [evicts, save, appendOnly] = (
    await Promise.all([read('maxmemory-policy'), read('save'), read('appendonly')])
  ).map(valueOf);
  if (evicts === undefined || save === undefined || appendOnly === undefined) {
    // Managed services that forbid CONFIG mostly still answer INFO, which tells the policy at least.
    const info = await ask('reading its settings', () => server.info('memory')).catch(unlessRefused);
    const told = evicts ?? /^maxmemory_policy:(.+?)\r?$/m.exec(info ?? '')?.[1];
    return { forbidden: true, ...(told !== undefined && { evicts: told }) };
  }
  return { evicts, forgets: save === '' && appendOnly !== 'yes' };
}

/** The one value of a CONFIG GET reply: a flat list, or an object where ioredis is told `replyMapping: 'resp3'`. */
function valueOf(reply: unknown): string | undefined {
  if (typeof reply !== 'object' || reply === null) return undefined;
  const value: unknown = Array.isArray(reply) ? reply[1] : Object.values(reply)[0];
  return typeof value === 'string' ? value : undefined;
}
