// How a Redis server must be set up before anything may be kept on it that must stay: it does not evict, and it survives a
// restart. What is kept, and what its loss would mean, is told by whoever asks.
import { MfaError } from '../core/words/errors.js';
import type { StoreExamination } from '../core/kernel/ports.js';
import { unlessRefused, type Ask, type RedisClient } from './redis-client.js';

/** What is wrong keeps the store from being used, what is unwise is only told. */
export type Checked = { wrong?: MfaError; unwise: string[] };

/** What stands on the server, in the words of a warning. */
export type Kept = {
  /** Names the store: `redisStore`. */
  store: string;
  /** Completes "it may evict …". */
  stays: string;
  /** Completes "a restart loses …". */
  lost: string;
  /** Completes "it may forget …": what has a TTL; undefined where nothing has that would be missed. */
  lapses?: string;
};

/** How every master is set up. What must stay and could be evicted is wrong where NODE_ENV is production, else unwise. */
export async function checkSettings(masters: RedisClient[], ask: Ask, kept: Kept): Promise<Checked> {
  return judge(await Promise.all(masters.map((master) => examine(master, ask))), kept);
}

/** The same for operators: everything that is to be said, as a list. */
export function findingsOf({ wrong, unwise }: Checked): StoreExamination['findings'] {
  return [
    ...(wrong ? [{ level: 'fail' as const, text: wrong.message }] : []),
    ...unwise.map((text) => ({ level: 'warn' as const, text })),
  ];
}

function judge(verdicts: Verdict[], { store, stays, lost, lapses }: Kept): Checked {
  const unwise: string[] = [];
  const policies = verdicts.flatMap(({ evicts }) => (evicts === undefined || evicts === 'noeviction' ? [] : [evicts]));
  const [worst] = [...policies.filter((policy) => !policy.startsWith('volatile-')), ...policies];
  if (worst?.startsWith('volatile-')) {
    // It evicts only what has a TTL.
    if (lapses !== undefined)
      unwise.push(
        `${store}: Redis runs with maxmemory-policy "${worst}", so when it is full it may forget ${lapses} Better set \`maxmemory-policy noeviction\`.`,
      );
  } else if (worst !== undefined) {
    const message = `${store}: Redis runs with maxmemory-policy "${worst}", so it may evict ${stays}. Set \`maxmemory-policy noeviction\`.`;
    if (process.env.NODE_ENV === 'production') {
      return { wrong: new MfaError('config.redis_evicts', message), unwise };
    }
    unwise.push(message);
  }
  if (verdicts.some(({ forbidden }) => forbidden)) {
    unwise.push(
      `${store}: Redis does not allow CONFIG GET, so nothing here can see whether it evicts keys and survives a restart. Make sure of \`maxmemory-policy noeviction\` and of AOF or RDB persistence.`,
    );
  }
  if (verdicts.some(({ forgets }) => forgets)) {
    unwise.push(
      `${store}: Redis keeps nothing on disk (neither AOF nor RDB is on), so a restart loses ${lost}. Set \`appendonly yes\`.`,
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
