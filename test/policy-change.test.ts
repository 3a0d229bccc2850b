// That other options are in force than before is told to the audit log: by name, never a value, once per configuration and day,
// however many processes start at once.
import { expect } from 'chai';
import { auditLog, type AuditEntry } from '../src/audit.js';
import { backupCodes, createMfa, totp, type MfaOptions } from '../src/index.js';
import { policyEntries, wordsIn } from '../src/policy-change.js';
import { inEnvironment } from './support/environment.js';
import { eventually } from './support/eventually.js';
import { patientAuditStore, patientStore } from './support/patience.js';
import { freshNamespace, newRedis, removeNamespace } from './support/redis.js';
import { testClock, type TestClock } from './support/app.js';

describe('a changed policy', () => {
  const redis = newRedis();
  const namespace = freshNamespace();
  const clock: TestClock = testClock();
  const opened: { close(): Promise<void> }[] = [];
  after(async () => {
    await Promise.all(opened.map((log) => log.close()));
    await removeNamespace(redis, namespace);
    redis.disconnect();
  });

  /** The app as a process of its own puts it together. */
  function start(options: Partial<MfaOptions> = {}, within = namespace) {
    const audit = auditLog({ store: patientAuditStore(redis, { namespace: within }) });
    opened.push(audit);
    return createMfa({
      appName: 'Acme',
      secrets: ['the secret of the app in these tests, 32 bytes and more'],
      origin: 'https://acme.example',
      store: patientStore(redis, { namespace: within, warn: () => undefined }),
      factors: [totp(), backupCodes()],
      user: () => null,
      notify: () => undefined,
      brand: { help: 'Ask.' },
      clock,
      audit,
      ...options,
    });
  }

  async function told(): Promise<AuditEntry[]> {
    const { audit } = start();
    return policyEntries(audit as NonNullable<typeof audit>, 50);
  }

  const differs = (entry: AuditEntry | undefined) => wordsIn(entry?.detail ?? {}, 'differs');

  it('is told by the names of what differs, and never by a value', async () => {
    await start().policy.tell();
    await start().policy.tell();
    const [first, ...none] = await told();
    expect(none).to.deep.equal([]);
    expect(first?.detail?.['hash']).to.match(/^[0-9a-f]{16}$/);
    expect(first?.detail).to.not.have.property('before');

    clock.advance(60);
    const changed = start({
      policy: 'mandatory',
      lockout: { after: 3 },
      trustedNetworks: ['10.9.8.0/24'],
      factors: [totp({ window: 'strict' }), backupCodes()],
      policyVersion: '2026-10',
    });
    await changed.policy.tell();
    const [second] = await told();
    expect(differs(second)).to.deep.equal(['factors.totp', 'lockout', 'policy', 'policyVersion', 'trustedNetworks']);
    expect(second?.detail).to.include({ before: first?.detail?.['hash'], version: '2026-10' });
    expect(second?.actor).to.deep.equal({ type: 'system' });
    expect(JSON.stringify(second)).to.not.include('10.9.8').and.not.include('mandatory');
    const verified = await changed.audit?.verify();
    expect(verified?.sound).to.equal(true);
  });

  it('is told once a day, back and forth, and anew the next day', async () => {
    const before = (await told()).length;
    await start().policy.tell();
    await start({ policy: 'mandatory' }).policy.tell();
    await start().policy.tell();
    await start({ policy: 'mandatory' }).policy.tell();
    // The first of them was told today already, before the other.
    expect((await told()).length).to.equal(before + 1);
    clock.advance(86_400);
    await start().policy.tell();
    expect((await told()).length).to.equal(before + 2);
  });

  it('is told once by eight processes that start at once', async () => {
    const before = (await told()).length;
    clock.advance(86_400);
    await Promise.all(Array.from({ length: 8 }, () => start({ freshSeconds: 300 }).policy.tell()));
    expect((await told()).length).to.equal(before + 1);
    expect(differs((await told())[0])).to.deep.equal(['freshSeconds']);
  });

  it('is of functions by `policyVersion` alone', async () => {
    clock.advance(86_400);
    await start({ policy: () => 'mandatory' }).policy.tell();
    const { length } = await told();
    await start({ policy: () => 'no-prompt' }).policy.tell();
    expect((await told()).length).to.equal(length);
    await start({ policy: () => 'no-prompt', policyVersion: '2' }).policy.tell();
    expect(differs((await told())[0])).to.deep.equal(['policyVersion']);
  });

  it('is told by a server in production by itself, and not by whoever only looks', async () => {
    const within = freshNamespace();
    const looking = await inEnvironment('production', () => start({}, within));
    looking.kernel.operator = 'cli';
    await inEnvironment('production', () => start({ policy: 'mandatory' }, within));
    await eventually(async () => {
      const entries = await policyEntries(looking.audit as NonNullable<typeof looking.audit>, 9);
      expect(entries).to.have.length(1);
    });
    await removeNamespace(redis, within);
  }).timeout(60_000);
}).timeout(30_000);
