// What is dropped of a log that stands: what is too old or too much, and never what a sink still waits for, unless there is no room;
// and writers that fell silent.
import { expect } from 'chai';
import type { AuditStore } from '../../src/audit/audit-store.js';
import { parseLine } from '../../src/audit/ledger.js';
import { memoryAuditStore } from '../../src/audit/stores/memory-audit-store.js';
import { sealSilent, trimLog } from '../../src/audit/upkeep.js';
import { openLog, startMs, worldOf } from './open-log.js';

const dayMs = 86_400_000;
const worldAt = (ms: number) => worldOf(() => startMs + ms);

/** 300 entries of a day, and 40 of eleven days later. */
async function logOf(maxBytes = Infinity): Promise<{ store: AuditStore; closed: () => Promise<void> }> {
  const memory = memoryAuditStore();
  const store = { ...memory, keep: { days: 10, maxBytes } };
  const { log, fill, advance } = openLog(store);
  await fill(300);
  advance(11 * dayMs);
  await fill(40, 1000);
  return { store, closed: () => log.close() };
}
const firstOf = async (store: AuditStore) => (await store.extent()).first;
const kindsOf = async (store: AuditStore) => (await store.lines(0, 100)).map((line) => parseLine(line)?.kind);

describe('trimming the log', () => {
  it('drops what is older than it is kept, and nothing before its time', async () => {
    const { store } = await logOf();
    expect(await trimLog(store, worldAt(10 * dayMs), [])).to.deep.equal({ entries: 0, unsent: 0 });
    expect(await firstOf(store)).to.equal(1);
    const { entries, unsent } = await trimLog(store, worldAt(10 * dayMs + 1), []);
    expect([entries, unsent]).to.deep.equal([300, 0]);
    expect(await firstOf(store)).to.equal(301);
    const lines = (await store.lines(0, 100)).flatMap((line) => parseLine(line) ?? []);
    const trims = lines.filter(({ kind }) => kind === 'trimmed');
    expect(trims.map(({ points }) => points.map(({ seq }) => seq))).to.deep.equal([[256], [300]]);
    expect(trims.map(({ detail }) => detail?.places)).to.deep.equal([256, 300]);
    expect((await openLog(store).log.verify()).sound).to.equal(true);
  });

  it('waits for a sink that lags, but not where there is no room: then it says how much was not taken', async () => {
    const { store } = await logOf();
    expect(await trimLog(store, worldAt(20 * dayMs), ['slow'])).to.deep.equal({ entries: 0, unsent: 0 });
    const fence = (await store.lease('slow', 'me', 60_000))?.fence ?? 0;
    await store.advance('slow', fence, { place: 0, line: 0 }, { place: 256, line: 0 });
    expect(await trimLog(store, worldAt(11 * dayMs), ['slow'])).to.deep.equal({ entries: 256, unsent: 0 });
    expect(await trimLog(store, worldAt(11 * dayMs), ['slow', 'unknown'])).to.deep.equal({ entries: 0, unsent: 0 });

    const full = await logOf(10);
    expect(await trimLog(full.store, worldAt(0), ['slow'])).to.deep.equal({ entries: 340, unsent: 340 });
    const half = await logOf();
    const { bytes } = await half.store.extent();
    const roomy = { ...half.store, keep: { days: 10, maxBytes: bytes } };
    expect(await trimLog(roomy, worldAt(0), []), 'just enough room').to.deep.equal({ entries: 0, unsent: 0 });
    const tight = { ...half.store, keep: { days: 10, maxBytes: bytes - 1 } };
    expect(await trimLog(tight, worldAt(0), [])).to.deep.equal({ entries: 256, unsent: 0 });
  });

  it('forgets a writer that ended with what is dropped, and no other', async () => {
    const open = await logOf(10);
    await trimLog(open.store, worldAt(0), []);
    expect(await open.store.heads()).to.have.length(1);
    const ended = await logOf(10);
    await ended.closed();
    await trimLog(ended.store, worldAt(0), []);
    expect(await ended.store.heads()).to.deep.equal([]);
    const partly = await logOf();
    await partly.closed();
    await trimLog(partly.store, worldAt(10 * dayMs + 1), []);
    expect(await partly.store.heads(), 'it has entries left').to.have.length(1);
  });

  it('stops where somebody else was faster', async () => {
    const { store } = await logOf();
    const busy: AuditStore = { ...store, drop: () => Promise.resolve('gone') };
    expect(await trimLog(busy, worldAt(20 * dayMs), [])).to.deep.equal({ entries: 0, unsent: 0 });
  });
});

describe('a writer that fell silent', () => {
  it('is sealed after ten minutes, once, and no sooner', async () => {
    const { store } = await logOf();
    const silentAt = 11 * dayMs + 600_000;
    expect(await sealSilent(store, worldAt(silentAt - 1))).to.equal(0);
    expect(await sealSilent(store, worldAt(silentAt))).to.equal(1);
    expect((await kindsOf(store)).at(-1)).to.equal('sealed');
    expect((await store.heads()).map(({ closed }) => closed)).to.deep.equal([true]);
    expect(await sealSilent(store, worldAt(silentAt))).to.equal(0);
  });

  it('is not where it never wrote, or went on meanwhile', async () => {
    const { store } = await logOf();
    const [head] = await store.heads();
    const nothing = { ...store, heads: async () => [{ ...head!, seq: 0, hash: '' }] };
    const behind = { ...store, heads: async () => [{ ...head!, seq: 1 }] };
    for (const each of [nothing, behind]) expect(await sealSilent(each, worldAt(20 * dayMs))).to.equal(0);
    expect(await kindsOf(store)).to.not.include('sealed');
  });
});
