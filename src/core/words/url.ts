// Reads an address that may be none.

/**
 * The address that `text` says, from `base` where it is relative; undefined where it says none. Not by `URL.canParse`, which
 * in Node.js 20 calls every whole address with a letter such as `é` none once it was asked some thousand times (its quick way reads
 * Latin-1 as UTF-8); and `URL.parse` came with 22.
 */
export function urlOf(text: string, base?: string): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}
