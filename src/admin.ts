// The front door of administration: `express-mfa/admin`. Where cases wait for a second administrator, and the types of what
// administrators ask for; and the pages by which they do.
export type { MfaAdminRouterOptions } from '../middleware/admin/admin-visit.js';
export { mfaAdminRouter } from '../middleware/admin/mfa-admin-router.js';
export type { CensusCalls, CensusOptions } from './admin-census.js';
export type { Report, ReportCalls, ReportOptions } from './admin-report.js';
export type { ReportProgress } from './admin-make-report.js';
export type { ReportMethod, ReportPerson } from './core/operators/report-people.js';
export type { Coverage, Heads } from './insight/report-coverage.js';
export type {
  Control,
  ReportDrawn,
  ReportEvents,
  ReportException,
  ReportPolicyChange,
  ReportRecovery,
  ReportStep,
  ReportSummary,
} from './insight/report.js';
export type { CensusProgress, CensusResult } from './core/operators/census.js';
export type { ActionRequest, Admin, AdminRequests, Requested } from './admin-requests.js';
export type { AdministrationOptions } from './administration-options.js';
export type { Asked, Case, CaseStore } from './core/kernel/cases.js';
export type { Directory, DirectoryPerson, Done, FoundPerson } from './core/operators/desk.js';
export type { AdminAction, AdminRight } from './core/rules/admin-rights.js';
export type {
  Census,
  CensusCounts,
  CensusPart,
  CensusRequest,
  CensusStep,
  HeldCensus,
  ListQuery,
  RunningCensus,
  StatsStore,
} from './core/kernel/stats.js';
export { memoryStatsStore } from './stores/memory-stats-store.js';
export { redisStatsStore, type RedisStatsStoreOptions } from './stores/redis-stats-store.js';
export { memoryCaseStore } from './stores/memory-case-store.js';
export { redisCaseStore, type RedisCaseStoreOptions } from './stores/redis-case-store.js';
