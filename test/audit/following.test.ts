// What verifying says of a log that somebody changed who holds the store and not the secret: over what a log in memory handed out,
// changed in between.
import { expect } from 'chai';
import type { AuditStore, WriterHead } from '../../src/audit/audit-store.js';
import type { AuditCheckpoint } from '../../src/audit/checkpoint.js';
import type { AuditEntry } from '../../src/audit/entry.js';
import { memoryAuditStore } from '../../src/audit/stores/memory-audit-store.js';
import { parseEntry, verifyLog, type VerifyOptions } from '../../src/audit/verify.js';
import { parseLine } from '../../src/audit/ledger.js';
import { openLog, sealer, startMs } from './open-log.js';

/** All that a store holds, to be changed. */
type Held = { texts: string[]; lines: string[]; heads: WriterHead[] };

/** Ten entries of a writer that began, went on and ended, and its two lines. */
async function held(): Promise<Held> {
  const store = memoryAuditStore();
  const { log, fill } = openLog(store);
  await fill(10);
  await log.close();
  const { items } = await store.page({ after: 0, limit: 100 });
  return { texts: items.map(({ text }) => text), lines: await store.lines(0, 100), heads: await store.heads() };
}

/** `firsts`: the first place that is left, as often as it is asked. */
function storeOf({ texts, lines, heads }: Held, firsts = [1]): AuditStore {
  const left = [...firsts];
  return {
    heads: async () => heads,
    lines: async (after: number, limit: number) => lines.slice(after, after + limit),
    extent: async () => ({ first: left.length > 1 ? left.shift() : left[0] }),
    page: async ({ after = 0, limit, fromMs = 0 }: { after?: number; limit: number; fromMs?: number }) => {
      const items = texts
        .map((text, at) => ({ place: at + 1, text }))
        .filter(({ place, text }) => place > after && !(Date.parse(parseEntry(text)?.time ?? '') < fromMs))
        .slice(0, limit);
      return { items, place: items.at(-1)?.place ?? texts.length };
    },
  } as unknown as AuditStore;
}

async function found(all: Held, options: VerifyOptions = {}, nowMs = startMs) {
  const { sound, entries, writers, ledger } = await verifyLog(storeOf(all), sealer, nowMs, options);
  const { writer } = all.heads[0] ?? { writer: 'nobody' };
  const told = [...writers, ledger].flatMap(({ broken }) => broken ?? []);
  return {
    sound,
    entries,
    writers,
    ledger,
    broken: told.map(({ at, what, place }) => [at.replace(writer, 'w'), what, place]),
  };
}
const change = (text: string | undefined, more: object) =>
  JSON.stringify({ ...(JSON.parse(text ?? '{}') as object), ...more });

