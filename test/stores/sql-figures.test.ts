// Figures of a census in SQL: whose word is heard, of whom it is believed that he still counts, and that nothing of an earlier census
// stays. The contract is in the tests beside.
import { expect } from 'chai';
import type { CensusPart } from '../../src/core/kernel/stats.js';
import { sqlStatsStore } from '../../src/sql.js';
import { knexStandIn } from '../support/knex-stand-in.js';
import { patienceMs } from '../support/patience.js';
import { freshNamespace } from '../support/redis.js';
import { sqliteDuring } from '../support/sqlite.js';

const noon = Date.UTC(2026, 10, 30, 12) / 1000;
const asked = { startedAt: noon, resumeAfter: 0, ttlSeconds: 600 };
const partOf = (count: number): CensusPart => ({
  scope: '',
  counts: { all: count },
  lists: { all: Array.from({ length: count }, (_, at) => `u${at}`) },
});

describe('figures in SQLite', () => {
  const opened = sqliteDuring();
  const open = () => {
    const namespace = freshNamespace();
    const store = sqlStatsStore(opened().knex, { namespace, timeoutMs: patienceMs });
    const left = async () => {
      const [lists, counts] = await Promise.all(
        ['mfa_census_lists', 'mfa_census_counts'].map((table) =>
          opened().knex(table).where({ namespace }).select('run'),
        ),
      );
      const runs = [...(lists ?? []), ...(counts ?? [])] as { run: number }[];
      return [...new Set(runs.map(({ run }) => run))].sort();
    };
    return { store, left };
  };

  it('leave nothing of an earlier census behind, neither where one is over nor where one begins anew', async () => {
    const { store, left } = open();
    const add = async (startedAt: number, resumeAfter = 0) => {
      const { fence } = (await store.begin({ ...asked, startedAt, resumeAfter }))!;
      await store.add(fence, { step: 1, cursor: 'x', about: 1, parts: [partOf(1100)] });
      return fence;
    };
    const abandoned = await add(noon);
    await store.release(abandoned);
    const { fence: first } = (await store.begin({ ...asked, startedAt: noon + 9, resumeAfter: noon + 9 }))!;
    expect(await left(), 'of what was left').to.deep.equal([]);
    await store.add(first, { step: 1, cursor: 'x', about: 1, parts: [partOf(1100)] });
    await store.finish(first, { endedAt: noon + 10, keepFrom: '2026-01-01' });
    const second = await add(noon + 20);
    expect(await left(), 'the latest, and the one under way').to.deep.equal([first, second]);
    expect(await store.list({ name: 'all', after: 1098, limit: 9 })).to.deep.equal(['u1098', 'u1099']);
    await store.finish(second, { endedAt: noon + 30, keepFrom: '2026-01-01' });
    expect(await left()).to.deep.equal([second]);
    expect((await store.latest())?.counts).to.deep.equal({ all: 1100 });
  });

  it('are ended once, however often that is said by whoever ended them', async () => {
    const { store } = open();
    const { fence } = (await store.begin(asked))!;
    await store.add(fence, { step: 1, cursor: 'x', about: 2, parts: [partOf(2)] });
    for (const endedAt of [noon + 10, noon + 20])
      expect(await store.finish(fence, { endedAt, keepFrom: '2026-01-01' })).to.equal(true);
    expect(await store.latest()).to.deep.equal({ startedAt: noon, endedAt: noon + 10, counts: { all: 2 } });
    expect(await store.countsOf('2026-11-30')).to.deep.equal({ all: 2 });
    expect(await store.finish(fence + 1, { endedAt: noon, keepFrom: '2026-01-01' })).to.equal(false);
  });
});

describe('figures in SQL', () => {
  const running = { run: 3, startedAt: noon, step: 2, cursor: 'x', about: 9, ttlMs: 600_000 };
  const stateOf = (state: object) => JSON.stringify(state);
  /** A server whose row is `before` to who looks, and `held` to who holds it. */
  const storeAt = (held: [fence: string, leftMs: string, state: string], before = held, driver?: 'mysql2') => {
    const seen = knexStandIn((sql) => {
      if (sql.startsWith('INSERT INTO mfa_census (')) return [held];
      if (sql.startsWith('SELECT fence')) return [before];
      return sql.startsWith('SELECT') ? [] : 0;
    }, driver);
    return { seen, store: sqlStatsStore(seen.knex, { namespace: 'acme', timeoutMs: patienceMs }) };
  };

  it('are taken up from the very millisecond in which nobody is heard of any more', async () => {
    for (const [leftMs, free] of [
      ['1', false],
      ['0', true],
      ['-1', true],
    ] as const) {
      const { store } = storeAt(['4', leftMs, stateOf({ running })]);
      expect((await store.running())?.held, leftMs).to.equal(!free);
      expect(await store.begin(asked), leftMs).to.deep.equal(
        free ? { fence: 5, startedAt: noon, step: 2, cursor: 'x' } : undefined,
      );
    }
  });

  it('are ended only as they stood when they were read', async () => {
    const counted = stateOf({ running });
    for (const [state, ends] of [
      [{ running }, true],
      [{ running: { ...running, step: 3 } }, false],
      [{ running: { ...running, run: 4 } }, false],
      [{}, false],
    ] as const) {
      const { store, seen } = storeAt(['4', '1', stateOf(state)], ['4', '1', counted]);
      expect(await store.finish(4, { endedAt: noon, keepFrom: '2026-01-01' }), stateOf(state)).to.equal(ends);
      expect(seen.asked.some(({ sql }) => sql.startsWith('INSERT INTO mfa_census_days'))).to.equal(ends);
    }
    const unread = storeAt(['4', '1', counted], ['4', '1', stateOf({})]);
    expect(await unread.store.finish(4, { endedAt: noon, keepFrom: '2026-01-01' })).to.equal(false);
  });

  it('are held by nobody once they are over, whatever the clock of the database says then', async () => {
    const { store, seen } = storeAt(['4', '1', stateOf({ running })]);
    await store.finish(4, { endedAt: noon, keepFrom: '2026-01-01' });
    const [written] = seen.asked.filter(({ sql }) => sql.startsWith('UPDATE mfa_census SET'));
    expect(written?.sql).to.include('held_until = 0, state');
  });

  it('are swept by MariaDB without a sub-query', async () => {
    for (const driver of [undefined, 'mysql2'] as const) {
      const { store, seen } = storeAt(['4', '1', stateOf({ running })], undefined, driver);
      await store.finish(4, { endedAt: noon, keepFrom: '2026-01-01' });
      const swept = seen.asked.map(({ sql }) => sql).filter((sql) => sql.startsWith('DELETE'));
      expect(swept).to.have.length(2);
      for (const sql of swept)
        expect(sql).to.match(
          driver === 'mysql2'
            ? /^DELETE FROM mfa_census_\w+ WHERE namespace = \S+ AND run NOT IN \(3\) LIMIT 500$/
            : /^DELETE FROM mfa_census_\w+ WHERE \(namespace, run, .*\) IN \(SELECT .* LIMIT 500\)$/,
        );
    }
  });
});
