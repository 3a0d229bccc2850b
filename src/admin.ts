// The front door of administration: `express-mfa/admin`. Where cases wait for a second administrator.
export type { Asked, Case, CaseStore } from './core/kernel/cases.js';
export { memoryCaseStore } from './stores/memory-case-store.js';
export { redisCaseStore, type RedisCaseStoreOptions } from './stores/redis-case-store.js';
