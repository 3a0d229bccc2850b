// A store that stands still, or answers slowly: whatever is asked of the app is answered with 503 when two seconds were
// waited for it altogether. Told by how long commands were given, not by a watch.
import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { Redis } from 'ioredis';
import type { Response } from 'supertest';
import { redisStore, totp, type MfaStore, type RedisClient } from '../../src/index.js';
import { Browser, code } from '../support/agent.js';
import { fewBackupCodes, testApp, type TestApp } from '../support/app.js';
import { patientStore } from '../support/patience.js';
import { startRedisServer, type RedisServer } from '../support/redis.js';
import { CookieBrowser, statelessApp } from '../support/stateless-app.js';

/** A timer counts whole milliseconds of the event loop, and may end one or two before the clock that is asked says so. */
const slackMs = 100;

/** The trips of one request to the store, commands side by side as one: how long each took, or was given and not answered. */
type Asked = { open: number; tripsMs: number[] };

describe('an answer that waits for the store', () => {
  let server: RedisServer;
  let redis: Redis;
  let app: TestApp;
  /** How long the server takes; undefined while nothing is measured, and a busy machine has all the time it needs. */
  let slowMs: number | undefined;
  const current = new AsyncLocalStorage<Asked>();
  const asked = new Map<string, Asked>();

  beforeEach(async () => {
    server = await startRedisServer();
    redis = new Redis(server.port, '127.0.0.1');
    slowMs = undefined;
    asked.clear();
  });
  afterEach(async () => {
    await app.close();
    redis.disconnect();
    await server.close();
  });

  function store(): MfaStore {
    const slow = new Proxy(redis, {
      get(target, name) {
        const own: unknown = Reflect.get(target, name, target);
        if (typeof own !== 'function') return own;
        const send = own.bind(target) as (...given: unknown[]) => unknown;
        if (!['get', 'set', 'eval'].includes(String(name))) return send;
        return (...given: unknown[]) => sleep(slowMs).then(() => send(...given));
      },
    }) as unknown as RedisClient;
    const [usual, patient] = [
      redisStore(slow, { namespace: 'acme', warn: () => undefined }),
      patientStore(redis, { namespace: 'acme', warn: () => undefined }),
    ];
    type Method = (...given: unknown[]) => Promise<unknown>;
    return new Proxy(usual, {
      get(_, name) {
        const own: unknown = Reflect.get(slowMs === undefined ? patient : usual, name);
        if (typeof own !== 'function' || name === 'within') return own;
        return async (...given: unknown[]) => {
          const mine = current.getStore() ?? { open: 0, tripsMs: [] };
          if (mine.open === 0) mine.tripsMs.push(0);
          mine.open += 1;
          let ms = slowMs ?? 0;
          try {
            return await (own as Method)(...given);
          } catch (error) {
            ms = Number(/No answer within (\d+) ms/.exec((error as Error).message)?.[1]);
            throw error;
          } finally {
            mine.open -= 1;
            mine.tripsMs.push(Math.max(mine.tripsMs.pop() ?? 0, ms));
          }
        };
      },
    });
  }

  const options = () => ({
    store: store(),
    recordMaxAgeSeconds: 0,
    factors: [totp(), fewBackupCodes()],
    host: {
      /** Counts what each request asks for, under the name that it carries. */
      before: (host: TestApp['express']) =>
        void host.use((req, _res, next) => {
          const mine: Asked = { open: 0, tripsMs: [] };
          asked.set(String(req.headers['x-request-id']), mine);
          current.run(mine, next);
        }),
    },
  });

  async function expectAll(answers: {
    [name: string]: (headers: { [name: string]: string }) => PromiseLike<Response>;
  }) {
    await Promise.all(
      Object.entries(answers).map(async ([name, send], index) => {
        const id = `request-${index}`;
        const { status, headers } = await send({ 'X-Request-Id': id });
        expect(status, name).to.equal(503);
        expect(headers['retry-after'], name).to.equal('5');
        const { tripsMs } = asked.get(id)!;
        // None where another request is loading the same person, or stands before it in line.
        const waitedMs = tripsMs.reduce((sum, ms) => sum + ms, 0);
        expect(waitedMs, `${name}: ${tripsMs.join(' + ')} ms`).to.be.most(2000 + slackMs);
      }),
    );
  }

  async function people() {
    app = await testApp(options());
    const elevated = await new Browser(app).signIn('ada');
    const { secret, codes } = await elevated.enrollTotp();
    const pending = await new Browser(app).signIn('ada');
    const [token, pendingToken] = [await elevated.csrf(), await pending.csrf()];
    app.clock.advance(30);
    const typed = () => ({ code: code(secret, app.clock) });
    const paths = ['/account', '/mfa', '/mfa/verify/totp', '/mfa/setup', '/mfa/setup/totp', '/mfa/backup-codes'];
    return {
      reads: Object.fromEntries([
        ...paths.map((path) => [`GET ${path}, elevated`, (id: object) => elevated.jsonGet(path, { ...id })]),
        ...paths.map((path) => [`GET ${path}, pending`, (id: object) => pending.htmlGet(path, { ...id })]),
      ]) as Parameters<typeof expectAll>[0],
      writes: {
        'POST /mfa/verify/totp': (id: object) =>
          pending.postJson('/mfa/verify/totp', typed(), { 'X-CSRF-Token': pendingToken, ...id }),
        'POST /mfa/verify/backup-codes': (id: object) =>
          pending.postJson('/mfa/verify/backup-codes', { code: codes[0] }, { 'X-CSRF-Token': pendingToken, ...id }),
        'POST /mfa/backup-codes/generate': (id: object) =>
          elevated.postJson('/mfa/backup-codes/generate', {}, { 'X-CSRF-Token': token, ...id }),
      },
    };
  }

  it('is 503 on every route when the store stands still', async () => {
    const { reads, writes } = await people();
    slowMs = 0;
    await server.pause();
    await expectAll({ ...reads, ...writes });
  });

  it('gives what comes second only what is left when the store is slow', async () => {
    const { writes } = await people();
    slowMs = 1100;
    await expectAll({ 'POST /mfa/verify/totp': writes['POST /mfa/verify/totp'] });
  });

  it('counts the sign-in that stands in the store as well', async () => {
    app = await statelessApp('cookie', options());
    const person = await new CookieBrowser(app).enter('ada');
    await person.enrollTotp();
    slowMs = 1100;
    await expectAll({
      'GET /mfa': (id) => person.jsonGet('/mfa', id),
      'GET /account': (id) => person.jsonGet('/account', id),
    });
  });
});
