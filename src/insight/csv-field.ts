// A field of CSV that somebody opens in a spreadsheet: it begins no formula (OWASP CSV Injection), and no sign in it turns a line around
// or ends it.

/** Signs that turn the line, or that some readers take for its end. */
export const turning = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

export const written = (sign: string) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;

export type Field = string | number | undefined;

/** Always in quotes (RFC 4180 §2), and never a formula to a spreadsheet, whatever blanks come before it. */
export function csvField(value: Field): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = value.replace(turning, (sign) => (/[\t\r\n]/.test(sign) ? ' ' : written(sign)));
  const plain = /^\s*[=+\-@|%\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
  return `"${plain.replace(/"/g, '""')}"`;
}

export function csvRow(fields: readonly Field[]): string {
  return `${fields.map(csvField).join(',')}\r\n`;
}
