// How many of many said what, for answers that arrive at once.

/** How often each word occurs. */
export function tally(words: readonly (string | number)[]): { [word: string]: number } {
  const counts: { [word: string]: number } = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
