// When a writer goes to its store, with what, and what it says where the store fails; over a log in memory whose batches are seen.
import { expect } from 'chai';
import type { Append, AuditStore } from '../../src/audit/audit-store.js';
import { makeEntry, type Draft } from '../../src/audit/make-entry.js';
import { memoryAuditStore } from '../../src/audit/stores/memory-audit-store.js';
import { createWriter } from '../../src/audit/writer.js';
import { cryptoRandom } from '../../src/crypto/random.js';
import type { MfaEvent } from '../../src/core/words/events.js';
import { eventually } from '../support/eventually.js';
import { codeOf } from '../support/thrown.js';
import { sealer, startMs, worldOf } from './open-log.js';

/** Whatever needs no time, and nothing that does. */
async function atOnce() {
  for (let turn = 0; turn < 500; turn += 1) await Promise.resolve();
}

describe('a writer of the audit log', () => {
  let nowMs: number;
  let batches: Append[];
  let failure: unknown;
  let walks: object[];
  let store: AuditStore;
  let lost: object[];
  let writer: ReturnType<typeof createWriter>;

  beforeEach(() => {
    [nowMs, failure] = [startMs, undefined];
    // Its own: a writer of the test before may go to its store once more.
    const seen = { batches: [] as Append[], walks: [] as object[], lost: [] as object[] };
    ({ batches, walks, lost } = seen);
    const memory = memoryAuditStore();
    store = {
      ...memory,
      append: async (batch) => {
        seen.batches.push(batch);
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- what a host's store may do
        if (failure !== undefined) throw failure;
        return await memory.append(batch);
      },
      page: async (query) => {
        seen.walks.push(query);
        return await memory.page(query);
      },
    };
    writer = newWriter(store, seen.lost);
  });

  function newWriter(over = store, telling = lost) {
    return createWriter(
      over,
      worldOf(() => nowMs),
      (detail) => telling.push(detail),
    );
  }
  const draftOf = (more: Partial<MfaEvent> = {}): Draft => {
    const event: MfaEvent = { name: 'reset', at: new Date(nowMs).toISOString(), actor: 'system', ...more };
    return makeEntry(event, { sealer, random: cryptoRandom, subjectAs: 'id' });
  };
  const draftsOf = (count: number, more: Partial<MfaEvent> = {}) => Array.from({ length: count }, () => draftOf(more));
  const sizes = () => batches.map(({ entries }) => entries.length);
  const kinds = async () => (await store.lines(0, 100)).map((line) => (JSON.parse(line) as { kind: string }).kind);

  it('goes to the store by itself: soon where there is little, at once where a batch is full', async () => {
    draftsOf(99).forEach((draft) => writer.add(draft));
    await atOnce();
    expect(sizes(), 'it waits for company').to.deep.equal([]);
    expect(writer.health()).to.deep.equal({ waiting: 99, lost: 0, bytes: 0 });
    writer.add(draftOf());
    await atOnce();
    expect(sizes()).to.deep.equal([100]);
    writer.add(draftOf());
    await eventually(async () => expect(sizes()).to.deep.equal([100, 1]));
    expect(writer.health()).to.deep.equal({ waiting: 0, lost: 0, bytes: (await store.extent()).bytes });
  });

  it('sends at most a hundred at once, one batch after the other, those first for whom somebody waits', async () => {
    draftsOf(150, { name: 'unlocked' }).forEach((draft) => writer.add(draft));
    await writer.append(draftsOf(120));
    await writer.settled();
    expect(sizes()).to.deep.equal([100, 100, 70]);
    const { items } = await store.page({ after: 0, limit: 500 });
    const names = items.map(({ text }) => (JSON.parse(text) as { name: string }).name);
    expect(names).to.deep.equal([...Array<string>(120).fill('reset'), ...Array<string>(150).fill('unlocked')]);
  });

  it('hands the store where it stood, what is counted, and what others may append as well', async () => {
    const [own, shared] = [draftOf({ userId: 'ann', actor: 'user' }), draftOf()];
    writer.add(own);
    await writer.append([shared]);
    await writer.settled();
    const [first] = batches;
    expect(first).to.deep.include({ after: { seq: 0, hash: '' }, once: [shared.id], keyId: sealer.keyId, nowMs });
    expect(first).to.not.have.property('closes');
    expect(first?.line).to.include({ expected: '' });
    expect(first?.counts.map(({ day, people }) => [day, people.length])).to.deep.equal([['2026-03-01', 1]]);
    writer.add(draftOf());
    await writer.settled();
    expect(batches[1]).to.deep.include({ writer: first?.writer, after: { seq: 2, hash: first?.entries[1]?.hash } });
    for (const name of ['once', 'line', 'closes']) expect(batches[1]).to.not.have.property(name);
    expect([writer.isStored(shared.id), writer.isStored(own.id)]).to.deep.equal([true, false]);
  });

  it('marks what somebody waits for with the secret of now', async () => {
    await writer.append([{ ...draftOf(), keyId: 'gone since' }]);
    expect(batches[0]?.entries[0]?.text).to.include(`"keyId":"${sealer.keyId}"`);
  });

  it('asks whether the store takes anything, with nothing', async () => {
    await writer.reach();
    expect(batches).to.deep.equal([
      { writer: 'reach', after: { seq: 0, hash: '' }, entries: [], counts: [], keyId: sealer.keyId, nowMs },
    ]);
    failure = new Error('away');
    expect(await writer.reach().catch(String)).to.equal('Error: away');
    expect(await writer.append([])).to.equal(undefined);
  });

  it('looks for an entry that is older than half an hour before it appends it, and for no other', async () => {
    await writer.append([draftOf({ at: new Date(nowMs - 1_800_000).toISOString() })]);
    expect(walks).to.deep.equal([]);
    const old = draftOf({ at: new Date(nowMs - 1_800_001).toISOString() });
    await writer.append([old]);
    expect(walks).to.not.deep.equal([]);
    const another = newWriter();
    await another.append([old]);
    expect(another.isStored(old.id)).to.equal(true);
    expect((await store.extent()).last, 'it was there').to.equal(2);
    walks.length = 0;
    writer.add({ ...old, id: 'nobody else appends it' });
    await writer.settled();
    expect(walks).to.deep.equal([]);
  });

  it('leaves out what the store says is known, and appends the rest', async () => {
    const [shared, own] = [draftOf(), draftOf()];
    await newWriter().append([shared]);
    await writer.append([shared, own]);
    expect((await store.extent()).last).to.equal(2);
    expect([writer.isStored(shared.id), writer.isStored(own.id)]).to.deep.equal([true, true]);
    expect(sizes()).to.deep.equal([1, 2, 1]);
  });

  it('says why the store takes nothing, holds on to all, and does not run to it for each', async () => {
    failure = new Error('It is away.');
    const rejected = writer.append([draftOf()]).catch(String);
    expect(await rejected).to.equal('Error: It is away.');
    expect(writer.health()).to.deep.equal({ waiting: 1, lost: 0, failing: 'It is away.', bytes: 0 });
    batches.length = 0;
    draftsOf(150).forEach((draft) => writer.add(draft));
    await atOnce();
    expect(batches, 'it is tried again when its time has come').to.deep.equal([]);
    await writer.settled();
    expect(batches, 'or where somebody asks').to.have.length(1);
    failure = 'a text';
    await writer.settled();
    expect(writer.health().failing).to.equal('a text');
    failure = undefined;
    await eventually(async () => expect(writer.health()).to.include({ waiting: 0 }));
    expect(writer.health()).to.not.have.property('failing');
    expect((await store.extent()).last).to.equal(151);
    expect(lost).to.deep.equal([]);
  });

  it('tells what gave way while the store was away, once it is back, and counts it', async () => {
    failure = new Error('away');
    draftsOf(10_103).forEach((draft) => writer.add(draft));
    await writer.settled();
    failure = undefined;
    await writer.settled();
    expect(lost).to.have.length(1);
    expect(lost[0]).to.include({ why: 'the store was away', refused: 0, others: 103 });
    expect(writer.health()).to.include({ lost: 103, waiting: 0 });
  });

  it('lets nobody wait behind ten thousand who do', async () => {
    failure = new Error('away');
    // A hundred of them are on their way.
    for (const count of [10_100, 1]) await writer.append(draftsOf(count)).catch(() => undefined);
    expect(await codeOf(writer.append([draftOf()]))).to.equal('store.unavailable');
    expect(await writer.append([draftOf()]).catch(String)).to.include('Too much waits');
    expect(writer.health().waiting).to.equal(10_101);
  });

  it('tells the ledger every five minutes while it is asked, and not while the store is away', async () => {
    await writer.tend();
    expect([batches, await kinds()]).to.deep.equal([[], []]);
    writer.add(draftOf());
    await writer.tend();
    expect(await kinds()).to.deep.equal(['began']);
    nowMs += 300_000;
    await writer.tend();
    expect(await kinds(), 'nothing new').to.deep.equal(['began']);
    writer.add(draftOf());
    nowMs -= 1;
    await writer.tend();
    expect(await kinds(), 'not yet').to.deep.equal(['began']);
    nowMs += 1;
    failure = new Error('away');
    writer.add(draftOf());
    await writer.tend();
    failure = undefined;
    expect(await kinds()).to.deep.equal(['began']);
    await writer.settled();
    expect(await kinds(), 'with what it sends').to.deep.equal(['began', 'reached']);
    nowMs += 300_000;
    await writer.tend();
    expect(await kinds()).to.have.length(2);
  });

  it('says a line by itself where entries were stored without', async () => {
    writer.add(draftOf());
    await writer.settled();
    writer.add(draftOf());
    await writer.settled();
    nowMs += 300_000;
    await writer.tend();
    expect(await kinds()).to.deep.equal(['began', 'reached']);
    expect(sizes()).to.deep.equal([1, 1, 0]);
    await writer.tend();
    expect(sizes()).to.deep.equal([1, 1, 0]);
  });

  it('ends with a line and nothing after it, begins anew, and never ends what did not begin', async () => {
    await writer.close();
    expect(batches).to.deep.equal([]);
    writer.add(draftOf());
    await writer.close();
    expect(batches.at(-1)).to.include({ closes: true });
    expect(await kinds()).to.deep.equal(['began', 'ended']);
    expect((await store.heads()).map(({ closed }) => closed)).to.deep.equal([true]);
    writer.add(draftOf());
    await writer.settled();
    expect((await store.heads()).map(({ seq, closed }) => [seq, closed])).to.deep.equal([
      [1, true],
      [1, false],
    ]);
    failure = new Error('away');
    writer.add(draftOf());
    const asked = batches.length;
    await writer.close();
    expect(batches.length, 'a store that is away is asked once').to.equal(asked + 1);
    failure = undefined;
    await writer.close();
    expect(await kinds()).to.deep.equal(['began', 'ended', 'began', 'ended']);
  });

  it('ends as another where it was sealed meanwhile', async () => {
    writer.add(draftOf());
    await writer.settled();
    const [head] = await store.heads();
    const line = {
      expected: batches[0]?.line?.hash ?? '',
      hash: 'sealed',
      text: '{"n":2,"points":[],"hash":"sealed"}',
    };
    const { seq = 0, hash = '' } = head ?? {};
    const sealing = { writer: head?.writer ?? '', after: { seq, hash }, entries: [], counts: [], keyId: 'k', nowMs };
    expect(await store.append({ ...sealing, line, closes: true })).to.include({ is: 'stored' });
    await writer.close();
    expect(await store.heads(), 'it wrote nothing under its new name').to.have.length(1);
    writer.add(draftOf());
    await writer.settled();
    expect(await store.heads()).to.have.length(2);
  });
});
