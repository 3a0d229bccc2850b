// The rows of an exported file: JSON, JSON line by line, or CSV with a line of names. What they mean is not known here.
import { readFile } from 'node:fs/promises';
import type { Row } from './importer.js';

/** Each row with its number in the file, from 1; `undefined` for one that cannot be read. @throws TypeError */
export async function readRows(path: string, list?: string): Promise<(Row | undefined)[]> {
  const text = (await readFile(path, 'utf8')).replace(/^\ufeff/, '').trim();
  if (text === '') return [];
  if (!/^[[{]/.test(text)) return csvRows(text);
  const whole = jsonOf(text);
  if (whole === undefined)
    return text
      .split('\n')
      .filter((line) => line.trim())
      .map((line) => rowOf(jsonOf(line)));
  if (Array.isArray(whole)) return whole.map(rowOf);
  const values: unknown[] = list === undefined ? Object.values(whole as Row) : [(whole as Row)[list]];
  const lists = values.filter((one) => Array.isArray(one)).filter((one) => list !== undefined || one.some(rowOf));
  // One line of JSON is one row, whatever lists of words it has.
  return lists.length > 0 ? lists.flat().map(rowOf) : [rowOf(whole)];
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const rowOf = (value: unknown): Row | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : undefined;

/** RFC 4180: commas, quotation marks doubled, line breaks within them. A line that is none is not read, and the next is. */
function csvRows(text: string): (Row | undefined)[] {
  // Sticky: it never looks for a cell further on, which in a file that is no CSV would take for ever.
  const cell = /(?:"([^"]*(?:""[^"]*)*)"|([^,\r\n"]*))(,|\r?\n|$)/y;
  const lines: (string[] | undefined)[] = [[]];
  for (let at = 0; ; at = cell.lastIndex) {
    cell.lastIndex = at;
    const [, quoted, bare = '', end] = cell.exec(text) ?? [];
    if (end === undefined) {
      lines.splice(-1, 1, undefined);
      cell.lastIndex = text.indexOf('\n', at) + 1;
      if (cell.lastIndex === 0) break;
    } else lines.at(-1)?.push(quoted?.replaceAll('""', '"') ?? bare);
    if (end === '') break;
    if (end !== ',') lines.push([]);
  }
  const [names, ...rows] = lines;
  return rows.map((cells) =>
    names && cells?.length === names.length
      ? Object.fromEntries(names.map((name, at) => [name, cells[at]]))
      : undefined,
  );
}