type Tampering = (all: Held) => void;
const table: [title: string, tamper: Tampering, broken: unknown[][]][] = [
  ['nobody changed', () => undefined, []],
  [
    'has an entry that was changed',
    ({ texts }) => (texts[3] = change(texts[3], { outcome: 'failure' })),
    [['w/4', 'changed', 4]],
  ],
  [
    'had its last changed',
    ({ texts }) => (texts[9] = change(texts[9], { outcome: 'failure' })),
    [['w/10', 'changed', 10]],
  ],
  [
    'has one changed, and a wrong one of its number behind',
    ({ texts }) => {
      texts.push(change(texts[3], { name: 'reset' }));
      texts[3] = change(texts[3], { outcome: 'failure' });
    },
    [['w/4', 'changed', 4]],
  ],
  [
    'has one changed and lacks a later one',
    ({ texts }) => texts.splice(1, 4, change(texts[1], { outcome: 'failure' }), texts[2] ?? '', texts[3] ?? ''),
    [['w/2', 'changed', 2]],
  ],
  [
    'has something personal that was changed',
    ({ texts }) => (texts[3] = change(texts[3], { personal: { ip: '192.0.2.99' } })),
    [['w/4', 'changed', 4]],
  ],
  ['was erased in part', ({ texts }) => (texts[3] = change(texts[3], { personal: {} })), []],
  ['lacks one entry', ({ texts }) => void texts.splice(3, 1), [['w/4', 'missing', 4]]],
  ['lacks several', ({ texts }) => void texts.splice(3, 3), [['w/4', 'missing', 4]]],
  ['lacks its first', ({ texts }) => void texts.splice(0, 1), [['w/1', 'missing', 1]]],
  ['lacks its last', ({ texts }) => void texts.splice(9, 1), [['w/10', 'cut off', undefined]]],
  ['lacks all', ({ texts }) => void texts.splice(0), [['w/1', 'missing', undefined]]],
  ['has two swapped', ({ texts }) => void texts.splice(3, 2, texts[4] ?? '', texts[3] ?? ''), [['w/4', 'swapped', 4]]],
  ['has one twice', ({ texts }) => void texts.push(texts[3] ?? ''), [['w/4', 'inserted', 11]]],
  ['has its last twice', ({ texts }) => void texts.push(texts[9] ?? ''), [['w/10', 'inserted', 11]]],
  [
    'has one put in before the right one',
    ({ texts }) => void texts.splice(3, 0, change(texts[3], { outcome: 'failure' })),
    [['w/4', 'inserted', 4]],
  ],
  ['has one behind its end', ({ texts }) => void texts.push(change(texts[9], { seq: 11 })), [['w/11', 'inserted', 11]]],
  ['has what is no entry', ({ texts }) => void texts.splice(3, 0, 'null'), [['place/4', 'changed', 4]]],
  [
    'was made with a secret that is gone',
    ({ texts }) => texts.forEach((text, at) => at > 1 && at < 5 && (texts[at] = change(text, { keyId: 'k9' }))),
    [['w/5', 'unknown key', 5]],
  ],
  ['lacks a line of the ledger', ({ lines }) => void lines.shift(), [['ledger/1', 'missing', undefined]]],
  [
    'has a line that was changed',
    ({ lines }) => (lines[0] = change(lines[0], { time: '2025' })),
    [['ledger/1', 'changed', undefined]],
  ],
  ['has what is no line', ({ lines }) => (lines[0] = '{"n":1}'), [['ledger/1', 'changed', undefined]]],
  ['has a line twice', ({ lines }) => void lines.push(lines[0] ?? ''), [['ledger/1', 'inserted', undefined]]],
  [
    'has lines whose secret is gone',
    ({ lines }) => lines.forEach((line, at) => (lines[at] = change(line, { keyId: 'k9' }))),
    [['ledger/2', 'unknown key', undefined]],
  ],
  ['is named by no line', ({ lines }) => void lines.splice(0), [['ledger/w', 'cut off', undefined]]],
];

