// The tables of several stores as if they were of one: each may stand in a database of its own, several in the same. Knows no SQL.
import type { StoreMigrations } from '../core/kernel/ports.js';

type Steps = Awaited<ReturnType<StoreMigrations['status']>>;

/** The step that was made last; names sort as they are made. */
const lastOf = (steps: Steps): string | undefined =>
  steps
    .flatMap(({ name, made }) => (made ? [name] : []))
    .sort()
    .at(-1);

/** `last`: the step that `rollback` would take back. */
export type AllMigrations = StoreMigrations & { last: () => Promise<string | undefined> };

/** @returns undefined where none of them has tables */
export function migrationsOfAll(
  stores: readonly ({ readonly migrations?: StoreMigrations } | undefined)[],
): AllMigrations | undefined {
  const all = stores.flatMap((store) => store?.migrations ?? []);
  if (all.length === 0) return undefined;
  const steps = async () => (await Promise.all(all.map(({ status }) => status()))).flat();
  const last = async () => lastOf(await steps());
  return {
    async status() {
      const made = new Map<string, boolean>();
      for (const step of await steps()) made.set(step.name, (made.get(step.name) ?? true) && step.made);
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
      if (name !== undefined) for (const each of all) if (lastOf(await each.status()) === name) await each.rollback();
      return name;
    },
  };
}
