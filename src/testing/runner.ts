// The words that the contract suites are written in. Knows no test runner: whichever is there hands in its own.

/** `describe` and `it`, as mocha, jest and vitest have them as globals and `node:test` exports them. */
export type TestRunner = {
  describe: (name: string, body: () => void) => unknown;
  it: (name: string, body: () => Promise<void>) => unknown;
};

/** @throws TypeError where none was handed in and there are no such globals */
export function runnerOf(given?: TestRunner): TestRunner {
  const { describe, it }: Partial<TestRunner> = given ?? globalThis;
  if (typeof describe !== 'function' || typeof it !== 'function') {
    throw new TypeError(
      'There is no global `describe` and `it`. Hand in those of your test runner, last: ' +
        "`import { describe, it } from 'node:test'`, then `{ describe, it }`.",
    );
  }
  return { describe, it };
}
