// UUIDv7 (RFC 9562 §5.7): a time that sorts, then chance.
import type { Random } from '../core/words/random.js';

/** @param timeMs milliseconds since the Unix epoch */
export function uuid7(timeMs: number, random: Random): string {
  const bytes = random.bytes(10);
  bytes[0] = ((bytes[0] ?? 0) & 0x0f) | 0x70;
  bytes[2] = ((bytes[2] ?? 0) & 0x3f) | 0x80;
  const hex = Math.max(0, timeMs).toString(16).padStart(12, '0') + Buffer.from(bytes).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
