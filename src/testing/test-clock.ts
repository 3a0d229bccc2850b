// A clock that stands still until a test moves it, for the option `clock` of createMfa.
import type { Clock } from '../core/kernel/ports.js';

/** A clock that a test moves. */
export type TestClock = Clock & {
  /** Unix seconds, as events and records have them. */
  readonly seconds: number;
  /** Moves it, forward or back. Milliseconds since the Unix epoch, or a Date. */
  set(at: number | Date): void;
  /** Moves it forward. */
  advance(seconds: number): void;
};

/**
 * Makes a clock that stands still.
 * @param at where it stands: milliseconds since the Unix epoch, or a Date. Default: the present.
 */
export function testClock(at: number | Date = Date.now()): TestClock {
  let ms = Number(at);
  return {
    now: () => ms,
    get seconds() {
      return Math.floor(ms / 1000);
    },
    set(to) {
      ms = Number(to);
    },
    advance(seconds) {
      ms += seconds * 1000;
    },
  };
}
