// The small parts of the log: ids, the search for an old entry, the ledger's next line, how the log stands, and what a host may say.
import { expect } from 'chai';
import { checkWho, readAuditOptions } from '../../src/audit/audit-options.js';
import type { AuditLogOptions } from '../../src/audit/audit-log.js';
import type { AuditStore, PageQuery } from '../../src/audit/audit-store.js';
import type { Feed } from '../../src/audit/feed.js';
import { findInLog } from '../../src/audit/find-in-log.js';
import { healthOf } from '../../src/audit/health.js';
import { ledgerStuck, nextLine, parseLine, withLine } from '../../src/audit/ledger.js';
import type { Draft } from '../../src/audit/make-entry.js';
import { memoryAuditStore } from '../../src/audit/stores/memory-audit-store.js';
import { uuid7 } from '../../src/audit/uuid7.js';
import type { AuditWorld } from '../../src/audit/world.js';
import { cryptoRandom } from '../../src/crypto/random.js';
import { createSealer } from '../../src/crypto/seal.js';
import { fileSink } from '../../src/audit/sinks/file-sink.js';
import { openLog, secret } from './open-log.js';

const nowMs = Date.parse('2026-03-01T10:00:00.000Z');
const world: AuditWorld = {
  sealer: createSealer({ secrets: [secret], namespace: 'test' }),
  random: cryptoRandom,
  now: () => nowMs,
  tell: () => undefined,
};

describe('the id of an entry', () => {
  it('is a UUIDv7 of its time and of chance', () => {
    const idOf = (timeMs: number, bytes: number[]) =>
      uuid7(timeMs, { ...cryptoRandom, bytes: (length) => Buffer.from(bytes).subarray(0, length) });
    const [ones, zeros] = [Array<number>(20).fill(0xff), Array<number>(20).fill(0)];
    // RFC 9562, appendix A.6.
    const published = [0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f];
    expect(idOf(0x017f22e279b0, published)).to.equal('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
    expect(idOf(nowMs, ones)).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-7fff-bfff-ffffffffffff$/);
    expect(idOf(0, zeros)).to.equal('00000000-0000-7000-8000-000000000000');
    expect(idOf(-1, zeros), 'before 1970').to.equal('00000000-0000-7000-8000-000000000000');
  });
});

describe('looking for an old entry', () => {
  const entryOf = (id: string) =>
    JSON.stringify({ id, writer: 'w', seq: 1, hash: 'h', personal: {}, time: 't', keyId: 'k' });
  /** A log in which `at` are the places with the entry `sought`; the others only name it. */
  function logOf(length: number, at: number[], asked: PageQuery[] = []) {
    return {
      async page(query: PageQuery) {
        asked.push(query);
        const { before = 0, limit } = query as { before?: number; limit: number };
        const last = Math.min(before - 1, length);
        const items = Array.from({ length: Math.max(0, Math.min(limit, last)) }, (_, index) => {
          const place = last - index;
          return { place, text: entryOf(at.includes(place) ? 'sought' : 'another, not sought') };
        });
        return { items, place: items.at(-1)?.place ?? 0 };
      },
    } as unknown as AuditStore;
  }
  const draft = { id: 'sought', subject: { id: 'ann' } } as Draft;

  it('finds it by its person, the newest first, among ten thousand', async () => {
    const asked: PageQuery[] = [];
    expect(await findInLog(logOf(1200, [3], asked), draft)).to.include({ id: 'sought' });
    expect(asked).to.deep.equal([
      { subject: 'ann', before: Infinity, limit: 500 },
      { subject: 'ann', before: 701, limit: 500 },
      { subject: 'ann', before: 201, limit: 500 },
    ]);
    expect(await findInLog(logOf(10_000, [1]), draft)).to.include({ id: 'sought' });
    expect(await findInLog(logOf(10_500, [1]), draft), 'one too far').to.equal(undefined);
    expect(await findInLog(logOf(700, []), draft)).to.equal(undefined);
    expect(await findInLog(logOf(0, []), draft)).to.equal(undefined);
  });

  it('looks at all of the log where it is nobody’s, and passes over what is no entry', async () => {
    const asked: PageQuery[] = [];
    await findInLog(logOf(1, [1], asked), { id: 'sought' } as Draft);
    expect(asked).to.deep.equal([{ before: Infinity, limit: 500 }]);
    const pages = [[{ place: 2, text: 'sought' }], [{ place: 1, text: '{"id":"sought"}' }], []];
    const store = { page: async () => ({ items: pages.shift() ?? [], place: 0 }) } as unknown as AuditStore;
    expect(await findInLog(store, draft)).to.equal(undefined);
  });
});

describe('the next line of the ledger', () => {
  const said = { kind: 'began' as const, points: [{ writer: 'w', seq: 1, hash: 'h' }] };
  const after = async (text: string | undefined, more = {}) =>
    await nextLine({ lastLine: async () => text } as unknown as AuditStore, world, { ...said, ...more });

  it('follows the latest one, and is the first where there is none', async () => {
    const first = await after(undefined);
    const { hash, ...line } = parseLine(first.text) ?? { hash: '' };
    expect(first).to.include({ expected: '', hash });
    expect(line).to.deep.equal({ v: 1, n: 1, ...said, time: '2026-03-01T10:00:00.000Z', keyId: world.sealer.keyId });
    const second = await after(first.text, { detail: { places: 3 } });
    expect(second.expected).to.equal(hash);
    expect(parseLine(second.text))
      .to.include({ n: 2 })
      .and.to.deep.include({ detail: { places: 3 } });
    expect(second.hash).to.not.equal((await after(first.text)).hash);
  });

  it('is tried fifty times where others are faster', async () => {
    const store = memoryAuditStore();
    let tries = 0;
    const answer = await withLine(store, world, said, async () => ((tries += 1), 'ledger'));
    expect([answer, tries]).to.deep.equal(['ledger', 50]);
    tries = 0;
    expect(await withLine(store, world, said, async () => ((tries += 1) < 50 ? 'ledger' : 'stored'))).to.equal(
      'stored',
    );
    expect(ledgerStuck()).to.include({ code: 'store.unavailable' });
  });
});

