// What a record costs: bytes of Redis for a usual person, and the CPU of one right answer, most of which goes into it.
import { Redis } from 'ioredis';
import { memoryStore } from '../src/stores/memory-store.js';
import { redisStore } from '../src/stores/redis-store.js';
import { usualPerson } from '../test/support/usual-person.js';

/**
 * `written` and `stored`: characters of the record as JSON, and as it stands in Redis; `memory`: bytes by MEMORY USAGE.
 * `answerMicroseconds`: CPU of a right code from an authenticator app, without HTTP and without the time of a store.
 */
export type RecordCost = { written: number; stored: number; memory: number; answerMicroseconds: number };

const answers = 1000;

export async function measureRecord(redisUrl: string, namespace: string): Promise<RecordCost> {
  const redis = new Redis(redisUrl);
  const store = redisStore(redis, { namespace, warn: () => undefined });
  try {
    const id = 'f3b9c2d4-7a61-4e0f-9b52-0c8d1e6a7f43';
    await usualPerson(store, id);
    const { record } = await store.load(id);
    const key = `${namespace}:{${id}}:record`;
    return {
      written: JSON.stringify(record).length,
      stored: await redis.strlen(key),
      memory: Number(await redis.memory('USAGE', key)),
      answerMicroseconds: await measureAnswer(),
    };
  } finally {
    redis.disconnect();
  }
}

async function measureAnswer(): Promise<number> {
  const { verifyOnce } = await usualPerson(memoryStore(), 'someone');
  for (let warm = 0; warm < answers; warm += 1) await verifyOnce();
  const before = process.cpuUsage();
  for (let done = 0; done < answers; done += 1) await verifyOnce();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / answers;
}
