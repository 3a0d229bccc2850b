// From where somebody signed in before, in their record: bounded, and readable for nobody without the app's secrets.
// Networks and browsers are keyed digests of this person alone; countries, the last place and times are sealed.
import { isMfaError } from '../words/errors.js';
import type { Kernel } from './kernel.js';
import { networkOf } from './network.js';
import type { Sealer } from './ports.js';
import type { History, MfaRecord, SeenRows } from './record.js';
import type { LookedUp, RiskHistory } from './risk.js';
import { openField, sealField } from './sealed-field.js';

/** How many are kept, and for how many days at most. */
const kept = { networks: 20, browsers: 20, countries: 10, days: 180 };
const daySeconds = 86_400;
/** 48 bits in base64url. */
const digestLength = 8;
/** Days since 1970, to the base of 36: enough until 2097. */
const dayLength = 3;
/** Rounding to 0.1° moves a place by up to 8 km. */
const roundingKm = 8;

/** What is sealed. `countries`: two letters and a day each, newest first. `place`: latitude, longitude, km, seconds. */
export type Whereabouts = {
  countries?: string;
  place?: [latitude: number, longitude: number, accuracyKm: number, at: number];
  lastAt?: number;
  changedAt?: number;
  reset?: true;
};

/** What a sign-in is compared by. */
export type SeenNow = Pick<LookedUp, 'family' | 'system' | 'place'> & { address?: string };

/** Nobody is refused for the sake of a history whose secret is gone: it begins anew. */
export function whereaboutsOf({ sealer }: Kernel, userId: string, { history }: MfaRecord): Whereabouts {
  if (history === undefined) return {};
  try {
    return JSON.parse(openField(sealer, userId, 'history', history)) as Whereabouts;
  } catch (error) {
    if (isMfaError(error)) return {};
    throw error;
  }
}

/** What the record says of sign-ins like this one. Digests are compared under every secret that the app has. */
export function historyFor(kernel: Kernel, userId: string, record: MfaRecord, seen: SeenNow): RiskHistory {
  const { countries = '', place, lastAt } = whereaboutsOf(kernel, userId, record);
  const rows = { networks: [] as number[], families: [] as number[], systems: [] as number[] };
  for (const { keyId, networks, browsers } of knownRows(kernel.sealer, record.history)) {
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
    empty: lastAt === undefined,
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
    ...(lastAt === undefined ? {} : { lastAt }),
  };
}

/** The record with this sign-in in its history: what was seen oldest gives way. */
export function withSignIn(kernel: Kernel, userId: string, record: MfaRecord, seen: SeenNow): MfaRecord {
  const { sealer } = kernel;
  const now = kernel.now();
  const { reset: _over, countries = '', ...before } = whereaboutsOf(kernel, userId, record);
  const { network, family, system } = digestsOf(sealer, userId, seen, sealer.keyId);
  const older = knownRows(sealer, record.history).map((rows) => withoutOnes(sealer, userId, rows, seen));
  const newest = older.find(({ keyId }) => keyId === sealer.keyId) ?? {
    keyId: sealer.keyId,
    networks: '',
    browsers: '',
  };
  const rows = [
    {
      keyId: sealer.keyId,
      networks: (network === undefined ? '' : network + today(now)) + newest.networks,
      browsers: family + system + today(now) + newest.browsers,
    },
    ...older.filter((each) => each !== newest),
  ];
  const { country, latitude, longitude, accuracyKm = 0 } = seen.place ?? {};
  const others = split(countries, 2).filter(([each]) => each !== country);
  const named = country !== undefined && /^[A-Z]{2}$/.test(country) ? [[country, now] as const, ...others] : others;
  const next: Whereabouts = {
    ...before,
    lastAt: now,
    ...(named.length === 0 ? {} : { countries: joined(young(named, now).slice(0, kept.countries)) }),
    ...(latitude === undefined || longitude === undefined
      ? {}
      : { place: [rounded(latitude), rounded(longitude), Math.ceil(accuracyKm), now] }),
  };
  return {
    ...record,
    history: { seen: bounded(rows, now), ...sealField(sealer, userId, 'history', JSON.stringify(next)) },
  };
}

/** The record with a change that makes the next sign-ins look riskier. Known to whoever assesses alone. */
export function withChange(
  kernel: Kernel,
  userId: string,
  record: MfaRecord,
  change: Pick<Whereabouts, 'changedAt' | 'reset'>,
): MfaRecord {
  if (!kernel.risk) return record;
  const next = { ...whereaboutsOf(kernel, userId, record), ...change };
  const sealed = sealField(kernel.sealer, userId, 'history', JSON.stringify(next));
  return { ...record, history: { seen: record.history?.seen ?? [], ...sealed } };
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
function knownRows({ keyIds }: Sealer, history: History | undefined): SeenRows[] {
  return (history?.seen ?? []).filter(({ keyId }) => keyIds.includes(keyId));
}

function withoutOnes(sealer: Sealer, userId: string, { keyId, networks, browsers }: SeenRows, seen: SeenNow): SeenRows {
  const { network, family, system } = digestsOf(sealer, userId, seen, keyId);
  return {
    keyId,
    networks: joined(split(networks, digestLength).filter(([digest]) => digest !== network)),
    browsers: joined(split(browsers, 2 * digestLength).filter(([pair]) => pair !== family + system)),
  };
}

/** Newest secret first; of all secrets together no more than are kept. */
function bounded(rows: readonly SeenRows[], now: number): SeenRows[] {
  let [networksLeft, browsersLeft] = [kept.networks, kept.browsers];
  return rows.flatMap(({ keyId, networks, browsers }) => {
    const net = young(split(networks, digestLength), now).slice(0, networksLeft);
    const own = young(split(browsers, 2 * digestLength), now).slice(0, browsersLeft);
    networksLeft -= net.length;
    browsersLeft -= own.length;
    return net.length + own.length === 0 ? [] : [{ keyId, networks: joined(net), browsers: joined(own) }];
  });
}

type Row = readonly [value: string, at: number];

function young(rows: readonly Row[], now: number): Row[] {
  return rows.filter(([, at]) => now - at <= kept.days * daySeconds);
}

/** Texts of a fixed length, each with the day; `at` is the last second of it. */
function split(packed: string, length: number): Row[] {
  const rows: Row[] = [];
  for (let at = 0; at + length + dayLength <= packed.length; at += length + dayLength) {
    const day = parseInt(packed.slice(at + length, at + length + dayLength), 36);
    rows.push([packed.slice(at, at + length), (day + 1) * daySeconds - 1]);
  }
  return rows;
}

function joined(rows: readonly Row[]): string {
  return rows.map(([value, at]) => value + today(at)).join('');
}

function today(at: number): string {
  return Math.floor(at / daySeconds)
    .toString(36)
    .padStart(dayLength, '0');
}

function latest<N extends string>(name: N, times: readonly number[]): { [name in N]?: number } {
  return times.length === 0 ? {} : ({ [name]: Math.max(...times) } as { [name in N]?: number });
}

function rounded(degrees: number): number {
  return Math.round(degrees * 10) / 10;
}
