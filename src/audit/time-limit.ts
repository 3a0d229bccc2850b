// Work that may take so long and no longer.

/**
 * Runs `work` with a signal that ends when `signal` does, and after `ms` at the latest. Not by `AbortSignal.any`: what is collected as
 * garbage takes a time limit out of it, or an end, and who waits by it waits for ever (nodejs/node issues 57736 and 65995).
 */
export async function withTimeLimit<T>(
  ms: number,
  signal: AbortSignal,
  work: (ends: AbortSignal) => Promise<T>,
): Promise<T> {
  const either = [signal, AbortSignal.timeout(ms)];
  const ends = new AbortController();
  const end = () => ends.abort();
  if (signal.aborted) end();
  for (const each of either) each.addEventListener('abort', end, { once: true });
  try {
    return await work(ends.signal);
  } finally {
    for (const each of either) each.removeEventListener('abort', end);
  }
}
