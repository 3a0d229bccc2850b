// A census counts what a recount of the records counts: everybody once, whoever comes and goes meanwhile, whichever process began.
import { expect } from 'chai';
import { memoryStatsStore, type Directory, type StatsStore } from 'express-mfa/admin';
import { memoryStore, type MfaStore } from 'express-mfa';
import { testClock } from 'express-mfa/testing';
import { createIdTable } from '../../../src/core/kernel/id-table.js';
import { emptyRecord, type Authenticator, type MfaRecord } from '../../../src/core/kernel/record.js';
import { openDesk, type Desk } from '../../support/admin-desk.js';
import { codesOf, totpOf } from '../../support/cli.js';

const day = 86_400;
const midnight = Date.parse('2026-12-01T00:00:00Z') / 1000;

/** One person of each kind; `at`: now. */
function kinds({ mfa }: Desk, id: string, at: number): { [what: string]: Partial<MfaRecord> } {
  const app = (more: Partial<Authenticator> = {}): Authenticator => ({
    ...totpOf(mfa, id),
    lastUsedAt: at - day,
    ...more,
  });
  const codes = (left: number, expiresAt: number | null = null) => codesOf(mfa.kernel.sealer.keyId, left, expiresAt);
  const safe = (...authenticators: Authenticator[]) => ({ protected: true, authenticators });
  return {
    bare: {},
    plain: safe(app()),
    full: safe(app(), codes(5)),
    low: safe(app(), codes(1)),
    spent: safe(app(), codes(0)),
    expired: safe(app(), codes(4, at - 1)),
    expiring: safe(app(), codes(3, at + 10 * day)),
    locked: { ...safe(app()), attempts: { 'totp/unknown': { failures: 5, failedAt: at, lockedUntil: at + 60 } } },
    closed: { ...safe(app()), attempts: { '/unknown': { failures: 50, failedAt: at, closedAt: at } } },
    unlocked: { ...safe(app()), attempts: { 'totp/unknown': { failures: 5, failedAt: at, lockedUntil: at - 1 } } },
    disabled: safe(app({ disabledAt: at - day })),
    hold: { ...safe(app()), hold: { since: at - day, until: at + 60 } },
    suspended: { ...safe(app()), suspended: { admin: at - day } },
    exempt: { exemptions: [{ from: at - day, until: at + day }] },
    idle: safe(app({ lastUsedAt: at - 91 * day })),
  };
}

const kindNames =
  'bare plain full low spent expired expiring locked closed unlocked disabled hold suspended exempt idle'.split(' ');

async function populate(desk: Desk, prefix: string, rounds: number): Promise<void> {
  const { kernel } = desk.mfa;
  for (let round = 0; round < rounds; round += 1) {
    for (const what of kindNames) {
      const id = `${prefix}-${what}-${round}`;
      const more = kinds(desk, id, kernel.now())[what];
      await kernel.store.save(id, { ...emptyRecord('e'), ...more }, undefined);
    }
  }
}

/** Per round, counted by hand. */
const expected = {
  ...{ all: 15, able: 13, protected: 11, none: 1, locked: 2, disabled: 1, hold: 1, suspended: 1, exempt: 1, idle: 1 },
  ...{ 'kind/totp': 11, 'alone/totp': 11, codes: 5, 'codes-used': 4, low: 4, expiring: 1 },
  ...{ 'codes-total': 25, 'codes-spent': 12, 'codes-left': 9, 'codes-expired': 4 },
  ...{ 'left/5': 1, 'left/1': 1, 'left/0': 2, 'left/3': 1, 'low-left/1': 1, 'low-left/3': 1, 'low-left/0': 2 },
};
const times = (rounds: number) => Object.fromEntries(Object.entries(expected).map(([name, by]) => [name, by * rounds]));

/** Every list is as long as its count, and names everybody once. */
async function expectLists(stats: StatsStore, scope = ''): Promise<void> {
  const { counts = {} } = (await stats.latest(scope)) ?? {};
  for (const name of ['all', 'protected', 'none', 'low', 'locked', 'codes-used', 'kind/totp', 'suspended']) {
    const ids = await stats.list({ name, scope, after: 0, limit: 10_000 });
    expect(new Set(ids).size, name).to.equal(counts[name] ?? 0);
    expect(ids.length, name).to.equal(counts[name] ?? 0);
  }
}

/** A store that calls `meanwhile` before it hands the person at `place` out, and hands some out twice. */
function scanning(store: MfaStore, place: number, meanwhile: () => Promise<void>): MfaStore {
  return {
    ...store,
    async *scan(...args) {
      let at = 0;
      for await (const met of store.scan(...args)) {
        if ((at += 1) === place) await meanwhile();
        yield met;
        if (at % 7 === 0) yield met;
      }
    },
  };
}

