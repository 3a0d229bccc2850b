// What a report says of each person: how they stand, by which methods, since when. It reads records as they are now, and knows no
// standard by which they are weighed.
import { isAltered } from '../kernel/bound-store.js';
import type { Kernel } from '../kernel/kernel.js';
import type { MfaRecord } from '../kernel/record.js';
import { barredBy } from '../rules/barred.js';
import { exemptionOf } from '../rules/exemption.js';
import { enrolledOf, worksNow, type Enrolled } from '../rules/situation.js';
import { maskLabel } from '../words/mask.js';
import type { Directory, FoundPerson } from './desk.js';

/** A method of a person. Times are Unix seconds. */
export type ReportMethod = {
  kind: string;
  /** `verified address`: bound since the app vouched for it; `another method`: proved before; `first`: nothing was there before. */
  way: 'verified address' | 'another method' | 'first';
  enrolledAt: number;
  lastUsedAt?: number;
  /** Disabled or expired: no answer by it counts. */
  usable: boolean;
};

/** A person, as a report lists them. An id that is an address is masked. */
export type ReportPerson = {
  id: string;
  tenant?: string;
  isAdmin?: boolean;
  /**
   * `owing`: a set-up is owed; `exempt` and `barred` stand apart from those who can sign in; `unread`: the record cannot be
   * believed.
   */
  status: 'protected' | 'owing' | 'exempt' | 'barred' | 'none' | 'unread';
  methods: ReportMethod[];
  codesLeft?: number;
  codesUntil?: number;
  trustedBrowsers: number;
  /** When a second factor was last proved. */
  lastAt?: number;
};

/** Looked at side by side. */
const together = 64;

/**
 * Everybody of the directory, or, without one, everybody of whom there is a record; one tenant's alone where one is named.
 * @throws MfaError `store.unavailable`, `directory.unavailable`
 */
export async function* reportedPeople(
  kernel: Kernel,
  all: Directory['all'],
  tenant: string | undefined,
  isKnown: (id: string) => boolean,
): AsyncGenerator<{ id: string; row: ReportPerson }[]> {
  if (!all) {
    let rows: { id: string; row: ReportPerson }[] = [];
    for await (const { userId, record, unread } of kernel.store.scan()) {
      if (isKnown(userId)) continue;
      if (unread) rows.push({ id: userId, row: unreadPerson({ id: userId }) });
      else if (record) rows.push({ id: userId, row: reportedPerson(kernel, { id: userId }, record) });
      if (rows.length < together) continue;
      yield rows;
      rows = [];
    }
    yield rows;
    return;
  }
  let batch: FoundPerson[] = [];
  for await (const person of all()) {
    if ((tenant !== undefined && person.tenant !== tenant) || isKnown(person.id)) continue;
    batch.push(person);
    if (batch.length < together) continue;
    yield await Promise.all(batch.map((each) => load(kernel, each)));
    batch = [];
  }
  yield await Promise.all(batch.map((each) => load(kernel, each)));
}

async function load(kernel: Kernel, person: FoundPerson): Promise<{ id: string; row: ReportPerson }> {
  try {
    const { record } = await kernel.store.load(person.id);
    return { id: person.id, row: reportedPerson(kernel, person, record) };
  } catch (error) {
    if (!isAltered(error)) throw error;
    return { id: person.id, row: unreadPerson(person) };
  }
}

const known = ({ id, tenant, isAdmin }: FoundPerson) => ({
  id: maskLabel(id),
  ...(tenant === undefined ? {} : { tenant }),
  ...(isAdmin === true ? { isAdmin } : {}),
});

function unreadPerson(person: FoundPerson): ReportPerson {
  return { ...known(person), status: 'unread', methods: [], trustedBrowsers: 0 };
}

function reportedPerson(kernel: Kernel, person: FoundPerson, record: MfaRecord | undefined): ReportPerson {
  if (!record) return { ...known(person), status: 'none', methods: [], trustedBrowsers: 0 };
  const now = kernel.now();
  const enrolled = enrolledOf(kernel, record).filter(({ factor }) => factor.rank !== 'pass');
  const codes = enrolled.find(({ factor }) => factor.rank === 'backup');
  const uses = enrolled.flatMap(({ authenticator: { lastUsedAt } }) => lastUsedAt ?? []);
  const { left, expiresAt } = codes?.standing ?? {};
  return {
    ...known(person),
    status: statusOf(kernel, record, enrolled),
    methods: enrolled.filter(({ factor }) => factor.rank === 'primary').map(methodOf),
    ...(left === undefined ? {} : { codesLeft: left }),
    ...(expiresAt === undefined ? {} : { codesUntil: expiresAt }),
    trustedBrowsers: record.trusted.filter((browser) => browser.expiresAt > now).length,
    ...(uses.length === 0 ? {} : { lastAt: Math.max(...uses) }),
  };
}

function statusOf(kernel: Kernel, record: MfaRecord, enrolled: readonly Enrolled[]): ReportPerson['status'] {
  if (barredBy(record)) return 'barred';
  if (!record.protected) {
    if (exemptionOf(record, kernel.now())) return 'exempt';
    return record.owed.length > 0 ? 'owing' : 'none';
  }
  return enrolled.some((own) => own.factor.rank === 'primary' && worksNow(own)) ? 'protected' : 'owing';
}

function methodOf(own: Enrolled): ReportMethod {
  const { kind, createdAt, lastUsedAt, adopted, enrolledBy } = own.authenticator;
  return {
    kind,
    way: adopted ? 'verified address' : enrolledBy?.length ? 'another method' : 'first',
    enrolledAt: createdAt,
    ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
    usable: worksNow(own),
  };
}
