// What a factor is asked with, at a time of the test's choosing, for the tests of factors that keep nothing themselves.
import type { FactorContext } from '../../src/core/kernel/factor.js';
import { cryptoRandom } from '../../src/crypto/random.js';
import { createSealer } from '../../src/crypto/seal.js';

export const noon = 1_800_000_000;
export const day = 86_400;
export const secretOfTheApp = 'the secret of the app in these tests, 32 bytes and more';

/** The store of these tests refuses everything: these factors ask nothing of it. */
const noStore = new Proxy({} as FactorContext['store'], {
  get: (_target, name) => () => Promise.reject(new Error(`the factor called store.${String(name)}`)),
});

export function contextAt(now: number, rest: Partial<FactorContext> = {}): FactorContext {
  return {
    user: { id: 'u1', label: 'alice@example.com' },
    now,
    appName: 'Acme',
    locale: 'en',
    origins: ['http://localhost'],
    flowId: 'flow',
    random: cryptoRandom,
    sealer: createSealer({ secrets: [secretOfTheApp], namespace: 'acme' }),
    store: noStore,
    ...rest,
  };
}
