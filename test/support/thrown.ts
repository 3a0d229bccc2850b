// What a call throws, for tests that say which error it must be.
import type { MfaError } from '../../src/core/words/errors.js';

/** The error that a call throws; an error of its own if it throws none. */
export function thrownBy(run: () => unknown): MfaError {
  try {
    run();
  } catch (error) {
    return error as MfaError;
  }
  throw new Error('nothing thrown');
}

/** The same of something asynchronous. */
export async function rejectionOf(work: Promise<unknown> | (() => unknown)): Promise<MfaError> {
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (error) {
    return error as MfaError;
  }
  throw new Error('nothing thrown');
}

/** The code of what something ends with; 'nothing thrown' if it ends well. */
export async function codeOf(work: Promise<unknown> | (() => unknown)): Promise<string> {
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
  return 'nothing thrown';
}
