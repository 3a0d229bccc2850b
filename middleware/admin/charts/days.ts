// Days from left to right: as a line, or, where counts are small, as columns. Zero at the bottom, always; the running day is
// hollow, dashed or hatched.
import { hatch, roundUp, share, text, type Drawing } from './svg.js';

export type DayLine = {
  title: string;
  values: readonly number[];
  /** What stands at the right end: how much of the running day there is. */
  now: string;
  /** Begin of months: which value, and its name. */
  marks: readonly { at: number; text: string }[];
  tone?: 'bad';
  height?: number;
  number: (value: number) => string;
};

const top = 26;

function frame(
  { title, now, marks, number }: DayLine,
  { max, height, steps, halves }: { max: number; height: number; steps: number; halves: boolean },
): string {
  const y = (value: number) => +(top + height - (height * value) / max).toFixed(1);
  const rules = (halves ? [max, max / 2] : [max]).map(
    (value) =>
      `<line class="mfa-rule" x1="0" x2="100%" y1="${y(value)}" y2="${y(value)}"/><text class="mfa-axis" x="-6" y="${y(value) + 4}" text-anchor="end">${text(number(value))}</text>`,
  );
  const named = marks.map(
    ({ at, text: name }) =>
      `<line class="mfa-rule" x1="${share(at, steps)}%" x2="${share(at, steps)}%" y1="${top + height + 2}" y2="${top + height + 7}"/><text class="mfa-axis" x="${share(at, steps)}%" y="${top + height + 16}" dx="2">${text(name)}</text>`,
  );
  return (
    `<text class="mfa-lab" x="-38" y="12">${text(title)}</text><text x="100%" y="12" text-anchor="end">${text(now)}</text>` +
    `${rules.join('')}<line class="mfa-base" x1="0" x2="100%" y1="${y(0)}" y2="${y(0)}"/><text class="mfa-axis" x="-6" y="${y(0) + 4}" text-anchor="end">0</text>${named.join('')}`
  );
}

/** Of one day there is no line: a dot. */
export function line(given: DayLine): Drawing {
  const { values, tone, height = 100 } = given;
  const steps = Math.max(1, values.length - 1);
  const max = roundUp(Math.max(0, ...values));
  const points = values.map((value, at) => `${at},${(100 - (100 * value) / max).toFixed(2)}`);
  const last = values.at(-1) ?? 0;
  const cls = tone === 'bad' ? ' mfa-b' : '';
  const stretched =
    values.length < 2
      ? ''
      : `<svg x="0" y="${top}" width="100%" height="${height}" viewBox="0 0 ${steps} 100" preserveAspectRatio="none" overflow="visible"><polyline class="mfa-ln${cls}" vector-effect="non-scaling-stroke" points="${points.slice(0, -1).join(' ')}"/><polyline class="mfa-ln mfa-run${cls}" vector-effect="non-scaling-stroke" points="${points.slice(-2).join(' ')}"/></svg>`;
  const end =
    values.length === 0
      ? ''
      : `<circle class="mfa-hole${cls}" cx="${values.length < 2 ? 0 : 100}%" cy="${(top + height - (height * last) / max).toFixed(1)}" r="3.5"/>`;
  return {
    axis: true,
    height: top + height + 22,
    draw: () => `${frame(given, { max, height, steps, halves: true })}${stretched}${end}`,
  };
}

export function columns(given: DayLine): Drawing {
  const { values, tone, height = 64 } = given;
  const steps = Math.max(1, values.length);
  const max = Math.max(4, ...values);
  const bars = (id: string) =>
    values.map((value, at) => {
      if (value === 0) return '';
      const isRunning = at === values.length - 1;
      const tall = +((height * value) / max).toFixed(1);
      const cls = isRunning ? `mfa-edge${tone === 'bad' ? ' mfa-b' : ''}` : tone === 'bad' ? 'mfa-s2' : 'mfa-s1';
      const fill = isRunning ? ` fill="url(#${id}h)"` : '';
      return `<rect class="${cls}"${fill} x="${share(at, steps)}%" y="${+(top + height - tall).toFixed(1)}" width="${share(0.8, steps)}%" height="${tall}"/>`;
    });
  return {
    axis: true,
    height: top + height + 22,
    draw: (id) =>
      `${hatch(id, tone === 'bad' ? 'mfa-b' : '')}${frame(given, { max, height, steps, halves: false })}${bars(id).join('')}`,
  };
}
