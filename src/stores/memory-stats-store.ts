// Figures of a census in the memory of one process: the reference for other stores, for development and tests. It knows nothing of
// what is counted.
import { dayOf, daysToDrop, type CensusCounts, type StatsStore } from '../core/kernel/stats.js';

type Scope = { counts: Map<string, number>; lists: Map<string, string[]> };
type Kept = { startedAt: number; by: string | undefined; scopes: Map<string, Scope> };
type Run = Kept & { step: number; cursor: string; about: number; ttlMs: number; heldUntilMs: number };

/** Figures in memory; refused in production, because no other process sees them and nothing outlives this one. */
export function memoryStatsStore(): StatsStore {
  let fence = 0;
  let run: Run | undefined;
  let latest: (Kept & { endedAt: number }) | undefined;
  const days = new Map<string, CensusCounts>();

  const held = (given: number): Run | undefined => (given === fence ? run : undefined);
  const countsIn = ({ scopes }: Kept, scope: string): CensusCounts =>
    Object.fromEntries(scopes.get(scope)?.counts ?? []);
  const listIn = (kept: Kept | undefined, scope: string, name: string) =>
    kept?.scopes.get(scope)?.lists.get(name) ?? [];

  return {
    name: 'memory',
    begin({ startedAt, by, resumeAfter, ttlSeconds }) {
      if (run && run.heldUntilMs > Date.now()) return Promise.resolve(undefined);
      if (!run || run.startedAt < resumeAfter) {
        const scopes = new Map<string, Scope>();
        run = { startedAt, by, scopes, step: 0, cursor: '', about: 0, ttlMs: 0, heldUntilMs: 0 };
      }
      fence += 1;
      run.ttlMs = ttlSeconds * 1000;
      run.heldUntilMs = Date.now() + run.ttlMs;
      return Promise.resolve({ fence, startedAt: run.startedAt, step: run.step, cursor: run.cursor });
    },
    add(given, { step, cursor, about, parts }) {
      const mine = held(given);
      if (!mine || step > mine.step + 1) return Promise.resolve(false);
      mine.heldUntilMs = Date.now() + mine.ttlMs;
      if (step <= mine.step) return Promise.resolve(true);
      Object.assign(mine, { step, cursor, about });
      for (const { scope, counts, lists } of parts) {
        const into = mine.scopes.get(scope) ?? {
          counts: new Map<string, number>(),
          lists: new Map<string, string[]>(),
        };
        mine.scopes.set(scope, into);
        for (const [name, by] of Object.entries(counts)) into.counts.set(name, (into.counts.get(name) ?? 0) + by);
        for (const [name, ids] of Object.entries(lists)) {
          const list = into.lists.get(name);
          if (list) list.push(...ids);
          else into.lists.set(name, [...ids]);
        }
      }
      return Promise.resolve(true);
    },
    finish(given, { endedAt, keepFrom }) {
      const mine = held(given);
      if (!mine) return Promise.resolve(false);
      run = undefined;
      const { startedAt, by, scopes } = mine;
      latest = { startedAt, by, scopes, endedAt };
      days.set(dayOf(startedAt), countsIn(latest, ''));
      for (const day of daysToDrop([...days.keys()], keepFrom)) days.delete(day);
      return Promise.resolve(true);
    },
    release(given) {
      const mine = held(given);
      if (mine) mine.heldUntilMs = 0;
      return Promise.resolve();
    },
    running() {
      if (!run) return Promise.resolve(undefined);
      const { startedAt, by, about, heldUntilMs } = run;
      const people = listIn(run, '', 'all').length;
      const held = heldUntilMs > Date.now();
      return Promise.resolve({ startedAt, ...(by === undefined ? {} : { by }), people, about, held });
    },
    latest(scope = '') {
      if (!latest) return Promise.resolve(undefined);
      const { startedAt, endedAt, by } = latest;
      const counts = countsIn(latest, scope);
      return Promise.resolve({ startedAt, endedAt, ...(by === undefined ? {} : { by }), counts });
    },
    list: ({ name, scope = '', running, after, limit }) =>
      Promise.resolve(listIn(running ? run : latest, scope, name).slice(after, after + limit)),
    days: () => Promise.resolve([...days.keys()].sort()),
    countsOf(day) {
      const counts = days.get(day);
      return Promise.resolve(counts && { ...counts });
    },
  };
}
