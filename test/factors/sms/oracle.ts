// Two oracles written from the standards, independent of what they test: the parser of origin-bound one-time code
// messages (WICG sms-one-time-codes §3.2) and the GSM 7-bit alphabet by code points (3GPP TS 23.038 §6.2.1).

type OriginBoundCode = { topLevelOrigin: string; embeddedOrigin: string | null; code: string };

/** "Parse an origin-bound one-time code message", step by step; `undefined` is failure. */
export function parseOriginBoundCode(message: string): OriginBoundCode | undefined {
  const normalized = message.replace(/\r\n/g, '\n').replace(/\r/g, '\n');
  const line = normalized.split('\n').at(-1) ?? '';
  const at = { position: 0 };
  const topLevelHost = extractMarkedToken(line, at, '@');
  if (topLevelHost === undefined) return undefined;
  if (line[at.position] !== ' ') return undefined;
  at.position += 1;
  const code = extractMarkedToken(line, at, '#');
  if (code === undefined) return undefined;
  let embeddedOrigin: string | null = null;
  if (line[at.position] === ' ') {
    at.position += 1;
    const embeddedHost = extractMarkedToken(line, at, '@');
    if (embeddedHost !== undefined) embeddedOrigin = `https://${embeddedHost}`;
  }
  return { topLevelOrigin: `https://${topLevelHost}`, embeddedOrigin, code };
}

function extractMarkedToken(text: string, at: { position: number }, marker: string): string | undefined {
  if (text[at.position] !== marker) return undefined;
  at.position += 1;
  let token = '';
  while (at.position < text.length && !/[\t\n\f\r ]/.test(text[at.position] ?? '')) {
    token += text[at.position] ?? '';
    at.position += 1;
  }
  return token === '' ? undefined : token;
}

const ranges: [from: number, to: number][] = [
  [0x20, 0x23],
  [0x25, 0x5a],
  [0x61, 0x7a],
];
const singles = [
  0x0a, 0x0d, 0x24, 0x40, 0x5f, 0xa1, 0xa3, 0xa4, 0xa5, 0xa7, 0xbf, 0xc4, 0xc5, 0xc6, 0xc7, 0xc9, 0xd1, 0xd6, 0xd8,
  0xdc, 0xdf, 0xe0, 0xe4, 0xe5, 0xe6, 0xe8, 0xe9, 0xec, 0xf1, 0xf2, 0xf6, 0xf8, 0xf9, 0xfc, 0x393, 0x394, 0x398, 0x39b,
  0x39e, 0x3a0, 0x3a3, 0x3a6, 0x3a8, 0x3a9,
];
const escaped = [0x0c, 0x5b, 0x5c, 0x5d, 0x5e, 0x7b, 0x7c, 0x7d, 0x7e, 0x20ac];

/** Septets of a text, `undefined` where the alphabet cannot write it. */
export function septetsOf(text: string): number | undefined {
  let septets = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    if (escaped.includes(point)) septets += 2;
    else if (singles.includes(point) || ranges.some(([from, to]) => point >= from && point <= to)) septets += 1;
    else return undefined;
  }
  return septets;
}
