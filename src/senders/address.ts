// Who a message may go to: one address, and nothing that a mail header or a provider could read as two. Every sender
// asks here again, although the factors checked before: a recipient is the one value that comes from a person.
import { MfaError } from '../core/words/errors.js';
import type { Channel } from '../core/kernel/ports.js';

/** A mailbox that messages come from. */
export type Mailbox = { address: string; name?: string };

/**
 * One address, as the HTML Standard's "valid e-mail address" (a willful violation of RFC 5322: no comments, no quoted
 * local parts, no display name), with letters of every script allowed. Neither part can hold a separator.
 */
const emailPattern =
  /^[\p{L}\p{M}\p{N}.!#$%&'*+/=?^_`{|}~-]{1,64}@[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?(?:\.[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?)*$/u;

/** ITU-T E.164: a plus, a country code that does not begin with 0, at most 15 digits in all. */
const phonePattern = /^\+[1-9]\d{6,14}$/;

/** Whether `value` is one e-mail address of at most 254 octets (RFC 5321 §4.5.3.1.3, less the angle brackets). */
export function isEmailAddress(value: unknown): value is string {
  return typeof value === 'string' && Buffer.byteLength(value) <= 254 && emailPattern.test(value);
}

/** Whether `value` is one telephone number in E.164 form: `+15550100123`. */
export function isPhoneNumber(value: unknown): value is string {
  return typeof value === 'string' && phonePattern.test(value);
}

/**
 * Refuses a recipient that is not exactly one address of the channel, before anything is sent.
 * @throws MfaError `connector.send_failed`, `definite`; the address itself is not in the message.
 */
export function requireRecipient(sender: string, channel: Channel, to: unknown): string {
  if (channel === 'email' && isEmailAddress(to)) return to;
  if (channel === 'sms' && isPhoneNumber(to)) return to;
  const wanted = channel === 'email' ? 'one e-mail address' : 'one telephone number in E.164 form';
  throw new MfaError('connector.send_failed', `${sender}: the recipient is not ${wanted}; nothing was sent.`, {
    details: { definite: true },
  });
}

/** Reads `no-reply@acme.example`, `Acme <no-reply@acme.example>` or a Mailbox; `undefined` where it is none. */
export function parseMailbox(value: unknown): Mailbox | undefined {
  const named = typeof value === 'string' ? /^\s*"?([^"<>]*?)"?\s*<([^<>]*)>\s*$/.exec(value) : null;
  const mailbox: unknown = typeof value === 'string' ? { address: named?.[2] ?? value, name: named?.[1] } : value;
  if (typeof mailbox !== 'object' || mailbox === null) return undefined;
  const { address, name } = mailbox as { address?: unknown; name?: unknown };
  if (!isEmailAddress(address)) return undefined;
  if (name === undefined || name === '') return { address };
  return typeof name === 'string' && name.length <= 100 && !/\p{C}/u.test(name) ? { address, name } : undefined;
}

/** A mailbox as a header has it: the name quoted (RFC 5322 §3.2.4), or in encoded words (RFC 2047 §2) if not ASCII. */
export function formatMailbox({ address, name }: Mailbox): string {
  if (name === undefined) return address;
  const plain = /^[\x20-\x7e]*$/.test(name);
  return `${plain ? `"${name.replace(/["\\]/g, '\\$&')}"` : encodedWords(name)} <${address}>`;
}

// An encoded word is at most 75 characters long and holds whole characters: 45 octets are 60 characters of base64.
function encodedWords(name: string): string {
  const pieces: string[] = [''];
  for (const character of name) {
    const last = pieces[pieces.length - 1] ?? '';
    if (Buffer.byteLength(last + character) > 45) pieces.push(character);
    else pieces[pieces.length - 1] = last + character;
  }
  return pieces.map((piece) => `=?UTF-8?B?${Buffer.from(piece).toString('base64')}?=`).join(' ');
}
