// Looking for an entry that may stand in the log already: by its person, the newest first, so far and no further.
import { expect } from 'chai';
import type { AuditStore, PageQuery } from '../../src/audit/audit-store.js';
import { findInLog } from '../../src/audit/find-in-log.js';
import type { Draft } from '../../src/audit/make-entry.js';

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
