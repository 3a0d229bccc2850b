// How a sender says that a message did not go out, and what of a provider's words may be repeated. Knows no provider.
import { MfaError } from '../core/words/errors.js';
import type { Message } from '../core/kernel/ports.js';

/** Codes of Node.js for connections that were never made: the message cannot have gone out. */
export const neverReached: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/**
 * A failed send.
 * @param definite true only if the provider surely did not take the message: it said so, or was never reached.
 */
export function sendFailed(sender: string, why: string, definite: boolean, cause?: unknown): MfaError {
  return new MfaError('connector.send_failed', `${sender}: ${why}`, { details: { definite }, cause });
}

/** A provider's throttle or quota answer; such a message was not taken. */
export function throttled(sender: string, why: string, retryAfterSeconds?: number, cause?: unknown): MfaError {
  const details = { definite: true, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
  return new MfaError('connector.rate_limit_exceeded', `${sender}: ${why}`, { details, cause });
}

/**
 * What a provider said, fit for a log. Many repeat the request in their errors: the text with the code, the address
 * and whatever looks like either are struck out, and no more than 300 characters are kept.
 */
export function redact(said: string, message: Message, secrets: readonly string[] = []): string {
  const struck = [message.text, message.html, message.code, message.to, message.to.replace('+', ''), ...secrets]
    .filter((word): word is string => word !== undefined && word.length > 0)
    .reduce((text, word) => text.replaceAll(word, '…'), said.slice(0, 4000));
  return struck
    .replace(/[^\s<>"'()]{1,64}@[^\s<>"'(),;]+/g, '…')
    .replace(/\d{4,}|\d{2,3}(?:[ -]\d{2,3})+/g, '…')
    .replace(/\p{C}+/gu, ' ')
    .slice(0, 300);
}
