// In which order posts are gone on with where many come at once: whoever has a password can send a thousand, and their owner
// must not wait for all of them. Refuses nobody, and believes only what this process remembers.
import { laneOf } from '../../src/core/rules/known-browsers.js';
import type { Visit } from './visit.js';

/**
 * Resolves at once for a browser that is known to this person, and where few come. What is not remembered counts as a
 * stranger's, and is looked at a moment later.
 */
export async function letPass({ mfa: { kernel }, asker }: Visit): Promise<void> {
  const record = asker.knownBrowser && kernel.remembered.recall(asker.user.id, kernel.now());
  if (record && laneOf(kernel, asker, record) !== 'unknown') return;
  await kernel.strangers();
}
