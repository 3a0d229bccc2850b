// Sign-ins to be assessed: somebody as ever, what may be different about it, and what that scores.
import type { RiskContext, RiskHistory } from '../../src/risk.js';
import { riskByHistory } from '../../src/risk.js';

export const now = 1_800_000_000;
export const day = 86_400;
export const nowhere = { lookUp: () => undefined };
export const risk = riskByHistory({
  geo: nowhere,
  reputation: () => undefined,
  denyList: ['198.51.100.0/24', '2001:db8:bad::/48'],
});

/** Somebody at home, as ever. Zürich, and who they were yesterday. */
export const usual: RiskContext = {
  address: '203.0.113.7',
  network: '203.0.113',
  family: 'Firefox',
  system: 'Linux',
  place: { country: 'CH', latitude: 47.4, longitude: 8.5, accuracyKm: 10 },
  reputation: {},
  knownBrowser: false,
  failedAt: [],
};
export const before: RiskHistory = {
  empty: false,
  hasCountries: true,
  networkAt: now - day,
  familyAt: now - day,
  systemAt: now - day,
  countryAt: now - day,
  lastPlace: { latitude: 47.4, longitude: 8.5, accuracyKm: 10, at: now - day },
  lastAt: now - day,
};
const nobody: RiskHistory = { empty: true, hasCountries: false };
/** Along the equator from 0°, where a degree is 111.195 km; both accuracies are 0. */
const equator = (km: number) => ({
  country: 'CH',
  latitude: 0,
  longitude: (km * 180) / (Math.PI * 6371),
  accuracyKm: 0,
});
const from0 = (seconds: number) => ({
  networkAt: undefined,
  lastPlace: { latitude: 0, longitude: 0, accuracyKm: 0, at: now - seconds },
});
export const times = (count: number, secondsAgo: number) => Array.from({ length: count }, () => now - secondsAgo);

export type Change = {
  context?: { [name in keyof RiskContext]?: RiskContext[name] | undefined };
  history?: { [name in keyof RiskHistory]?: RiskHistory[name] | undefined };
};
type Case = [what: string, change: Change, score: number, signals: string];

