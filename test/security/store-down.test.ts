// Attack: the store is made to fail, or to stand still, in the hope that somebody is let through meanwhile.
// Rule: an elevated session goes on as far as remembered knowledge reaches; everything else is 503 within 2 s, recovers
// by itself, and nothing is half-written.
// Answer: 503 with `Retry-After`; what was not saved did not happen.
import { expect } from 'chai';
import { Redis } from 'ioredis';
import type { Response } from 'supertest';
import { totp } from '../../src/index.js';
import { Browser, code, codeIn } from '../support/agent.js';
import { fewBackupCodes, testApp, testClock, type TestApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { startRedisServer, storeOn, type RedisServer } from '../support/redis.js';

/** Two seconds, and leeway for a busy machine; to wait for every command in turn would take longer still. */
const overdueMs = 8000;

describe('a store that fails', function () {
  let server: RedisServer;
  let redis: Redis;
  let app: TestApp;
  let elevated: Browser;
  let pending: Browser;
  let secret: string;
  let codes: string[];
  let token: string;

  beforeEach(async () => {
    server = await startRedisServer(['--appendonly', 'yes', '--appendfsync', 'always']);
    redis = new Redis(server.url, { retryStrategy: () => 50 });
    redis.on('error', () => undefined);
    app = await testApp({
      store: storeOn(server, redis, { namespace: 'acme', warn: () => undefined }),
      factors: [totp(), fewBackupCodes()],
      clock: testClock(Date.now()),
    });
    elevated = await new Browser(app).signIn('ada');
    ({ secret, codes } = await elevated.enrollTotp());
    await elevated.jsonGet('/account').expect(200);
    pending = await new Browser(app).signIn('ada');
    token = await pending.csrf();
  });

  afterEach(async () => {
    server.resume();
    redis.disconnect();
    await server.close();
  });

  async function timed(request: PromiseLike<Response>): Promise<Response> {
    const began = Date.now();
    const answer = await request;
    expect(Date.now() - began, 'milliseconds').to.be.below(overdueMs);
    return answer;
  }

  async function expectUnavailable(request: PromiseLike<Response>): Promise<void> {
    const answer = await timed(request);
    expect({ status: answer.status, code: codeIn(answer) }).to.deep.equal({ status: 503, code: 'store.unavailable' });
    expect(answer.headers['retry-after']).to.match(/^[1-9]\d*$/);
    expect(answer.text).not.to.match(/ECONN|redis|127\.0\.0\.1/i);
  }

  const failures: [how: string, fail: () => void | Promise<void>, mend: () => void | Promise<void>][] = [
    ['is gone', () => server.stop(), () => server.start()],
    ['stands still', () => server.pause(), () => server.resume()],
  ];

  for (const [how, fail, mend] of failures) {
    it(`and ${how}: lets an elevated session go on for a while, and nobody else`, async () => {
      const other = await new Browser(app).signIn('bob');
      await fail();
      expect((await timed(elevated.jsonGet('/account'))).status).to.equal(200);
      const loading = ['/mfa', '/mfa/backup-codes', '/mfa/setup/totp'].map((path) => elevated.jsonGet(path));
      const strangers = [pending.jsonGet('/account'), pending.jsonGet('/mfa/verify/totp'), other.jsonGet('/account')];
      await Promise.all([...loading, ...strangers].map(expectUnavailable));
      app.clock.advance(30);
      await Promise.all([elevated.jsonGet('/account'), pending.jsonGet('/account')].map(expectUnavailable));
      await mend();
      await eventually(() => elevated.jsonGet('/account').expect(200));
      await pending.jsonGet('/account').expect(403);
    });

    it(`and ${how}: takes no answer, spends none, and recovers by itself`, async () => {
      app.clock.advance(30);
      const right = code(secret, app.clock);
      await fail();
      const answers = [
        pending.postJson('/mfa/verify/totp', { code: right, _csrf: token }),
        pending.postJson('/mfa/verify/backup-codes', { code: codes[0], _csrf: token }),
      ];
      await Promise.all(answers.map(expectUnavailable));
      await mend();
      await eventually(() => pending.jsonGet('/mfa').expect(200));
      const status = (await app.mfa.status('ada'))!;
      expect(status.locked).to.deep.equal([]);
      expect(status.authenticators.map(({ left }) => left)).to.include(5);
      await pending.jsonGet('/account').expect(403);
      expect((await pending.answer('totp', right)).status).to.equal(200);
    });

    it(`and ${how}: refuses a whole line of answers as fast as one`, async () => {
      await fail();
      const sent = Array.from({ length: 8 }, () =>
        timed(pending.postJson('/mfa/verify/totp', { code: '123456', _csrf: token })),
      );
      for (const { status } of await Promise.all(sent)) expect(status).to.equal(503);
      await mend();
    });
  }

  it('while an answer is saved: whether it counted or not, it never counts twice', async () => {
    app.clock.advance(30);
    const right = code(secret, app.clock);
    // The answer is compared and saved while the server stops and comes back.
    const answers = [];
    for (let round = 0; round < 3; round += 1) {
      const answer = pending.postJson('/mfa/verify/totp', { code: right, _csrf: token });
      const sent = answer.then((response) => response);
      if (round === 0) {
        await server.pause();
        setTimeout(() => server.resume(), 300);
      }
      answers.push(await sent);
      token = await pending.csrf();
    }
    expect(answers.filter(({ status }) => status === 200).length).to.be.at.most(1);
    const again = await new Browser(app).signIn('ada');
    expect((await again.answer('totp', right)).status).to.equal(422);
  });

  it('half-way through an enrolment leaves none', async () => {
    const person = await new Browser(app).signIn('bob');
    const begun = (await person.jsonGet('/mfa/setup/totp').expect(200)).body.secret as string;
    const csrf = await person.csrf();
    await server.pause();
    await expectUnavailable(person.postJson('/mfa/setup/totp', { code: code(begun, app.clock), _csrf: csrf }));
    server.resume();
    await eventually(() => person.jsonGet('/mfa').expect(200));
    expect(await app.mfa.status('bob')).to.equal(undefined);
    expect((await person.json('/mfa/setup/totp', { code: code(begun, app.clock) })).status).to.equal(200);
  });
});
