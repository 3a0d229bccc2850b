// What is for development only works where development is: `NODE_ENV` says so, or says nothing and the request comes
// over the loopback interface, from nobody's proxy.
import type { Request } from 'express';
import { MfaError } from '../../src/core/words/errors.js';
import type { MfaCore } from '../../src/mfa.js';

/**
 * @throws MfaError `config.memory_store_in_production` or `config.console_sender_in_production` for a request from
 * elsewhere to an app on what is for development only
 */
export function checkEnvironment({ config, kernel }: MfaCore, req: Request): void {
  if (config.environment !== 'unset' || (isLoopback(req.socket.remoteAddress) && !isProxied(req))) return;
  const advice = "or set NODE_ENV to 'development' if this is no production.";
  if (kernel.store.name === 'memory') {
    throw new MfaError(
      'config.memory_store_in_production',
      '`store` is the memory store, and this request comes from another machine, or by a proxy. ' +
        `Use \`redisStore(client, { namespace })\`, ${advice}`,
    );
  }
  const sender = kernel.factors.map(senderOf).find((name) => name === 'console' || name === 'outbox');
  if (sender !== undefined) {
    throw new MfaError(
      'config.console_sender_in_production',
      `The ${sender} sender delivers nothing, and this request comes from another machine. Use one that delivers, ${advice}`,
    );
  }
}

function senderOf(factor: object): string | undefined {
  return (factor as { sender?: { name?: string } }).sender?.name;
}

/** A proxy on the same machine speaks for everybody. */
function isProxied({ headers }: Request): boolean {
  return ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-proto', 'x-real-ip'].some((name) => name in headers);
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(127\.|::1$|::ffff:127\.)/.test(address);
}
