// The network that an address is in: what stays the same while a provider hands out addresses. Knows no list of networks.

/** The /24 of an IPv4 address, the /48 of an IPv6 one, as text to compare; undefined for what is no address. */
export function networkOf(address: string | undefined): string | undefined {
  const [plain = ''] = (address ?? '').toLowerCase().split('%', 1);
  const four = /^(?:::ffff:)?(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}$/.exec(plain)?.[1];
  if (four !== undefined) return four.split('.').every((part) => Number(part) <= 255) ? four : undefined;
  if (!/^[0-9a-f:]+(\.\d+){0,3}$/.test(plain) || !plain.includes(':')) return undefined;
  const [before = '', after] = plain.split('::', 2);
  const head = before === '' ? [] : before.split(':');
  const tail = after === undefined || after === '' ? [] : after.split(':');
  const zeros = after === undefined ? 0 : Math.max(0, 8 - head.length - tail.length);
  const groups = [...head, ...Array.from({ length: zeros }, () => '0'), ...tail].map((group) => parseInt(group, 16));
  if (groups.length < 3 || groups.slice(0, 3).some((group) => !(group >= 0 && group <= 0xffff))) return undefined;
  return groups
    .slice(0, 3)
    .map((group) => group.toString(16))
    .join(':');
}
