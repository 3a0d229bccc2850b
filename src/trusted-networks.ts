// Networks in which the sign-in step is not asked: read once, asked with the address of each request. An address that anybody can
// claim is of no network.
import { BlockList, isIP, isIPv4 } from 'node:net';
import type { Request } from 'express';
import { MfaError } from './core/words/errors.js';

type Trusts = (address: string, hop: number) => boolean;

/**
 * @param networks CIDR, `10.0.0.0/8`, `2001:db8::/32`, or single addresses
 * @throws MfaError `config.invalid_option` for what is none, and for a network that is everybody's
 */
export function readNetworks(networks: readonly string[]): (req: Request) => boolean {
  if (networks.length === 0) return () => false;
  const list = new BlockList();
  for (const network of networks) {
    const { address, bits } = parse(network);
    list.addSubnet(address, bits, isIPv4(address) ? 'ipv4' : 'ipv6');
  }
  return (req) => {
    if (believesAnybody(req)) return false;
    const address = plainAddress(req.ip ?? '');
    return address !== undefined && list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
  };
}

function parse(network: string): { address: string; bits: number } {
  const [given = '', prefix, ...rest] = network.split('/');
  const address = plainAddress(given);
  const family = isIP(given);
  const whole = family === 4 ? 32 : 128;
  const bits = prefix === undefined ? whole : /^\d{1,3}$/.test(prefix) ? Number(prefix) : NaN;
  if (address === undefined || rest.length > 0 || given.includes('%') || !(bits >= 1 && bits <= whole)) {
    const words = `\`trustedNetworks\` has ${JSON.stringify(network)}; it takes networks such as 10.0.0.0/8 or 2001:db8::/32.`;
    throw new MfaError('config.invalid_option', words);
  }
  // IPv4 written as IPv6 is met as IPv4.
  if (family === 6 && isIPv4(address)) {
    if (bits > 96) return { address, bits: bits - 96 };
    const words = `\`trustedNetworks\` has ${JSON.stringify(network)}, which is all of IPv4. Name the networks that are yours.`;
    throw new MfaError('config.invalid_option', words);
  }
  return { address, bits };
}

/** Without a zone, and as IPv4 where it is that: a dual socket has `::ffff:10.1.2.3`. Undefined for what is no address. */
function plainAddress(given: string): string | undefined {
  const [address = ''] = given.split('%', 1);
  if (isIP(address) !== 6) return isIP(address) === 4 ? address : undefined;
  const { hostname } = new URL(`http://[${address}]`);
  const [, high, low] = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(hostname) ?? [];
  if (high === undefined || low === undefined) return address;
  const numbers = [high, low].flatMap((part) => [parseInt(part, 16) >> 8, parseInt(part, 16) & 255]);
  return numbers.join('.');
}

/**
 * Whether `req.ip` is whatever a client says: `trust proxy: true`, or trust in an address that is nobody's (RFC 5737) behind any
 * number of proxies.
 */
function believesAnybody(req: Request): boolean {
  const app = req.app as Request['app'] | undefined;
  const trusts = app?.get('trust proxy fn') as Trusts | undefined;
  return trusts?.('192.0.2.1', 99) === true;
}
