// Tokens that need not be kept, because they can be made again.
import type { Kernel } from '../../src/core/kernel/kernel.js';

/** HMAC-SHA-256 of `value`, base64url, 43 characters: nobody makes it who does not have our secret. */
export function derivedToken({ sealer }: Kernel, purpose: string, value: string): string {
  return Buffer.from(sealer.digest(purpose, value)).toString('base64url');
}
