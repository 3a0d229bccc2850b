// Lists of a record that are the same few fields over and over, as one text each. A form fits a value exactly or not at
// all: what it does not fit is written out.
import { longWords, shortEvents, shortKinds } from '../words/compact-words.js';

/** `pack` answers undefined where the value is not of this form. `unpack` throws TypeError where the text is not. */
export type Form = { pack(value: unknown): string | undefined; unpack(text: string): unknown };

type Fields = { [name: string]: unknown };

/** How one field is written: behind its `mark`, in a `pattern` that tells where it ends. */
type Column = { name: string; mark?: string; pattern: string; isTime?: true };

const hash: Column = { name: 'hash', pattern: '[\\w-]{22}' };
/** Unix seconds from 1972 to 2038 have six digits to the base of 36. */
const timePattern = '[1-9a-z][0-9a-z]{5}';
const time = (name: string): Column => ({ name, pattern: timePattern, isTime: true });
const text = (name: string, length: number): Column => ({ name, pattern: `[\\w-]{${length}}` });

/** The forms by the name of the field that has them. */
export const forms: ReadonlyMap<string, Form> = new Map([
  ['known', listOf([text('id', 12), hash, time('createdAt')])],
  ['ended', listOf([text('id', 22), time('at')])],
  ['codes', listOf([hash], [{ ...time('usedAt'), mark: '.' }])],
  ['rows', rowsForm()],
  ['mac', macForm()],
]);

/** A list of objects, each with exactly the fields of one of the `kinds`. */
function listOf(...kinds: Column[][]): Form {
  const patterns = kinds.map(
    (columns) => new RegExp(columns.map(({ mark, pattern }) => `${mark ? `[${mark}]` : ''}(${pattern})`).join(''), 'y'),
  );
  const exact = new Map(kinds.flat().map((column) => [column, new RegExp(`^${column.pattern}$`)]));

  function packOne(value: unknown): string | undefined {
    if (!isObject(value)) return undefined;
    const columns = kinds.find((each) => each.every(({ name }) => Object.hasOwn(value, name)));
    if (Object.keys(value).length !== columns?.length) return undefined;
    const parts = columns.map((column) => {
      const own = value[column.name];
      const written = column.isTime ? written36(own) : typeof own === 'string' ? own : undefined;
      if (written === undefined || exact.get(column)?.test(written) !== true) return undefined;
      return (column.mark ?? '') + written;
    });
    return parts.includes(undefined) ? undefined : parts.join('');
  }

  function read(packed: string, at: number): { parts: RegExpExecArray; columns: Column[] } {
    for (const [kind, pattern] of patterns.entries()) {
      pattern.lastIndex = at;
      const parts = pattern.exec(packed);
      if (parts) return { parts, columns: kinds[kind] ?? [] };
    }
    return refuse();
  }

  return {
    pack(value) {
      const parts = Array.isArray(value) ? value.map(packOne) : [undefined];
      return parts.includes(undefined) ? undefined : parts.join('');
    },
    unpack(packed) {
      const list: Fields[] = [];
      for (let at = 0; at < packed.length;) {
        const { parts, columns } = read(packed, at);
        at += parts[0].length;
        const one: Fields = {};
        for (const [index, { name, isTime }] of columns.entries()) {
          const own = parts[index + 1] ?? '';
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
  const row = /([0-9a-z]+)([A-Z])([A-Z-])([\d-])/y;
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
      row.lastIndex = 0;
      while (row.lastIndex < packed.length) {
        const [, passed = '', event = '', sign = '', here = ''] = row.exec(packed) ?? refuse();
        before += parseInt(passed, 36);
        const [what, kind] = [events.get(event) ?? refuse(), kinds.get(sign) ?? refuse()];
        rows.push([before, what, kind, here === '-' ? -1 : Number(here)]);
      }
      return rows;
    },
  };
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
