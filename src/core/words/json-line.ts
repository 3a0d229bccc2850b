// JSON that stands in one line for every reader of lines: some take U+2028 and U+2029 for the end of one.

export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(/[\u2028\u2029]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`);
}
