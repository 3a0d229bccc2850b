// One of several processes that write to the same audit log at once: it tells of so many events, says how far it is, and
// ends its chain. The clock is that of the tests, and stands still; what it tells of happens before and after the end of a month.
import { Redis } from 'ioredis';
import { openLog } from '../audit/open-log.js';
import { patientAuditStore } from './patience.js';

export type AuditRivalSettings = { name: string; namespace: string; port: number; events: number };
export type AuditRivalSays = { told: number } | { done: true; lost: number };

const { name, namespace, port, events } = JSON.parse(process.argv[2] ?? '{}') as AuditRivalSettings;
const redis = new Redis(port, '127.0.0.1', { retryStrategy: () => 20, maxRetriesPerRequest: null });
redis.on('error', () => undefined);
const { log, tell } = openLog(patientAuditStore(redis, { namespace }));
const say = (what: AuditRivalSays) => process.send?.(what);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function write(): Promise<void> {
  for (let i = 0; i < events; i += 1) {
    const at = i < events / 4 ? '2026-02-28T23:59:59.999Z' : '2026-03-01T00:00:00.000Z';
    tell('verification-accepted', { at, userId: `${name}-${i}`, kind: 'totp', outcome: 'accepted', ip: '192.0.2.7' });
    if (i % 100 !== 99) continue;
    if (i % 200 === 199) await log.settled();
    say({ told: i + 1 });
    await pause(5);
  }
  while ((await log.health().catch(() => ({ waiting: 1 }))).waiting > 0) {
    await log.settled();
    await pause(20);
  }
  await log.close();
  say({ done: true, lost: (await log.health()).lost });
  process.disconnect();
  redis.disconnect();
}

void write();
