// The short form in which a store may keep a record, `v: 2`, without loss: what is not known here travels as it is. The mac
// of a record is over what comes out again, so this decides nothing about what is believed.
import { longWords, shortBundles, shortNames } from '../words/compact-words.js';
import { forms, isObject } from './compact-forms.js';
import { upgradeRecord, type MfaRecord } from './record.js';

type Fields = { [name: string]: unknown };

/** What a text begins with that does not stand for itself. */
const marks = {
  /** Sealed with the secret of the record's mac: what follows `v1.<key id>.`. */
  sealed: '!',
  /** The key id of the record's mac. */
  keyId: '^',
  /** A list of a form of its own. */
  formed: '*',
  /** What follows stands for itself. */
  literal: '~',
} as const;
const marked = new Set<string | undefined>(Object.values(marks));

const bundles = new Map(shortBundles.map(({ short, fields }) => [short, fields]));
/** What a stored name stands for: a field, fields that are always the same, or nothing that we ever write. */
const meanings = new Map<string, string | Fields | undefined>([
  // We never write the long name of what has a short one.
  ...Object.keys(shortNames).map((name) => [name, undefined] as const),
  ...longWords(shortNames),
  ...bundles,
]);
/** Names of our own in an object; a field of such a name is escaped. */
const ours = new Set([...longWords(shortNames).keys(), ...bundles.keys(), 'v']);

/** What an absent field of a record says; anew each time, so that nobody changes what is shared by all. */
const defaults = (): Fields => ({
  v: 1,
  attempts: {},
  trusted: [],
  known: [],
  skipped: {},
  owed: [],
  protected: true,
});
const usual = defaults();
/** Those of them that the record really does not have. */
const absent = '~';

/** A record as it is stored. */
export function compacted(record: MfaRecord): Fields {
  const fields: Fields = record;
  const keyId = keyIdOf(record.mac);
  const missing = Object.keys(usual).filter((name) => fields[name] === undefined);
  const stored: Fields = missing.length === 0 ? { v: 2 } : { v: 2, [absent]: missing };
  return packInto(stored, fields, { keyId, prefix: `v1.${keyId ?? ''}.` }, isDefault);
}

/**
 * Reads what a store kept: `v: 2`, or a record written out, `v: 1`.
 * @throws TypeError where it is of a version that this release does not know, or malformed
 */
export function readStoredRecord(stored: unknown): MfaRecord {
  if (!isObject(stored) || stored['v'] !== 2) return upgradeRecord(stored);
  const { v: _version, [absent]: missing = [], ...packed } = stored;
  if (!Array.isArray(missing)) throw new TypeError('The stored record is malformed.');
  const mac = packed[shortNames['mac'] ?? ''];
  const keyId = keyIdOf(typeof mac === 'string' && mac.startsWith(marks.formed) ? unpackText(mac, 'mac', '') : mac);
  const record = defaults();
  for (const name of missing) Reflect.deleteProperty(record, String(name));
  return upgradeRecord(unpackInto(record, packed, keyId ?? ''));
}

function isDefault(name: string, value: unknown): boolean {
  if (!Object.hasOwn(usual, name)) return false;
  if (Array.isArray(usual[name])) return Array.isArray(value) && value.length === 0;
  return isObject(usual[name]) ? isObject(value) && Object.keys(value).length === 0 : value === usual[name];
}

function keyIdOf(mac: unknown): string | undefined {
  const keyId = isObject(mac) && forms.get('mac')?.pack(mac) !== undefined ? mac['keyId'] : undefined;
  return typeof keyId === 'string' ? keyId : undefined;
}

type Sealing = { keyId: string | undefined; prefix: string };

function pack(value: unknown, field: string, sealing: Sealing): unknown {
  if (typeof value === 'string') return packText(value, sealing);
  if (typeof value !== 'object' || value === null) return value;
  const formed = forms.get(field)?.pack(value);
  if (formed !== undefined) return marks.formed + formed;
  if (Array.isArray(value)) return value.map((each) => pack(each, '', sealing));
  return packInto({}, value as Fields, sealing);
}

function packInto(
  stored: Fields,
  fields: Fields,
  sealing: Sealing,
  leaveOut?: (name: string, value: unknown) => boolean,
): Fields {
  const bundled = shortBundles.filter((bundle) => fits(bundle.fields, fields));
  for (const { short } of bundled) stored[short] = 0;
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    if (value === undefined || leaveOut?.(name, value)) continue;
    if (bundled.length > 0 && bundled.some((bundle) => Object.hasOwn(bundle.fields, name))) continue;
    put(stored, shortNameOf(name), pack(value, name, sealing));
  }
  return stored;
}

function fits(bundle: Fields, fields: Fields): boolean {
  for (const name in bundle) if (fields[name] !== bundle[name]) return false;
  return true;
}

/** A field of any name: what is assigned to `__proto__` would be no field. */
function put(fields: Fields, name: string, value: unknown): void {
  if (name !== '__proto__') fields[name] = value;
  else Object.defineProperty(fields, name, { value, enumerable: true, configurable: true, writable: true });
}

function shortNameOf(name: string): string {
  if (Object.hasOwn(shortNames, name)) return shortNames[name] ?? name;
  return ours.has(name) || name.startsWith(marks.literal) ? marks.literal + name : name;
}

function packText(text: string, { keyId, prefix }: Sealing): string {
  if (keyId !== undefined && text.startsWith(prefix)) return marks.sealed + text.slice(prefix.length);
  if (text === keyId) return marks.keyId;
  return marked.has(text[0]) ? marks.literal + text : text;
}

function unpack(value: unknown, field: string, keyId: string): unknown {
  if (typeof value === 'string') return unpackText(value, field, keyId);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => unpack(each, '', keyId));
  return unpackInto({}, value as Fields, keyId);
}

function unpackInto(record: Fields, stored: Fields, keyId: string): Fields {
  for (const short of Object.keys(stored)) {
    const meaning = meanings.get(short) ?? unmeant(short);
    if (typeof meaning === 'string') put(record, meaning, unpack(stored[short], meaning, keyId));
    else Object.assign(record, meaning);
  }
  return record;
}

/** A name that travels as it is, or escaped. */
function unmeant(short: string): string {
  if (meanings.has(short)) throw new TypeError('The stored record is malformed.');
  return short.startsWith(marks.literal) ? short.slice(1) : short;
}

function unpackText(text: string, field: string, keyId: string): unknown {
  switch (text[0]) {
    case marks.sealed:
      return `v1.${keyId}.${text.slice(1)}`;
    case marks.keyId:
      return keyId;
    case marks.literal:
      return text.slice(1);
    case marks.formed: {
      const form = forms.get(field);
      if (!form) throw new TypeError('The stored record is malformed.');
      return form.unpack(text.slice(1));
    }
    default:
      return text;
  }
}
