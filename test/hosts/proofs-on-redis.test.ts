// Hosts without a server session, as they stand in production: proofs on a real Redis, the cookie over real TLS; and
// what they answer while Redis is gone or stands still.
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { Redis } from 'ioredis';
import type { Response } from 'supertest';
import { codeIn } from '../support/agent.js';
import { testClock, type TestApp } from '../support/app.js';
import { selfSigned } from '../support/certificate.js';
import { eventually } from '../support/eventually.js';
import { openRedisStore, startRedisServer, storeOn, type RedisServer } from '../support/redis.js';
import { CookieBrowser, statelessApp, TokenBrowser, tokenFor } from '../support/stateless-app.js';

/** Two seconds, and leeway for a busy machine; to wait for every command in turn would take longer still. */
const overdueMs = 8000;

describe("a host over TLS with proofs: 'cookie' on Redis", () => {
  const certificate = selfSigned();
  let app: TestApp;
  let backing: Awaited<ReturnType<typeof openRedisStore>>;
  let server: Server;
  let target: Pick<TestApp, 'url' | 'base' | 'clock'>;

  beforeEach(async () => {
    backing = await openRedisStore();
    app = await statelessApp('cookie', { store: backing.store, clock: testClock(Date.now()) });
    server = createServer(certificate, app.express);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    target = { url: `https://127.0.0.1:${port}`, base: app.base, clock: app.clock };
  });
  afterEach(async () => {
    server.close();
    server.closeAllConnections();
    await app.close();
    await backing.close();
  });

  const visitor = () => {
    const person = new CookieBrowser(target);
    person.agent.ca(certificate.cert);
    return person;
  };
  const setCookies = ({ headers }: Response) =>
    [headers['set-cookie'] ?? []].flat().filter((cookie) => cookie.includes('mfa-'));

  it('keeps them under an id in a `__Host-` cookie, which is a new one after each proof', async () => {
    const { secret } = await (await visitor().enter('ada')).enrollTotp();
    const person = await visitor().enter('ada');
    const first = await person.htmlGet('/account').expect(303);
    const [pending = ''] = setCookies(first);
    expect(pending).to.match(/^__Host-mfa-proofs-[\w-]+=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    const proved = await person.proveTotp(secret);
    const cookies = setCookies(proved);
    expect(cookies.length).to.be.above(0);
    for (const cookie of cookies)
      expect(cookie)
        .to.match(/^__Host-mfa-.*; Path=\/;.*Secure/)
        .and.not.include('Domain');
    const jwt = tokenFor({ sub: 'ada', sid: 'elsewhere' });
    const [name = '', id = ''] = cookies.find((cookie) => cookie.includes('mfa-proofs'))!.split(/[=;]/);
    expect(pending).to.not.include(id);
    expect((await person.jsonGet('/account').expect(200)).body.mfa.state).to.equal('elevated');

    const copied = visitor().jsonGet('/account').set('Cookie', `jwt=${jwt}; ${name}=${id}`);
    expect((await copied).status, 'under another sign-in').to.equal(403);
    const keys = await backing.redis.keys(`${backing.namespace}:*`);
    expect(keys.some((key) => key.includes('proofs'))).to.equal(true);
    expect(keys.join()).to.not.include(id);
  });

  it('reads over TLS no cookie that came without the prefix, as anybody on the way could plant one', async () => {
    const { secret } = await (await visitor().enter('ada')).enrollTotp();
    const person = await visitor().enter('ada', 'one');
    const [cookie = ''] = setCookies(await person.proveTotp(secret)).filter((each) => each.includes('mfa-proofs'));
    const [name = '', id = ''] = cookie.split(/[=;]/);
    const jwt = `jwt=${tokenFor({ sub: 'ada', sid: 'one' })}`;
    const asked = (sent: string) => visitor().jsonGet('/account').set('Cookie', `${jwt}; ${sent}=${id}`);
    expect((await asked(name)).status).to.equal(200);
    expect((await asked(name.replace('__Host-', ''))).status).to.equal(403);
  });
});

for (const proofs of ['cookie', 'token'] as const)
  describe(`a host with proofs: '${proofs}' whose Redis fails`, function () {
    let redisServer: RedisServer;
    let redis: Redis;
    let app: TestApp;

    beforeEach(async () => {
      redisServer = await startRedisServer(['--appendonly', 'yes', '--appendfsync', 'always']);
      redis = new Redis(redisServer.url, { retryStrategy: () => 50 });
      redis.on('error', () => undefined);
      const store = storeOn(redisServer, redis, { namespace: 'acme', warn: () => undefined });
      app = await statelessApp(proofs, { store, clock: testClock(Date.now()) });
    });
    afterEach(async () => {
      redisServer.resume();
      redis.disconnect();
      await app.close();
      await redisServer.close();
    });

    const somebody = (sid: string) =>
      proofs === 'token' ? new TokenBrowser(app, 'ada', sid) : new CookieBrowser(app).enter('ada', sid);

    async function expectUnavailable(request: PromiseLike<Response>): Promise<void> {
      const began = Date.now();
      const answer = await request;
      expect(Date.now() - began, 'milliseconds').to.be.below(overdueMs);
      expect({ status: answer.status, code: codeIn(answer) }).to.deep.equal({ status: 503, code: 'store.unavailable' });
    }

    const failures: [how: string, fail: () => void | Promise<void>, mend: () => void | Promise<void>][] = [
      ['is gone', () => redisServer.stop(), () => redisServer.start()],
      ['stands still', () => redisServer.pause(), () => redisServer.resume()],
    ];

    for (const [how, fail, mend] of failures)
      it(`and ${how}: answers 503 within two seconds, and goes on by itself afterwards`, async () => {
        const { secret } = await (await somebody('first')).enrollTotp();
        const [elevated, pending] = [await somebody('one'), await somebody('two')];
        await elevated.proveTotp(secret);
        await elevated.jsonGet('/account').expect(200);
        const token = await pending.csrf();
        await fail();
        const answer = pending.postJson('/mfa/verify/totp', { code: '123456' }, { 'X-CSRF-Token': token });
        const asked = [elevated, pending].flatMap((person) => [person.jsonGet('/account'), person.jsonGet('/mfa')]);
        await Promise.all([answer, ...asked].map(expectUnavailable));
        await mend();
        await eventually(() => elevated.jsonGet('/account').expect(200));
        await pending.jsonGet('/account').expect(403);
        await pending.proveTotp(secret);
        await pending.jsonGet('/account').expect(200);
      });
  });
