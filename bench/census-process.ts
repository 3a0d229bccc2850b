// The processes of a measured census: `fill` puts people into a Redis, `count` counts them and tells what that took. Each is its own,
// so that neither memory nor time of the one is in the figures of the other.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Redis } from 'ioredis';
import { auditLog } from '../src/audit/create-audit-log.js';
import { redisAuditStore } from '../src/audit/stores/redis-audit-store.js';
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

/** Of everybody, with a log of ten thousand entries; each part is written out, and thrown away. */
async function report(): Promise<{ [figure: string]: number }> {
  const audit = auditLog({ store: redisAuditStore(redis, { namespace }) });
  const reportsFolder = mkdtempSync(join(tmpdir(), 'bench-report-'));
  const everybody = Array.from({ length: Number(people) }, (_, at) => at);
  const directory = {
    get: () => null,
    *all() {
      for (const at of everybody) yield { id: `person-${at}` };
    },
  };
  const mfa = createMfaCore({
    appName: 'Bench',
    secrets: [usualSecret],
    store,
    factors: [totp(), backupCodes()],
    user: () => null,
    audit,
    administration: { directory, reportsFolder },
  });
  for (let at = 0; at < 10_000; at += 1) {
    audit.take({ name: 'verification-accepted', actor: 'user', at: new Date().toISOString(), userId: `person-${at}` });
    if (at % 500 === 0) await audit.settled();
  }
  let told = 0;
  const cpu = process.cpuUsage();
  const begun = performance.now();
  const period = { from: new Date(Date.now() - 86_400_000), to: new Date(Date.now() + 86_400_000) };
  const made = await mfa.report({ ...period, by: 'bench', onProgress: () => (told += 1) });
  let bytes = 0;
  for await (const part of made.json()) bytes += part.length;
  for await (const part of made.csv()) bytes += part.length;
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const megabytes = process.resourceUsage().maxRSS / 1024;
  const { people: counted } = made.summary.head;
  if (bytes < 100 * counted) throw new Error('The report is too short.');
  await audit.close();
  rmSync(reportsFolder, { recursive: true });
  return { counted, told, seconds, cpuSeconds: (user + system) / 1e6, megabytes };
}

if (what === 'fill') await fill();
else if (what === 'report') process.send?.(await report());
else process.send?.(await count());
redis.disconnect();
process.disconnect();
