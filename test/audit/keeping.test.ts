// Writing and reading the log on every store: connections that break, stores that are away, pages that end.
import { expect } from 'chai';
import { memoryAuditStore } from '../../src/audit/stores/memory-audit-store.js';
import type { AuditStore } from '../../src/audit/audit-store.js';
import { isCheckpoint } from '../../src/audit/checkpoint.js';
import type { AuditItem, AuditSink } from '../../src/audit/sink.js';
import { MfaError } from '../../src/core/words/errors.js';
import { freshNamespace, redisDuring, removeNamespace } from '../support/redis.js';
import { openLog } from './open-log.js';
import { patientAuditStore } from '../support/patience.js';

/** A store whose answers can be lost, or that can be away. */
function unsure(store: AuditStore): AuditStore & { loses: number; away: boolean } {
  const shaky = {
    ...store,
    loses: 0,
    away: false,
    async append(batch: Parameters<AuditStore['append']>[0]) {
      if (shaky.away) throw new MfaError('store.unavailable', 'away');
      const answer = await store.append(batch);
      if (shaky.loses > 0) {
        shaky.loses -= 1;
        throw new MfaError('store.unavailable', 'the connection was cut');
      }
      return answer;
    },
  };
  return shaky;
}

describe('keeping entries', () => {
  const redis = redisDuring();
  const namespace = freshNamespace();
  afterEach(() => removeNamespace(redis(), namespace));
  const stores = {
    memory: () => memoryAuditStore(),
    redis: () => patientAuditStore(redis(), { namespace: `${namespace}:${Math.random()}` }),
  };

  for (const [name, make] of Object.entries(stores)) {
    it(`stores nothing twice where the connection is cut between write and answer (${name})`, async () => {
      const store = unsure(make());
      const { log, fill } = openLog(store);
      store.loses = 3;
      await fill(250);
      while ((await log.health()).waiting > 0) await log.settled();
      const found = await log.verify();
      expect(found.sound).to.equal(true);
      expect(found.entries).to.equal(250);
      const [day] = await log.days('2026-03-01', '2026-03-01');
      expect(day?.counts['event/verification-accepted/success/totp/-']).to.equal(250);
    });

    it(`keeps what waits while the store is away, refusals giving way first, and tells what was lost (${name})`, async () => {
      const store = unsure(make());
      const { log, fill, tell, own } = openLog(store);
      await fill(1);
      store.away = true;
      for (let i = 0; i < 300; i += 1)
        tell('verification-refused', { userId: `r${i}`, outcome: 'refused', reason: 'request.invalid' });
      for (let i = 0; i < 9_900; i += 1) tell('verification-accepted', { userId: `a${i}`, outcome: 'accepted' });
      await log.settled();
      store.away = false;
      await log.settled();
      await log.settled();
      expect(own.map(({ name: event }) => event)).to.deep.equal(['audit-lost']);
      expect(own[0]?.detail).to.include({ why: 'the store was away', refused: 200, others: 0 });
      const found = await log.verify();
      expect(found.sound).to.equal(true);
      expect(found.entries).to.equal(1 + 100 + 9_900 + 1);
    }).timeout(60_000);

    it(`begins anew where a writer was sealed while it slept (${name})`, async () => {
      const store = make();
      const sleeper = openLog(store);
      const other = openLog(store);
      await sleeper.fill(5);
      other.advance(11 * 60_000);
      await other.log.tend();
      await sleeper.fill(5, 100);
      const found = await other.log.verify();
      expect(found.sound).to.equal(true);
      expect(found.writers.map(({ entries }) => entries)).to.deep.equal([5, 5]);
    });

    it(`hands a sink everything once, in order, also the ledger, and again only what it did not take (${name})`, async () => {
      const taken: AuditItem[] = [];
      let broken = true;
      const sink: AuditSink = {
        name: 'test',
        batchSize: 40,
        deliver(batch) {
          if (broken) return Promise.resolve({ done: 0, why: 'down' });
          taken.push(...batch);
          return Promise.resolve({
            done: batch.length,
            refused: taken.length === 40 ? [{ index: 3, why: 'too long' }] : [],
          });
        },
      };
      const { log, fill } = openLog(make(), { sinks: [sink] });
      await fill(130);
      await log.feed();
      expect((await log.health()).sinks[0]).to.include({ name: 'test', behind: 130, failing: 'down' });
      broken = false;
      await log.feed();
      const entries = taken.flatMap((item) => (isCheckpoint(item) ? [] : [item]));
      expect(entries.map(({ seq }) => seq)).to.deep.equal(Array.from({ length: 130 }, (_, i) => i + 1));
      expect(taken.filter(isCheckpoint)).to.have.length(1);
      expect(await log.deadLetters('test')).to.deep.include({ total: 1 });
      expect((await log.health()).sinks[0]).to.include({ behind: 0, deadLetters: 1 });
      await log.feed();
      expect(taken).to.have.length(131);
    });

    it(`reads by person and by sign-in, in pages that end (${name})`, async () => {
      const { log, tell, fill } = openLog(make());
      await fill(300);
      for (let i = 0; i < 7; i += 1)
        tell('verification-accepted', { userId: 'ada', outcome: 'accepted', flow: `f${i % 2}` });
      await fill(300, 400);
      const seen: string[] = [];
      for (let cursor: string | undefined; ;) {
        const page = await log.read({ userId: 'ada', limit: 3, ...(cursor === undefined ? {} : { cursor }) });
        seen.push(...page.entries.map(({ id }) => id));
        cursor = page.cursor;
        if (cursor === undefined) break;
      }
      expect(new Set(seen).size).to.equal(7);
      expect(seen).to.have.length(7);
      expect((await log.read({ flow: 'f1' })).entries).to.have.length(3);
      expect((await log.read({ names: ['reset'] })).entries).to.deep.equal([]);
    });
  }

  it('tells a flood of one person singly up to 20 a minute, and the rest as one', async () => {
    const { log, tell } = openLog(memoryAuditStore());
    for (let i = 0; i < 100_000; i += 1)
      tell('verification-refused', { kind: 'totp', outcome: 'refused', reason: 'request.invalid' });
    await log.settled();
    const { entries } = await log.read({ limit: 500 });
    expect(entries).to.have.length(21);
    expect(entries[0]?.detail).to.include({ count: 99_980 });
  }).timeout(30_000);

  it('keeps a hostile user agent in its place, cut with a mark, and an address only where it is one', async () => {
    const { log, tell } = openLog(memoryAuditStore());
    tell('verification-accepted', {
      userAgent: `|=]"\n${'🙂'.repeat(4000)}`,
      ip: '1.2.3.4|drop',
      method: 'PO ST',
      path: '/a',
    });
    await log.settled();
    const { entries } = await log.read();
    const { personal } = entries[0] ?? {};
    expect(personal?.userAgent).to.match(/…$/).and.have.length.at.most(512);
    expect(personal).to.not.have.any.keys('ip', 'method');
    expect(personal?.ipText).to.equal('1.2.3.4|drop');
    expect((await log.verify()).sound).to.equal(true);
  });

  it('finds people whose ids are kept as digests, also under an older secret', async () => {
    const store = memoryAuditStore();
    const older = openLog(store, { subjectAs: 'digest', secrets: ['an older secret of 32 bytes or more'] });
    older.tell('reset', { userId: 'ada@example.com', actor: 'admin', by: 'Ana' });
    await older.log.settled();
    const newer = openLog(store, {
      subjectAs: 'digest',
      secrets: ['a newer secret of 32 bytes or more!', 'an older secret of 32 bytes or more'],
    });
    newer.tell('unlocked', { userId: 'ada@example.com' });
    await newer.log.settled();
    const { entries } = await newer.log.read({ userId: 'ada@example.com' });
    expect(entries.map(({ name }) => name)).to.deep.equal(['unlocked', 'reset']);
    expect(JSON.stringify(entries)).to.not.include('ada@');
  });
}).timeout(30_000);
