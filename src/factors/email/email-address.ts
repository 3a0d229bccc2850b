// What counts as one e-mail address. Stricter than RFC 5321 where leniency is an attack: no quoted local part, no
// comment, no list, no control character, so that one address can never become two recipients or a header.
import { domainToASCII } from 'node:url';
import type { ParsedAddress } from '../one-time-code/channel.js';

const maxLength = 254; // RFC 5321 §4.5.3.1.3, less the angle brackets
const maxLocalLength = 64; // RFC 5321 §4.5.3.1.1
const dotAtom = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Spaces around it are forgiven; the domain becomes lower case and, where it is international, its ASCII form. */
export function parseEmailAddress(typed: unknown): ParsedAddress {
  if (typeof typed !== 'string') return { hint: 'email.missing' };
  const text = typed.replace(/^ +| +$/g, '');
  if (text === '') return { hint: 'email.missing' };
  if (text.length > maxLength) return { hint: 'email.too_long' };
  if (/[\p{Cc}\u2028\u2029]/u.test(text)) return { hint: 'email.invalid' };
  if (/[,;]/.test(text)) return { hint: 'email.only_one' };
  const at = text.lastIndexOf('@');
  const local = text.slice(0, Math.max(0, at));
  const domain = asciiDomain(text.slice(at + 1));
  if (at < 1 || local.length > maxLocalLength || !dotAtom.test(local) || domain === undefined) {
    return { hint: 'email.invalid' };
  }
  const address = `${local}@${domain}`;
  return address.length > maxLength ? { hint: 'email.too_long' } : { address };
}

function asciiDomain(typed: string): string | undefined {
  // The URL parser behind domainToASCII would read these as something else than part of a name.
  if (/[\s/\\:@?#[\]%<>()"]/.test(typed)) return undefined;
  const domain = domainToASCII(typed);
  const labels = domain.split('.');
  // A last label of digits would be an IP address, or a number that the URL parser made one of.
  const isName = labels.length >= 2 && labels.every((part) => label.test(part)) && !/^\d+$/.test(labels.at(-1) ?? '');
  return isName && domain.length <= 253 ? domain : undefined;
}

/** `Ann+shop@Example.com` and `ann@example.com` reach one mailbox nearly everywhere: for limits they are one. */
export function mailboxOf(address: string): string {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, at).split('+')[0] ?? '';
  return `${local}${address.slice(at)}`.toLowerCase();
}
