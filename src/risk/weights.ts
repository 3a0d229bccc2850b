// What each signal is worth, and from where on: the defaults, and an app's own, checked once. Knows no sign-in.
import { MfaError } from '../core/words/errors.js';
import { nearest } from '../core/words/nearest.js';

/** Points, 0 to 100 each. */
export const defaultPoints = {
  /** Family and system of a browser that is not known are both new. */
  device: 25,
  /** One of both is. */
  devicePartly: 10,
  network: 10,
  country: 30,
  travel: 60,
  denyList: 60,
  /** An anonymous proxy or a data centre. */
  reputation: 30,
  failures: 20,
  manyFailures: 60,
  dormant: 20,
  change: 20,
};
/** How many points each signal is worth. */
export type RiskPoints = typeof defaultPoints;

export const defaultLimits = {
  /** From how many points on a level begins. */
  medium: 30,
  high: 60,
  /** For how long a browser's family and system, a network and a country count as seen. */
  deviceDays: 30,
  networkDays: 90,
  countryDays: 180,
  /** Beyond what the two places are accurate to. */
  travelKm: 100,
  travelKmPerHour: 900,
  failures: 3,
  manyFailures: 10,
  failuresMinutes: 15,
  dormantDays: 30,
  changeHours: 24,
};
/** From where on a signal fires, and a level begins. */
export type RiskLimits = typeof defaultLimits;

/** What a limit may be at most: no more is kept of what it counts. */
const mostOf: { readonly [limit in keyof RiskLimits]: number } = {
  medium: 100,
  high: 100,
  deviceDays: 180,
  networkDays: 180,
  countryDays: 180,
  travelKm: 20_000,
  travelKmPerHour: 100_000,
  failures: 20,
  manyFailures: 20,
  failuresMinutes: 60,
  dormantDays: 3650,
  changeHours: 24 * 365,
};

/** Of two, the second may not be worth less than the first, or something adverse would lower the score. */
const rising: readonly (readonly [less: keyof RiskPoints, more: keyof RiskPoints])[] = [
  ['devicePartly', 'device'],
  ['failures', 'manyFailures'],
];

/** @throws MfaError `config.invalid_option`, `config.unknown_option` */
export function readPoints(given: Partial<RiskPoints> = {}): RiskPoints {
  const points = merged('points', defaultPoints, given, () => 100, 0);
  for (const [less, more] of rising) {
    if (points[less] > points[more])
      refuse(`\`points.${less}\` is ${points[less]}, and \`points.${more}\`, which is worse, ${points[more]}.`);
  }
  return points;
}

/** @throws MfaError as `readPoints` */
export function readLimits(given: Partial<RiskLimits> = {}): RiskLimits {
  const limits = merged('limits', defaultLimits, given, (name) => mostOf[name], 1);
  for (const [less, more] of [
    ['medium', 'high'],
    ['failures', 'manyFailures'],
  ] as const) {
    if (limits[less] >= limits[more])
      refuse(`\`limits.${less}\` is ${limits[less]}; it must be less than \`limits.${more}\`, ${limits[more]}.`);
  }
  return limits;
}

function merged<T extends { [name: string]: number }>(
  option: string,
  defaults: T,
  given: unknown,
  mostFor: (name: keyof T & string) => number,
  least: number,
): T {
  if (typeof given !== 'object' || given === null) refuse(`\`${option}\` takes an object.`);
  const names = Object.keys(defaults);
  for (const [name, value] of Object.entries(given as { [name: string]: unknown })) {
    if (value === undefined) continue;
    if (!names.includes(name)) {
      const guess = nearest(name, names);
      const help = guess === undefined ? `It takes ${names.join(', ')}.` : `Did you mean \`${guess}\`?`;
      throw new MfaError('config.unknown_option', `riskByHistory: \`${option}\` has no \`${name}\`. ${help}`);
    }
    const most = mostFor(name);
    if (!Number.isInteger(value) || (value as number) < least || (value as number) > most)
      refuse(`\`${option}.${name}\` takes a whole number from ${least} to ${most}.`);
  }
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(set) };
}

function refuse(sentence: string): never {
  throw new MfaError('config.invalid_option', `riskByHistory: ${sentence}`);
}
