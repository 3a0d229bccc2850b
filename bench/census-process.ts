// The processes of a measured census: `fill` puts people into a Redis, `count` counts them and tells what that took. Each is its own,
// so that neither memory nor time of the one is in the figures of the other.
import { performance } from 'node:perf_hooks';
import { Redis } from 'ioredis';
import { backupCodes } from '../src/factors/backup-codes/backup-codes.js';
import { totp } from '../src/factors/totp/totp.js';
import { createMfaCore } from '../src/mfa.js';
import { redisStatsStore } from '../src/stores/redis-stats-store.js';
import { redisStore } from '../src/stores/redis-store.js';
import { usualPerson, usualSecret } from '../test/support/usual-person.js';

const [what = '', redisUrl = '', namespace = '', people = ''] = process.argv.slice(2);
const redis = new Redis(redisUrl);
const store = redisStore(redis, { namespace, timeoutMs: 60_000, warn: () => undefined });

/** Everybody is as usual people are; what is sealed in the records is of one of them, and is not opened by a census. */
async function fill(): Promise<void> {
  const { kernel } = await usualPerson(store, 'someone');
  const { record } = await kernel.store.load('someone');
  if (!record) throw new Error('Nobody is there.');
  await kernel.store.remove('someone');
  for (let at = 0; at < Number(people); at += 500)
    await kernel.store.saveAll(
      Array.from({ length: Math.min(500, Number(people) - at) }, (_, index) => ({
        userId: `person-${at + index}`,
        record,
        expected: undefined,
      })),
    );
}

async function count(): Promise<{ [figure: string]: number }> {
  const mfa = createMfaCore({
    appName: 'Bench',
    secrets: [usualSecret],
    store,
    factors: [totp(), backupCodes()],
    user: () => null,
    administration: { stats: redisStatsStore(redis, { namespace, timeoutMs: 60_000 }) },
  });
  let told = 0;
  const cpu = process.cpuUsage();
  const begun = performance.now();
  const result = await mfa.census({ onProgress: () => (told += 1) });
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  if (result.state !== 'done') throw new Error(`The census is ${result.state}.`);
  const megabytes = process.resourceUsage().maxRSS / 1024;
  return { counted: result.people, told, seconds, cpuSeconds: (user + system) / 1e6, megabytes };
}

if (what === 'fill') await fill();
else process.send?.(await count());
redis.disconnect();
process.disconnect();
