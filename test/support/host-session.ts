// The session of express-session without a server: a request that has one, and a store that notes what is asked of it.
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Request } from 'express';
import session from 'express-session';
import type { CookieOptions, SessionData } from 'express-session';
import type { HostSession } from '../../middleware/sign-in/host-session.js';
import type { MfaCore } from '../../src/mfa.js';
import { testKernel, type TestKernel } from './core-kernel.js';

type Done = (error?: unknown) => void;

/** The memory store of express-session, which notes what is asked of it, and ends each command when and as a test says. */
export class Sessions extends session.MemoryStore {
  readonly asked: string[] = [];
  /** What a command fails with. */
  readonly errors: { [command: string]: unknown } = {};
  /** Ends the deletion that waits. */
  endDestroy: (() => void) | undefined;
  isSlow = false;

  override set(id: string, data: SessionData, done: Done = () => undefined): void {
    this.note('set', done, () => super.set(id, data, done));
  }
  override destroy(id: string, done: Done = () => undefined): void {
    const end = () => this.note('destroy', done, () => super.destroy(id, done));
    if (this.isSlow) this.endDestroy = end;
    else end();
  }
  override regenerate(req: Request, done: Done): void {
    this.asked.push('regenerate');
    super.regenerate(req, done);
  }
  /** What was asked since the last look. */
  sinceThen(): string[] {
    return this.asked.splice(0);
  }

  private note(command: string, done: Done, run: () => void): void {
    this.asked.push(command);
    if (command in this.errors) done(this.errors[command]);
    else run();
  }
}

/** A first request to a host with express-session. */
export function requestAt(store: session.Store, cookie: CookieOptions = {}): Request {
  const incoming = Object.assign(new IncomingMessage(new Socket()), { url: '/', originalUrl: '/', secure: true });
  const req = incoming as unknown as Request;
  const host = session({ secret: 'keyboard cat', resave: false, saveUninitialized: false, store, cookie });
  void host(req, new ServerResponse(incoming) as never, () => undefined);
  return req;
}

export const sessionAt = (req: Request) => req.session as unknown as HostSession;

/** As much of an app as sessions go by. */
export function coreOf(
  namespace: string,
  proofs: 'session' | 'cookie' | 'token' = 'session',
): MfaCore & { kernel: TestKernel } {
  const kernel = testKernel();
  const config = { web: { proofs }, environment: 'test' };
  return { kernel: { ...kernel, store: { ...kernel.store, namespace } }, config } as unknown as MfaCore & {
    kernel: TestKernel;
  };
}

/** What an app sets at the cookie of its session, each with another value than it has. */
export const cookieSettings = [
  ['path', '/shop'],
  ['domain', 'shop.example'],
  ['httpOnly', false],
  ['secure', true],
  ['sameSite', 'strict'],
  ['priority', 'high'],
  ['partitioned', true],
] as const;
