// Waiting for what comes true by itself: a server that recovers, a connection that ends.
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs `attempt` every 50 ms until it does not throw; after `seconds` it throws what it threw last, if that was not the first:
 * one attempt may have waited for all that time.
 */
export async function eventually(attempt: () => Promise<unknown>, seconds = 30): Promise<void> {
  const until = Date.now() + seconds * 1000;
  for (let first = true; ; first = false) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (Date.now() > until && !first) throw error;
      await sleep(50);
    }
  }
}
