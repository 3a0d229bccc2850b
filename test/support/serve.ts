// Serves a host app that a test wrote from the first line to the last, for the tests of what hosts are like.
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMfa, totp, type Mfa, type MfaOptions } from '../../src/index.js';
import { appSecret, testClock, type TestClock } from './app.js';

export type Served = { url: string; base: string; clock: TestClock; server: Server; close(): Promise<void> };

export async function serve(app: RequestListener, clock: TestClock, base = '/mfa'): Promise<Served> {
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Neither the server nor its connections keep a test run alive that failed before it closed them.
  server.on('connection', (socket) => socket.unref());
  server.unref();
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, base, clock, server, close };
}

/** What a host writes: `user`, and little else. */
export function mfaFor(user: MfaOptions['user'], options: Partial<MfaOptions> = {}): { mfa: Mfa; clock: TestClock } {
  const clock = (options.clock as TestClock | undefined) ?? testClock();
  const given = { appName: 'Acme', secrets: [appSecret], factors: [totp()], policy: 'no-prompt' as const };
  return { mfa: createMfa({ ...given, user, ...options, clock }), clock };
}
