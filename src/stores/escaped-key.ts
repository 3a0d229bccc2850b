// Names as every store can keep them: plain ASCII, in which two different texts never become one, whatever a server makes of case,
// accents, trailing spaces, NUL or half a character. What is named is not known here.

/**
 * Escapes every UTF-16 unit but plain ones as `%` and four digits. Two different ids never become one key, and none
 * can close a hash tag of Redis. `encodeURIComponent` would throw on half a surrogate pair, UTF-8 would merge all of them.
 */
export function escapeKey(text: string): string {
  // Redis ignores an empty hash tag, so the empty text has a name that no other text gets.
  if (text === '') return '%';
  return text.replace(/[^\w.@:/-]/g, (unit) => `%${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** What `escapeKey` was given. */
export function unescapeKey(text: string): string {
  if (text === '%') return '';
  return text.replace(/%([0-9a-f]{4})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)));
}
