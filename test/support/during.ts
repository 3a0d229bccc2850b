// What the tests of one `describe` share, as a browser or a site: opened before the first test, closed after the last.

/** Says how to open it; the answer gives it to each test. */
export function during<T extends { close(): unknown }>(open: () => Promise<T>): () => T {
  let opened: T | undefined;
  before(async () => {
    opened = await open();
  });
  after(() => opened?.close());
  return () => {
    if (opened === undefined) throw new Error('This is open only while tests run.');
    return opened;
  };
}
