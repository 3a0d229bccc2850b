// Which time step a code belongs to. Every step of the window is computed and compared, so that the time taken tells
// neither whether nor where one fits.
import type { Sealer } from '../../core/kernel/ports.js';
import { codeOf, stepAt, type Parameters } from './one-time-password.js';

/** The steps before and after this one whose codes are taken. */
export type Steps = { before: number; after: number };

/**
 * The latest step of the window whose code is `code`, or `null`. Compared as texts of fixed length, never as numbers:
 * 012345 is not 12345.
 */
export function matchStep(
  sealer: Sealer,
  secret: Uint8Array,
  parameters: Parameters,
  code: string,
  now: number,
  { before, after }: Steps,
): number | null {
  const current = stepAt(now, parameters.periodSeconds);
  let match: number | null = null;
  for (let step = Math.max(0, current - before); step <= current + after; step += 1) {
    if (sealer.equal(codeOf(secret, step, parameters), code)) match = step;
  }
  return match;
}
