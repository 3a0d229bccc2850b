// All that a store holds of people and claims, for comparing two of them.
import type { MfaStore } from '../../src/core/kernel/ports.js';
import { orderedJson } from '../../src/core/words/ordered-json.js';

/** One line each, sorted; revisions aside, which are each store's own. */
export async function everythingIn(store: MfaStore): Promise<string[]> {
  const lines = new Set<string>();
  for await (const { userId, record, unread } of store.scan({ tombstones: true }))
    lines.add(`${userId}: ${unread ? 'unread' : record ? orderedJson(record) : 'removed'}`);
  for await (const { key, userId } of store.claims()) lines.add(`${key}: ${userId ?? 'nobody'}`);
  return [...lines].sort();
}
