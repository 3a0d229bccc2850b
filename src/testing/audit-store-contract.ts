// What every AuditStore must do, as tests: for those of this package and for a host's own. It knows the interface and
// nothing of any database.
import { describeChains } from './audit-contract-chains.js';
import { describePlaces } from './audit-contract-places.js';
import { describeSinks } from './audit-contract-sinks.js';
import type { AuditHolds, OpenedAuditStore } from './audit-contract-tools.js';
import { runnerOf, type TestRunner } from './runner.js';

export type { OpenedAuditStore } from './audit-contract-tools.js';

/**
 * Describes the contract for `makeStore`, which is called once for each test and each time opens an empty log.
 * @param runner default: the globals `describe` and `it`
 */
export function auditStoreContract(
  name: string,
  makeStore: () => Promise<OpenedAuditStore>,
  runner?: TestRunner,
): void {
  const { describe, it } = runnerOf(runner);
  const holds: AuditHolds = (sentence, body) =>
    void it(sentence, async () => {
      const { store, close } = await makeStore();
      try {
        await body(store);
      } finally {
        await close();
      }
    });

  describe(`${name} keeps the contract of an AuditStore`, () => {
    describe('chains and ledger', () => describeChains(holds));
    describe('places', () => describePlaces(holds));
    describe('sinks', () => describeSinks(holds));
  });
}
