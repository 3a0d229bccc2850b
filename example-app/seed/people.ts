// Who the seeded people are: names, addresses, the methods that each has and how they use them. Says nothing of what happened.
import { chanceFrom, type Chance } from './chance.js';

export type Kind = 'webauthn' | 'totp' | 'email' | 'sms';

export type SeededPerson = {
  id: string;
  name: string;
  email: string;
  phone: string;
  /** Their primary methods, the usual one first; none for whoever never set one up. */
  kinds: readonly Kind[];
  /** How many days before the end they came; more than the history is long for most. */
  joinedDay: number;
  /** Sign-ins on a working day. */
  rate: number;
  trustsBrowser: boolean;
  /** Where they usually sign in from. */
  ip: string;
  userAgent: string;
};

const first = [
  ...['Ada', 'Bela', 'Cleo', 'Dario', 'Edda', 'Fabio', 'Greta', 'Hanno', 'Ilse', 'Jannis', 'Kaya', 'Livio', 'Mira'],
  ...['Nils', 'Odile', 'Paolo', 'Quirin', 'Rhea', 'Silvan', 'Tilda', 'Urs', 'Vera', 'Wanda', 'Xenia', 'Yves', 'Zoe'],
] as [string, ...string[]];
const last = [
  ...['Tamarisk', 'Quillfeather', 'Ostrava', 'Lindqvist', 'Marwood', 'Bellgarde', 'Fenwick', 'Grauholz', 'Halloran'],
  ...['Ivarsen', 'Jolivet', 'Kestrel', 'Larkspur', 'Montalba', 'Nightwell', 'Oxenford', 'Pellerin', 'Rosental'],
  ...['Sandoval', 'Thornbury'],
] as [string, ...string[]];

const agents = [
  'Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
] as [string, ...string[]];

/** Of a hundred people, near enough. */
const mixes: readonly [upTo: number, kinds: readonly Kind[]][] = [
  [0.24, ['webauthn']],
  [0.33, ['webauthn', 'totp']],
  [0.64, ['totp']],
  [0.74, ['email']],
  [0.83, ['sms']],
  [1, []],
];

/** Administrators come first; the last of them has no method yet. */
const adminKinds: readonly (readonly Kind[])[] = [['email', 'totp'], ['webauthn'], ['totp'], ['webauthn', 'totp'], []];

/** @param seed the same people for the same number */
export function peopleOf({ people, days, seed }: { people: number; days: number; seed: number }): SeededPerson[] {
  const chance = chanceFrom(seed);
  const taken = new Set<string>();
  return Array.from({ length: people }, (_, at) => personAt(at, { chance, taken, days }));
}

type Making = { chance: Chance; taken: Set<string>; days: number };

function personAt(at: number, { chance, taken, days }: Making): SeededPerson {
  const asAdmin = adminKinds[at];
  const name = nameOf(at, chance, taken);
  const local = name.toLowerCase().replaceAll(' ', '.');
  const share = chance.next();
  const kinds = asAdmin ?? mixes.find(([upTo]) => share < upTo)?.[1] ?? [];
  const joinedLately = chance.happens(0.15);
  const before = days + 1 + chance.below(300);
  const joinedDay = joinedLately ? chance.below(Math.max(1, days - 1)) : before;
  return {
    id: `seed-${at + 1}`,
    name,
    email: asAdmin ? `${local.split('.')[0] ?? local}@admin.example` : `${local}@example.com`,
    phone: `+4179${String(1_000_000 + chance.below(9_000_000))}`,
    kinds,
    joinedDay: asAdmin ? days + 60 : joinedDay,
    rate: asAdmin ? 0.8 : 0.1 + 0.4 * chance.next(),
    trustsBrowser: chance.happens(0.2),
    ip: `198.51.100.${1 + chance.below(250)}`,
    userAgent: chance.of(agents),
  };
}

function nameOf(at: number, chance: Chance, taken: Set<string>): string {
  for (;;) {
    const given = at < adminKinds.length ? (first[at] ?? first[0]) : chance.of(first);
    // Beyond as many as there are pairs of names, people have two family names.
    const family = taken.size < 350 ? chance.of(last) : `${chance.of(last)} ${chance.of(last)}`;
    const name = `${given} ${family}`;
    if (taken.has(name)) continue;
    taken.add(name);
    return name;
  }
}
