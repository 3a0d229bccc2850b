// Finds the known name that a misspelt one most likely meant.

/**
 * The nearest of `known` by edits, at most three away and less than half the word; else the one that begins so, as
 * `maxAge` for `maxAgeSeconds`; nothing otherwise.
 */
export function nearest(name: string, known: readonly string[]): string | undefined {
  let best: { name: string; edits: number } | undefined;
  for (const candidate of known) {
    const edits = distance(name.toLowerCase(), candidate.toLowerCase());
    if (edits <= 3 && edits < candidate.length / 2 && (!best || edits < best.edits)) best = { name: candidate, edits };
  }
  const begun = known.filter((candidate) => name.length > 3 && candidate.toLowerCase().startsWith(name.toLowerCase()));
  return best?.name ?? (begun.length === 1 ? begun[0] : undefined);
}

/** Levenshtein's distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