describe('verifying a log that', () => {
  for (const [title, tamper, broken] of table)
    it(title, async () => {
      const all = await held();
      tamper(all);
      const said = await found(all);
      expect(said.broken).to.deep.equal(broken);
      expect(said.sound).to.equal(broken.length === 0);
      expect(said.entries).to.equal(all.texts.length);
      expect(said.ledger.lines).to.equal(all.lines.length);
    });

  it('is as its writer left it, heard of it or not', async () => {
    const all = await held();
    const [head] = all.heads;
    const stateOf = async (heads: WriterHead[], lines: string[], nowMs = startMs) =>
      (await found({ ...all, heads, lines }, {}, nowMs)).writers.map(({ state, unproved }) => [state, unproved]);
    expect(await stateOf(all.heads, all.lines)).to.deep.equal([['ended', 0]]);
    const began = all.lines.slice(0, 1);
    const open = { ...head, closed: false, heardMs: startMs } as WriterHead;
    expect(await stateOf([open], began)).to.deep.equal([['open', 0]]);
    expect(await stateOf([open], began, startMs + 599_999)).to.deep.equal([['open', 0]]);
    expect(await stateOf([open], began, startMs + 600_000)).to.deep.equal([['abandoned', 0]]);
    expect(await stateOf([{ ...open, closed: true }], began)).to.deep.equal([['abandoned', 0]]);
    expect(await stateOf([], began)).to.deep.equal([['abandoned', 0]]);
  });

  it('a sink has kept lines of: the same ones, of any age, others, or more of', async () => {
    const all = await held();
    const kept = all.lines.map((line) => parseLine(line) as AuditCheckpoint);
    expect((await found(all, { checkpoints: kept })).sound).to.equal(true);
    const other = [{ ...kept[0], hash: 'other' } as AuditCheckpoint];
    expect((await found(all, { checkpoints: other })).broken).to.deep.equal([['ledger/1', 'changed', undefined]]);
    const cut = { ...all, lines: all.lines.slice(0, 1) };
    expect((await found(cut, { checkpoints: kept })).broken).to.deep.equal([['ledger/2', 'cut off', undefined]]);
    const gone = { ...cut, texts: all.texts.slice(0, 9), heads: [] };
    expect((await found(gone, { checkpoints: [kept[1] as AuditCheckpoint] })).writers[0]?.broken).to.include({
      what: 'cut off',
    });
  });

  it('is followed from a time on: its first entry then is taken as it is', async () => {
    const all = await held();
    const later = all.texts.map((text, at) => (at < 5 ? text : change(text, { time: '2026-03-02T00:00:00.000Z' })));
    const options = { sinceMs: Date.parse('2026-03-02T00:00:00.000Z') };
    const said = await found({ ...all, texts: later }, options);
    expect(said.entries).to.equal(5);
    expect(said.broken.map(([at]) => at)).to.deep.equal(['w/7']);
    expect((await found(all, options)).writers, 'nothing of that time').to.deep.equal([]);
    expect((await found(all, { sinceMs: startMs })).sound).to.equal(true);
  });

  it('is told by its oldest and newest entry, and read again where it was trimmed meanwhile, three times at most', async () => {
    const all = await held();
    const [first, last] = [all.texts[0], all.texts[9]].map((text) => (JSON.parse(text ?? '') as AuditEntry).time);
    expect(await verifyLog(storeOf(all), sealer, startMs)).to.include({ first, last });
    expect(await verifyLog(storeOf({ texts: [], lines: [], heads: [] }), sealer, startMs)).to.deep.equal({
      ...{ sound: true, entries: 0, writers: [], ledger: { lines: 0 } },
    });
    for (const [firsts, walks] of [
      [[1], 1],
      [[1, 2, 2], 2],
      [[1, 2, 3, 4, 5, 6, 7, 8], 3],
    ] as const) {
      let walked = 0;
      const store = storeOf(all, [...firsts]);
      const heads = () => {
        walked += 1;
        return store.heads();
      };
      await verifyLog({ ...store, heads }, sealer, startMs);
      expect(walked, firsts.join()).to.equal(walks);
    }
  });
});

describe('what is an entry, and what is a line', () => {
  it('has every field that it is known by, of its type', () => {
    const entry = { writer: 'w', seq: 1, hash: 'h', personal: {}, time: 't', keyId: 'k' };
    expect(parseEntry(JSON.stringify(entry))).to.deep.equal(entry);
    for (const wrong of [
      { writer: 1 },
      { seq: '1' },
      { hash: null },
      { personal: null },
      { personal: 'x' },
      { time: 5 },
      { keyId: {} },
    ])
      expect(parseEntry(JSON.stringify({ ...entry, ...wrong })), JSON.stringify(wrong)).to.equal(undefined);
    for (const text of ['', '{', 'null', '1', '[]', '"x"']) expect(parseEntry(text), text).to.equal(undefined);
    expect(parseLine('{"n":1,"points":[]}')).to.deep.equal({ n: 1, points: [] });
    for (const text of [undefined, '', '{', 'null', '{"n":"1","points":[]}', '{"n":1,"points":{}}', '{"points":[]}'])
      expect(parseLine(text), text).to.equal(undefined);
  });
});
