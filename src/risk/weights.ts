// What each signal is worth, and from where on: the defaults, and an app's own, checked once. Knows no sign-in.
import { MfaError } from '../core/words/errors.js';
import { nearest } from '../core/words/nearest.js';

/** How many points each signal is worth, 0 to 100 each; the score is at most 100. */
export type RiskPoints = {
  /** Family and system of a browser that is not known are both new. Default 25. */
  device: number;
  /** One of both is. Default 10. */
  devicePartly: number;
  /** Default 10. */
  network: number;
  /** Default 30. */
  country: number;
  /** Default 60. */
  travel: number;
  /** Default 60. */
  denyList: number;
  /** An anonymous proxy or a data centre. Default 30. */
  reputation: number;
  /** Default 20. */
  failures: number;
  /** Default 60. */
  manyFailures: number;
  /** Default 20. */
  dormant: number;
  /** Default 20. */
  change: number;
};

export const defaultPoints: RiskPoints = {
  device: 25,
  devicePartly: 10,
  network: 10,
  country: 30,
  travel: 60,
  denyList: 60,
  reputation: 30,
  failures: 20,
  manyFailures: 60,
  dormant: 20,
  change: 20,
};

/** From where on a signal fires, and a level begins. */
export type RiskLimits = {
  /** From how many points on a level begins. Default 30 and 60. */
  medium: number;
  high: number;
  /** For how long a browser's family and system, a network and a country count as seen. Default 30, 90 and 180. */
  deviceDays: number;
  networkDays: number;
  countryDays: number;
  /** Beyond what the two places are accurate to. Default 100. */
  travelKm: number;
  /** Default 900. */
  travelKmPerHour: number;
  /** Wrong answers. Default 3 and 10, within 15 minutes. */
  failures: number;
  manyFailures: number;
  failuresMinutes: number;
  /** Default 30. */
  dormantDays: number;
  /** Default 24. */
  changeHours: number;
};

export const defaultLimits: RiskLimits = {
  medium: 30,
  high: 60,
  deviceDays: 30,
  networkDays: 90,
  countryDays: 180,
  travelKm: 100,
  travelKmPerHour: 900,
  failures: 3,
  manyFailures: 10,
  failuresMinutes: 15,
  dormantDays: 30,
  changeHours: 24,
};

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
