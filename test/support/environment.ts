// NODE_ENV for as long as something runs: it is one for all files of a process, so whoever changes it puts it back.

/** `undefined` takes it away. What was there before is there again at the end, and nothing where nothing was. */
export async function inEnvironment<T>(name: string | undefined, run: () => T | Promise<T>): Promise<T> {
  const before = process.env.NODE_ENV;
  set(name);
  try {
    return await run();
  } finally {
    set(before);
  }
}

/** An assignment of `undefined` would leave the text "undefined". */
function set(name: string | undefined): void {
  if (name === undefined) delete process.env.NODE_ENV;
  else process.env.NODE_ENV = name;
}
