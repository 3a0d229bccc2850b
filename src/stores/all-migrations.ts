// The tables of several stores as if they were of one: each may stand in a database of its own, several in the same. Knows no SQL.
import type { StoreMigrations } from '../core/kernel/ports.js';

/** `last`: the step that `rollback` would take back. */
export type AllMigrations = StoreMigrations & { last: () => Promise<string | undefined> };
type Given = StoreMigrations & Partial<Pick<AllMigrations, 'last'>>;

/** Of one that is several itself, as they say it: a step may be made in some of them only. */
async function lastOf(one: Given): Promise<string | undefined> {
  if (one.last) return one.last();
  return (await one.status()).filter(({ made }) => made).at(-1)?.name;
}

/** @returns undefined where none of them has tables */
export function migrationsOfAll(
  stores: readonly ({ readonly migrations?: Given } | undefined)[],
): AllMigrations | undefined {
  const all = stores.flatMap((store) => store?.migrations ?? []);
  if (all.length === 0) return undefined;
  // Names sort as they are made.
  const last = async () =>
    (await Promise.all(all.map(lastOf)))
      .flatMap((name) => name ?? [])
      .sort()
      .at(-1);
  return {
    async status() {
      const made = new Map<string, boolean>();
      const steps = (await Promise.all(all.map(({ status }) => status()))).flat();
      for (const step of steps) made.set(step.name, (made.get(step.name) ?? true) && step.made);
      return [...made].map(([name, everywhere]) => ({ name, made: everywhere }));
    },
    // One after the other: whoever is in the database of one before finds it done.
    async migrate() {
      const made = new Set<string>();
      for (const { migrate } of all) for (const name of await migrate()) made.add(name);
      return [...made].sort();
    },
    last,
    async rollback() {
      const name = await last();
      if (name !== undefined) for (const each of all) if ((await lastOf(each)) === name) await each.rollback();
      return name;
    },
  };
}
