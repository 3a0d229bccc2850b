// Bars from the left, one below the other, each with its name and its number beside it; stacked in one; and columns of a histogram.
import { hatch, label, share, text, type Drawing } from './svg.js';

export type Bar = {
  label: string;
  /** The number, as it stands beside the bar. */
  text: string;
  value: number;
  /** How much of it is solid; the rest is hatched. */
  part?: number;
  tone?: 'good' | 'bad' | 'soft';
  /** A 95 % interval, drawn as a thin line. */
  from?: number;
  to?: number;
};

const tones = { good: 'mfa-s1', bad: 'mfa-s2', soft: 'mfa-s3' } as const;

export function bars(rows: readonly Bar[], max: number, row = 38): Drawing {
  const one = (id: string, { label: name, text: number, value, part, tone = 'good', from, to }: Bar, at: number) => {
    const y = at * row;
    const whisker =
      from === undefined || to === undefined
        ? ''
        : `<line class="mfa-whisk" x1="${share(from, max)}%" x2="${share(to, max)}%" y1="${y + 25}" y2="${y + 25}"/>` +
          [from, to]
            .map(
              (end) =>
                `<line class="mfa-whisk" x1="${share(end, max)}%" x2="${share(end, max)}%" y1="${y + 21}" y2="${y + 29}"/>`,
            )
            .join('');
    const whole =
      part === undefined
        ? ''
        : `<rect class="mfa-edge" fill="url(#${id}h)" x="0" y="${y + 20}" width="${share(value, max)}%" height="10"/>`;
    return (
      `<text x="0" y="${y + 13}">${label(name)}</text><text x="100%" y="${y + 13}" text-anchor="end">${text(number)}</text>` +
      `<line class="mfa-rule" x1="0" x2="100%" y1="${y + 25}" y2="${y + 25}"/>${whole}` +
      `<rect class="${tones[tone]}" x="0" y="${y + 20}" width="${share(part ?? value, max)}%" height="10"/>${whisker}`
    );
  };
  return {
    height: rows.length * row,
    draw: (id) =>
      `${hatch(id)}${rows.map((bar, at) => one(id, bar, at)).join('')}<line class="mfa-base" x1="0" x2="0" y1="16" y2="${rows.length * row - 4}"/>`,
  };
}

/** Parts of one whole, from left to right: solid, hatched, soft. */
export function stacked(parts: readonly [left: Bar, used: Bar, expired: Bar]): Drawing {
  const [left, used, expired] = parts;
  const whole = left.value + used.value + expired.value;
  const usedFrom = share(left.value, whole);
  const middle = share(left.value + used.value / 2, whole);
  return {
    height: 62,
    draw: (id) =>
      `${hatch(id)}<text x="0" y="12">${text(left.text)}</text><text x="100%" y="12" text-anchor="end">${text(expired.text)}</text>` +
      `<rect class="mfa-s1" x="0" y="20" width="${share(left.value, whole)}%" height="18"/>` +
      `<rect class="mfa-edge" fill="url(#${id}h)" x="${usedFrom}%" y="20" width="${share(used.value, whole)}%" height="18"/>` +
      `<rect class="mfa-s3" x="${share(left.value + used.value, whole)}%" y="20" width="${share(expired.value, whole)}%" height="18"/>` +
      `<line class="mfa-whisk" x1="${middle}%" x2="${middle}%" y1="38" y2="46"/><text x="${middle}%" y="57" text-anchor="${middle > 70 ? 'end' : middle < 30 ? 'start' : 'middle'}">${text(used.text)}</text>`,
  };
}

export type Column = { label: string; value: number; text: string; low?: boolean };

/** Columns side by side, those of few hatched; what the axis counts stands below. */
export function histogram(given: readonly Column[], axis: string, note: string): Drawing {
  const [floor, height] = [104, 80];
  const max = Math.max(1, ...given.map(({ value }) => value));
  const wide = 100 / Math.max(1, given.length);
  const one = (id: string, { label: name, value, text: number, low }: Column, at: number) => {
    const tall = +((height * value) / max).toFixed(1);
    const middle = ((at + 0.5) * wide).toFixed(2);
    return (
      `<rect class="${low ? 'mfa-edge mfa-b' : 'mfa-s1'}"${low ? ` fill="url(#${id}h)"` : ''} x="${(at * wide + wide * 0.12).toFixed(2)}%" y="${floor - tall}" width="${(wide * 0.76).toFixed(2)}%" height="${tall}"/>` +
      `<text class="mfa-axis" x="${middle}%" y="${(floor - tall - 4).toFixed(1)}" text-anchor="middle">${text(number)}</text>` +
      `<text class="mfa-axis" x="${middle}%" y="118" text-anchor="middle">${text(name)}</text>`
    );
  };
  return {
    height: 140,
    draw: (id) =>
      `${hatch(id, 'mfa-b')}<line class="mfa-base" x1="0" x2="100%" y1="${floor}" y2="${floor}"/>${given.map((each, at) => one(id, each, at)).join('')}` +
      `<text class="mfa-axis" x="0" y="136">${text(note)}</text><text class="mfa-axis" x="100%" y="136" text-anchor="end">${text(axis)}</text>`,
  };
}

export type Span = { label: string; text: string; median: number; p95: number };

/** From a dot at the middle to a mark below which 95 of 100 lie. */
export function spans(rows: readonly Span[], max: number, ends: readonly [from: string, to: string]): Drawing {
  const row = 38;
  const one = ({ label: name, text: number, median, p95 }: Span, at: number) => {
    const y = at * row;
    const [from, to] = [share(median, max), share(p95, max)];
    return (
      `<text x="0" y="${y + 13}">${label(name, 24)}</text><text x="100%" y="${y + 13}" text-anchor="end">${text(number)}</text>` +
      `<line class="mfa-rule" x1="0" x2="100%" y1="${y + 25}" y2="${y + 25}"/><line class="mfa-hx" x1="${from}%" x2="${to}%" y1="${y + 25}" y2="${y + 25}"/>` +
      `<line class="mfa-hx" x1="${to}%" x2="${to}%" y1="${y + 19}" y2="${y + 31}"/><circle class="mfa-s1" cx="${from}%" cy="${y + 25}" r="5"/>`
    );
  };
  const end = rows.length * row + 15;
  return {
    height: rows.length * row + 20,
    draw: () =>
      `${rows.map(one).join('')}<text class="mfa-axis" x="0" y="${end}">${text(ends[0])}</text><text class="mfa-axis" x="100%" y="${end}" text-anchor="end">${text(ends[1])}</text>`,
  };
}
