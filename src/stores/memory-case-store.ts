// Cases in the memory of one process: the reference for other stores, for development and tests. It knows nothing of what a
// case asks for.
import type { Case, CaseStore } from '../core/kernel/cases.js';

/** Cases in memory; refused in production, because no other process sees them and nothing outlives this one. */
export function memoryCaseStore(): CaseStore {
  // Texts: what is handed in or out must not change what is kept.
  const cases = new Map<string, string>();
  const admins = new Set<string>();
  const parse = (text: string) => JSON.parse(text) as Case;
  return {
    name: 'memory',
    open(one) {
      const text = JSON.stringify(one);
      if (!cases.has(one.id)) cases.set(one.id, text);
      return Promise.resolve(cases.get(one.id) === text);
    },
    list: () => Promise.resolve([...cases.values()].map(parse)),
    take(id) {
      const text = cases.get(id);
      cases.delete(id);
      return Promise.resolve(text === undefined ? undefined : parse(text));
    },
    acted(adminId) {
      admins.add(adminId);
      return Promise.resolve(admins.size);
    },
  };
}
