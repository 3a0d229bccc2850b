// Reads a line of CEF, written from the ArcSight CEF Implementation Standard and from nothing of ours: seven header
// fields divided by pipes that are not escaped, then `key=value` pairs divided by one space.

type CefLine = {
  vendor: string;
  product: string;
  productVersion: string;
  eventClassId: string;
  name: string;
  severity: string;
  extension: { [key: string]: string };
};

/** @throws Error where the line breaks a rule of the standard. */
export function parseCef(line: string): CefLine {
  if (/[\r\n]/.test(line)) throw new Error('An event is one line.');
  const fields: string[] = [];
  let rest = line;
  while (fields.length < 7) {
    const found = /^((?:\\\\|\\\||[^|\\])*)\|/.exec(rest);
    if (!found) throw new Error(`Header field ${fields.length + 1} does not end: ${rest.slice(0, 80)}`);
    fields.push(found[1]!.replace(/\\([\\|])/g, '$1'));
    rest = rest.slice(found[0].length);
  }
  const [version = '', vendor = '', product = '', productVersion = '', eventClassId = '', name = ''] = fields;
  const severity = fields[6]!;
  if (version !== 'CEF:0') throw new Error(`Not CEF: ${version}`);
  if (!/^(\d|10)$/.test(severity)) throw new Error(`Severity ${severity}`);
  return { vendor, product, productVersion, eventClassId, name, severity, extension: parseExtension(rest) };
}

function parseExtension(text: string): { [key: string]: string } {
  const extension: { [key: string]: string } = {};
  // A key stands at the beginning or after a space, and its equals sign is not escaped.
  const keys = [...text.matchAll(/(?:^| )([A-Za-z0-9]+)=/g)];
  if (text !== '' && keys[0]?.index !== 0) throw new Error(`The extension begins with no key: ${text.slice(0, 80)}`);
  keys.forEach((found, at) => {
    const key = found[1]!;
    const value = text.slice(found.index + found[0].length, keys[at + 1]?.index ?? text.length);
    const bare = value.replace(/\\[\\=nr]/g, '');
    if (/[\\=]/.test(bare)) throw new Error(`${key} holds what must be escaped: ${value}`);
    if (Object.hasOwn(extension, key)) throw new Error(`${key} stands twice`);
    extension[key] = value.replace(/\\([\\=nr])/g, (_, c: string) => ({ n: '\n', r: '\r' })[c] ?? c);
  });
  for (const key of Object.keys(extension).filter((name) => /^(cs|cn)\d$/.test(name))) {
    if (!extension[`${key}Label`]) throw new Error(`${key} has no label`);
  }
  return extension;
}
