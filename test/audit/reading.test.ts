// Reading the log: what fits, how far it is looked, and where the next page begins, over a store that is a list.
import { expect } from 'chai';
import type { AuditStore, PageQuery } from '../../src/audit/audit-store.js';
import type { AuditEntry } from '../../src/audit/entry.js';
import { readPage, type AuditQuery } from '../../src/audit/read.js';
import { eraseSubject } from '../../src/audit/upkeep.js';
import { codeOf } from '../support/thrown.js';

const noonMs = Date.parse('2026-03-01T12:00:00.000Z');
const entryAt = (place: number, more: Partial<AuditEntry> = {}) => ({
  ...{ v: 1, id: `id-${place}`, writer: 'w', seq: place, hash: `h${place}`, keyId: 'k', name: 'reset', severity: 3 },
  ...{
    time: new Date(noonMs + place * 1000).toISOString(),
    actor: { type: 'user' },
    personal: { salt: 's' },
    personalHash: 'p',
  },
  ...more,
});

/** The first stands at place 1. `asked`: every page that was asked for. */
function storeOf(entries: object[], asked: PageQuery[] = []) {
  const texts = entries.map((entry) => (typeof entry === 'string' ? entry : JSON.stringify(entry)));
  const store = {
    async page(query: PageQuery) {
      asked.push(query);
      const { before = Infinity, limit, subject } = query as { before?: number; limit: number; subject?: string };
      const items = texts
        .map((text, at) => ({ place: at + 1, text }))
        .filter(
          ({ place, text }) =>
            place < before && (subject === undefined || text.includes(`"subject":{"id":"${subject}"`)),
        )
        .reverse()
        .slice(0, limit);
      return { items, place: items.at(-1)?.place ?? 0 };
    },
    async rewrite(place: number, expected: string, text: string) {
      if (texts[place - 1] !== expected) return false;
      texts[place - 1] = text;
      return true;
    },
  } as unknown as AuditStore;
  return { store, texts };
}
const read = async (entries: object[], query: AuditQuery, subjects: string[] = [], asked: PageQuery[] = []) => {
  const { entries: found, ...rest } = await readPage(storeOf(entries, asked).store, query, async () => subjects);
  return { seqs: found.map(({ seq }) => seq), ...rest };
};
const aDay = Array.from({ length: 6 }, (_, at) =>
  entryAt(at + 1, {
    name: at % 2 === 0 ? 'reset' : 'locked',
    subject: { id: at < 3 ? 'ann' : 'bob' },
    ...(at === 4 ? {} : { outcome: at < 2 ? ('failure' as const) : ('success' as const), flow: `f${at % 3}` }),
  }),
);

