// What the audit log costs: entries a second through one Redis, bytes of each, and how long a sink that was away takes to
// have them all. Writers of several processes are several logs on connections of their own.
import { performance } from 'node:perf_hooks';
import { Redis } from 'ioredis';
import { isCheckpoint, redisAuditStore, type AuditSink } from '../src/audit.js';
import { openLog, type TestLog } from '../test/audit/open-log.js';

export type AuditCost = {
  entries: number;
  writers: number;
  entriesPerSecond: number;
  /** CPU of Redis, per entry. */
  redisMicroseconds: number;
  /** CPU of the writing process, per entry. */
  ownMicroseconds: number;
  /** Memory of Redis, indices and all. */
  bytesPerEntry: number;
  catchUp: { seconds: number; told: number; mostMs: number };
  verified: { seconds: number; sound: boolean };
};

const writers = 4;
/** Entries that a writer is told before it may catch its breath: within what it keeps while the store is busy. */
const atOnce = 2_000;
const userAgent =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';

export async function measureAudit(redisUrl: string, namespace: string, entries: number): Promise<AuditCost> {
  const admin = new Redis(redisUrl);
  const clients = Array.from({ length: writers }, () => new Redis(redisUrl));
  const taken = new Set<string>();
  const sink: AuditSink = {
    name: 'bench',
    batchSize: 500,
    deliver(batch) {
      for (const item of batch) if (!isCheckpoint(item)) taken.add(item.id);
      return Promise.resolve({ done: batch.length });
    },
  };
  const logs = clients.map((client, index) =>
    openLog(redisAuditStore(client, { namespace, timeoutMs: 60_000 }), index === 0 ? { sinks: [sink] } : {}),
  );
  const [first] = logs;
  if (!first) throw new Error('There is no writer.');
  try {
    const before = await usedBytes(admin);
    const busy = await cpuMicroseconds(admin);
    const cpu = process.cpuUsage();
    const begun = performance.now();
    await Promise.all(logs.map((log, index) => write(log, index, Math.ceil(entries / writers))));
    const seconds = (performance.now() - begun) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    const redisMicroseconds = ((await cpuMicroseconds(admin)) - busy) / entries;
    const bytesPerEntry = ((await usedBytes(admin)) - before) / entries;
    const catchUp = await caughtUp(first, taken, entries);
    const verifying = performance.now();
    const { sound } = await first.log.verify();
    return {
      entries,
      writers,
      entriesPerSecond: entries / seconds,
      redisMicroseconds,
      ownMicroseconds: (user + system) / entries,
      bytesPerEntry,
      catchUp,
      verified: { seconds: (performance.now() - verifying) / 1000, sound },
    };
  } finally {
    await Promise.all(logs.map(({ log }) => log.close()));
    for (const client of [admin, ...clients]) client.disconnect();
  }
}

/** Sign-ins of people who come ten times each, with what a real one carries. */
export async function write(
  { log, tell }: TestLog,
  index: number,
  count: number,
  personAt = (at: number) => `user-${index}-${at % Math.ceil(count / 10)}`,
): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    const person = personAt(i);
    tell('verification-accepted', {
      userId: person,
      kind: 'totp',
      authenticatorId: 'Jq3v0Yw6b1TnK5s8',
      outcome: 'accepted',
      ip: '2001:db8:85a3::8a2e:370:7334',
      userAgent,
      method: 'POST',
      path: '/mfa/verify/totp',
      flow: `flow-${index}-${i}`.padEnd(22, 'x'),
      session: `session-${index}-${i}`.padEnd(22, 'x'),
    });
    if (i % atOnce === atOnce - 1) await log.settled();
  }
  await log.settled();
}

/** Feeds the sink all that is there, while the log is told more and each is waited for. */
async function caughtUp({ log, tell }: TestLog, taken: ReadonlySet<string>, entries: number) {
  const begun = performance.now();
  let isFed = false;
  const fed = log.feed().finally(() => (isFed = true));
  let told = 0;
  let mostMs = 0;
  while (!isFed) {
    const at = performance.now();
    told += 1;
    tell('verification-accepted', { userId: `late-${told}`, outcome: 'accepted' });
    await log.settled();
    mostMs = Math.max(mostMs, performance.now() - at);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await fed;
  if (taken.size < entries) throw new Error(`The sink has ${taken.size} of ${entries} entries.`);
  return { seconds: (performance.now() - begun) / 1000, told, mostMs };
}

async function usedBytes(redis: Redis): Promise<number> {
  return Number(/used_memory_dataset:(\d+)/.exec(await redis.info('memory'))?.[1]);
}

async function cpuMicroseconds(redis: Redis): Promise<number> {
  const info = await redis.info('cpu');
  const seconds = ['user', 'sys'].map((kind) => Number(new RegExp(`used_cpu_${kind}:([\\d.]+)`).exec(info)?.[1]));
  return seconds.reduce((sum, each) => sum + each, 0) * 1e6;
}
