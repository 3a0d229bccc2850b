// What every MfaStore must do, as tests: for the stores of this package and for a host's own. It knows the interface
// and nothing of any database; of the test runner it needs `describe` and `it`, and five seconds a test.
import { describeRecords } from './store-contract-records.js';
import { unique, wait, type Holds, type OpenedStore } from './store-contract-tools.js';
import { describeClaims, describeTransients } from './store-contract-transients.js';

export type { OpenedStore } from './store-contract-tools.js';

/** Describes the contract for `makeStore`, which is called once for each test and may return the same data again. */
export function storeContract(name: string, makeStore: () => Promise<OpenedStore>): void {
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
    describe('claims', () => describeClaims(holds));
    describe('transients', () => describeTransients(holds));
  });
}
