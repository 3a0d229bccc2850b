// Attack: the store forgets somebody: an eviction, a fail-over, a deleted key; or an operator resets and re-creates.
// Rule: a lost record never means "no MFA" where the host expects one; removal leaves a tombstone; epochs are random, so
// nothing old fits a record that was made anew.
// Answer: 503 `store.record_missing` to everything behind the guard and to every page of ours.
import { expect } from 'chai';
import { Redis } from 'ioredis';
import { isMfaError, totp } from '../../src/index.js';
import { Browser, code, codeIn } from '../support/agent.js';
import { fewBackupCodes, hostData, testApp, type TestApp } from '../support/app.js';
import { inEnvironment } from '../support/environment.js';
import { patientStore } from '../support/patience.js';
import { openRedisStore, removeNamespace, startRedisServer } from '../support/redis.js';

describe('a record that is gone', () => {
  let app: TestApp;
  let opened: Awaited<ReturnType<typeof openRedisStore>>;
  /** The column that the host keeps by `onEvent`. */
  let expected: Set<string>;

  beforeEach(async () => {
    opened = await openRedisStore({ warn: () => undefined });
    expected = new Set();
    app = await testApp({
      store: opened.store,
      recordMaxAgeSeconds: 0,
      factors: [totp(), fewBackupCodes()],
      user: (req) => {
        const { uid } = hostData(req) as { uid?: string };
        return uid === undefined ? null : { id: uid, mfaExpected: expected.has(uid) };
      },
      onEvent: ({ name, userId }) => {
        if (name === 'authenticator-enrolled') expected.add(String(userId));
      },
    });
  });
  afterEach(() => opened.close());

  it('is refused everywhere, and begins nothing', async () => {
    const elevated = await new Browser(app).signIn('ada');
    await elevated.enrollTotp();
    await removeNamespace(opened.redis, opened.namespace);
    const fresh = await new Browser(app).signIn('ada');
    for (const who of [elevated, fresh]) {
      for (const path of [
        '/account',
        '/mfa',
        '/mfa/verify/totp',
        '/mfa/setup',
        '/mfa/setup/totp',
        '/mfa/backup-codes',
      ]) {
        const answer = await who.jsonGet(path);
        expect({ status: answer.status, code: codeIn(answer) }, path).to.deep.equal({
          status: 503,
          code: 'store.record_missing',
        });
        await who.htmlGet(path).expect(503).expect('Content-Type', /html/);
      }
      await who.post('/account').expect(503);
    }
    expect(await opened.redis.keys(`${opened.namespace}:*record*`)).to.deep.equal([]);
  });

  it('lets nobody answer, enrol or skip', async () => {
    const person = await new Browser(app).signIn('ada');
    await person.enrollTotp();
    const token = await person.csrf();
    await removeNamespace(opened.redis, opened.namespace);
    for (const path of [
      'verify/totp',
      'setup/totp',
      'setup/totp/begin',
      'setup/skip',
      'preferences',
      'backup-codes/generate',
    ]) {
      const body = { _csrf: token, code: '123456', signInStep: 'off' };
      expect(codeIn(await person.postJson(`/mfa/${path}`, body)), path).to.equal('store.record_missing');
    }
  });

  it('is nothing to somebody of whom the host expects none', async () => {
    const person = await new Browser(app).signIn('bob');
    await person.jsonGet('/account').expect(200);
  });

  it('that an operator removed leaves a tombstone, so that nothing begun before fits after', async () => {
    const person = await new Browser(app).signIn('ada');
    const { secret } = await person.enrollTotp();
    const begun = (await person.jsonGet('/mfa/setup/totp').expect(200)).body.secret as string;
    expected.clear();
    await app.mfa.deprovision('ada');
    const again = await new Browser(app).signIn('ada');
    await again.jsonGet('/account').expect(200);
    await again.enrollTotp();
    // The old session: its proof, its ceremony and its codes belong to a record that is no more.
    await person.jsonGet('/account').expect(403);
    expect((await person.json('/mfa/setup/totp', { code: code(begun, app.clock) })).status).to.be.within(400, 499);
    app.clock.advance(30);
    expect((await person.answer('totp', code(secret, app.clock))).status).to.equal(422);
  });

  it('that is spoilt is a 503, never "no MFA"', async () => {
    await (await new Browser(app).signIn('ada')).enrollTotp();
    expected.clear();
    const key = `${opened.namespace}:{ada}:record`;
    const [revision] = (await opened.redis.get(key))!.split('\n');
    for (const spoilt of [
      '',
      'x',
      '{}',
      `${revision}\n`,
      `${revision}\n{}`,
      `${revision}\nnull`,
      `${revision}\n{"v":2}`,
    ]) {
      await opened.redis.set(key, spoilt);
      const person = await new Browser(app).signIn('ada');
      expect((await person.jsonGet('/account')).status, JSON.stringify(spoilt)).to.equal(503);
    }
    await (await new Browser(app).signIn('eve')).enrollTotp();
    const seen = [];
    for await (const { userId, unread } of app.mfa.list()) seen.push(`${userId}: ${unread ?? 'read'}`);
    expect(seen).to.have.members(['ada: store.unavailable', 'eve: read']);
    await opened.redis.del(key);
    await opened.redis.lpush(key, 'a list');
    expect((await (await new Browser(app).signIn('ada')).jsonGet('/account')).status).to.equal(503);
  });
});

describe('a Redis that could forget', () => {
  it('is refused at start-up', async () => {
    const server = await startRedisServer(['--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru']);
    const redis = new Redis(server.url);
    try {
      const refused: unknown = await inEnvironment('production', async () => {
        const { mfa } = await testApp({ store: patientStore(redis, { namespace: 'acme', warn: () => undefined }) });
        return mfa.ready.then(
          () => undefined,
          (error: unknown) => error,
        );
      });
      expect(isMfaError(refused) && refused.code).to.equal('config.redis_evicts');
    } finally {
      redis.disconnect();
      await server.close();
    }
  });
});
