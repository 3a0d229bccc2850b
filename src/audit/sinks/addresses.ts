// Which addresses a webhook may be posted to. Compared as numbers, so that no way to write one hides it; an IPv4 address
// inside an IPv6 one is unwrapped first.
import type { LookupFunction } from 'node:net';
import { BlockList, isIP } from 'node:net';
import { lookup } from 'node:dns';

/** IANA's special-purpose registries (RFC 6890): what is no address of the public Internet. */
const special = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  special.addSubnet(net, prefix, 'ipv4');
}
/** All of IPv6 that is not global unicast, `2000::/3`, is refused by not being there. */
const global = new BlockList();
global.addSubnet('2000::', 3, 'ipv6');
for (const [net, prefix] of [
  // Teredo, ORCHID and benchmarks; documentation.
  ['2001::', 23],
  ['2001:db8::', 32],
  ['3fff::', 20],
] as const) {
  special.addSubnet(net, prefix, 'ipv6');
}

/** Whether an address is one of the public Internet: what is not an address is not. */
export function isPublic(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !special.check(address, 'ipv4');
  if (family !== 6 || address.includes('%')) return false;
  const inner = unwrapped(address);
  if (inner !== undefined) return isPublic(inner);
  return global.check(address, 'ipv6') && !special.check(address, 'ipv6');
}

/** IPv4 within IPv6: mapped (RFC 4291 §2.5.5), NAT64 (RFC 6052, RFC 8215), 6to4 (RFC 3056). */
function unwrapped(address: string): string | undefined {
  const words = wordsOf(address);
  const [first = 0, second = 0, third = 0] = words;
  const ipv4 = (high: number, low: number) => [high >> 8, high & 255, low >> 8, low & 255].join('.');
  const last = ipv4(words[6] ?? 0, words[7] ?? 0);
  const isZero = (from: number, to: number) => words.slice(from, to).every((word) => word === 0);
  if (isZero(0, 5) && (words[5] === 0xffff || words[5] === 0)) return last;
  if (first === 0x64 && second === 0xff9b && (isZero(2, 6) || third === 1)) return last;
  if (first === 0x2002) return ipv4(second, third);
  return undefined;
}

/** The eight words of an IPv6 address. */
function wordsOf(address: string): number[] {
  const dotted = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const [a = 0, b = 0, c = 0, d = 0] = (dotted ?? []).slice(1).map(Number);
  const hex = (high: number, low: number) => ((high << 8) | low).toString(16);
  const plain = dotted ? `${address.slice(0, dotted.index)}${hex(a, b)}:${hex(c, d)}` : address;
  const [left = '', right] = plain.split('::');
  const parse = (part: string) => (part === '' ? [] : part.split(':').map((word) => parseInt(word, 16)));
  const [head, tail] = [parse(left), parse(right ?? '')];
  return [...head, ...Array<number>(Math.max(0, 8 - head.length - tail.length)).fill(0), ...tail];
}

/** The error of a connection that was not made. */
function refusedAddress(host: string): Error {
  return Object.assign(new Error(`${host} leads to an address that is not public`), { code: 'EPRIVATE' });
}

/** @throws Error where `host` is an address, and not a public one: a socket asks no lookup for those. */
export function requirePublicLiteral(host: string): void {
  const bare = host.replace(/^\[|\]$/g, '');
  if (isIP(bare) !== 0 && !isPublic(bare)) throw refusedAddress(host);
}

/**
 * For a socket: looks a name up and fails unless all of its addresses are public. What was checked is what is connected
 * to; a name that answers otherwise a moment later (DNS rebinding) gains nothing.
 */
export const publicLookup: LookupFunction = (host, options, done) => {
  lookup(host, { ...options, all: true }, (error, addresses) => {
    if (error) return done(error, '');
    const [first] = addresses;
    if (!first || !addresses.every(({ address }) => isPublic(address))) return done(refusedAddress(host), '');
    if (options.all) return done(null, addresses);
    done(null, first.address, first.family);
  });
};
