// What stores of the audit log are made with, and what they hold in a database besides what they tell of.
import { expect } from 'chai';
import type { AuditStore } from '../../../src/audit/audit-store.js';
import { memoryAuditStore } from '../../../src/audit/stores/memory-audit-store.js';
import { emptySketch, peopleIn, sketchWith } from '../../../src/audit/stores/people-sketch.js';
import { redisAuditStore } from '../../../src/audit/stores/redis-audit-store.js';
import { sqlAuditStore } from '../../../src/sql.js';
import { batchOf, lineOf } from '../../../src/testing/audit-contract-tools.js';
import { patienceMs, patientAuditStore } from '../../support/patience.js';
import { freshNamespace, redisDuring, removeNamespace } from '../../support/redis.js';
import { openSqlite, sqliteDuring } from '../../support/sqlite.js';
import { codeOf } from '../../support/thrown.js';

type Made = (options?: object) => AuditStore;
const redis = () => {
  throw new Error('Nothing is asked.');
};
const client = { eval: redis, get: redis, set: redis, del: redis, call: redis, status: 'ready' };

describe('the options of a store of the audit log', () => {
  const sqlite = sqliteDuring();
  const made: { [name: string]: Made } = {
    memoryAuditStore: (options) => memoryAuditStore(options),
    redisAuditStore: (options) => redisAuditStore(client as never, options as never),
    sqlAuditStore: (options) => sqlAuditStore(sqlite().knex, options as never),
  };

  for (const [name, make] of Object.entries(made)) {
    const space = name === 'memoryAuditStore' ? {} : { namespace: 'acme' };
    it(`of ${name} say how much is kept, in whole numbers within bounds`, () => {
      expect(make(space).keep).to.deep.equal({ days: 400, maxBytes: 2 ** 30 });
      for (const [retentionDays, maxBytes] of [
        [1, 2 ** 20],
        [3660, Number.MAX_SAFE_INTEGER],
      ] as const)
        expect(make({ ...space, retentionDays, maxBytes }).keep).to.deep.equal({ days: retentionDays, maxBytes });
      for (const [wrong, bounds] of [
        [{ retentionDays: 0 }, '1 to 3660'],
        [{ retentionDays: 3661 }, '1 to 3660'],
        [{ retentionDays: 1.5 }, '1 to 3660'],
        [{ retentionDays: '30' }, '1 to 3660'],
        [{ maxBytes: 2 ** 20 - 1 }, `1048576 to ${Number.MAX_SAFE_INTEGER}`],
        [{ maxBytes: Infinity }, `1048576 to ${Number.MAX_SAFE_INTEGER}`],
      ] as const)
        expect(() => make({ ...space, ...wrong }), JSON.stringify(wrong))
          .to.throw(`must be a whole number from ${bounds}; received ${String(Object.values(wrong)[0])}.`)
          .with.property('code', 'config.invalid_option');
      expect(() => make({ ...space, retentionDay: 1 })).to.throw(
        `${name}: there is no option \`retentionDay\`. Did you mean \`retentionDays\`?`,
      );
    });

    if (name !== 'memoryAuditStore')
      it(`of ${name} name the app, without which there is none`, () => {
        for (const options of [undefined, {}])
          expect(() => make(options))
            .to.throw(name)
            .with.property('code', 'config.namespace_missing');
        for (const timeoutMs of [0, 60_001, 1.5])
          expect(() => make({ namespace: 'acme', timeoutMs }))
            .to.throw(name)
            .with.property('code', 'config.invalid_option');
        for (const timeoutMs of [1, 60_000]) make({ namespace: 'acme', timeoutMs });
      });
  }
});