describe('how the log stands', () => {
  it('is told by sink: what it has not taken, and for how long', async () => {
    const store = memoryAuditStore();
    const { fill, advance } = openLog(store);
    await fill(5);
    advance(90_400);
    await fill(5, 10);
    const health: { [name: string]: ReturnType<Feed['health']> } = {
      new: { deadLetters: 0 },
      half: { deadLetters: 0, failing: 'down', failingSinceMs: nowMs },
      level: { deadLetters: 0 },
    };
    for (const [name, place] of [
      ['half', 5],
      ['level', 10],
    ] as const) {
      const fence = (await store.lease(name, 'me', 60_000))?.fence ?? 0;
      await store.advance(name, fence, { place: 0, line: 0 }, { place, line: 0 });
    }
    await store.putAside('half', [
      { id: 'a', time: 't', why: 'w', text: '{}' },
      { id: 'b', time: 't', why: 'w', text: '{}' },
    ]);
    const feeds = new Map(Object.entries(health).map(([name, each]) => [name, { health: () => each } as Feed]));
    const told = await healthOf(store, feeds, { waiting: 3, lost: 4, bytes: 5, failing: 'away' }, nowMs + 90_500);
    const { bytes } = await store.extent();
    expect(told).to.deep.equal({
      ...{ waiting: 3, lost: 4, failing: 'away', entries: 10, bytes, maxBytes: 2 ** 30, keyIds: [world.sealer.keyId] },
      sinks: [
        { name: 'new', behind: 10, behindSeconds: 91, deadLetters: 0 },
        {
          ...{ name: 'half', behind: 5, behindSeconds: 0, deadLetters: 2 },
          ...{ failing: 'down', failingSince: '2026-03-01T10:00:00.000Z' },
        },
        { name: 'level', behind: 0, behindSeconds: 0, deadLetters: 0 },
      ],
    });
    const early = await healthOf(store, feeds, { waiting: 0, lost: 0, bytes: 0 }, nowMs - 10_000);
    expect(
      early.sinks.map(({ behindSeconds }) => behindSeconds),
      'a clock that runs behind',
    ).to.deep.equal([0, 0, 0]);
    expect(early).to.not.have.property('failing');
  });

  it('leaves out what was dropped before a sink took it', async () => {
    const store = memoryAuditStore();
    await openLog(store).fill(300);
    const line = { expected: parseLine(await store.lastLine())?.hash ?? '', hash: 'next', text: '{}' };
    await store.drop(1, 256, line, []);
    const feeds = new Map([['new', { health: () => ({ deadLetters: 0 }) } as Feed]]);
    const told = await healthOf(store, feeds, { waiting: 0, lost: 0, bytes: 0 }, nowMs);
    expect([told.entries, told.sinks[0]?.behind]).to.deep.equal([44, 44]);
  });
});

describe('the options of the audit log', () => {
  const store = memoryAuditStore();
  const sink = (name: string) => fileSink({ path: '/tmp/a', name });

  it('are a store, sinks of different names, and how people are named and a store that is away is taken', () => {
    expect(readAuditOptions({ store })).to.deep.equal({
      ...{ store, sinks: [], subjectAs: 'id', whenUnavailable: 'continue' },
    });
    const whole = { store, sinks: [sink('a'), sink('b')], subjectAs: 'digest', whenUnavailable: 'refuse' } as const;
    expect(readAuditOptions(whole)).to.deep.equal(whole);
    for (const [options, words] of [
      [{}, '`store` is missing'],
      [{ store: {} }, '`store` is missing'],
      [{ store: null }, '`store` is missing'],
      [{ store, sinks: [sink('a'), sink('b'), sink('a')] }, 'two sinks are named "a"'],
      [{ store, subjectAs: 'name' }, '`subjectAs` takes'],
      [{ store, whenUnavailable: 'wait' }, '`whenUnavailable` takes'],
      [{ store, sink: [] }, 'there is no option `sink`. Did you mean `sinks`?'],
    ] as [object, string][])
      expect(() => readAuditOptions(options as AuditLogOptions), words).to.throw(words);
  });

  it('name who does something to it, and why', () => {
    const who = { by: 'Ana', reason: 'asked' };
    expect(checkWho('audit.erase', who)).to.equal(who);
    for (const wrong of [
      { by: '' },
      { by: 5 },
      { by: undefined },
      { reason: '' },
      { reason: 5 },
      { reason: undefined },
    ])
      expect(() => checkWho('audit.erase', { ...who, ...wrong } as typeof who), JSON.stringify(wrong))
        .to.throw(/^audit\.erase: `by` takes/)
        .with.property('code', 'config.invalid_option');
    expect(() => checkWho('audit.erase', { ...who, at: 'x' } as typeof who)).to.throw('there is no option `at`');
  });
});