describe('reading the log', () => {
  const timeOf = (place: number) => new Date(noonMs + place * 1000);
  const table: [query: AuditQuery, seqs: number[], subjects?: string[]][] = [
    [{}, [6, 5, 4, 3, 2, 1]],
    [{ userId: 'x' }, [3, 2, 1], ['ann']],
    [{ userId: 'x' }, [6, 5, 4, 3, 2, 1], ['ann', 'bob']],
    [{ userId: 'x' }, [], ['nobody']],
    [{ flow: 'f1' }, [2]],
    [{ names: ['locked'] }, [6, 4, 2]],
    [{ names: [] }, []],
    [{ outcome: 'failure' }, [2, 1]],
    [{ outcome: 'success' }, [6, 4, 3]],
    [{ from: timeOf(5) }, [6, 5]],
    [{ to: timeOf(2).toISOString() }, [2, 1]],
    [{ from: timeOf(3), to: timeOf(4) }, [4, 3]],
    [{ names: ['locked'], outcome: 'success', userId: 'x' }, [6, 4], ['bob']],
  ];
  for (const [query, seqs, subjects = []] of table)
    it(`finds ${seqs.length === 0 ? 'nothing' : seqs.join(', ')} by ${JSON.stringify(query)} of ${subjects.join() || 'all'}`, async () =>
      expect(await read(aDay, query, subjects)).to.deep.equal({ seqs }));

  it('asks the store for no more than it needs, by the person before the sign-in, and by time', async () => {
    const asked: PageQuery[] = [];
    await read(aDay, { userId: 'x', flow: 'f1', limit: 500, from: timeOf(1), to: timeOf(9) }, ['ann'], asked);
    expect(asked[0]).to.deep.equal({
      before: Infinity,
      limit: 500,
      subject: 'ann',
      fromMs: noonMs + 1000,
      toMs: noonMs + 9000,
    });
    asked.length = 0;
    await read(aDay, { flow: 'f1', limit: 2 }, [], asked);
    expect(asked[0]).to.deep.equal({ before: Infinity, limit: 50, flow: 'f1' });
    asked.length = 0;
    await read(aDay, { limit: 100 }, [], asked);
    expect(asked[0]).to.deep.equal({ before: Infinity, limit: 101 });
  });

  it('ends a page where it is full, and goes on behind it until there is nothing', async () => {
    const first = await read(aDay, { limit: 4 });
    expect(first).to.deep.equal({ seqs: [6, 5, 4, 3], cursor: '3' });
    expect(await read(aDay, { limit: 4, cursor: '3' })).to.deep.equal({ seqs: [2, 1] });
    expect(await read(aDay, { limit: 6 })).to.deep.equal({ seqs: [6, 5, 4, 3, 2, 1] });
    expect(await read(aDay, { limit: 5 }, [])).to.include({ cursor: '2' });
    const many = Array.from({ length: 700 }, (_, at) => entryAt(at + 1));
    expect((await read(many, { limit: 500 })).cursor).to.equal((201).toString(36));
  });

  it('passes over what is no entry', async () => {
    expect(await read(['no entry', ...aDay, '{}'] as object[], {})).to.deep.equal({ seqs: [6, 5, 4, 3, 2, 1] });
  });

  it('looks at ten thousand at most, says that it did, and can be gone on with', async () => {
    const many = Array.from({ length: 12_000 }, (_, at) => entryAt(at + 1, at === 0 ? { name: 'locked' } : {}));
    const part = await read(many, { names: ['locked'], limit: 500 });
    expect(part).to.deep.equal({ seqs: [], cursor: (2001).toString(36), partial: true });
    expect(await read(many, { names: ['locked'], cursor: part.cursor ?? '' })).to.deep.equal({ seqs: [1] });
  }).timeout(60_000);

  it('tells nothing behind what it did not look at, of a person whose ids are several', async () => {
    const many = Array.from({ length: 12_000 }, (_, at) =>
      entryAt(at + 1, {
        name: at === 9 || at === 11_990 ? 'locked' : 'reset',
        subject: { id: at < 20 ? 'ann' : 'bob' },
      }),
    );
    const part = await read(many, { userId: 'x', names: ['locked'], limit: 500 }, ['ann', 'bob']);
    expect(part).to.deep.equal({ seqs: [11_991], cursor: (2001).toString(36), partial: true });
    const rest = await read(many, { userId: 'x', names: ['locked'], cursor: part.cursor ?? '' }, ['ann', 'bob']);
    expect(rest).to.deep.equal({ seqs: [10] });
  }).timeout(60_000);

  for (const query of [
    { limit: 0 },
    { limit: 501 },
    { limit: 1.5 },
    { from: 'no time' },
    { to: new Date(NaN) },
    { cursor: '' },
    { cursor: 'A' },
    { cursor: '12345678901' },
    { cursor: '1 ' },
  ] as AuditQuery[])
    it(`refuses ${JSON.stringify(query)}`, async () =>
      expect(await codeOf(read(aDay, query))).to.equal('request.invalid'));

  it('takes limits and cursors to the edge', async () => {
    for (const query of [{ limit: 1 }, { limit: 500 }, { cursor: '1' }, { cursor: 'zzzzzzzzzz' }] as AuditQuery[])
      expect(await codeOf(read(aDay, query))).to.equal('nothing thrown');
  });
});

describe('erasing what is personal', () => {
  it('empties it in each entry of that person, but where they act as an administrator, and nothing else', async () => {
    const of = (id: string, more: Partial<AuditEntry> = {}) => entryAt(1, { subject: { id }, ...more });
    const entries = [
      of('ann'),
      of('bob'),
      of('ann', { personal: {} }),
      of('ann', { actor: { type: 'admin', id: 'ann' } }),
      of('ann', { actor: { type: 'admin', id: 'root' } }),
      of('ann', { actor: { type: 'user', id: 'ann' } }),
      of('bob', { detail: { about: '"subject":{"id":"ann"' } }),
    ];
    const { store, texts } = storeOf(entries);
    expect(await eraseSubject(store, 'ann')).to.equal(3);
    const personal = texts.map((text) => Object.keys((JSON.parse(text) as AuditEntry).personal).length);
    expect(personal).to.deep.equal([0, 1, 0, 1, 0, 0, 1]);
    expect(JSON.parse(texts[0] ?? '')).to.deep.equal({ ...entries[0], personal: {} });
    expect(await eraseSubject(store, 'ann'), 'once').to.equal(0);
  });

  it('counts nothing that somebody else changed meanwhile, and passes over what is no entry', async () => {
    const subject = { id: 'ann' };
    const { store } = storeOf([
      '{"subject":{"id":"ann"}}',
      entryAt(2, { subject }),
      JSON.stringify({ ...entryAt(3), subject: { id: 'annette' }, x: '"subject":{"id":"ann"' }),
    ] as object[]);
    const busy = { ...store, rewrite: () => Promise.resolve(false) };
    expect(await eraseSubject(busy, 'ann')).to.equal(0);
    expect(await eraseSubject(store, 'ann')).to.equal(1);
  });

  it('goes through all of them, page by page', async () => {
    const { store } = storeOf(Array.from({ length: 450 }, (_, at) => entryAt(at + 1, { subject: { id: 'ann' } })));
    expect(await eraseSubject(store, 'ann')).to.equal(450);
  });
});
