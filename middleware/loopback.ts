// What is for development only works where development is: `NODE_ENV` says so, or says nothing and the request comes
// over the loopback interface.
import type { Request } from 'express';
import { MfaError } from '../src/core/errors.js';
import type { MfaCore } from '../src/mfa.js';

/** @throws MfaError `config.memory_store_in_production` for a request from elsewhere to an app on the memory store */
export function checkEnvironment({ config, kernel }: MfaCore, req: Request): void {
  if (config.environment !== 'unset' || kernel.store.name !== 'memory') return;
  if (isLoopback(req.socket.remoteAddress)) return;
  throw new MfaError(
    'config.memory_store_in_production',
    '`store` is the memory store, and this request comes from another machine. ' +
      "Use `redisStore(client, { namespace })`, or set NODE_ENV to 'development' if this is no production.",
  );
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(127\.|::1$|::ffff:127\.)/.test(address);
}
