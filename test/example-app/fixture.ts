// The example app on a port of its own, and people who use it by its forms. The clock is the real one.
import { rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Express } from 'express';
import type { Redis } from 'ioredis';
import type { Response } from 'supertest';
import { createApp } from '../../example-app/app.js';
import type { Users } from '../../example-app/users.js';
import type { Mfa } from '../../src/index.js';
import { Browser, code } from '../support/agent.js';
import type { TestClock } from '../support/app.js';
import { newRedis, removeNamespace } from '../support/redis.js';

/** Time as it is: nobody can move it. */
const realClock: TestClock = {
  now: () => Date.now(),
  get seconds() {
    return Math.floor(Date.now() / 1000);
  },
  set: still,
  advance: still,
};

function still(): never {
  throw new Error('This clock is the real one.');
}

export type Example = { url: string; base: string; clock: TestClock; mfa: Mfa; users: Users; close(): Promise<void> };

process.env.MFA_SECRET ??= 'the secret of the example app in these tests';

const folder = join(tmpdir(), `express-mfa-example-${process.pid}`);
process.env.AUDIT_FILE = join(folder, 'audit.jsonl');
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

/** A client for the tests of a suite; what the app keeps is gone after them. */
export function redisOfExample(): () => Redis {
  let redis: Redis;
  before(() => {
    redis = newRedis();
  });
  after(async () => {
    await removeNamespace(redis, 'example');
    redis.disconnect();
  });
  return () => redis;
}

/**
 * @param origin where browsers are told that it is; it listens elsewhere
 * @param around what stands in front of the app
 */
export async function startExample(
  redis?: Redis,
  origin?: string,
  around: (app: Express) => Express = (app) => app,
): Promise<Example> {
  const { app, mfa, users } = createApp({ redis, origin });
  await mfa.ready;
  const server = around(app).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    base: '/mfa',
    clock: realClock,
    mfa,
    users,
    async close() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      await mfa.audit?.close();
    },
  };
}

export const password = 'correct horse battery staple';
let people = 0;

/** An address that nobody has used before, in no other process either. */
export function freshEmail(domain = 'example.com'): string {
  people += 1;
  return `person-${process.pid}-${Date.now().toString(36)}-${people}@${domain}`;
}

/** Signs up with the form, in a browser of their own. */
export async function signedUp(example: Example, email: string): Promise<Browser> {
  const person = new Browser(example);
  await person.post('/signup', { email, password }).expect(303).expect('Location', '/account');
  return person;
}

export async function signedIn(example: Example, email: string): Promise<Browser> {
  const person = new Browser(example);
  await person.post('/login', { email, password }).expect(303).expect('Location', '/account');
  return person;
}

/** Sets up an authenticator app by the pages; backup codes follow the first method. */
export async function setUpApp(person: Browser): Promise<{ secret: string; codes: string[]; done: Response }> {
  const secret = await addApp(person);
  const shown = await person.htmlGet('/mfa/backup-codes').expect(200);
  const codes = [...shown.text.matchAll(/<li><span>([^<]*)<\/span>/g)].map(([, each]) => each!);
  const done = await person.submit(shown, '/confirm', { saved: 'yes' }).expect(303);
  return { secret, codes, done };
}

/** The code is the last but one, so that the present one is still unused. */
export async function addApp(person: Browser): Promise<string> {
  const page = await person.htmlGet('/mfa/setup/totp').expect(200);
  const secret = /<code class="mfa-secret" id="key" dir="ltr">([^<]*)</.exec(page.text)![1]!.replaceAll(' ', '');
  await person.submit(page, '/setup/totp', { code: code(secret, realClock, -1) }).expect(303);
  return secret;
}

/** Answers the challenge with the code of now. */
export async function verify(person: Browser, secret: string): Promise<Response> {
  const page = await person.htmlGet('/mfa/verify/totp').expect(200);
  return person.submit(page, '/verify/totp', { code: code(secret, realClock) });
}
