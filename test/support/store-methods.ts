// Each method of a store once, to count what it asks of its server.
import type { MfaStore } from '../../src/core/kernel/ports.js';
import { emptyRecord } from '../../src/core/kernel/record.js';

export const storeMethods: { [name: string]: (store: MfaStore) => Promise<unknown> } = {
  load: (store) => store.load('u'),
  save: (store) => store.save('u', emptyRecord('e'), undefined),
  remove: (store) => store.remove('u'),
  abandon: (store) => store.abandon('u', ['k']),
  claim: (store) => store.claim('k', 'u'),
  put: (store) => store.put('u', 'flow', 'x', 60),
  putIfAbsent: (store) => store.putIfAbsent('u', 'flow', 'x', 60),
  get: (store) => store.get('u', 'flow'),
  take: (store) => store.take('u', 'flow'),
  increment: (store) => store.increment('u', 'sent', 60),
};
