// What every store of the audit log does with places, times and days beyond its contract: in memory, in Redis and on SQLite.
import { expect } from 'chai';
import type { AuditStore } from '../../../src/audit/audit-store.js';
import { memoryAuditStore } from '../../../src/audit/stores/memory-audit-store.js';
import { batchOf, headOf, lineOf, noonMs } from '../../../src/testing/audit-contract-tools.js';
import { sqlAuditStore } from '../../../src/sql.js';
import { patienceMs, patientAuditStore } from '../../support/patience.js';
import { freshNamespace, redisDuring, removeNamespace } from '../../support/redis.js';
import { sqliteDuring } from '../../support/sqlite.js';

const hourMs = 3_600_000;
const dayOf = (daysAgo: number) => new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10);

describe('a store of the audit log', () => {
  const redis = redisDuring();
  const sqlite = sqliteDuring();
  let namespace: string;
  beforeEach(() => (namespace = freshNamespace()));
  afterEach(() => removeNamespace(redis(), namespace));

  const stores: { [name: string]: () => AuditStore } = {
    memory: memoryAuditStore,
    Redis: () => patientAuditStore(redis(), { namespace }),
    SQLite: () => sqlAuditStore(sqlite().knex, { namespace, timeoutMs: patienceMs }),
  };
  const holds = (title: string, body: (store: AuditStore, name: string) => Promise<void>, without?: string) => {
    for (const [name, make] of Object.entries(stores))
      if (name !== without) it(`${title} (in ${name})`, () => body(make(), name));
  };
  /** So many entries behind those that `w` has, all of one time. */
  const add = async (store: AuditStore, count: number, timeMs: number, more: { subject?: string } = {}) => {
    const { last } = await store.extent();
    for (let from = last + 1; from <= last + count; from += 100) {
      const to = Math.min(from + 99, last + count);
      const batch = batchOf('w', from, to, { entry: { timeMs, ...more }, nowMs: noonMs + 9 * hourMs });
      expect((await store.append(batch)).is).to.equal('stored');
    }
  };
  const placesOf = async (store: AuditStore, query: Parameters<AuditStore['page']>[0]) => {
    const { items } = await store.page(query);
    return items.length === 0 ? [] : [items[0]?.place, items.at(-1)?.place, items.length];
  };

  holds(
    'reads of a time only steps of 256 places in which there is anything of it',
    async (store) => {
      await add(store, 255, noonMs);
      await add(store, 256, noonMs + hourMs);
      await add(store, 100, noonMs + 2 * hourMs, { subject: 'ann' });
      const [one, two] = [noonMs + hourMs, noonMs + 2 * hourMs];
      const table: [time: { fromMs?: number; toMs?: number }, places: number[]][] = [
        [{}, [1, 611]],
        [{ fromMs: one, toMs: one }, [256, 511]],
        [{ fromMs: noonMs, toMs: one - 1 }, [1, 255]],
        [{ fromMs: noonMs + 1, toMs: one }, [256, 511]],
        [{ toMs: noonMs }, [1, 255]],
        [{ toMs: noonMs - 1 }, []],
        [{ fromMs: one + 1 }, [512, 611]],
        [{ fromMs: two }, [512, 611]],
        [{ fromMs: two + 1 }, []],
        [{ fromMs: one }, [256, 611]],
        [{ fromMs: noonMs, toMs: two }, [1, 611]],
      ];
      for (const [time, places] of table) {
        const [low, high] = places;
        const [up, down] = [{ after: 0 }, { before: Infinity }];
        const told = JSON.stringify(time);
        const count = low === undefined || high === undefined ? [] : [high - low + 1];
        expect(await placesOf(store, { ...up, limit: 1000, ...time }), told).to.deep.equal([...places, ...count]);
        expect(await placesOf(store, { ...down, limit: 1000, ...time }), told).to.deep.equal([
          ...[...places].reverse(),
          ...count,
        ]);
        if (low === undefined || high === undefined) continue;
        expect(await placesOf(store, { ...up, limit: 7, ...time }), told).to.deep.equal([low, low + 6, 7]);
        expect(await placesOf(store, { ...down, limit: 7, ...time }), told).to.deep.equal([high, high - 6, 7]);
      }
      // From within a step on, to its end and over it.
      const from = { fromMs: one, limit: 300 };
      expect(await placesOf(store, { ...from, after: 300 })).to.deep.equal([301, 600, 300]);
      expect(await placesOf(store, { ...from, after: 510 })).to.deep.equal([511, 611, 101]);
      expect(await placesOf(store, { ...from, after: 511 })).to.deep.equal([512, 611, 100]);
      expect(await placesOf(store, { ...from, before: 520 })).to.deep.equal([519, 256, 264]);
      expect(await placesOf(store, { ...from, before: 512 })).to.deep.equal([511, 256, 256]);
      expect(await placesOf(store, { ...from, before: 257 })).to.deep.equal([256, 256, 1]);
      expect(await placesOf(store, { ...from, before: 256 })).to.deep.equal([]);
      const own = { subject: 'ann', fromMs: noonMs, toMs: noonMs, limit: 9 };
      expect(await placesOf(store, { ...own, after: 0 }), 'a person’s are few').to.deep.equal([512, 520, 9]);
    },
    'memory',
  );

  holds(
    'knows the oldest and the newest of a step, in whatever order they came',
    async (store) => {
      for (const [at, minutes] of [5, 1, 9, 7, 3].entries())
        await store.append(
          batchOf('w', at + 1, at + 1, { entry: { timeMs: noonMs + minutes * 60_000 }, nowMs: 2 * noonMs }),
        );
      const [mixed] = [batchOf('w', 6, 8, { nowMs: 2 * noonMs })];
      mixed.entries.forEach((entry, at) => (entry.timeMs = noonMs + [8, 0, 12][at]! * 60_000));
      const found = async (fromMinutes: number, toMinutes: number) => {
        const time = { fromMs: noonMs + fromMinutes * 60_000, toMs: noonMs + toMinutes * 60_000 };
        return (await store.page({ after: 0, limit: 50, ...time })).items.length;
      };
      expect([await found(9, 20), await found(10, 20), await found(0, 1), await found(0, 0)]).to.deep.equal([
        5, 0, 5, 0,
      ]);
      await store.append(mixed);
      expect([await found(12, 20), await found(13, 20), await found(0, 0), await found(-9, -1)]).to.deep.equal([
        8, 0, 8, 0,
      ]);
    },
    'memory',
  );

  holds('offers what is old up to the last place, one entry alone too', async (store, name) => {
    expect(await store.oldest()).to.equal(undefined);
    await add(store, 1, noonMs);
    expect(await store.oldest()).to.deep.equal({ first: 1, last: 1 });
    expect(await store.oldest(noonMs + 1)).to.deep.equal({ first: 1, last: 1 });
    expect(await store.oldest(noonMs)).to.equal(undefined);
    await add(store, 2, noonMs + hourMs);
    expect(await store.oldest()).to.deep.equal({ first: 1, last: 3 });
    // Redis drops a step whole.
    const old = name === 'Redis' ? undefined : { first: 1, last: 1 };
    expect(await store.oldest(noonMs + hourMs)).to.deep.equal(old);
  });

  holds('weighs an entry anew that was rewritten', async (store) => {
    await add(store, 2, noonMs);
    const [item] = (await store.page({ after: 0, limit: 1 })).items;
    await store.rewrite(1, item?.text ?? '', '{"x":"0123456789"}');
    const { bytes } = await store.extent();
    for (const text of ['{}', '{"longer":"0123456789 0123456789"}']) {
      await store.rewrite(1, (await store.page({ after: 0, limit: 1 })).items[0]?.text ?? '', text);
      expect((await store.extent()).bytes, text).to.equal(bytes + text.length - '{"x":"0123456789"}'.length);
    }
  });

  holds('tells days by their order, from one to another', async (store) => {
    const counts = ['2026-03-03', '2026-03-01', '2026-03-04', '2026-03-02', '2026-02-28'].map((day) => ({
      ...{ day, counts: { a: 1 }, people: [] },
    }));
    await store.append(batchOf('w', 1, 1, { counts }));
    const days = async (from: string, to: string) => (await store.days(from, to)).map(({ day }) => day.slice(5));
    expect(await days('2026-03-01', '2026-03-03')).to.deep.equal(['03-01', '03-02', '03-03']);
    expect(await days('2026-01-01', '2026-12-31')).to.deep.equal(['02-28', '03-01', '03-02', '03-03', '03-04']);
  });

  holds(
    'keeps figures for four hundred days',
    async (store) => {
      const [old, ...left] = [401, 399, 0].map(dayOf);
      const counts = [old, ...left].map((day = '') => ({ day, counts: { a: 1 }, people: ['p'] }));
      await store.append(batchOf('w', 1, 1, { counts }));
      await store.drop(1, 1, lineOf(1), []);
      expect((await store.days('2000-01-01', '2999-12-31')).map(({ day }) => day)).to.deep.equal([
        dayOf(399),
        dayOf(0),
      ]);
    },
    'memory',
  );

  holds('keeps where a writer stands that wrote nothing, and no secret for it', async (store) => {
    await store.append(batchOf('e', 1, 0, { line: lineOf(1), closes: true, keyId: 'k9' }));
    await add(store, 1, noonMs);
    expect(await store.heads()).to.have.deep.members([
      { writer: 'e', seq: 0, hash: '', heardMs: noonMs, closed: true },
      { writer: 'w', ...headOf('w', 1), heardMs: noonMs + 9 * hourMs, closed: false },
    ]);
    expect((await store.extent()).keyIds).to.deep.equal(['k1']);
  });

  holds('moves a sink from its place and its line, and lets go of one that nobody holds', async (store) => {
    await store.release('sink', 'nobody');
    const fence = (await store.lease('sink', 'me', 60_000))?.fence ?? NaN;
    const [start, to] = [
      { place: 0, line: 0 },
      { place: 5, line: 1 },
    ];
    expect(await store.advance('sink', fence, { place: 0, line: 1 }, to)).to.equal(false);
    expect(await store.advance('sink', fence + 1, start, to)).to.equal(false);
    expect(await store.advance('sink', fence, start, to)).to.equal(true);
    expect(await store.advance('unknown', 1, start, to)).to.equal(false);
  });
}).timeout(60_000);
