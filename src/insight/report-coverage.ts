// How many people are protected, by method, tenant and rank: added up person by person. Shares are of those who can sign in; whoever
// is exempt or barred stands apart.

/** What each kind of method is to NIST SP 800-63B-4. A kind that is not here is the app's own. */
export const methodTypes: {
  readonly [kind: string]: { type: string; phishingResistant: boolean; restricted: boolean };
} = {
  webauthn: { type: 'cryptographic', phishingResistant: true, restricted: false },
  totp: { type: 'one-time password, single-factor', phishingResistant: false, restricted: false },
  sms: { type: 'out-of-band', phishingResistant: false, restricted: true },
  email: { type: 'none: not allowed', phishingResistant: false, restricted: true },
};

/** Some people. `able`: can sign in; the last four are of them. */
export type Heads = {
  people: number;
  exempt: number;
  barred: number;
  able: number;
  protected: number;
  phishingResistant: number;
  owing: number;
  none: number;
};

/** Who is protected, of whom. */
export type Coverage = {
  all: Heads;
  admins: Heads;
  tenants: ({ tenant: string } & Heads)[];
  /** People who can sign in and have a usable method of this kind; `only`: and no other. */
  kinds: {
    kind: string;
    type: string;
    phishingResistant: boolean;
    restricted: boolean;
    people: number;
    only: number;
  }[];
};

type Person = {
  tenant?: string;
  isAdmin?: boolean;
  status: string;
  methods: readonly { kind: string; usable: boolean }[];
};

const mostTenants = 1_000;
const others = '(others)';

export function createCoverage(): { add(person: Person): void; result(): Coverage } {
  const [all, admins] = [nobody(), nobody()];
  const tenants = new Map<string, Heads>();
  const kinds = new Map<string, { people: number; only: number }>();
  return {
    add(person) {
      const { tenant, isAdmin, status, methods } = person;
      const name = tenant === undefined || tenants.has(tenant) || tenants.size < mostTenants ? tenant : others;
      if (name !== undefined && !tenants.has(name)) tenants.set(name, nobody());
      const own = name === undefined ? undefined : tenants.get(name);
      const usable = new Set(methods.flatMap((method) => (method.usable ? [method.kind] : [])));
      for (const heads of [all, ...(isAdmin ? [admins] : []), ...(own ? [own] : [])]) count(heads, status, usable);
      if (status === 'exempt' || status === 'barred') return;
      for (const kind of usable) {
        const there = kinds.get(kind) ?? { people: 0, only: 0 };
        kinds.set(kind, { people: there.people + 1, only: there.only + (usable.size === 1 ? 1 : 0) });
      }
    },
    result: () => ({
      all,
      admins,
      tenants: [...tenants].sort(([a], [b]) => (a < b ? -1 : 1)).map(([tenant, heads]) => ({ tenant, ...heads })),
      kinds: [...kinds]
        .sort(([, a], [, b]) => b.people - a.people)
        .map(([kind, number]) => ({ kind, ...typeOf(kind), ...number })),
    }),
  };
}

export function typeOf(kind: string) {
  return methodTypes[kind] ?? { type: 'of the app', phishingResistant: false, restricted: false };
}

function nobody(): Heads {
  return { people: 0, exempt: 0, barred: 0, able: 0, protected: 0, phishingResistant: 0, owing: 0, none: 0 };
}

function count(heads: Heads, status: string, usable: ReadonlySet<string>): void {
  heads.people += 1;
  if (status === 'exempt' || status === 'barred') {
    heads[status] += 1;
    return;
  }
  heads.able += 1;
  if (status === 'protected') {
    heads.protected += 1;
    if ([...usable].some((kind) => typeOf(kind).phishingResistant)) heads.phishingResistant += 1;
  } else if (status === 'owing') heads.owing += 1;
  else heads.none += 1;
}
