// An app that believes identity providers, and what one of them says of somebody who has just signed in there.
import { vouch } from '../../src/core/flows/vouch.js';
import { digestOf } from '../../src/core/kernel/upstream-links.js';
import type { MfaStore } from '../../src/core/kernel/ports.js';
import type { UpstreamRule } from '../../src/core/kernel/settings.js';
import type { Upstream } from '../../src/core/words/upstream.js';
import { testKernel, watchedStore, type TestKernelOptions, type WatchedStore } from './core-kernel.js';
import { personOf } from './core-person.js';

export const [here, there] = ['https://idp.example', 'https://other.example'];
/** When the provider's word is read. */
export const now = testKernel().now();

export function believing(
  rules: { [issuer: string]: Partial<UpstreamRule> } = { [here]: {} },
  options: TestKernelOptions = {},
) {
  let watched!: WatchedStore;
  const abandoned: string[][] = [];
  const all = Object.entries(rules).map(([issuer, own]): [string, UpstreamRule] => [
    issuer,
    {
      mfa: 'accept',
      acr: [],
      isEnough: ({ amr, acr }) => amr.includes('mfa') || acr.includes('gold'),
      maxAgeSeconds: 600,
      insteadOfOwnFactor: false,
      ...own,
    },
  ]);
  const kernel = testKernel({
    settings: { upstream: new Map(all) },
    store: (memory: MfaStore) => {
      const own: MfaStore = {
        ...memory,
        abandon: (userId, keys) => {
          abandoned.push([userId, ...keys]);
          return memory.abandon(userId, keys);
        },
      };
      return (watched = watchedStore(own));
    },
    ...options,
  });
  const said = (more: Partial<Upstream> = {}): Upstream => ({
    issuer: here,
    subject: 's1',
    authTime: kernel.now() - 10,
    amr: ['pwd', 'mfa'],
    acr: [],
    ...more,
  });
  const about = (id = 'ann') => personOf(kernel, id).asker;
  const believe = (more: Partial<Upstream> = {}, id = 'ann') => vouch(kernel, about(id), said(more));
  const told = () => kernel.events.map(({ name, outcome, detail, userId }) => ({ name, outcome, detail, userId }));
  const claimOf = (subject = 's1', freed = 0, issuer = here) =>
    `upstream:${digestOf(kernel, issuer, subject)}.${freed}`;
  return { kernel, believe, told, claimOf, watched, abandoned, about };
}
