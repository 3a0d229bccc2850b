// Lists of a record that are the same few fields over and over, as one text each. A form fits a value exactly or not at
// all: what it does not fit is written out.
import { longWords, shortEvents, shortKinds } from '../words/compact-words.js';

/** `pack` answers undefined where the value is not of this form. `unpack` throws TypeError where the text is not. */
export type Form = { pack(value: unknown): string | undefined; unpack(text: string): unknown };

type Fields = { [name: string]: unknown };

/** How one field is written: behind its `mark`, as so many signs of a `pattern`. */
type Column = { name: string; mark?: string; pattern: string; length: number; isTime?: true };

/** Unix seconds from 1972 to 2038 have six digits to the base of 36. */
const time = (name: string): Column => ({ name, pattern: '[1-9a-z][0-9a-z]{5}', length: 6, isTime: true });
const text = (name: string, length: number): Column => ({ name, pattern: `[\\w-]{${length}}`, length });
const hash = text('hash', 22);

/** The forms by the name of the field that has them. */
export const forms: ReadonlyMap<string, Form> = new Map([
  ['known', listOf([text('id', 12), hash, time('createdAt')])],
  ['ended', listOf([text('id', 22), time('at')])],
  ['codes', listOf([hash], [{ ...time('usedAt'), mark: '.' }])],
  ['rows', rowsForm()],
  ['mac', macForm()],
]);

/** A list of objects, each with exactly the fields of one of the `kinds`, which differ in the mark of their first field. */
function listOf(...kinds: Column[][]): Form {
  const patterns = kinds.map((columns) =>
    columns.map(({ mark, pattern }) => `${mark ? `[${mark}]` : ''}${pattern}`).join(''),
  );
  const whole = new RegExp(`^(?:${patterns.join('|')})*$`);
  const marks = kinds.map(([first]) => first?.mark);
  const plain = kinds[marks.indexOf(undefined)] ?? [];
  const exact = new Map(kinds.map((columns, at) => [columns, new RegExp(`^${patterns[at] ?? ''}$`)]));

  function packOne(value: unknown): string | undefined {
    if (!isObject(value)) return undefined;
    const columns = kinds.find((each) => each.every(({ name }) => Object.hasOwn(value, name)));
    if (Object.keys(value).length !== columns?.length) return undefined;
    let packed = '';
    for (const { name, mark = '', length, isTime } of columns) {
      const written = isTime ? written36(value[name]) : value[name];
      if (typeof written !== 'string' || written.length !== length) return undefined;
      packed += mark + written;
    }
    return exact.get(columns)?.test(packed) ? packed : undefined;
  }

  return {
    pack(value) {
      const parts = Array.isArray(value) ? value.map(packOne) : [undefined];
      return parts.includes(undefined) ? undefined : parts.join('');
    },
    unpack(packed) {
      if (!whole.test(packed)) refuse();
      const list: Fields[] = [];
      for (let at = 0; at < packed.length;) {
        const one: Fields = {};
        for (const { name, mark, length, isTime } of kinds[marks.indexOf(packed[at])] ?? plain) {
          if (mark !== undefined) at += 1;
          const own = packed.slice(at, (at += length));
          one[name] = isTime ? parseInt(own, 36) : own;
        }
        list.push(one);
      }
      return list;
    },
  };
}

/** `[at, what, kind, browser]`, oldest first: seconds since the row before, and a sign for each of the others. */
function rowsForm(): Form {
  const [events, kinds] = [longWords(shortEvents), longWords(shortKinds)];
  const signOf = (signs: { readonly [word: string]: string }, word: unknown) =>
    typeof word === 'string' && Object.hasOwn(signs, word) ? signs[word] : undefined;
  return {
    pack(value) {
      if (!Array.isArray(value)) return undefined;
      let before = 0;
      let packed = '';
      for (const each of value as unknown[]) {
        if (!Array.isArray(each) || each.length !== 4) return undefined;
        const [at, what, kind, browser] = each as unknown[];
        const passed = typeof at === 'number' ? written36(at - before) : undefined;
        const [event, sign] = [signOf(shortEvents, what), signOf(shortKinds, kind)];
        const here = browser === -1 ? '-' : isDigit(browser) ? String(browser) : undefined;
        if (passed === undefined || event === undefined || sign === undefined || here === undefined) return undefined;
        packed += passed + event + sign + here;
        before = at as number;
      }
      return packed;
    },
    unpack(packed) {
      const rows: unknown[][] = [];
      let before = 0;
      for (let at = 0; at < packed.length;) {
        const from = at;
        while (isDigit36(packed.charCodeAt(at))) at += 1;
        if (at === from) refuse();
        before += parseInt(packed.slice(from, at), 36);
        const [event = '', sign = '', here = ''] = [packed[at], packed[at + 1], packed[at + 2]];
        at += 3;
        const browser = here === '-' ? -1 : /^\d$/.test(here) ? Number(here) : refuse();
        rows.push([before, events.get(event) ?? refuse(), kinds.get(sign) ?? refuse(), browser]);
      }
      return rows;
    },
  };
}

/** 0–9, a–z */
function isDigit36(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 97 && code <= 122);
}

/** `<key id>.<value>` */
function macForm(): Form {
  return {
    pack(value) {
      if (!isObject(value) || Object.keys(value).length !== 2) return undefined;
      const { keyId, value: own } = value;
      const isPlain = typeof keyId === 'string' && !keyId.includes('.') && typeof own === 'string';
      return isPlain ? `${keyId}.${own}` : undefined;
    },
    unpack(packed) {
      const dot = packed.indexOf('.');
      return dot < 0 ? refuse() : { keyId: packed.slice(0, dot), value: packed.slice(dot + 1) };
    },
  };
}

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A whole number to the base of 36; undefined for what would not come back as it was. */
function written36(value: unknown): string | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number).toString(36) : undefined;
}

function isDigit(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 9;
}

function refuse(): never {
  throw new TypeError('A text of the stored record is not of the form of its field.');
}
