// The contracts of the stores in Redis beside that of records, over one client: cases, figures, the audit log.
import { auditStoreContract } from '../../src/testing/audit-store-contract.js';
import { caseStoreContract } from '../../src/testing/case-store-contract.js';
import { statsStoreContract } from '../../src/testing/stats-store-contract.js';
import type { TestClient } from './node-redis.js';
import { patientAuditStore, patientCaseStore, patientStatsStore } from './patience.js';
import { freshNamespace } from './redis.js';

/** `client` is asked for when the tests run, and stays open. */
export function otherStoreContracts(name: string, client: () => TestClient): void {
  const opened = <S>(make: (client: TestClient, options: { namespace: string }) => S) =>
    Promise.resolve({ store: make(client(), { namespace: freshNamespace() }), close: () => Promise.resolve() });
  describe(name, () => {
    caseStoreContract('redisCaseStore', () => opened(patientCaseStore));
    statsStoreContract('redisStatsStore', () => opened(patientStatsStore));
    auditStoreContract('redisAuditStore', () => opened(patientAuditStore));
  }).timeout(60_000);
}
