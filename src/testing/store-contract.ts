// What every MfaStore must do, as tests: for the stores of this package and for a host's own. It knows the interface
// and nothing of any database; the tests wait up to five seconds.
import { runnerOf, type TestRunner } from './runner.js';
import { describeRecords } from './store-contract-records.js';
import { unique, wait, type Holds, type OpenedStore } from './store-contract-tools.js';
import { describeWalks } from './store-contract-walks.js';
import { describeClaims, describeTransients } from './store-contract-transients.js';

export type { OpenedStore } from './store-contract-tools.js';

/**
 * Describes the contract for `makeStore`, which is called once for each test and may return the same data again.
 * @param runner default: the globals `describe` and `it`
 */
export function storeContract(name: string, makeStore: () => Promise<OpenedStore>, runner?: TestRunner): void {
  const { describe, it } = runnerOf(runner);
  const holds: Holds = (sentence, body) =>
    void it(sentence, async () => {
      const { store, close, advance } = await makeStore();
      const pass = async (seconds: number) => (advance ? advance(seconds) : wait(seconds));
      try {
        await body({ store, pass, userId: unique('user') });
      } finally {
        await close();
      }
    });

  describe(`${name} keeps the contract of an MfaStore`, () => {
    describe('records', () => describeRecords(holds));
    describe('walks', () => describeWalks(holds));
    describe('claims', () => describeClaims(holds));
    describe('transients', () => describeTransients(holds));
  });
}
