// What clients sent, fit for a field that has a type: an address only where it is one, a number only where it is one,
// text cut with a mark. Knows no format.
import { isIP, isIPv4 } from 'node:net';

/** Where text was cut. */
export const cutMark = '…';

/** At most `length` UTF-16 units, never half a character, with a mark where something is missing. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const kept = text.slice(0, Math.max(0, length - cutMark.length));
  return (/[\uD800-\uDBFF]$/.test(kept) ? kept.slice(0, -1) : kept) + cutMark;
}

/** Text that UTF-8 can carry: half of a pair becomes U+FFFD, as an encoder would have it. */
export function wellFormed(text: string): string {
  return text.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD');
}

/** An IP address without a zone, an IPv4 one as IPv4 however it is written; undefined for anything else. */
export function ipOf(text: string | undefined): string | undefined {
  // A zone (`fe80::1%eth0`) means something on one machine alone; databases of addresses refuse it.
  if (text === undefined || isIP(text) === 0 || text.includes('%')) return undefined;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(text)?.[1];
  return mapped !== undefined && isIPv4(mapped) ? mapped : text;
}

/** Unix milliseconds of an ISO 8601 text or of a number of milliseconds; undefined for anything else. */
export function msOf(value: unknown): number | undefined {
  const ms = typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) ? Date.parse(value) : value;
  return typeof ms === 'number' && Number.isSafeInteger(ms) && ms >= 0 && ms <= 8.64e15 ? ms : undefined;
}

/** A whole number from 0, or undefined. */
export function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** What a told risk says: a score from 0 to 100, a level, or both. */
export function riskOf(risk: string | undefined): { score?: number; level?: 'low' | 'medium' | 'high' } {
  const level = (['low', 'medium', 'high'] as const).find((word) => new RegExp(`\\b${word}\\b`).test(risk ?? ''));
  const score = Number(/(?<![\w.-])\d{1,3}(?![\w.])/.exec(risk ?? '')?.[0] ?? NaN);
  return { ...(score <= 100 ? { score } : {}), ...(level === undefined ? {} : { level }) };
}

/** One line of JSON, without any character that some reader takes for the end of a line. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Without fields that are undefined, and without objects in which nothing is left. */
export function compact<T extends object>(value: T): T {
  const kept = Object.entries(value).flatMap(([key, field]: [string, unknown]) => {
    const isPlain = typeof field === 'object' && field !== null && !Array.isArray(field);
    const inner = isPlain ? compact(field) : field;
    const isEmpty = inner === undefined || (isPlain && Object.keys(inner as object).length === 0);
    return isEmpty ? [] : [[key, inner] as const];
  });
  return Object.fromEntries(kept) as T;
}
