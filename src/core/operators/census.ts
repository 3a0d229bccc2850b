// A census: one walk over all records, everybody once, by one clock; kept step by step, so that another process goes on where one was
// stopped. It knows how to count, not who asks; what somebody counts as stands in `headcount.ts`.
import { createIdTable, type IdTable } from '../kernel/id-table.js';
import type { Kernel } from '../kernel/kernel.js';
import type { Scanned } from '../kernel/ports.js';
import { dayOf, type CensusPart, type HeldCensus, type StatsStore } from '../kernel/stats.js';
import { headcount, headcountOfNobody, headcountOfUnread, type Headcount } from '../rules/headcount.js';
import type { DirectoryPerson, FoundPerson } from './desk.js';

/** `directory`: who is an administrator, and of which tenant. */
export type CensusWorld = {
  kernel: Kernel;
  stats: StatsStore;
  directory?: {
    get(userId: string): Promise<DirectoryPerson | undefined>;
    all?: () => AsyncIterable<FoundPerson> | Iterable<FoundPerson>;
  };
};

/** How many people were counted so far, and of about how many. */
export type CensusProgress = { people: number; about: number };

/** `busy`: somebody else counts. `stopped`: by the signal, or because another process took over; what was counted is kept. */
export type CensusResult = { state: 'done' | 'stopped' | 'busy'; people: number };

/** People in one step. */
const perStep = 500;
/** A killed one is taken up by another after this. */
const ttlSeconds = 30;
const resumeSeconds = 86_400;
const keptDays = 400;
/** Where the walk over records is over, and who has none is left to count. */
const recordsDone = 'records done';
/** Numbers of the table of people: met, known to the directory, administrator, and the tenant above them. */
const flags = { met: 1, known: 2, admin: 4, tenant: 8 } as const;

type Known = { isAdmin: boolean; tenant: string };
const nobody: Known = { isAdmin: false, tenant: '' };

export type CensusOrder = { by?: string; signal?: AbortSignal; tell?: (progress: CensusProgress) => void };

/** @throws MfaError `store.unavailable`, `directory.unavailable`; what was counted is kept, and gone on with */
export async function takeCensus(world: CensusWorld, order: CensusOrder = {}): Promise<CensusResult> {
  const { kernel, stats } = world;
  const { by } = order;
  const now = kernel.now();
  const request = { startedAt: now, resumeAfter: now - resumeSeconds, ttlSeconds };
  const held = await stats.begin({ ...request, ...(by === undefined ? {} : { by }) });
  if (!held) return { state: 'busy', people: (await stats.running())?.people ?? 0 };
  try {
    return await walk(world, held, order);
  } finally {
    // Whoever goes on with it need not wait. Of one that is over there is nothing to let go of.
    await stats.release(held.fence).catch(() => undefined);
  }
}

async function walk(
  { kernel, stats, directory }: CensusWorld,
  held: HeldCensus,
  { signal, tell }: CensusOrder,
): Promise<CensusResult> {
  // Everybody is looked at by one clock, however long it takes: so the figures of a day agree with one another.
  const still: Kernel = { ...kernel, now: () => held.startedAt };
  const people = await openPeople(kernel, stats, directory, held);
  let { step } = held;
  let met = people.count;
  let about = 0;
  // Beside the walk, which does not wait for it. Removed people are counted and not met, so it is about so many.
  void kernel.store.count?.().then(
    (counted) => (about = counted),
    () => undefined,
  );
  /** The step on its way: the next one is counted meanwhile, and handed in after it. */
  let kept = Promise.resolve(true);
  let counted = met;
  const stopped = async (): Promise<CensusResult> => {
    await kept.catch(() => undefined);
    return { state: 'stopped', people: counted };
  };
  /** @returns whether to go on */
  const keep = async (cursor: string, heads: readonly Head[]): Promise<boolean> => {
    const parts = partsOf(heads, await people.known(heads));
    if (!(await kept) || signal?.aborted === true) return false;
    step += 1;
    met += heads.length;
    const progress = { people: met, about: Math.max(about, met) };
    kept = stats.add(held.fence, { step, cursor, about: progress.about, parts }).then((isTaken) => {
      if (isTaken) counted = progress.people;
      if (isTaken) tell?.(progress);
      return isTaken;
    });
    // Whoever waits for it hears that it failed.
    kept.catch(() => undefined);
    return true;
  };

  try {
    if (held.cursor !== recordsDone) {
      let batch: Head[] = [];
      for await (const one of kernel.store.scan(held.cursor === '' ? {} : { after: held.cursor })) {
        if (signal?.aborted === true) return await stopped();
        if (!people.meet(one.userId)) continue;
        // At once, so that no record is kept until the step is full.
        batch.push(headOf(still, one));
        if (batch.length < perStep) continue;
        if (!(await keep(one.cursor, batch))) return await stopped();
        batch = [];
      }
      if (!(await keep(recordsDone, batch))) return await stopped();
    }
    for await (const ids of people.others(perStep)) {
      const heads = ids.map((id) => ({ id, ...headcountOfNobody() }));
      if (!(await keep(recordsDone, heads))) return await stopped();
    }
    if (!(await kept) || signal?.aborted === true) return await stopped();
  } finally {
    // A step that is late must not take the census again after it was let go.
    await kept.catch(() => undefined);
  }
  const keepFrom = dayOf(held.startedAt - keptDays * 86_400);
  const ended = await stats.finish(held.fence, { endedAt: kernel.now(), keepFrom });
  return { state: ended ? 'done' : 'stopped', people: met };
}

