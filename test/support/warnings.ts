// What Node is told with `process.emitWarning` while something runs. It passes it on a turn later.

export type Warned = Error & { code?: string };

export async function warningsOf(run: () => unknown): Promise<Warned[]> {
  const warned: Warned[] = [];
  const hear = (warning: Warned) => void warned.push(warning);
  process.on('warning', hear);
  try {
    await run();
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.off('warning', hear);
  }
  return warned;
}
