// Serves a host app that a test wrote from the first line to the last, for the tests of what hosts are like.
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express, type RequestHandler } from 'express';
import session from 'express-session';
import { createMfa, totp, type Mfa, type MfaOptions } from '../../src/index.js';
import { appSecret, hostData, testClock, userOfSession, type TestClock } from './app.js';

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

export const hostSessions = (): RequestHandler => session({ secret: 'host', resave: false, saveUninitialized: false });

/** The host's sessions, and `POST /login`, whose every field goes into one. */
export function mountSignIn(app: Express, sessions = hostSessions()): void {
  app.use(sessions);
  app.post('/login', express.json(), (req, res) => {
    Object.assign(hostData(req), req.body);
    res.json({});
  });
}

/** What a host writes: `user`, and little else. */
export function mfaFor(options: Partial<MfaOptions> = {}): { mfa: Mfa; clock: TestClock } {
  const clock = (options.clock as TestClock | undefined) ?? testClock();
  const given = { appName: 'Acme', secrets: [appSecret], factors: [totp()], policy: 'no-prompt' as const };
  return { mfa: createMfa({ ...given, user: userOfSession, ...options, clock }), clock };
}
