// Session stores of Redis with the clients that hosts give them: what works says nothing, what cannot is said at the first request.
import { expect } from 'chai';
import { RedisStore as RedisStore8 } from 'connect-redis';
import { RedisStore as RedisStore9 } from 'connect-redis-9';
import type { Store } from 'express-session';
import type { Redis } from 'ioredis';
import { createClient } from 'redis';
import { Browser } from '../support/agent.js';
import { testApp, type TestApp } from '../support/app.js';
import { patientStore } from '../support/patience.js';
import { freshNamespace, newRedis, redisUrl, removeNamespace } from '../support/redis.js';

describe('the session store of a host', () => {
  const prefix = `${freshNamespace()}:`;
  let nodeRedis: ReturnType<typeof createClient>;
  let ioredis: Redis;
  let app: TestApp | undefined;
  let warnings: (Error & { code?: string })[];
  const hear = (warning: Error) => void warnings.push(warning);

  before(async () => {
    ioredis = newRedis();
    nodeRedis = createClient({ url: redisUrl() });
    await nodeRedis.connect();
  });
  after(async () => {
    await removeNamespace(ioredis, prefix.slice(0, -1));
    ioredis.disconnect();
    nodeRedis.destroy();
  });
  beforeEach(() => {
    warnings = [];
    process.on('warning', hear);
  });
  afterEach(async () => {
    process.off('warning', hear);
    await app?.close();
  });

  const told = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    return warnings.filter(({ code }) => code === 'express-mfa.session_store');
  };

  async function opened(store: Store): Promise<TestApp> {
    return (app = await testApp({ policy: 'no-prompt', host: { session: { store } } }));
  }

  it('of connect-redis 9 with ioredis is named to whoever starts the app, once, before anybody signs in', async () => {
    const site = await opened(new RedisStore9({ client: ioredis, prefix }));
    for (const path of ['/', '/account', '/mfa']) await new Browser(site).jsonGet(path);
    const [warning, ...more] = await told();
    expect(more).to.deep.equal([]);
    expect(warning?.message).to.match(/connect-redis 9 .* ioredis.*Keep connect-redis 8/);
    // It is true.
    const { status } = await new Browser(site).agent.post('/login').send({ uid: 'ada' });
    expect(status).to.equal(500);
  });

  for (const [name, store] of [
    ['connect-redis 8 with ioredis', () => new RedisStore8({ client: ioredis, prefix })],
    ['connect-redis 8 with node-redis', () => new RedisStore8({ client: nodeRedis, prefix })],
    ['connect-redis 9 with node-redis', () => new RedisStore9({ client: nodeRedis, prefix })],
    [
      'connect-redis 9 with ioredis, without a time to live',
      () => new RedisStore9({ client: ioredis, prefix, disableTTL: true }),
    ],
  ] as const)
    it(`of ${name} works, and nothing is said`, async () => {
      const site = await opened(store());
      const { secret } = await (await new Browser(site).signIn('ada')).enrollTotp();
      site.clock.advance(30);
      const again = await new Browser(site).signIn('ada');
      await again.jsonGet('/account').expect(403);
      await again.proveTotp(secret);
      await again.jsonGet('/account').expect(200);
      expect(await told()).to.deep.equal([]);
    });

  it('shares one client of node-redis with the records, by connect-redis 9', async () => {
    const namespace = freshNamespace();
    const store = patientStore(nodeRedis, { namespace, warn: () => undefined });
    const host = { session: { store: new RedisStore9({ client: nodeRedis, prefix }) } };
    const site = (app = await testApp({ policy: 'no-prompt', store, host }));
    const { secret } = await (await new Browser(site).signIn('ada')).enrollTotp();
    site.clock.advance(30);
    const again = await new Browser(site).signIn('ada');
    await again.jsonGet('/account').expect(403);
    await again.proveTotp(secret);
    await again.jsonGet('/account').expect(200);
    expect(await ioredis.exists(`${namespace}:{ada}:record`)).to.equal(1);
    await removeNamespace(ioredis, namespace);
    expect(await told()).to.deep.equal([]);
  });
});
