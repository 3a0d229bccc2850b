// Charts for whatever comes: labels that are markup or long, nothing at all, one day, very many; and the figures that they are made of.
import { expect } from 'chai';
import { bars, histogram, spans, stacked, type Bar } from '../../../middleware/admin/charts/bars.js';
import { columns, line, type DayLine } from '../../../middleware/admin/charts/days.js';
import { picture, roundUp } from '../../../middleware/admin/charts/svg.js';
import { figureCsv, type MadeFigure } from '../../../middleware/admin/figure.js';
import { dayFigures, everyDay, unusualDay, weekFigures, type DayFigures } from '../../../src/insight/day-figures.js';
import { medianOf, quantileOf, shareOf } from '../../../src/insight/shares.js';

const hostile = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'&quot;",
  '\u0000\u0007',
  '=cmd|x',
  'a'.repeat(300),
];

/** Each tag that is begun is one of ours, and is closed. */
function expectSound(svg: string, name: string): void {
  const tags = [...svg.matchAll(/<(\/?)([a-zA-Z]+)([^>]*?)(\/?)>/g)];
  const open: string[] = [];
  for (const [, end, tag = '', attributes = '', closed] of tags) {
    expect(tag, name).to.match(/^(svg|title|desc|defs|pattern|line|rect|circle|polyline|text)$/);
    expect(attributes, name).not.to.match(/style=|\bon\w+=|NaN|Infinity|undefined/);
    if (end) expect(open.pop(), name).to.equal(tag);
    else if (!closed) open.push(tag);
  }
  expect(open, name).to.deep.equal([]);
  expect(svg.replace(/<[^>]+>/g, ''), name).not.to.match(/[<>]/);
}

const dayLine = (values: number[], title = 'Accepted'): DayLine => ({
  ...{ title, values, now: 'now', number: String },
  marks: [{ at: 0, text: title }],
});

describe('a chart', () => {
  it('takes every label as text, and cuts what is too long', () => {
    for (const label of hostile) {
      const bar: Bar = { label, text: label.slice(0, 30), value: 3, part: 1, from: 0.1, to: 0.4 };
      const drawings = [
        bars([bar], 5),
        stacked([bar, bar, bar]),
        histogram([{ label, text: label, value: 2, low: true }], label, label),
        spans([{ label, text: label.slice(0, 40), median: 3, p95: 9 }], 60, [label, label]),
        line(dayLine([1, 2], label)),
        columns(dayLine([1, 2], label)),
      ];
      for (const drawing of drawings) expectSound(picture('id', label, label, drawing), label);
      expect(bars([bar], 5).draw('id')).not.to.include('a'.repeat(35));
    }
  });

  it('draws nothing, one day, and very many, with no number that is none', () => {
    const many = Array.from({ length: 400 }, (_, at) => at * 1_000_000);
    for (const values of [[], [0], [7], [0, 0, 0], many]) {
      for (const drawing of [line(dayLine(values)), columns(dayLine(values))])
        expectSound(picture('id', 't', 'd', drawing), `${values.length} days`);
    }
    const none: Bar = { label: 'none', text: '0', value: 0 };
    for (const drawing of [
      bars([], 0),
      bars([none], 0),
      stacked([none, none, none]),
      histogram([], '', ''),
      spans([], 0, ['', '']),
    ])
      expectSound(picture('id', 't', 'd', drawing), 'nothing');
    expect([0, 1, 3, 7, 101, 999].map(roundUp)).to.deep.equal([2, 2, 4, 8, 200, 1000]);
  });

  it('is a file that no spreadsheet takes for a formula', () => {
    const made: MadeFigure = {
      name: 'x',
      says: '',
      columns: [
        ['method', 'text'],
        ['share', 'percent'],
      ],
      rows: hostile.map((label) => [label, 1.5]),
    };
    const csv = figureCsv({ t: (key) => String(key) }, made);
    expect(csv).to.include('"\'=cmd|x",1.5').and.include('"admin.column.share (%)"');
    expect(csv.trim().split('\r\n')).to.have.length(hostile.length + 1);
  });
});

describe('the figures of days', () => {
  const day = (refused: number, at: number): DayFigures => ({
    ...{ day: new Date(Date.UTC(2026, 8, 1 + at)).toISOString().slice(0, 10), accepted: 0, refused },
    ...{ lockOuts: 0, recoveries: 0, codesUsed: 1 },
  });

  it('have a row for every day, across the end of a month, a year and a leap day', () => {
    const days = everyDay([{ day: '2028-02-29', counts: { 'codes/used': 2 }, people: 1 }], '2027-12-31', '2028-03-01');
    expect(days).to.have.length(62);
    expect(dayFigures(days).filter(({ codesUsed }) => codesUsed > 0)).to.deep.include({
      ...day(0, 0),
      day: '2028-02-29',
      codesUsed: 2,
    });
  });

  it('call a day unusual by its weekday alone, and only where many were refused', () => {
    const quiet = Array.from({ length: 70 }, (_, at) => day(at % 7 === 0 ? 40 : 5, at));
    expect(unusualDay(quiet)).to.equal(undefined);
    const loud = quiet.map((each, at) => (at === 66 ? { ...each, refused: 21 } : each));
    expect(unusualDay(loud)).to.deep.equal({ day: loud[66]?.day, refused: 21, usual: 5 });
    expect(unusualDay(quiet.map((each, at) => (at === 66 ? { ...each, refused: 19 } : each)))).to.equal(undefined);
    expect(unusualDay([])).to.equal(undefined);
  });

  it('begin a week on Monday', () => {
    const weeks = weekFigures(Array.from({ length: 8 }, (_, at) => day(0, at + 5)));
    expect(weeks).to.deep.equal([
      { week: '2026-08-31', days: 1, codesUsed: 1 },
      { week: '2026-09-07', days: 7, codesUsed: 7 },
    ]);
  });

  it('are shares with an interval, above nine answers', () => {
    expect(shareOf(3, 9)).to.equal(undefined);
    const { share = 0, low = 0, high = 0 } = shareOf(10, 100) ?? {};
    expect([share, low, high].map((value) => value.toFixed(3))).to.deep.equal(['0.100', '0.055', '0.174']);
    expect(shareOf(0, 20)?.low).to.be.closeTo(0, 1e-12);
    expect([medianOf([]), medianOf([3]), medianOf([1, 9, 2, 4])]).to.deep.equal([undefined, 3, 3]);
    const seconds = { '5': 10, '10': 9, more: 1 };
    expect([0.5, 0.95, 0.99].map((part) => quantileOf(seconds, [1, 5, 10], part))).to.deep.equal([5, 10, Infinity]);
    expect(quantileOf({}, [1], 0.5)).to.equal(undefined);
  });
});
