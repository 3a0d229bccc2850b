// Distinguished names (RFC 4514) in one spelling, so that two of one entry are the same text: whatever the case, the spaces, the
// escapes and the order within a part. Knows no directory.

/** RFC 4514 §3, and what X.509 tools write. */
const shortNames: { readonly [oid: string]: string } = {
  '2.5.4.3': 'cn',
  '2.5.4.7': 'l',
  '2.5.4.8': 'st',
  '2.5.4.10': 'o',
  '2.5.4.11': 'ou',
  '2.5.4.6': 'c',
  '2.5.4.9': 'street',
  '0.9.2342.19200300.100.1.25': 'dc',
  '0.9.2342.19200300.100.1.1': 'uid',
};
const longNames: { readonly [name: string]: string } = {
  commonname: 'cn',
  localityname: 'l',
  stateorprovincename: 'st',
  organizationname: 'o',
  organizationalunitname: 'ou',
  countryname: 'c',
  streetaddress: 'street',
  domaincomponent: 'dc',
  userid: 'uid',
};

/** One piece of a name: an escaped pair, a quoted text, a separator, or a character. */
const pieces = /\\([0-9a-f]{2})|\\([^0-9a-f])|"((?:[^"\\]|\\.)*)"|([,+])|([^\\"])/giuy;

type Piece = { byte: string } | { text: string } | { end: ',' | '+' };

/** The same text for all spellings of a name; undefined for what is none. The name of the root is empty. */
export function normalName(name: string): string | undefined {
  if (name.trim() === '') return '';
  const parts = splitName(name);
  const normal = parts?.map((pairs) => pairs.map(normalPair));
  if (!normal?.every((pairs) => pairs.every((pair) => pair !== undefined))) return undefined;
  return normal.map((pairs) => pairs.sort().join('+')).join(',');
}

/** In parts, and those in pairs. */
function splitName(name: string): Piece[][][] | undefined {
  const parts: Piece[][][] = [[[]]];
  const read = piecesOf(name);
  for (const piece of read ?? []) {
    if ('end' in piece && piece.end === ',') parts.push([[]]);
    else if ('end' in piece) parts.at(-1)?.push([]);
    else parts.at(-1)?.at(-1)?.push(piece);
  }
  return read && parts;
}

function piecesOf(name: string): Piece[] | undefined {
  const found: Piece[] = [];
  pieces.lastIndex = 0;
  let read = 0;
  for (let match = pieces.exec(name); match; match = pieces.exec(name)) {
    const [whole, byte, escaped, quoted, end, plain] = match;
    read += whole.length;
    if (byte !== undefined) found.push({ byte });
    else if (end !== undefined) found.push({ end: end as ',' });
    // What was escaped or quoted is kept as it is: no separator, no space to be trimmed, no beginning of a value in hex.
    else if (quoted !== undefined) found.push(...bytesOf(quoted.replace(/\\(.)/gsu, '$1')));
    else if (escaped !== undefined) found.push(...bytesOf(escaped));
    else found.push({ text: plain ?? '' });
  }
  return read === name.length ? found : undefined;
}

function bytesOf(text: string): Piece[] {
  return [...Buffer.from(text)].map((byte) => ({ byte: byte.toString(16).padStart(2, '0') }));
}

function normalPair(all: Piece[]): string | undefined {
  const at = all.findIndex((piece) => 'text' in piece && piece.text === '=');
  if (at === -1) return undefined;
  const type = typeOf(all.slice(0, at));
  const value = valueOf(trimmed(all.slice(at + 1)));
  return type === undefined || value === undefined ? undefined : `${type}=${JSON.stringify(value)}`;
}

function typeOf(all: Piece[]): string | undefined {
  const text = all.map((piece) => ('text' in piece ? piece.text : '\\')).join('');
  const type = text
    .trim()
    .toLowerCase()
    .replace(/^oid\./, '');
  if (!/^([a-z][a-z0-9-]*|\d+(\.\d+)+)$/.test(type)) return undefined;
  return shortNames[type] ?? longNames[type] ?? type;
}

/** Without the spaces around it that are not escaped. */
function trimmed(all: Piece[]): Piece[] {
  const isSpace = (piece: Piece | undefined) => piece !== undefined && 'text' in piece && piece.text === ' ';
  let [from, to] = [0, all.length];
  while (from < to && isSpace(all[from])) from += 1;
  while (to > from && isSpace(all[to - 1])) to -= 1;
  return all.slice(from, to);
}

/** As caseIgnoreMatch compares (RFC 4518): without case, of compatible characters, of several spaces one. */
function valueOf(all: Piece[]): string | undefined {
  const [first] = all;
  const bytes = Buffer.concat(
    all.map((piece) =>
      'byte' in piece ? Buffer.from(piece.byte, 'hex') : Buffer.from('text' in piece ? piece.text : ''),
    ),
  );
  const isHex = first !== undefined && 'text' in first && first.text === '#';
  const text = isHex ? textOfHex(bytes.toString()) : bytes.toString();
  return text?.normalize('NFKC').toLowerCase().trim().replace(/\s+/gu, ' ');
}

/** The content of `#` and a BER value in hex: of strings, which are all that a name is made of in practice, the text. */
function textOfHex(text: string): string | undefined {
  const [tag = 0, length, ...content] = Buffer.from(text.slice(1), 'hex');
  if (!/^#([0-9a-f]{2})+$/i.test(text) || length === undefined) return undefined;
  const isString = [0x04, 0x0c, 0x13, 0x14, 0x16].includes(tag) && length < 0x80 && content.length === length;
  // No text begins so that is written otherwise.
  return isString ? Buffer.from(content).toString() : `\0${text}`;
}
