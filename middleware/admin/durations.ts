// Times as people say them, in their language.

const units = [
  ['day', 86_400, 2],
  ['hour', 3600, 1],
  ['minute', 60, 1],
] as const;

function inUnit(lang: string, unit: string, number: number): string {
  return new Intl.NumberFormat(lang, { style: 'unit', unit, unitDisplay: 'long' }).format(number);
}

/** In the largest unit that is exact: `10 minutes`, `24 hours`, `30 days`. */
export function durationIn(lang: string, seconds: number): string {
  const exact = units.find(([, size, least]) => seconds >= least * size && seconds % size === 0);
  return exact ? inUnit(lang, exact[0], seconds / exact[1]) : inUnit(lang, 'second', seconds);
}

/** Near enough, of two of a unit at least: `90 seconds`, `2 hours`. */
export function roughly(lang: string, seconds: number): string {
  const unit = units.find(([, size]) => seconds >= 2 * size);
  return unit ? inUnit(lang, unit[0], Math.round(seconds / unit[1])) : inUnit(lang, 'second', Math.round(seconds));
}