describe('the audit log as it stands in Redis', () => {
  const redisOf = redisDuring();
  let namespace: string;
  beforeEach(() => (namespace = freshNamespace()));
  afterEach(() => removeNamespace(redisOf(), namespace));

  it('keeps a sign-in under its digest, and whatever else is told as one under a digest of that', async () => {
    const store = patientAuditStore(redisOf(), { namespace });
    const digest = 'Aa0_-'.repeat(5).slice(0, 22);
    const others = [digest.slice(1), `${digest}A`, `*${digest.slice(1)}`, `${digest.slice(1)}*`, '*'.repeat(22)];
    for (const [at, flow] of [digest, ...others].entries())
      await store.append(batchOf('w', at + 1, at + 1, { entry: { flow } }));
    const before = `${namespace}:{audit}:f:`;
    const keys = (await redisOf().keys(`${before}*`)).map((key) => key.slice(before.length));
    expect(keys).to.have.length(6).and.to.include(digest.slice(0, 16));
    for (const key of keys) expect(key).to.have.length(16);
    for (const flow of others.filter((other) => !other.startsWith(digest)))
      expect(keys, flow).to.not.include(flow.slice(0, 16));
  });

  it('passes over the head of a writer that is unreadable, and takes nothing of it', async () => {
    const store = patientAuditStore(redisOf(), { namespace });
    await store.append(batchOf('w', 1, 1));
    for (const [name, head] of Object.entries({ a: 'x 1 h 2 0', b: '1 h 2 0 x', c: '1 h 2', d: '' }))
      await redisOf().hset(`${namespace}:{audit}:heads`, name, head);
    expect((await store.heads()).map(({ writer }) => writer)).to.deep.equal(['w']);
    expect(await codeOf(store.append(batchOf('a', 1, 1)))).to.equal('store.unavailable');
  });

  it('says what is wrong with its server', async () => {
    expect(await patientAuditStore(redisOf(), { namespace }).examine?.()).to.be.an('array');
  });
});

describe('the audit log as it stands in SQL', () => {
  const sqlite = sqliteDuring();

  it('loses with a step all that belongs to it, and nothing else', async () => {
    const { knex } = sqlite();
    const namespace = freshNamespace();
    const store = sqlAuditStore(knex, { namespace, timeoutMs: patienceMs });
    const rows = async (table: string) => await knex(`mfa_audit_${table}`).where({ namespace });
    await store.append(batchOf('w', 1, 100, { keyId: 'old', once: ['lapsed', 'known'] }));
    for (const from of [101, 201, 301]) await store.append(batchOf('w', from, from + 99));
    await knex('mfa_audit_once').where({ namespace, id: 'lapsed' }).update({ expires_at: 0 });
    expect((await rows('spans')).length).to.equal(2);
    expect(await store.drop(1, 255, lineOf(1), [])).to.equal('dropped');
    expect((await rows('entries')).length).to.equal(145);
    expect((await rows('spans')).map(({ bucket }: { bucket: number }) => bucket)).to.deep.equal([1]);
    expect((await rows('once')).map(({ id }: { id: string }) => id)).to.deep.equal(['known']);
    expect((await store.extent()).keyIds).to.deep.equal(['k1']);
  });

  it('says that its tables are not there yet', async () => {
    const { knex, close } = await openSqlite();
    const found = await sqlAuditStore(knex, { namespace: 'acme', timeoutMs: patienceMs }).examine?.();
    expect(found?.map(({ text }) => text).join()).to.match(/^sqlAuditStore: /);
    await close();
  });
});

describe('a sketch of people', () => {
  const people = (count: number) => Array.from({ length: count }, (_, at) => `person ${at}`);

  it('counts each once, the first thousand nearly exactly, and any number within three in a hundred', () => {
    expect(peopleIn(emptySketch)).to.equal(0);
    expect(peopleIn(sketchWith(emptySketch, ['a', 'b', 'a']))).to.equal(2);
    for (const count of [1, 10, 100, 1000, 5000, 9000, 12_000, 20_000, 50_000]) {
      const sketch = sketchWith(emptySketch, people(count));
      expect(sketch).to.have.length(4096);
      expect(peopleIn(sketch), String(count)).to.be.within(count * 0.97 - 1, count * 1.03 + 1);
      expect(sketchWith(sketch, people(count)), 'again').to.equal(sketch);
    }
    const halves = sketchWith(sketchWith(emptySketch, people(500)), people(1000));
    expect(halves).to.equal(sketchWith(emptySketch, people(1000)));
  });

  it('is reckoned by what is untouched while there is some, and they are few', () => {
    // 0.7213 / (1 + 1.079 / 4096) · 4096² / Σ 2^−rank, and 4096 · ln(4096 / untouched).
    expect(peopleIn('1'.repeat(4096))).to.equal(5907);
    expect(peopleIn('0' + '1'.repeat(4095))).to.equal(34_070);
    expect(peopleIn('0' + '3'.repeat(4095))).to.equal(23_589);
    expect(peopleIn('0'.repeat(2048) + '1'.repeat(2048))).to.equal(2839);
  });
});
