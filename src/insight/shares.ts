// What a few counts say: a share with its 95 % interval, a middle, a quantile of a histogram. Pure numbers.

/** Below so many answers a share says nothing, and only the numbers are shown. */
export const fewest = 10;

export type Share = { share: number; low: number; high: number };

/** Wilson's interval (95 %): also right for few answers, and for none refused. */
export function shareOf(part: number, whole: number): Share | undefined {
  if (whole < fewest) return undefined;
  const z = 1.96;
  const share = part / whole;
  const over = 1 + (z * z) / whole;
  const middle = (share + (z * z) / (2 * whole)) / over;
  const half = (z * Math.sqrt((share * (1 - share)) / whole + (z * z) / (4 * whole * whole))) / over;
  return { share, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

export function medianOf(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

/**
 * The bound within which `part` of what was counted lies; infinite where that is beyond the last.
 * @param counts by upper bound; `more` for what is beyond all
 */
export function quantileOf(counts: { readonly [bound: string]: number }, bounds: readonly number[], part: number) {
  const total = Object.values(counts).reduce((sum, each) => sum + each, 0);
  if (total === 0) return undefined;
  let met = 0;
  for (const bound of bounds) {
    met += counts[bound] ?? 0;
    if (met >= total * part) return bound;
  }
  return Infinity;
}
