// Where the example app keeps its audit log: in Redis, a database or memory like the rest, and line by line in a file that a log
// shipper would read.
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { auditLog, fileSink, memoryAuditStore, redisAuditStore, type AuditLog } from 'express-mfa/audit';
import { sqlAuditStore } from 'express-mfa/sql';
import type { Redis } from 'ioredis';
import type { Knex } from 'knex';

/** The file: `AUDIT_FILE`, or one beside the app. */
export function auditFileOf(env: NodeJS.ProcessEnv = process.env): string {
  return env.AUDIT_FILE || fileURLToPath(new URL('../output/audit.jsonl', import.meta.url));
}

/** Makes the log, and the folder of its file where there is none. */
export function openAudit(redis: Redis | undefined, database?: Knex): AuditLog {
  const path = auditFileOf();
  mkdirSync(dirname(path), { recursive: true });
  const inRedis = redis && redisAuditStore(redis, { namespace: 'example' });
  return auditLog({
    store: database ? sqlAuditStore(database, { namespace: 'example' }) : (inRedis ?? memoryAuditStore()),
    sinks: [fileSink({ path })],
  });
}
