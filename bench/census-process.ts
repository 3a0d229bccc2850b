// The processes of a measured census: `fill` puts people into a Redis, `count` counts them and tells what that took. Each is its own,
// so that neither memory nor time of the one is in the figures of the other.
import { performance } from 'node:perf_hooks';
import { Redis } from 'ioredis';
import { auditLog } from '../src/audit/create-audit-log.js';
import { redisAuditStore } from '../src/audit/stores/redis-audit-store.js';
import { backupCodes } from '../src/factors/backup-codes/backup-codes.js';
import { totp } from '../src/factors/totp/totp.js';
import { createMfaCore } from '../src/mfa.js';
import type { MfaOptions } from '../src/options.js';
import { redisStatsStore } from '../src/stores/redis-stats-store.js';
import { redisStore } from '../src/stores/redis-store.js';
import { usualPerson, usualSecret } from '../test/support/usual-person.js';

const [what = '', redisUrl = '', namespace = '', people = '', entries = '', reportsFolder = ''] = process.argv.slice(2);
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
  const mfa = mfaWith({ administration: { stats: redisStatsStore(redis, { namespace, timeoutMs: 60_000 }) } });
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

/** Accepted answers of the last day. */
async function log(): Promise<void> {
  const audit = auditLog({ store: redisAuditStore(redis, { namespace, timeoutMs: 60_000 }) });
  mfaWith({ audit });
  for (let at = 0; at < Number(entries); at += 1) {
    audit.take({ name: 'verification-accepted', actor: 'user', at: new Date().toISOString(), userId: `person-${at}` });
    if (at % 500 === 499) await audit.settled();
  }
  await audit.close();
}

function mfaWith(options: Partial<MfaOptions>) {
  const mandatory = { appName: 'Bench', secrets: [usualSecret], store, factors: [totp(), backupCodes()] };
  return createMfaCore({ ...mandatory, user: () => null, ...options });
}

/** Of everybody; each part is written out, and thrown away. While it is made, it says how far it is, and how much memory it takes. */
async function report(): Promise<{ [figure: string]: number }> {
  const audit = auditLog({ store: redisAuditStore(redis, { namespace, timeoutMs: 60_000 }) });
  const directory = {
    get: () => null,
    *all() {
      for (let at = 0; at < Number(people); at += 1) yield { id: `person-${at}` };
    },
  };
  const mfa = mfaWith({ audit, administration: { directory, reportsFolder } });
  let told = 0;
  const cpu = process.cpuUsage();
  const begun = performance.now();
  const megabytes = () => process.resourceUsage().maxRSS / 1024;
  const day = new Date().toISOString().slice(0, 4);
  const made = await mfa.report({
    ...{ from: `${day}-01-01`, to: `${Number(day) + 1}-01-01`, by: 'bench', seed: 'bench' },
    onProgress(progress) {
      told += 1;
      process.send?.({ ...progress, megabytes: megabytes() });
    },
  });
  let bytes = 0;
  for await (const part of made.json()) bytes += part.length;
  for await (const part of made.csv()) bytes += part.length;
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const { head, events, coverage } = made.summary;
  if (bytes < 100 * head.people) throw new Error('The report is too short.');
  if (head.people !== Number(people) || coverage.all.people !== head.people) throw new Error('Somebody is missing.');
  if (events.signIns !== Number(entries)) throw new Error(`${events.signIns} sign-ins of ${entries}.`);
  await audit.close();
  return { counted: head.people, told, seconds, cpuSeconds: (user + system) / 1e6, megabytes: megabytes() };
}

if (what === 'fill') await fill();
else if (what === 'log') await log();
else if (what === 'report') process.send?.(await report());
else process.send?.(await count());
redis.disconnect();
process.disconnect();