export const cases: Case[] = [
  ['nothing has changed', {}, 0, ''],
  ['first sign-in ever', { history: { ...emptied(), ...nobody } }, 0, ''],
  [
    'first sign-in ever, on the list',
    { context: { address: '198.51.100.9' }, history: { ...emptied(), ...nobody } },
    60,
    'address.deny_list',
  ],
  ['family and system never seen', { history: { familyAt: undefined, systemAt: undefined } }, 25, 'device.no_match'],
  ['family never seen', { history: { familyAt: undefined } }, 10, 'device.partial_match'],
  ['system never seen', { history: { systemAt: undefined } }, 10, 'device.partial_match'],
  ['family and system 30 days ago', { history: { familyAt: now - 30 * day, systemAt: now - 30 * day } }, 0, ''],
  [
    'family and system a second more',
    { history: { familyAt: now - 30 * day - 1, systemAt: now - 30 * day - 1 } },
    25,
    'device.no_match',
  ],
  ['family a second more than 30 days ago', { history: { familyAt: now - 30 * day - 1 } }, 10, 'device.partial_match'],
  [
    'a known browser of another name',
    { context: { knownBrowser: true }, history: { familyAt: undefined, systemAt: undefined } },
    0,
    '',
  ],
  ['network never seen', { history: { networkAt: undefined } }, 10, 'network.unseen'],
  ['network 90 days ago', { history: { networkAt: now - 90 * day } }, 0, ''],
  ['network a second more', { history: { networkAt: now - 90 * day - 1 } }, 10, 'network.unseen'],
  ['an address that is in no network', { context: { network: undefined } }, 0, ''],
  ['country never seen', { history: { countryAt: undefined } }, 30, 'country.unseen'],
  ['country 180 days ago', { history: { countryAt: now - 180 * day } }, 0, ''],
  ['country a second more', { history: { countryAt: now - 180 * day - 1 } }, 30, 'country.unseen'],
  ['no country known yet', { history: { countryAt: undefined, hasCountries: false } }, 0, ''],
  ['country unknown', { context: { place: undefined } }, 0, ''],
  ['100 km in no time', { context: { place: equator(99.9) }, history: from0(0) }, 10, 'network.unseen'],
  ['101 km in no time', { context: { place: equator(101) }, history: from0(0) }, 70, 'network.unseen travel.too_fast'],
  ['899 km in an hour', { context: { place: equator(899) }, history: from0(3600) }, 10, 'network.unseen'],
  [
    '901 km in an hour',
    { context: { place: equator(901) }, history: from0(3600) },
    70,
    'network.unseen travel.too_fast',
  ],
  [
    '901 km in an hour and five seconds',
    { context: { place: equator(901) }, history: from0(3605) },
    10,
    'network.unseen',
  ],
  [
    '901 km, known to 2 km',
    { context: { place: { ...equator(901), accuracyKm: 2 } }, history: from0(3600) },
    10,
    'network.unseen',
  ],
  [
    '901 km, known to 2 km then',
    {
      context: { place: equator(901) },
      history: { networkAt: undefined, lastPlace: { latitude: 0, longitude: 0, accuracyKm: 2, at: now - 3600 } },
    },
    10,
    'network.unseen',
  ],
  [
    'between two known networks',
    { context: { place: equator(5000) }, history: { ...from0(60), networkAt: now - day } },
    0,
    '',
  ],
  [
    'from a network of 91 days ago',
    { context: { place: equator(5000) }, history: { ...from0(60), networkAt: now - 91 * day } },
    70,
    'network.unseen travel.too_fast',
  ],
  [
    'a clock that ran ahead',
    { context: { place: equator(5000) }, history: from0(-5) },
    70,
    'network.unseen travel.too_fast',
  ],
  [
    'over the date line',
    {
      context: { place: { country: 'FJ', latitude: -17, longitude: 179.9, accuracyKm: 0 } },
      history: { networkAt: undefined, lastPlace: { latitude: -17, longitude: -179.9, accuracyKm: 0, at: now - 60 } },
    },
    10,
    'network.unseen',
  ],
  ['on the list', { context: { address: '198.51.100.255' } }, 60, 'address.deny_list'],
  ['beside the list', { context: { address: '198.51.101.0' } }, 0, ''],
  ['on the list, as IPv6', { context: { address: '2001:db8:bad:1::1' } }, 60, 'address.deny_list'],
  ['on the list, IPv4 written as IPv6', { context: { address: '::ffff:198.51.100.7' } }, 60, 'address.deny_list'],
  ['a proxy', { context: { reputation: { anonymous: true } } }, 30, 'address.anonymous'],
  ['a data centre', { context: { reputation: { hosting: true } } }, 30, 'address.hosting'],
  [
    'on the list and a proxy',
    { context: { address: '198.51.100.1', reputation: { anonymous: true } } },
    60,
    'address.deny_list',
  ],
  ['two wrong answers', { context: { failedAt: times(2, 0) } }, 0, ''],
  ['three wrong answers', { context: { failedAt: times(3, 0) } }, 20, 'failures.some'],
  ['three, one of them 15 minutes ago', { context: { failedAt: [now - 900, ...times(2, 0)] } }, 20, 'failures.some'],
  ['three, one of them a second more', { context: { failedAt: [now - 901, ...times(2, 0)] } }, 0, ''],
  ['nine wrong answers', { context: { failedAt: times(9, 60) } }, 20, 'failures.some'],
  ['ten wrong answers, alone', { context: { failedAt: times(10, 60) } }, 59, 'failures.many'],
  [
    'ten wrong answers in a new network',
    { context: { failedAt: times(10, 60) }, history: { networkAt: undefined } },
    70,
    'network.unseen failures.many',
  ],
  ['30 days away', { history: { lastAt: now - 30 * day } }, 0, ''],
  ['a second more', { history: { lastAt: now - 30 * day - 1 } }, 20, 'dormant.long_ago'],
  ['password changed 24 hours ago', { context: { changedAt: now - day } }, 20, 'change.recent'],
  ['password changed a second before', { context: { changedAt: now - day - 1 } }, 0, ''],
  ['after a reset', { context: { afterReset: true } }, 30, 'change.after_reset'],
  ['29 points', { context: { changedAt: now }, history: { networkAt: undefined } }, 30, 'network.unseen change.recent'],
  ['a provider that gave no answer', { context: { unavailable: ['place'] } }, 30, 'unavailable.place'],
  [
    'that, and 30 points',
    { context: { unavailable: ['place'], reputation: { hosting: true } } },
    30,
    'address.hosting unavailable.place',
  ],
  [
    'that, and 60 points',
    { context: { unavailable: ['reputation'], address: '198.51.100.1' } },
    60,
    'address.deny_list unavailable.reputation',
  ],
  [
    'everything at once',
    {
      context: {
        address: '198.51.100.1',
        place: { ...equator(9000), country: 'XK' },
        failedAt: times(10, 0),
        changedAt: now,
      },
      history: { ...from0(60), familyAt: undefined, systemAt: undefined, countryAt: undefined, lastAt: now - 31 * day },
    },
    100,
    'device.no_match network.unseen country.unseen travel.too_fast address.deny_list failures.many dormant.long_ago change.recent',
  ],
];

function emptied(): { [name in keyof RiskHistory]?: undefined } {
  return {
    networkAt: undefined,
    familyAt: undefined,
    systemAt: undefined,
    countryAt: undefined,
    lastPlace: undefined,
    lastAt: undefined,
  };
}

function without<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}

export function assess({ context, history }: Change, assessor = risk) {
  return assessor.assess(
    without({ ...usual, ...context }) as RiskContext,
    without({ ...before, ...history }) as RiskHistory,
    now,
  );
}
