// Waiting at start-up for a store whose server is not up yet. What a store checks is not known here.
import { isMfaError } from '../words/errors.js';
import type { MfaStore } from './ports.js';

/** How long until the store is asked again; it has its own deadline besides. */
const pauseMs = 500;
const warnEveryMs = 60_000;

/**
 * Resolves when the store may be used. An app that comes up before its Redis must not have to be restarted, so only what
 * waiting does not help, `config.*`, rejects; what it waits for is told at once and once a minute.
 */
export async function untilReady(store: Pick<MfaStore, 'ready'>, warn: (message: string) => void): Promise<void> {
  let warnedAt = -Infinity;
  for (;;) {
    try {
      return await store.ready?.();
    } catch (error) {
      if (isMfaError(error) && error.code.startsWith('config.')) throw error;
      const now = Date.now();
      if (now - warnedAt >= warnEveryMs) {
        warn(`mfa.ready waits for the store: ${error instanceof Error ? error.message : 'it threw no Error.'}`);
        warnedAt = now;
      }
      await pause();
    }
  }
}

/** Nothing that is only waited for keeps a process from ending. */
function pause(): Promise<void> {
  return new Promise((resolve) => {
    const timer: unknown = setTimeout(resolve, pauseMs);
    (timer as { unref?: () => void }).unref?.();
  });
}
