// Stores on Redis for tests that are not about slow answers: the deadlines of production are for people who wait, and a
// machine that does much else is late for them. The one place of tests that says how long they wait.
import type { AuditStore } from '../../src/audit.js';
import { redisAuditStore, type RedisAuditStoreOptions } from '../../src/audit/stores/redis-audit-store.js';
import type { MfaStore } from '../../src/core/kernel/ports.js';
import { redisCaseStore } from '../../src/stores/redis-case-store.js';
import type { NodeRedisClient } from '../../src/stores/node-redis.js';
import type { RedisClient } from '../../src/stores/redis-client.js';
import type { RedisStoreOptions } from '../../src/stores/redis-options.js';
import { redisStatsStore } from '../../src/stores/redis-stats-store.js';
import { redisStore } from '../../src/stores/redis-store.js';

type AnyClient = RedisClient | NodeRedisClient;

/** Long enough for a machine ten times slower; a test of what happens at the deadline has one of its own. */
export const patienceMs = 30_000;

export function patientStore(client: AnyClient, options: RedisStoreOptions): MfaStore {
  return redisStore(client, { timeoutMs: patienceMs, ...options });
}

export function patientAuditStore(client: AnyClient, options: RedisAuditStoreOptions): AuditStore {
  return redisAuditStore(client, { timeoutMs: patienceMs, ...options });
}

export function patientCaseStore(client: AnyClient, { namespace }: { namespace: string }) {
  return redisCaseStore(client, { namespace, timeoutMs: patienceMs });
}

export function patientStatsStore(client: AnyClient, { namespace }: { namespace: string }) {
  return redisStatsStore(client, { namespace, timeoutMs: patienceMs });
}
