// A store of two, by what each of both is asked; and the tables of several stores as if they were of one. In memory.
import { expect } from 'chai';
import type { MfaStore, StoreMigrations } from '../../src/core/kernel/ports.js';
import { memoryStore } from '../../src/stores/memory-store.js';
import { migrationsOfAll } from '../../src/stores/all-migrations.js';
import { splitStore } from '../../src/stores/split-store.js';
import { storeMethods } from '../support/store-methods.js';

const kept = ['load', 'save', 'remove', 'abandon', 'claim', 'scan', 'claims', 'saveAll', 'count'];

/** A store in memory that notes in `log` what it is asked, and says in `ready`. */
function noting(name: string | undefined, log: string[], more: Partial<MfaStore> = {}): MfaStore {
  const { name: _name, ...store } = memoryStore();
  const noted = Object.entries(store).map(([method, body]) => [
    method,
    typeof body !== 'function'
      ? body
      : (...given: never[]) => {
          log.push(`${name}.${method}`);
          return (body as (...given: never[]) => unknown)(...given);
        },
  ]);
  return { ...(Object.fromEntries(noted) as MfaStore), ...(name === undefined ? {} : { name }), ...more };
}

/** The tables of a database that is at `made` of the steps. */
function tablesOf(made: string[], steps = ['001', '002', '003']): StoreMigrations & { made: string[] } {
  return {
    made,
    status: async () => steps.map((name) => ({ name, made: made.includes(name) })),
    migrate: async () => {
      const now = steps.filter((name) => !made.includes(name));
      made.push(...now);
      return now;
    },
    rollback: async () => made.pop(),
  };
}

describe('a store of two', () => {
  it('asks each method of its half', async () => {
    const log: string[] = [];
    const split = splitStore({ records: noting('a', log), transients: noting('b', log) });
    for (const [method, ask] of Object.entries(storeMethods)) {
      log.length = 0;
      await ask(split);
      expect(log, method).to.deep.equal([`${kept.includes(method) ? 'a' : 'b'}.${method}`]);
    }
    log.length = 0;
    for await (const _record of split.scan()) expect.fail('There is none: it was removed.');
    for await (const { key } of split.claims()) expect(key).to.be.a('string');
    await split.abandon('u', ['k']);
    await split.count?.();
    expect(log).to.deep.equal(['a.scan', 'a.claims', 'a.abandon', 'a.count']);
  });

  it('saves many where the half of records does, and counts where it can', async () => {
    const saveAll = async () => ['r'];
    const { count: _count, ...countless } = memoryStore();
    expect(
      await splitStore({ records: { ...memoryStore(), saveAll }, transients: memoryStore() }).saveAll?.([]),
    ).to.deep.equal(['r']);
    const without = splitStore({ records: countless, transients: { ...memoryStore(), saveAll } });
    expect(without).to.not.have.any.keys('saveAll', 'count', 'migrations');
  });

  it('is named by both, and memory where either is', () => {
    const nameOf = (records: string | undefined, transients: string | undefined) =>
      splitStore({ records: noting(records, []), transients: noting(transients, []) }).name;
    expect(nameOf('sql', 'redis')).to.equal('sql+redis');
    expect(nameOf(undefined, 'redis')).to.equal('custom+redis');
    expect(nameOf('memory', 'redis')).to.equal('memory');
    expect(nameOf('sql', 'memory')).to.equal('memory');
    const { namespace: _none, ...nameless } = memoryStore();
    expect(splitStore({ records: nameless, transients: nameless })).to.not.have.property('namespace');
  });

  it('is within an answer in each half that knows of answers', async () => {
    const log: string[] = [];
    const entering = (name: string): Partial<MfaStore> => ({
      within: async (work) => {
        log.push(`into ${name}`);
        return work(noting(`own ${name}`, log));
      },
    });
    const both = splitStore({ records: noting('a', log, entering('a')), transients: noting('b', log, entering('b')) });
    const ask = async (own: MfaStore) => {
      await own.load('u');
      await own.get('u', 'flow');
    };
    await both.within?.(ask);
    expect(log).to.deep.equal(['into a', 'into b', 'own a.load', 'own b.get']);
    log.length = 0;
    await splitStore({ records: noting('a', log), transients: noting('b', log, entering('b')) }).within?.(ask);
    expect(log).to.deep.equal(['into b', 'a.load', 'own b.get']);
  });

  it('is ready where both are, one after the other, and is examined as both', async () => {
    const log: string[] = [];
    const at = (name: string, level: 'fail' | 'warn', serverTimeMs?: number): Partial<MfaStore> => ({
      ready: async () => void log.push(name),
      examine: async () => ({
        findings: [{ level, text: name }],
        ...(serverTimeMs === undefined ? {} : { serverTimeMs }),
      }),
    });
    const split = (one: Partial<MfaStore>, other: Partial<MfaStore>) =>
      splitStore({ records: { ...memoryStore(), ...one }, transients: { ...memoryStore(), ...other } });
    await split(at('a', 'fail'), at('b', 'warn')).ready?.();
    expect(log).to.deep.equal(['a', 'b']);
    await split({}, {}).ready?.();
    const findings = [
      { level: 'fail', text: 'a' },
      { level: 'warn', text: 'b' },
    ];
    expect(await split(at('a', 'fail', 5), at('b', 'warn', 7)).examine?.()).to.deep.equal({
      findings,
      serverTimeMs: 5,
    });
    expect(await split(at('a', 'fail'), at('b', 'warn', 7)).examine?.()).to.deep.equal({ findings, serverTimeMs: 7 });
    expect(await split({}, at('b', 'warn', 7)).examine?.()).to.deep.equal({ findings: [findings[1]], serverTimeMs: 7 });
    expect(await split({}, {}).examine?.()).to.deep.equal({ findings: [] });
  });
});

describe('the tables of several stores', () => {
  const all = (...tables: (StoreMigrations | undefined)[]) =>
    migrationsOfAll([undefined, ...tables.map((migrations) => (migrations ? { migrations } : {}))]);

  it('are none where no store has tables', () => {
    expect(all(undefined)).to.equal(undefined);
    expect(migrationsOfAll([])).to.equal(undefined);
  });

  it('count a step as made where it is in each', async () => {
    const made = (await all(tablesOf(['001', '002']), tablesOf(['001', '003']))?.status())?.map((each) => [
      each.name,
      each.made,
    ]);
    expect(made).to.deep.equal([
      ['001', true],
      ['002', false],
      ['003', false],
    ]);
  });

  it('are made in each, and named once, in order', async () => {
    const [first, second] = [tablesOf(['001', '002']), tablesOf([])];
    expect(await all(first, undefined, second)?.migrate()).to.deep.equal(['001', '002', '003']);
    expect([first.made, second.made]).to.deep.equal([
      ['001', '002', '003'],
      ['001', '002', '003'],
    ]);
  });

  it('are taken back step by step, the latest of any first, in those that are there', async () => {
    const [first, second] = [tablesOf(['001', '002', '003']), tablesOf(['001'])];
    const tables = all(first, second);
    const nested = migrationsOfAll([tables && { migrations: tables }]);
    for (const name of ['003', '002', '001']) {
      expect(await nested?.last()).to.equal(name);
      expect(second.made).to.deep.equal(['001']);
      expect(await nested?.rollback()).to.equal(name);
    }
    expect([first.made, second.made]).to.deep.equal([[], []]);
    expect([await nested?.last(), await nested?.rollback()]).to.deep.equal([undefined, undefined]);
  });
});
