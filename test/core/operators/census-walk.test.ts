// The steps of a census: who is counted in which, where it goes on, what stops it, and what is asked of store, figures and directory.
import { expect } from 'chai';
import type { CensusStep, HeldCensus, StatsStore } from '../../../src/core/kernel/stats.js';
import { takeCensus, type CensusOrder, type CensusWorld } from '../../../src/core/operators/census.js';
import type { DirectoryPerson, FoundPerson } from '../../../src/core/operators/desk.js';
import type { MfaStore } from '../../../src/core/kernel/ports.js';
import { MfaError } from '../../../src/core/words/errors.js';
import { memoryStatsStore } from '../../../src/stores/memory-stats-store.js';
import { testKernel, type TestKernel } from '../../support/core-kernel.js';
import { app, codes, having, key, nobody } from '../../support/rule-person.js';
import { codeOf } from '../../support/thrown.js';

type Seen = {
  begun: object[];
  steps: CensusStep[];
  released: number;
  finished: object[];
  scans: (object | undefined)[];
};
type World = CensusWorld & { kernel: TestKernel; memory: MfaStore; seen: Seen };

/** What a census works with, each call written down; `stats` and `store` say what is other than in memory. */
function world(
  more: { stats?: Partial<StatsStore>; store?: Partial<MfaStore>; directory?: CensusWorld['directory'] } = {},
): World {
  const seen: Seen = { begun: [], steps: [], released: 0, finished: [], scans: [] };
  let memory!: MfaStore;
  const kernel = testKernel({
    factors: [key, app, codes],
    store: (raw) => ({
      ...(memory = raw),
      scan: (options) => (seen.scans.push(options), raw.scan(options)),
      ...more.store,
    }),
  });
  const inner: StatsStore = { ...memoryStatsStore(), ...more.stats };
  const stats: StatsStore = {
    ...inner,
    begin: (request) => (seen.begun.push(request), inner.begin(request)),
    add: (fence, step) => (seen.steps.push(step), inner.add(fence, step)),
    finish: (fence, end) => (seen.finished.push(end), inner.finish(fence, end)),
    release: (fence) => ((seen.released += 1), inner.release(fence)),
  };
  return { kernel, stats, memory, seen, ...(more.directory && { directory: more.directory }) };
}

const put = async ({ kernel }: World, ...ids: string[]) => {
  for (const id of ids) await kernel.store.save(id, nobody, undefined);
};
/** Of many it is enough that they are there: nobody's can be believed. */
const putMany = async ({ memory }: World, count: number) => {
  for (const id of idsOf(count)) await memory.save(id, nobody, undefined);
};
const idsOf = (count: number, prefix = 'u') => Array.from({ length: count }, (_none, at) => `${prefix}${at}`);
const sizesOf = ({ seen }: World) => seen.steps.map(({ parts }) => parts[0]?.lists['all']?.length ?? 0);
const held = (more: Partial<HeldCensus>): Partial<StatsStore> => ({
  begin: () => Promise.resolve({ fence: 1, startedAt: 1_800_000_000, step: 0, cursor: '', ...more }),
  add: () => Promise.resolve(true),
  finish: () => Promise.resolve(true),
});

