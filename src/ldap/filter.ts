// Filters of searches (RFC 4515): what is put into one is a value and nothing else, whoever typed it.

const escapes: { readonly [character: string]: string } = {
  '*': '\\2a',
  '(': '\\28',
  ')': '\\29',
  '\\': '\\5c',
  '\0': '\\00',
};

/** RFC 4515 §3. */
export function escapeFilterValue(text: string): string {
  return text.replace(/[*()\\\0]/g, (character) => escapes[character] ?? '');
}

/** @param filter with `{login}` and the like in it */
export function fillFilter(filter: string, values: { readonly [slot: string]: string }): string {
  return filter.replace(/\{(\w+)\}/g, (whole, slot: string) =>
    Object.hasOwn(values, slot) ? escapeFilterValue(values[slot] ?? '') : whole,
  );
}
