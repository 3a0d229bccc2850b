// The front door of the audit log: `express-mfa/audit`.
export type { AuditActor, AuditEntry, Personal } from './audit/entry.js';
export { isCheckpoint, type AuditCheckpoint, type WriterPoint } from './audit/checkpoint.js';
export type { AuditItem, AuditSink, Delivered } from './audit/sink.js';