describe('a walk of a census', () => {
  it('counts everybody in steps of five hundred, once, and tells how far it is', async () => {
    const here = world({
      store: {
        async *scan() {
          for (const met of [...idsOf(501), 'u3', 'u500'])
            yield { userId: met, record: (await of(met))!, revision: 'r', cursor: `c${met}` };
        },
        count: () => Promise.resolve(600),
      },
    });
    const of = async (id: string) => (await here.memory.load(id)).record;
    await put(here, ...idsOf(501));
    const told: object[] = [];
    expect(await takeCensus(here, { tell: (each) => told.push(each) })).to.deep.equal({ state: 'done', people: 501 });
    expect(sizesOf(here)).to.deep.equal([500, 1]);
    expect(here.seen.steps.map(({ step, cursor, about }) => [step, cursor, about])).to.deep.equal([
      [1, 'cu499', 600],
      [2, 'records done', 600],
    ]);
    expect(told).to.deep.equal([
      { people: 500, about: 600 },
      { people: 501, about: 600 },
    ]);
    expect(await here.stats.list({ name: 'all', after: 0, limit: 999 })).to.deep.equal(idsOf(501));
  });

  it('is about as many as were met, where the store counts fewer, does not, or fails at it', async () => {
    for (const count of [() => Promise.resolve(1), undefined, () => Promise.reject(new Error('away'))]) {
      const here = world({ store: { count } as Partial<MfaStore> });
      await put(here, 'ann', 'bob');
      expect((await takeCensus(here)).people).to.equal(2);
      expect(here.seen.steps.map(({ about }) => about)).to.deep.equal([2]);
    }
  });

  it('asks for its turn by its own clock, is gone on with for a day, and keeps four hundred days', async () => {
    const here = world();
    const startedAt = here.kernel.now();
    await takeCensus(here, { by: 'Ana' });
    here.kernel.clock.now += 5;
    await takeCensus(here);
    const request = (at: number) => ({ startedAt: at, resumeAfter: at - 86_400, ttlSeconds: 30 });
    expect(here.seen.begun).to.deep.equal([{ ...request(startedAt), by: 'Ana' }, request(startedAt + 5)]);
    expect(here.seen.finished[0]).to.deep.equal({ endedAt: startedAt, keepFrom: '2025-12-11' });
    expect(await here.stats.latest()).to.not.have.property('by');
    expect(here.seen.released).to.equal(2);
  });

  it('looks at everybody by the time at which it began', async () => {
    const here = world();
    const { clock, store } = here.kernel;
    const attempts = { '/unknown': { failures: 5, failedAt: 1, lockedUntil: clock.now + 1 } };
    await store.save('ann', having([key], { attempts }), undefined);
    const later = {
      ...here.stats,
      begin: async (...args: Parameters<StatsStore['begin']>) => {
        const begun = await here.stats.begin(...args);
        clock.now += 100;
        return begun;
      },
    };
    const startedAt = clock.now;
    await takeCensus({ ...here, stats: later });
    const latest = await here.stats.latest();
    expect(latest).to.deep.include({ startedAt, endedAt: startedAt + 100 });
    expect(latest?.counts).to.include({ locked: 1 });
  });

  it('counts a record that nobody can believe as unread', async () => {
    const here = world();
    await here.memory.save('eve', nobody, undefined);
    await takeCensus(here);
    expect((await here.stats.latest())?.counts).to.deep.equal({ all: 1, unread: 1, able: 1 });
  });
});

describe('a census that goes on', () => {
  it('begins after the last one met, or where all records are done with the others', async () => {
    for (const [cursor, scans] of [
      ['', [{}]],
      ['c7', [{ after: 'c7' }]],
      ['records done', []],
    ] as const) {
      const here = world({ stats: held({ cursor, step: 3 }) });
      expect(await takeCensus(here)).to.deep.equal({ state: 'done', people: 0 });
      expect(here.seen.scans).to.deep.equal(scans);
      expect(here.seen.steps.map(({ step }) => step)).to.deep.equal(cursor === 'records done' ? [] : [4]);
    }
  });

  it('counts nobody again whom another process counted, however many', async () => {
    for (const before of [4999, 5000, 5001]) {
      const here = world();
      await put(here, 'u0', 'new');
      const { stats } = here;
      const begun = await stats.begin({ startedAt: here.kernel.now(), resumeAfter: 0, ttlSeconds: 30 });
      const parts = [{ scope: '', counts: { all: before }, lists: { all: idsOf(before) } }];
      await stats.add(begun!.fence, { step: 1, cursor: '', about: 0, parts });
      await stats.release(begun!.fence);
      expect(await takeCensus(here)).to.deep.equal({ state: 'done', people: before + 1 });
      expect((await stats.latest())?.counts['all']).to.equal(before + 1);
    }
  });
});

