// From where somebody signed in before, in their record: bounded, and sealed as a whole, so that it reads for nobody without
// the app's secrets. Inside, networks and browsers are keyed digests of this person alone: whoever opens it learns no address.
import { isMfaError } from '../words/errors.js';
import type { Kernel } from './kernel.js';
import { networkOf } from './network.js';
import type { Sealer } from './ports.js';
import type { MfaRecord } from './record.js';
import type { LookedUp, RiskHistory } from './risk.js';
import { openField, sealField } from './sealed-field.js';

/** How many are kept, and for how many days at most. */
const kept = { networks: 20, browsers: 20, countries: 10, days: 180 };
const daySeconds = 86_400;
/** 48 bits in base64url. */
const digestLength = 8;
/** Days before the last sign-in, to the base of 36. */
const dayLength = 2;
/** Rounding to 0.1° moves a place by up to 8 km. */
const roundingKm = 8;

/**
 * Networks and browsers, newest first: a digest each (a browser has two, of its family and of its system) and the day.
 * `keyId` names the secret of the digests.
 */
type SeenRows = { keyId: string; networks: string; browsers: string };

/** What is kept. `countries`: two letters and a day each, newest first. `place`: latitude, longitude, km, seconds. */
export type Whereabouts = {
  seen: SeenRows[];
  countries: string;
  place?: [latitude: number, longitude: number, accuracyKm: number, at: number];
  lastAt?: number;
  changedAt?: number;
  reset?: true;
};

const nowhere: Whereabouts = { seen: [], countries: '' };

/** As it is sealed: names are a third of what it would take. */
type Packed = [
  seen: [keyId: string, networks: string, browsers: string][],
  countries: string,
  place: Whereabouts['place'] | 0,
  lastAt: number,
  changedAt: number,
  reset: 0 | 1,
];

function sealed({ sealer }: Kernel, userId: string, record: MfaRecord, told: Whereabouts): MfaRecord {
  const { seen, countries, place = 0, lastAt = 0, changedAt = 0, reset } = told;
  const rows = seen.map(({ keyId, networks, browsers }): Packed[0][number] => [keyId, networks, browsers]);
  const packed: Packed = [rows, countries, place, lastAt, changedAt, reset ? 1 : 0];
  return { ...record, history: sealField(sealer, userId, 'history', JSON.stringify(packed)) };
}

/** What a sign-in is compared by. */
export type SeenNow = Pick<LookedUp, 'family' | 'system' | 'place'> & { address?: string };

/** Nobody is refused for the sake of a history whose secret is gone: it begins anew. */
export function whereaboutsOf({ sealer }: Kernel, userId: string, { history }: MfaRecord): Whereabouts {
  if (history === undefined) return nowhere;
  try {
    const packed = JSON.parse(openField(sealer, userId, 'history', history)) as Packed;
    const [seen, countries, place, lastAt, changedAt, reset] = packed;
    return {
      seen: seen.map(([keyId, networks, browsers]) => ({ keyId, networks, browsers })),
      countries,
      ...(place === 0 || place === undefined ? {} : { place }),
      ...(lastAt === 0 ? {} : { lastAt }),
      ...(changedAt === 0 ? {} : { changedAt }),
      ...(reset === 1 ? { reset: true } : {}),
    };
  } catch (error) {
    if (isMfaError(error)) return nowhere;
    throw error;
  }
}

/** What the record says of sign-ins like this one. Digests are compared under every secret that the app has. */
export function historyFor(kernel: Kernel, userId: string, record: MfaRecord, seen: SeenNow): RiskHistory {
  const { seen: known, countries, place, lastAt = 0 } = whereaboutsOf(kernel, userId, record);
  const split = splitFrom(lastAt);
  const rows = { networks: [] as number[], families: [] as number[], systems: [] as number[] };
  for (const { keyId, networks, browsers } of knownRows(kernel.sealer, known)) {
    const { network, family, system } = digestsOf(kernel.sealer, userId, seen, keyId);
    for (const [digest, at] of split(networks, digestLength)) if (digest === network) rows.networks.push(at);
    for (const [pair, at] of split(browsers, 2 * digestLength)) {
      if (pair.slice(0, digestLength) === family) rows.families.push(at);
      if (pair.slice(digestLength) === system) rows.systems.push(at);
    }
  }
  const here = seen.place?.country;
  const sameCountry = split(countries, 2).filter(([country]) => country === here);
  const [latitude, longitude, accuracyKm, at] = place ?? [];
  return {
    empty: lastAt === 0,
    hasCountries: countries !== '',
    ...latest('networkAt', rows.networks),
    ...latest('familyAt', rows.families),
    ...latest('systemAt', rows.systems),
    ...latest(
      'countryAt',
      sameCountry.map(([, day]) => day),
    ),
    ...(latitude === undefined || longitude === undefined || accuracyKm === undefined || at === undefined
      ? {}
      : { lastPlace: { latitude, longitude, accuracyKm: accuracyKm + roundingKm, at } }),
    ...(lastAt === 0 ? {} : { lastAt }),
  };
}

