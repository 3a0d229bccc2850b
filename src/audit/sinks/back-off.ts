// How long to wait before trying again: twice as long each time, with chance in it, so that a fleet does not come back
// at one moment. Keeps no timer.
import { randomInt } from 'node:crypto';

/** What a sink asks after it failed or succeeded. */
export type BackOff = {
  /** The wait in milliseconds after one more failure. */
  failed(): number;
  succeeded(): void;
  /** When the failures began, Unix milliseconds; undefined while all is well. */
  since(): number | undefined;
};

/** From `firstMs`, doubled up to `mostMs`; the wait is between half of that and all of it. */
export function backOff(firstMs: number, mostMs: number, now: () => number): BackOff {
  let failures = 0;
  let began: number | undefined;
  return {
    failed() {
      began ??= now();
      failures += 1;
      const most = Math.min(firstMs * 2 ** (failures - 1), mostMs);
      return randomInt(Math.ceil(most / 2), most + 1);
    },
    succeeded() {
      failures = 0;
      began = undefined;
    },
    since: () => began,
  };
}