describe('a census', () => {
  it('counts everybody as a recount does, across midnight and a month’s end', async () => {
    const clock = testClock();
    const store = memoryStore({ clock });
    const stats = memoryStatsStore();
    const desk = openDesk({ clock, stats, store: scanning(store, 700, () => Promise.resolve(clock.advance(60))) });
    clock.advance(midnight - 30 - desk.mfa.kernel.now());
    await populate(desk, 'a', 100);
    const told: number[] = [];
    const onProgress = ({ people }: { people: number }) => void told.push(people);
    expect(await desk.mfa.census({ by: 'Ana', onProgress })).to.deep.equal({ state: 'done', people: 1500 });
    expect(told).to.deep.equal([500, 1000, 1500, 1500]);
    const latest = await stats.latest();
    expect(latest).to.deep.include({ startedAt: midnight - 30, endedAt: midnight + 30, by: 'Ana' });
    expect(latest?.counts).to.deep.equal(times(100));
    expect(await stats.days()).to.deep.equal(['2026-11-30']);
    await expectLists(stats);
  });

  it('counts who stood the whole time once, whoever comes and goes meanwhile', async () => {
    const stats = memoryStatsStore();
    const clock = testClock();
    const store = memoryStore({ clock });
    const meanwhile = async () => {
      await populate(desk, 'late', 20);
      for (let round = 0; round < 10; round += 1) await store.remove(`b-full-${round}`);
    };
    const desk: Desk = openDesk({ clock, stats, store: scanning(store, 300, meanwhile) });
    await populate(desk, 'a', 60);
    await populate(desk, 'b', 10);
    await desk.mfa.census();
    const ids = await stats.list({ name: 'all', after: 0, limit: 10_000 });
    expect(new Set(ids).size).to.equal(ids.length);
    const stood = ids.filter((id) => id.startsWith('a-'));
    expect(stood.length).to.equal(900);
    await expectLists(stats);
  });

  it('goes on where it was stopped, and where it broke, to the same figures', async () => {
    const stats = memoryStatsStore();
    const clock = testClock();
    let breaks = true;
    const fails = () => (breaks ? Promise.reject(new Error('the store is away')) : Promise.resolve());
    const desk = openDesk({ clock, stats, store: scanning(memoryStore({ clock }), 900, fails) });
    await populate(desk, 'a', 100);
    const stop = new AbortController();
    const first = await desk.mfa.census({ signal: stop.signal, onProgress: () => stop.abort() });
    expect(first).to.deep.equal({ state: 'stopped', people: 500 });
    expect(await stats.running()).to.include({ people: 500, held: false });
    const broken = await desk.mfa.census().catch((error: unknown) => error);
    expect(broken).to.have.property('message', 'the store is away');
    breaks = false;
    clock.advance(3600);
    expect(await desk.mfa.census()).to.deep.equal({ state: 'done', people: 1500 });
    expect((await stats.latest())?.counts).to.deep.equal(times(100));
    await expectLists(stats);
  });

  it('is one at a time', async () => {
    const stats = memoryStatsStore();
    const clock = testClock();
    let others: { state: string; people: number }[] = [];
    const meanwhile = async () => void (others = [await desk.mfa.census(), await desk.mfa.census()]);
    const desk: Desk = openDesk({ clock, stats, store: scanning(memoryStore({ clock }), 600, meanwhile) });
    await populate(desk, 'a', 50);
    expect(await desk.mfa.census()).to.deep.equal({ state: 'done', people: 750 });
    const busy = { state: 'busy', people: 500 };
    expect(others).to.deep.equal([busy, busy]);
    expect((await stats.latest())?.counts).to.deep.equal(times(50));
  });

  for (const whole of [true, false]) {
    it(`knows administrators and tenants ${whole ? 'and who has no record, from a directory of all' : 'by asking for each'}`, async () => {
      const stats = memoryStatsStore();
      const get = (id: string) => ({
        isAdmin: id.includes('plain') || id === 'nobody',
        tenant: id.endsWith('-1') ? 'red' : 'blue',
      });
      const ids = [0, 1].flatMap((at) => kindNames.map((what) => `a-${what}-${at}`));
      const all = () => [...ids, 'nobody', 'nobody'].map((id) => ({ id, ...get(id) }));
      const directory: Directory = { get, ...(whole && { all }) };
      const desk = openDesk({ stats, directory });
      await populate(desk, 'a', 2);
      await desk.mfa.census();
      const { counts = {} } = (await stats.latest()) ?? {};
      expect(counts).to.include({ all: whole ? 31 : 30, 'protected/admins': 2 });
      expect(counts['none/admins']).to.equal(whole ? 1 : undefined);
      expect((await stats.latest('red'))?.counts).to.deep.include({ all: 15, 'protected/admins': 1, able: 13 });
      await expectLists(stats, 'red');
      const without = await stats.list({ name: 'none/admins', after: 0, limit: 9 });
      expect(without).to.deep.equal(whole ? ['nobody'] : []);
    });
  }

  it('counts a record that was altered, and says so', async () => {
    const stats = memoryStatsStore();
    const store = memoryStore();
    const desk = openDesk({ stats, store });
    await desk.put('ann');
    await store.save('bob', { ...emptyRecord('e'), protected: true }, undefined);
    expect((await desk.mfa.census()).people).to.equal(2);
    expect((await stats.latest())?.counts).to.include({ all: 2, unread: 1, protected: 1, able: 2 });
  });

  it('says that a directory failed, and refuses options', async () => {
    const directory: Directory = { get: () => Promise.reject(new Error('down')) };
    const desk = openDesk({ stats: memoryStatsStore(), directory });
    await desk.put('ann');
    const failed: unknown = await desk.mfa.census().catch((error: unknown) => error);
    expect(failed).to.have.property('code', 'directory.unavailable');
    const misspelt: unknown = await desk.mfa.census({ By: 'ana' } as object).catch((error: unknown) => error);
    expect(misspelt).to.have.property('code', 'config.unknown_option');
  });
});

describe('the table of ids', () => {
  it('keeps a number for each of many ids, odd ones among them', () => {
    const table = createIdTable([1, 2]);
    const ids = [
      '',
      'a',
      'A',
      'a ',
      'ä',
      'a\u0308',
      '\ud800',
      '\udc00',
      ...Array.from({ length: 30_000 }, (_, at) => `u-${at}`),
    ];
    ids.forEach((id, at) => table.set(id, at));
    ids.forEach((id, at) => table.set(id, at * 2));
    expect(ids.every((id, at) => table.get(id) === at * 2)).to.equal(true);
    expect(table.get('u-30000')).to.equal(undefined);
  });
});
