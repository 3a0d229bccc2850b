// The front door of the audit log: `express-mfa/audit`.
export { auditLog } from './audit/create-audit-log.js';
export type { AuditLog, AuditLogOptions, AuditVerifyOptions } from './audit/audit-log.js';
export type { AuditActor, AuditEntry, Personal } from './audit/entry.js';
export { auditEntrySchema } from './audit/entry-schema.js';
export type { AuditPage, AuditQuery } from './audit/read.js';
export type { Break, Verification, WriterVerified } from './audit/verification.js';
export type { AuditHealth, SinkHealth } from './audit/health.js';
export { isCheckpoint, type AuditCheckpoint, type WriterPoint } from './audit/checkpoint.js';
export type { AuditItem, AuditSink, Delivered } from './audit/sink.js';
export { memoryAuditStore } from './audit/stores/memory-audit-store.js';
export { redisAuditStore, type RedisAuditStoreOptions } from './audit/stores/redis-audit-store.js';
export type { KeepOptions } from './audit/stores/keep.js';
export type {
  Append,
  Appended,
  AuditStore,
  Day,
  DeadLetter,
  Extent,
  KeptEntry,
  LineToWrite,
  Page,
  PageQuery,
  SinkPosition,
  WriterHead,
} from './audit/audit-store.js';
export { secondsBounds, type DayCounts } from './audit/day-counts.js';
export type { AuditFormat, FormatOptions } from './audit/formats/format.js';
export { fileSink, type FileSinkOptions } from './audit/sinks/file-sink.js';
export { syslogSink, type SyslogSinkOptions } from './audit/sinks/syslog-sink.js';
export { webhookSink, type WebhookSinkOptions } from './audit/sinks/webhook-sink.js';
