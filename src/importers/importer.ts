// What every reader of another system's rows is: which fields mean what. A reader knows its system's schema by heart, and
// guesses nothing from how a value looks; it knows no file, record or store.
import type { Json } from '../core/words/json.js';

export type Row = { readonly [field: string]: unknown };

/** What whoever moves people says of the source. */
export type Said = {
  encoding?: string | undefined;
  /** The key that the source encrypts with. */
  key?: string | undefined;
  /** The field with the id by which this app knows people. */
  userField?: string | undefined;
  secretField?: string | undefined;
  rpId?: string | undefined;
  /** Every passkey was made with the person verified. */
  verified?: boolean;
};

/** One method of a person; a reader throws `Unreadable` for a row that has one and cannot be read. */
export type Found = { userId: string; kind: string; input: Json; name?: string; lastUsedAt?: number };

/** What a person has there and no export gives out, in words for a count: `push`. Told, and made anew here. */
export type Untaken = { userId: string; cannot: string };

export type Importer = {
  name: string;
  /** Where an export is one object: the list in it that has the rows. Else every list counts. */
  list?: string;
  /** What has to be said; of a list in it, one. */
  needs?: readonly (keyof Said | readonly (keyof Said)[])[];
  read(row: Row, said: Said): (Found | Untaken)[];
};

/** In a list of all that a person has: the rest of it is taken. */
export const unknownType = 'method of a type that is not known';

/** Why a row was not taken, as the end of a sentence; never with a secret. */
export class Unreadable extends Error {}

/** @throws Unreadable for a number that JSON has rounded: as an id it would be somebody else's */
export function textOf(row: Row, ...names: string[]): string | undefined {
  for (const name of names) {
    const value = row[name];
    if (typeof value === 'string' && value !== '') return value;
    if (typeof value !== 'number') continue;
    if (Number.isSafeInteger(value)) return String(value);
    throw new Unreadable(`the field ${name} is a number that JSON does not keep; export it as text`);
  }
  return undefined;
}

/** @throws Unreadable */
export function need(row: Row, ...names: string[]): string {
  const text = textOf(row, ...names);
  if (text === undefined) throw new Unreadable(`the field ${names[0]} is missing`);
  return text;
}

/** The id of a person: of the field that was said, and of no other then. @throws Unreadable */
export function personOf(row: Row, { userField }: Said, ...usual: string[]): string {
  return userField === undefined ? need(row, ...usual) : need(row, userField);
}

/** Of JSON in a text, as databases keep it, or of an object. @throws Unreadable */
export function objectOf(row: Row, ...names: string[]): Row {
  const value = names.map((name) => row[name]).find((one) => one !== undefined && one !== null);
  try {
    const read: unknown = typeof value === 'string' ? JSON.parse(value) : value;
    if (typeof read === 'object' && read !== null) return read as Row;
  } catch {
    // The message of JSON.parse has a piece of the text in it, which is a secret.
  }
  throw new Unreadable(`the field ${names[0]} is no JSON`);
}

/** A list of objects, or the JSON of one. @throws Unreadable */
export function rowsOf(row: Row, ...names: string[]): Row[] {
  const list: unknown = objectOf(row, ...names);
  if (Array.isArray(list) && list.every((one) => typeof one === 'object' && one !== null)) return list as Row[];
  throw new Unreadable(`the field ${names[0]} is no list of objects`);
}

export function isTrue(value: unknown): boolean {
  return value === true || value === 1 || value === '1' || value === 't' || value === 'true';
}

/** What an app counts with, where the row says so. */
export function countingOf(row: Row): { [name: string]: string | number } {
  const known = ['algorithm', 'digits', 'period'].flatMap((name) => {
    const value = textOf(row, name);
    return value === undefined ? [] : [[name, name === 'algorithm' ? value : Number(value)] as const];
  });
  return Object.fromEntries(known);
}

/** Unix seconds of a date as databases and JSON write it. */
export function secondsOf(value: unknown): number | undefined {
  const text = typeof value === 'string' ? value : '';
  const ms = typeof value === 'number' ? (value < 1e11 ? value * 1000 : value) : Date.parse(text);
  return Number.isFinite(ms) ? Math.floor(ms / 1000) : undefined;
}

const alphabets: { [encoding: string]: RegExp } = {
  base64url: /^[\w-]+={0,2}$/,
  base64: /^[A-Za-z0-9+/]+={0,2}$/,
  hex: /^(?:\\x)?(?:[0-9a-fA-F]{2})+$/,
};

/** 0 where there is none; NaN, which no factor takes, of what is no number. */
export function numberOf(value: unknown): number {
  return typeof value === 'object' && value !== null ? NaN : Number(value ?? 0);
}

/** As base64url. `hex` as PostgreSQL writes bytes, `\x` before it or not. @throws Unreadable */
export function bytesOf(text: string, encoding: string, name: string): string {
  if (!alphabets[encoding]?.test(text)) throw new Unreadable(`the field ${name} is not ${encoding}`);
  const plain = encoding === 'hex' ? text.replace('\\x', '') : text;
  return Buffer.from(plain, encoding as BufferEncoding).toString('base64url');
}

/** What all passkeys have; undefined is left out. */
export function passkey(fields: { [name: string]: Json | undefined }, { rpId, verified }: Said): Json {
  const given = Object.entries({ rpId, verified, ...fields }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as Json;
}

/** `internal,hybrid`, or a list, or the JSON of one. */
export function listOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.filter((one) => typeof one === 'string');
  return typeof value === 'string' ? value.split(/[^a-z-]+/).filter(Boolean) : [];
}
