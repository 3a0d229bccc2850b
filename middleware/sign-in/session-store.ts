// Session stores that cannot keep anything as they are put together: said at the first request, before anybody tries to sign
// in and gets an error that names neither. Looks at the store, and writes nothing to it.
import type { Request } from 'express';
import type { MfaCore } from '../../src/mfa.js';
import { warnOnce } from '../http/warn-once.js';

const looked = new WeakSet();

export function warnOfSessionStore(mfa: MfaCore, req: Request): void {
  const store = (req as { sessionStore?: object }).sessionStore;
  if (store === undefined || looked.has(store)) return;
  looked.add(store);
  if (!asksNodeRedisOfIoredis(store)) return;
  warnOnce(
    mfa,
    'session-store',
    'The session store is connect-redis 9 or newer, which speaks to node-redis alone, and its `client` is of ioredis: ' +
      'no session can be saved, so every sign-in ends with a 500. Keep connect-redis 8 with ioredis, or give the store a ' +
      'client of the package `redis`.',
    'session_store',
  );
}

/**
 * From connect-redis 9 on, `set` hands `{ expiration: { type, value } }` to a client that it no longer wraps; ioredis sends that
 * as a text, which Redis refuses. Without a time to live it is left out, and all is well.
 */
function asksNodeRedisOfIoredis(store: { client?: unknown; set?: unknown; disableTTL?: unknown }): boolean {
  const { client, set, disableTTL } = store;
  const isIoredis = typeof (client as { defineCommand?: unknown } | undefined)?.defineCommand === 'function';
  return isIoredis && disableTTL !== true && typeof set === 'function' && /\bexpiration:/.test(String(set));
}