type Head = Headcount & { id: string };

function headOf(kernel: Kernel, { userId: id, record }: Scanned): Head {
  return { id, ...(record ? headcount(kernel, record) : headcountOfUnread()) };
}

/** Everybody's, and each tenant's. */
function partsOf(heads: readonly Head[], known: readonly Known[]): CensusPart[] {
  const parts = new Map<string, { scope: string; counts: Map<string, number>; lists: Map<string, string[]> }>();
  for (const [at, { id, lists, counts }] of heads.entries()) {
    const { tenant, isAdmin } = known[at] ?? nobody;
    for (const scope of tenant === '' ? [''] : ['', tenant]) {
      const part = parts.get(scope) ?? { scope, counts: new Map<string, number>(), lists: new Map<string, string[]>() };
      parts.set(scope, part);
      const add = (name: string, by: number) => part.counts.set(name, (part.counts.get(name) ?? 0) + by);
      const list = (name: string) => {
        add(name, 1);
        const ids = part.lists.get(name);
        if (ids) ids.push(id);
        else part.lists.set(name, [id]);
      };
      for (const name of lists) {
        list(name);
        if (isAdmin) list(`${name}/admins`);
      }
      for (const name in counts) if (counts[name]) add(name, counts[name]);
    }
  }
  return [...parts.values()].map(({ scope, counts, lists }) => ({
    scope,
    counts: Object.fromEntries(counts),
    lists: Object.fromEntries(lists),
  }));
}

type People = {
  /** How many were counted before this process took it up. */
  count: number;
  /** @returns whether they are met for the first time */
  meet(id: string): boolean;
  known(people: readonly { id: string }[]): Promise<Known[]>;
  /** Whom the directory knows and nobody met, some at a time. */
  others(size: number): AsyncGenerator<string[]>;
};

async function openPeople(
  kernel: Kernel,
  stats: StatsStore,
  directory: CensusWorld['directory'],
  held: HeldCensus,
): Promise<People> {
  const seed = () => kernel.random.int(2 ** 32);
  const table = createIdTable([seed(), seed()]);
  const tenants = new Map<string, number>([['', 0]]);
  const names = [''];
  const numberOf = ({ tenant = '', isAdmin }: DirectoryPerson): number => {
    const at = tenants.get(tenant) ?? names.push(tenant) - 1;
    tenants.set(tenant, at);
    return flags.known | (isAdmin === true ? flags.admin : 0) | (at * flags.tenant);
  };
  const knownOf = (number: number): Known => ({
    isAdmin: (number & flags.admin) !== 0,
    tenant: names[Math.floor(number / flags.tenant)] ?? '',
  });
  if (directory?.all) for await (const person of directory.all()) table.set(person.id, numberOf(person));
  const count = held.step === 0 ? 0 : await meetAgain(stats, table);
  const meet = (id: string): boolean => {
    const number = table.get(id) ?? 0;
    if (number & flags.met) return false;
    table.set(id, number | flags.met);
    return true;
  };
  return {
    count,
    meet,
    async known(some) {
      if (directory?.all || !directory) return some.map(({ id }) => knownOf(table.get(id) ?? 0));
      const told = await Promise.all(some.map(({ id }) => directory.get(id)));
      return told.map((one) => ({ isAdmin: one?.isAdmin === true, tenant: one?.tenant ?? '' }));
    },
    async *others(size) {
      if (!directory?.all) return;
      let some: string[] = [];
      for await (const { id } of directory.all()) {
        if (!meet(id)) continue;
        some.push(id);
        if (some.length < size) continue;
        yield some;
        some = [];
      }
      if (some.length > 0) yield some;
    },
  };
}

/** Who was counted before another process was stopped. */
async function meetAgain(stats: StatsStore, table: IdTable): Promise<number> {
  const limit = 5000;
  for (let after = 0; ; after += limit) {
    const ids = await stats.list({ name: 'all', running: true, after, limit });
    for (const id of ids) table.set(id, (table.get(id) ?? 0) | flags.met);
    if (ids.length < limit) return after + ids.length;
  }
}