describe('a census that does not come to its end', () => {
  it('was not begun while somebody else counts', async () => {
    const here = world();
    const begun = await here.stats.begin({ startedAt: 1, resumeAfter: 0, ttlSeconds: 30 });
    const parts = [{ scope: '', counts: {}, lists: { all: ['a', 'b'] } }];
    await here.stats.add(begun!.fence, { step: 1, cursor: '', about: 0, parts });
    expect(await takeCensus(here)).to.deep.equal({ state: 'busy', people: 2 });
    expect(here.seen.released).to.equal(0);
    const gone = world({
      stats: { begin: () => Promise.resolve(undefined), running: () => Promise.resolve(undefined) },
    });
    expect(await takeCensus(gone)).to.deep.equal({ state: 'busy', people: 0 });
  });

  it('was stopped by whoever asked, before it, after a step or at its end, and let go', async () => {
    const all = () => [{ id: 'x' }, ...idsOf(600).map((id) => ({ id }))];
    const directory = { get: () => Promise.resolve(undefined), all };
    for (const [records, after, people] of [
      [2, 0, 0],
      [501, 500, 500],
      [2, 601, 601],
      [0, 500, 500],
    ] as const) {
      const here = world({ directory });
      await putMany(here, records);
      const stop = new AbortController();
      if (after === 0) stop.abort();
      const order: CensusOrder = { signal: stop.signal, tell: ({ people: met }) => met === after && stop.abort() };
      const result = await takeCensus(here, order);
      expect(result, `${records} ${after}`).to.deep.equal({ state: 'stopped', people });
      expect([here.seen.finished.length, here.seen.released]).to.deep.equal([0, 1]);
      expect(await takeCensus(here), 'gone on with').to.deep.equal({ state: 'done', people: 601 });
      expect((await here.stats.latest())?.counts).to.include({ all: 601 });
    }
  });

  it('was taken over by another process, at a step or at its end: what was not taken of it is not counted', async () => {
    for (const stats of [{ add: () => Promise.resolve(false) }, { finish: () => Promise.resolve(false) }]) {
      const here = world({ stats });
      await putMany(here, 1001);
      const told: number[] = [];
      const result = await takeCensus(here, { tell: ({ people }) => told.push(people) });
      expect(result).to.deep.equal({ state: 'stopped', people: 'add' in stats ? 0 : 1001 });
      expect(told).to.deep.equal('add' in stats ? [] : [500, 1000, 1001]);
      expect(here.seen.steps).to.have.length('add' in stats ? 1 : 3);
      expect(here.seen.finished).to.have.length('add' in stats ? 0 : 1);
    }
  });

  it('failed where figures or directory do, and is let go all the same', async () => {
    const away = () => Promise.reject(new MfaError('store.unavailable', 'away'));
    for (const more of [
      { stats: { add: away } },
      { stats: { finish: away, release: away } },
      { directory: { get: away } },
      {
        store: {
          scan: () => {
            throw new MfaError('store.unavailable', 'away');
          },
        },
      },
    ]) {
      const here = world(more);
      await put(here, 'ann');
      const told: object[] = [];
      expect(await codeOf(takeCensus(here, { tell: (each) => told.push(each) }))).to.equal('store.unavailable');
      expect(told).to.have.length('stats' in more && 'finish' in more.stats ? 1 : 0);
      expect(here.seen.released).to.equal(1);
    }
  });
});

describe('what a directory tells a census', () => {
  const people: { [id: string]: DirectoryPerson } = {
    ann: { isAdmin: true, tenant: 'red' },
    bob: { tenant: 'red' },
    cyd: { isAdmin: false, tenant: 'blue' },
    dan: { isAdmin: true },
    ned: { isAdmin: true, tenant: 'blue' },
  };
  const get = (id: string) => Promise.resolve(people[id]);
  const all = (): FoundPerson[] => [...Object.keys(people), 'ned'].map((id) => ({ id, ...people[id] }));
  const countsOf = async ({ stats }: World, scope?: string) => (await stats.latest(scope))?.counts;
  const records = { ann: having([key]), bob: nobody, cyd: having([app]), dan: nobody, eve: nobody };

  for (const [what, directory, others] of [
    ['one by one', { get }, 0],
    ['as a whole, with who has no record', { get, all }, 1],
  ] as const)
    it(`${what}: who is an administrator, and of which tenant`, async () => {
      const here = world({ directory });
      for (const [id, record] of Object.entries(records)) await here.kernel.store.save(id, record, undefined);
      await takeCensus(here);
      const admins = {
        'all/admins': 2 + others,
        'none/admins': 1 + others,
        'protected/admins': 1,
        'kind/key/admins': 1,
      };
      expect(await countsOf(here)).to.include({ all: 5 + others, none: 3 + others, protected: 2, ...admins });
      expect(await countsOf(here, 'red')).to.include({ all: 2, able: 2, none: 1, protected: 1, 'all/admins': 1 });
      expect(await countsOf(here, 'red')).to.not.have.any.keys('kind/app', 'none/admins');
      expect(await countsOf(here, 'blue')).to.include({ all: 1 + others, protected: 1 });
      expect((await countsOf(here, 'blue'))?.['all/admins']).to.equal(others === 0 ? undefined : 1);
      expect(await here.stats.list({ name: 'all', scope: 'red', after: 0, limit: 9 })).to.deep.equal(['ann', 'bob']);
    });

  it('nothing, where there is none', async () => {
    const here = world();
    await put(here, 'ann', 'bob');
    await takeCensus(here);
    expect(await countsOf(here)).to.deep.equal({ all: 2, none: 2, able: 2 });
    expect(here.seen.steps[0]?.parts).to.have.length(1);
  });

  it('whom nobody met, five hundred at a time', async () => {
    for (const [count, sizes] of [
      [500, [0, 500]],
      [1001, [0, 500, 500, 1]],
    ] as const) {
      const here = world({ directory: { get, all: () => idsOf(count).map((id) => ({ id })) } });
      expect((await takeCensus(here)).people).to.equal(count);
      expect(sizesOf(here)).to.deep.equal(sizes);
    }
  });
});
