// What every figure is made of: the same numbers as a picture, as a table, and as a file. Numbers are written as the reader's
// language has them, in the file as programs do.
import type { Words } from '../pages/messages.js';
import type { Cell, Figure } from '../pages/overview-models.js';
import { share } from './charts/svg.js';
import { csvField } from '../../src/insight/csv-field.js';

export type Told = {
  number(value: number): string;
  percent(value: number): string;
  t: Words['t'];
  /** What a kind of method is called. */
  kind(kind: string): string;
  /** `29 Nov` */
  day(day: string): string;
  month(day: string): string;
};

type As = 'text' | 'number' | 'percent' | 'seconds';

/** A figure as it is made. Per cent are numbers from 0 to 100. `urls`: of the first cell of each row. `isRunning`: the first row is a day that is not over. */
export type MadeFigure = {
  name: string;
  says: string;
  svg?: string;
  columns: readonly (readonly [key: string, as: As])[];
  rows: readonly (readonly Cell[])[];
  urls?: readonly (string | undefined)[];
  isRunning?: true;
  /** Its first number is a bar in the table, in the stead of a picture; what comes last stands there below the first. */
  hasBars?: true;
  size?: 'wide' | 'full';
};

export function toldIn(words: Words): Told {
  const number = new Intl.NumberFormat(words.lang);
  const percent = new Intl.NumberFormat(words.lang, {
    style: 'percent',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  const dates = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(words.lang, { timeZone: 'UTC', ...options });
  const [day, month] = [dates({ day: 'numeric', month: 'short' }), dates({ month: 'short' })];
  const at = (text: string) => Date.parse(`${text}T12:00:00Z`);
  const { t } = words;
  const known = (kind: string) => t([`admin.kind.${kind}`, `factor.${kind}.name`, 'factor.generic.name']);
  return {
    t,
    number: (value) => number.format(value),
    percent: (value) => percent.format(value / 100),
    // Of kinds that the catalogue does not know there may be several.
    kind: (kind) => (known(kind) === t('factor.generic.name') ? `${known(kind)} (${kind})` : known(kind)),
    day: (text) => day.format(at(text)),
    month: (text) => month.format(at(text)),
  };
}

export function shownFigure(told: Told, made: MadeFigure, home: string, range: number): Figure {
  const { name, says, svg, columns, rows, urls = [], isRunning, hasBars, size } = made;
  const most = Math.max(1, ...rows.map(([, value]) => Number(value)));
  return {
    name,
    title: told.t(`admin.figure.${name}`),
    says,
    ...(svg === undefined ? {} : { svg }),
    columns: columns
      .slice(0, hasBars && -1)
      .map(([key, as]) => ({ label: told.t(`admin.column.${key}`), isNumber: as !== 'text' })),
    rows: rows.map((row, at) =>
      row.slice(0, hasBars && -1).map((cell, index) => {
        const url = index === 0 ? urls[at] : undefined;
        const text = shownCell(told, cell, columns[index]?.[1] ?? 'text');
        const runs = isRunning && at === 0 && index === 0;
        return {
          text: runs ? told.t('admin.chart.running', { day: text }) : text,
          ...(url === undefined ? {} : { url }),
          ...(hasBars && index === 0 ? { note: String(row.at(-1)) } : {}),
          ...(hasBars && index === 1 ? { bar: share(Number(cell), most) } : {}),
        };
      }),
    ),
    ...(size === undefined ? {} : { size }),
    csvUrl: `${home}/charts/${name}.csv?range=${range}`,
  };
}

function shownCell({ number, percent, t }: Told, cell: Cell, as: As): string {
  if (cell === undefined) return '–';
  if (typeof cell === 'string') return cell;
  if (as === 'percent') return percent(cell);
  if (as === 'seconds') return Number.isFinite(cell) ? t('admin.seconds', { seconds: cell }) : t('admin.seconds.more');
  return number(cell);
}

/** RFC 4180, the head in the reader's language; no field begins a formula. */
export function figureCsv({ t }: Pick<Told, 't'>, { columns, rows }: MadeFigure): string {
  const units: { readonly [as in As]?: string } = { percent: ' (%)', seconds: ' (s)' };
  const head = columns.map(([key, as]) => csvField(`${t(`admin.column.${key}`)}${units[as] ?? ''}`));
  const line = (row: readonly Cell[]) =>
    row
      .map((cell) => csvField(typeof cell === 'number' && !Number.isFinite(cell) ? t('admin.seconds.more') : cell))
      .join(',');
  return `${[head.join(','), ...rows.map(line)].join('\r\n')}\r\n`;
}

/** One decimal, as it is shown. */
export function perCent(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : Math.round((1000 * part) / whole) / 10;
}
