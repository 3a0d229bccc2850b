// The front door of stores in SQL: `express-mfa/sql`.
export { sqlStore } from './stores/sql/sql-store.js';
export type { SqlStoreOptions } from './stores/sql/sql.js';
export { sqlMigrations, type SqlMigration } from './stores/sql/migrations.js';
export { splitStore, type SplitStoreOptions } from './stores/split-store.js';
export { sqlCaseStore } from './stores/sql/sql-case-store.js';
export { sqlStatsStore } from './stores/sql/sql-stats-store.js';
export { sqlAuditStore, type SqlAuditStoreOptions } from './audit/stores/sql-audit-store.js';
