// How the log stands, as it is told by sink.
import { expect } from 'chai';
import type { Feed } from '../../src/audit/feed.js';
import { healthOf } from '../../src/audit/health.js';
import { parseLine } from '../../src/audit/ledger.js';
import { memoryAuditStore } from '../../src/audit/stores/memory-audit-store.js';
import { openLog, startMs, worldOf } from './open-log.js';

const world = worldOf(() => startMs);

describe('how the log stands', () => {
  it('is told by sink: what it has not taken, and for how long', async () => {
    const store = memoryAuditStore();
    const { fill, advance } = openLog(store);
    await fill(5);
    advance(90_400);
    await fill(5, 10);
    const health: { [name: string]: ReturnType<Feed['health']> } = {
      new: { deadLetters: 0 },
      half: { deadLetters: 0, failing: 'down', failingSinceMs: startMs },
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
    const told = await healthOf(store, feeds, { waiting: 3, lost: 4, bytes: 5, failing: 'away' }, startMs + 90_500);
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
    const early = await healthOf(store, feeds, { waiting: 0, lost: 0, bytes: 0 }, startMs - 10_000);
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
    const told = await healthOf(store, feeds, { waiting: 0, lost: 0, bytes: 0 }, startMs);
    expect([told.entries, told.sinks[0]?.behind]).to.deep.equal([44, 44]);
  });
});
