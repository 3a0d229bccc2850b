// Networks whose sign-ins look risky whatever else is true of them. Read once; knows no place.
import { BlockList, isIP } from 'node:net';
import { MfaError } from '../core/words/errors.js';

/** Whether an address is on the list. */
export type DenyList = (address: string | undefined) => boolean;

/**
 * @param networks CIDR, `198.51.100.0/24`, `2001:db8::/32`, or single addresses
 * @throws MfaError `config.invalid_option` for what is none
 */
export function readDenyList(networks: readonly string[] = []): DenyList {
  if (!Array.isArray(networks)) refuse(networks);
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix, ...rest] = String(network).split('/');
    const family = isIP(address);
    const most = family === 4 ? 32 : 128;
    const bits = prefix === undefined ? most : /^\d{1,3}$/.test(prefix) ? Number(prefix) : NaN;
    if (family === 0 || rest.length > 0 || address.includes('%') || !(bits >= 1 && bits <= most)) refuse(network);
    list.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6');
  }
  return (address) => {
    const plain = plainAddress(address);
    const family = isIP(plain);
    return family !== 0 && list.check(plain, family === 4 ? 'ipv4' : 'ipv6');
  };
}

/** Of a socket that hears both, IPv4 comes written as IPv6; a zone names an interface of this machine. */
export function plainAddress(address: string | undefined): string {
  const [plain = ''] = (address ?? '').split('%', 1);
  const four = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1];
  return four ?? plain;
}

function refuse(given: unknown): never {
  const words = `riskByHistory: \`denyList\` has ${JSON.stringify(given)}; it takes networks such as 198.51.100.0/24 or 2001:db8::/32.`;
  throw new MfaError('config.invalid_option', words);
}
