// A real rsyslogd was away while the log grew by 100,000 entries of several processes: over TLS it gets all of them, at least
// once and each writer's in order, while the app goes on to answer.
import { expect } from 'chai';
import { auditLog, redisAuditStore, syslogSink, type AuditEntry } from '../../src/audit.js';
import { getOrMake } from '../../src/audit/get-or-make.js';
import { totp } from '../../src/index.js';
import { openLog } from '../audit/open-log.js';
import { Browser, code } from '../support/agent.js';
import { appSecret, fewBackupCodes, testApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { freshNamespace, newRedis, removeNamespace } from '../support/redis.js';
import { startRsyslog } from './rsyslog.js';

const entries = 100_000;
const writers = 3;
/** Entries that a writer is told before it may catch its breath: within what it keeps while the store is busy. */
const atOnce = 2_000;

describe('rsyslogd that was away for 100,000 entries', () => {
  it('gets them all over TLS, each writer in order, while requests go on', async () => {
    const rsyslog = await startRsyslog();
    await rsyslog.kill();
    const clients = Array.from({ length: writers + 1 }, () => newRedis());
    const namespace = freshNamespace();
    const stores = clients.map((client) => redisAuditStore(client, { namespace, timeoutMs: 60_000 }));
    const [store, ...others] = stores;
    if (!store) throw new Error('There is no store.');
    const tls = {
      host: '127.0.0.1',
      port: rsyslog.tlsPort,
      transport: 'tls' as const,
      caFile: rsyslog.caFile,
    };
    const audit = auditLog({
      store,
      sinks: [syslogSink({ ...tls, format: 'json', appName: 'acme' })],
    });
    const app = await testApp({
      factors: [totp(), fewBackupCodes()],
      audit,
      secrets: [appSecret],
    });
    try {
      const person = await new Browser(app).signIn('ada');
      const { secret } = await person.enrollTotp();
      await Promise.all(
        others.map(async (each, index) => {
          const { log, fill } = openLog(each);
          for (let from = 0; from < entries / writers; from += atOnce) await fill(atOnce, index * entries + from);
          await log.settled();
        }),
      );
      await audit.feed();
      const [lagging] = (await audit.health()).sinks;
      expect(lagging?.behind).to.be.at.least(entries);
      expect(lagging?.failing).to.be.a('string');

      await rsyslog.start();
      let isLevel = false;
      const catchUp = async () => {
        do await audit.feed();
        while ((await audit.health()).sinks[0]?.behind !== 0);
      };
      const caughtUp = catchUp().finally(() => (isLevel = true));
      let answers = 0;
      while (!isLevel) {
        app.clock.advance(60);
        const other = await new Browser(app).signIn('ada');
        expect((await other.form('/mfa/verify/totp', { code: code(secret, app.clock) })).status).to.equal(303);
        await other.jsonGet('/account').expect(200);
        answers += 1;
      }
      await caughtUp;
      expect(answers).to.be.greaterThan(1);
      await app.mfa.settled();
      await catchUp();
      await audit.close();

      const stored = new Map<string, string[]>();
      for (let after = 0; ;) {
        const { items, place } = await store.page({ after, limit: 1000 });
        if (items.length === 0) break;
        for (const { text } of items) {
          const { writer, id } = JSON.parse(text) as AuditEntry;
          getOrMake(stored, writer, (): string[] => []).push(id);
        }
        after = place;
      }
      await quiet(() => rsyslog.written());
      const got = new Map<string, Set<string>>();
      for (const { msg } of await rsyslog.read()) {
        const { writer, id } = JSON.parse(msg) as Partial<AuditEntry>;
        // Lines of the ledger have no id.
        if (writer !== undefined && id !== undefined) getOrMake(got, writer, () => new Set<string>()).add(id);
      }
      expect([...got.keys()].sort()).to.deep.equal([...stored.keys()].sort());
      for (const [writer, ids] of stored) {
        const told = [...(got.get(writer) ?? [])];
        expect(told.length).to.equal(ids.length);
        expect(told.findIndex((id, index) => id !== ids[index])).to.equal(-1);
      }
    } finally {
      await app.close();
      await rsyslog.stop();
      const [redis] = clients;
      if (redis) await removeNamespace(redis, namespace);
      for (const client of clients) client.disconnect();
    }
  }).timeout(600_000);
});

/** Resolves once a size stays as it is: rsyslogd writes what it took a little later. */
async function quiet(size: () => Promise<number>): Promise<void> {
  let before = -1;
  await eventually(async () => {
    const now = await size();
    const grew = now !== before;
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(grew, 'it still writes').to.equal(false);
  }, 120);
}