/** The record with this sign-in in its history: what was seen oldest gives way. */
export function withSignIn(kernel: Kernel, userId: string, record: MfaRecord, seen: SeenNow): MfaRecord {
  const { sealer } = kernel;
  const now = kernel.now();
  const { reset: _over, ...before } = whereaboutsOf(kernel, userId, record);
  const split = splitFrom(before.lastAt ?? 0);
  const { country, latitude, longitude, accuracyKm = 0 } = seen.place ?? {};
  const others = split(before.countries, 2).filter(([each]) => each !== country);
  const isNamed = country !== undefined && /^[A-Z]{2}$/.test(country);
  const countries = young(isNamed ? [[country, now], ...others] : others, now).slice(0, kept.countries);
  const isPlace = latitude !== undefined && longitude !== undefined;
  return sealed(kernel, userId, record, {
    ...before,
    seen: bounded(withThis(sealer, userId, knownRows(sealer, before.seen), { seen, split, now }), now),
    countries: joined(countries, now),
    lastAt: now,
    ...(isPlace ? { place: [rounded(latitude), rounded(longitude), Math.ceil(accuracyKm), now] } : {}),
  });
}

/** The record with a change that makes the next sign-ins look riskier. Known to whoever assesses alone. */
export function withChange(
  kernel: Kernel,
  userId: string,
  record: MfaRecord,
  change: Pick<Whereabouts, 'changedAt' | 'reset'>,
): MfaRecord {
  if (!kernel.risk) return record;
  return sealed(kernel, userId, record, { ...whereaboutsOf(kernel, userId, record), ...change });
}

type Digests = { network: string | undefined; family: string; system: string };

/** A browser that names itself by nothing is a browser like another: leaving the header away hides nobody. */
function digestsOf(sealer: Sealer, userId: string, seen: SeenNow, keyId: string): Digests {
  const network = networkOf(seen.address);
  const digest = (what: string, value: string) =>
    base64url(sealer.digest('history', JSON.stringify([userId, what, value]), keyId));
  return {
    network: network === undefined ? undefined : digest('network', network),
    family: digest('family', seen.family ?? ''),
    system: digest('system', seen.system ?? ''),
  };
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function base64url(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < (digestLength * 3) / 4; at += 3) {
    const bits = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    for (const shift of [18, 12, 6, 0]) text += letters.charAt((bits >> shift) & 63);
  }
  return text;
}

/** Rows made with a secret that is gone say nothing any more. */
function knownRows({ keyIds }: Sealer, seen: readonly SeenRows[]): SeenRows[] {
  return seen.filter(({ keyId }) => keyIds.includes(keyId));
}

type Row = readonly [value: string, at: number];
type Rows = { keyId: string; networks: Row[]; browsers: Row[] };
type Split = (packed: string, length: number) => Row[];

/** What is seen now comes first, under the newest secret, and stands nowhere else. */
function withThis(
  sealer: Sealer,
  userId: string,
  older: readonly SeenRows[],
  { seen, split, now }: { seen: SeenNow; split: Split; now: number },
): Rows[] {
  const rest = older.map(({ keyId, networks, browsers }): Rows => {
    const { network, family, system } = digestsOf(sealer, userId, seen, keyId);
    return {
      keyId,
      networks: split(networks, digestLength).filter(([digest]) => digest !== network),
      browsers: split(browsers, 2 * digestLength).filter(([pair]) => pair !== family + system),
    };
  });
  const { keyId } = sealer;
  const { network, family, system } = digestsOf(sealer, userId, seen, keyId);
  const newest = rest.find((each) => each.keyId === keyId);
  const first: Rows = {
    keyId,
    networks: [...(network === undefined ? [] : [[network, now] as const]), ...(newest?.networks ?? [])],
    browsers: [[family + system, now], ...(newest?.browsers ?? [])],
  };
  return [first, ...rest.filter((each) => each !== newest)];
}

/** Newest secret first; of all secrets together no more than are kept. */
function bounded(rows: readonly Rows[], now: number): SeenRows[] {
  let [networksLeft, browsersLeft] = [kept.networks, kept.browsers];
  return rows.flatMap(({ keyId, networks, browsers }) => {
    const net = young(networks, now).slice(0, networksLeft);
    const own = young(browsers, now).slice(0, browsersLeft);
    networksLeft -= net.length;
    browsersLeft -= own.length;
    return net.length + own.length === 0 ? [] : [{ keyId, networks: joined(net, now), browsers: joined(own, now) }];
  });
}

function young(rows: readonly Row[], now: number): Row[] {
  return rows.filter(([, at]) => now - at <= kept.days * daySeconds);
}

const dayOf = (at: number): number => Math.floor(at / daySeconds);

/** Texts of a fixed length, each with its day; `at` is the last second of it. */
function splitFrom(lastAt: number): Split {
  return (packed, length) => {
    const rows: Row[] = [];
    for (let at = 0; at + length + dayLength <= packed.length; at += length + dayLength) {
      const day = dayOf(lastAt) - parseInt(packed.slice(at + length, at + length + dayLength), 36);
      rows.push([packed.slice(at, at + length), (day + 1) * daySeconds - 1]);
    }
    return rows;
  };
}

/** A clock that was set back makes nothing younger than the last sign-in. */
function joined(rows: readonly Row[], lastAt: number): string {
  const day = (at: number) =>
    Math.max(0, dayOf(lastAt) - dayOf(at))
      .toString(36)
      .padStart(dayLength, '0');
  return rows.map(([value, at]) => value + day(at)).join('');
}

function latest<N extends string>(name: N, times: readonly number[]): { [name in N]?: number } {
  return times.length === 0 ? {} : ({ [name]: Math.max(...times) } as { [name in N]?: number });
}

function rounded(degrees: number): number {
  return Math.round(degrees * 10) / 10;
}
