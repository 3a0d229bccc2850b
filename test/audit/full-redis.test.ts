// The Redis of the audit log is full: MFA goes on as if it were not there, and what waited is stored once there is room.
import { Redis } from 'ioredis';
import { expect } from 'chai';
import { auditLog } from '../../src/audit.js';
import { totp } from '../../src/index.js';
import { Browser, code, wrongCode } from '../support/agent.js';
import { fewBackupCodes, testApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { startRedisServer, type RedisServer } from '../support/redis.js';
import { patientAuditStore } from '../support/patience.js';

describe('a full audit log', () => {
  let server: RedisServer;
  let redis: Redis;
  before(async () => {
    server = await startRedisServer(['--maxmemory-policy', 'noeviction']);
    redis = new Redis(server.url);
  });
  after(async () => {
    redis.disconnect();
    await server.close();
  });

  it('stops nobody, says what fails, and has everything once there is room again', async () => {
    const audit = auditLog({ store: patientAuditStore(redis, { namespace: 'full' }) });
    const app = await testApp({ factors: [totp(), fewBackupCodes()], audit });
    // Whatever is in it is more than that: it takes nothing more.
    await redis.config('SET', 'maxmemory', '1');
    expect(await redis.set('more', '1').catch(String)).to.include('OOM');

    const { secret } = await (await new Browser(app).signIn('ada')).enrollTotp();
    app.clock.advance(60);
    const other = await new Browser(app).signIn('ada');
    await other.form('/mfa/verify/totp', { code: wrongCode(secret, app.clock) });
    await other.jsonGet('/account').expect(403);
    await other.form('/mfa/verify/totp', { code: code(secret, app.clock) });
    await other.jsonGet('/account').expect(200);
    await app.mfa.settled();
    const full = await audit.health();
    expect(full.failing).to.be.a('string');
    expect(full.entries).to.equal(0);
    expect(full.waiting).to.be.greaterThan(4);

    await redis.config('SET', 'maxmemory', '0');
    await eventually(async () => {
      await audit.settled();
      expect((await audit.health()).waiting).to.equal(0);
    });
    const { entries } = await audit.read({ userId: 'ada', limit: 500 });
    const outcomes = entries
      .filter(({ name }) => /^verification-(accepted|refused)$/.test(name))
      .map(({ outcome }) => outcome);
    expect(outcomes.slice(0, 2)).to.deep.equal(['success', 'failure']);
    expect((await audit.verify()).sound).to.equal(true);
    expect((await audit.health()).lost).to.equal(0);
    await audit.close();
    await app.close();
  }).timeout(120_000);
});
