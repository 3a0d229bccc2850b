// The places' part of the audit store's contract: reading in both directions, whole and by person or sign-in; rewriting
// one entry; dropping the oldest in small steps.
import { strict as assert } from 'node:assert';
import type { AuditStore, PageQuery } from '../audit/audit-store.js';
import { allTexts, batchOf, entriesOf, lineOf, noonMs, type AuditHolds } from './audit-contract-tools.js';
import { oddIds } from './store-contract-tools.js';

const hourMs = 3_600_000;

export function describePlaces(holds: AuditHolds): void {
  holds('reads every entry once, in either direction, in pages that end', async (store) => {
    for (let from = 1; from < 600; from += 100) await store.append(batchOf('w', from, from + 99));
    const expected = entriesOf('w', 1, 600).map(({ text }) => text);
    for (const limit of [1000, 100, 7]) {
      assert.deepEqual(await allTexts(store, limit), expected);
      assert.deepEqual((await allDown(store, { limit })).reverse(), expected);
    }
  });

  holds('finds the entries of a person and of a sign-in, whatever their names', async (store) => {
    let seq = 0;
    for (const id of [...oddIds, ...oddIds]) {
      seq += 1;
      await store.append(batchOf('w', seq, seq, { entry: { subject: id, flow: `flow of ${id}` } }));
    }
    for (const [index, id] of oddIds.entries()) {
      const own = [index + 1, index + 1 + oddIds.length].flatMap((at) =>
        entriesOf('w', at, at).map(({ text }) => text),
      );
      for (const by of [{ subject: id }, { flow: `flow of ${id}` }]) {
        assert.deepEqual((await allDown(store, { ...by, limit: 1 })).reverse(), own, id);
        assert.deepEqual((await allDown(store, { ...by, limit: 50 })).reverse(), own, id);
      }
    }
    assert.deepEqual(await allDown(store, { subject: 'nobody', limit: 10 }), []);
  });

  holds('finds the latest that are watched, and no other', async (store) => {
    for (let seq = 1; seq <= 60; seq += 1)
      await store.append(batchOf('w', seq, seq, seq % 3 === 0 ? { entry: { watched: true } } : {}));
    const texts = Array.from({ length: 20 }, (_, at) => entriesOf('w', 60 - at * 3, 60 - at * 3)[0]?.text);
    assert.deepEqual(await allDown(store, { watched: true, limit: 7 }), texts);
    assert.deepEqual(
      (await store.page({ watched: true, before: Infinity, limit: 50 })).items.map(({ text }) => text),
      texts,
    );
  });

  holds('hands out whatever lies in the time that was asked for', async (store) => {
    for (let hour = 0; hour < 10; hour += 1) {
      const timeMs = noonMs + hour * hourMs;
      await store.append(batchOf('w', hour * 100 + 1, hour * 100 + 100, { entry: { timeMs } }));
    }
    const [from, to] = [noonMs + 4 * hourMs, noonMs + 5 * hourMs];
    const found = new Set(await allDown(store, { limit: 100, fromMs: from, toMs: to }));
    for (const { text } of entriesOf('w', 401, 600)) assert.ok(found.has(text), text);
  });

  holds('rewrites an entry only where it stands as expected', async (store) => {
    await store.append(batchOf('w', 1, 3, { entry: { subject: 'ada' } }));
    const { items } = await store.page({ after: 0, limit: 10 });
    const [, second] = items;
    assert.ok(second);
    assert.equal(await store.rewrite(second.place, 'something else', '{}'), false);
    assert.equal(await store.rewrite(second.place + 1000, second.text, '{}'), false);
    assert.equal(await store.rewrite(second.place, second.text, '{"new":true}'), true);
    assert.equal(await store.rewrite(second.place, second.text, '{"new":false}'), false);
    const texts = items.map(({ text }) => (text === second.text ? '{"new":true}' : text));
    assert.deepEqual(await allTexts(store), texts);
    assert.deepEqual((await allDown(store, { subject: 'ada', limit: 10 })).reverse(), texts);
  });

  holds('drops the oldest in steps, with a line, and is empty at the end', async (store) => {
    for (let from = 1; from < 700; from += 100) {
      await store.append(batchOf('w', from, from + 99, { entry: { subject: 'ada', flow: 'f' } }));
    }
    let lines = 0;
    let firsts = 1;
    for (let span = await store.oldest(); span; span = await store.oldest()) {
      assert.equal(span.first, firsts);
      firsts = span.last + 1;
      lines += 1;
      assert.equal(await store.drop(span.first, span.last, lineOf(lines), []), 'dropped');
      const left = entriesOf('w', firsts, 700).map(({ text }) => text);
      assert.deepEqual(await allTexts(store), left);
      for (const by of [{ subject: 'ada' }, { flow: 'f' }]) {
        assert.deepEqual((await allDown(store, { ...by, limit: 500 })).reverse(), left);
      }
    }
    assert.ok(lines > 1, 'no step drops everything');
    const { first, last, bytes, keyIds } = await store.extent();
    assert.deepEqual([first, last, bytes, keyIds], [701, 700, 0, []]);
    assert.equal((await store.lines(0, 100)).length, lines);
    await store.append(batchOf('w', 701, 701));
    assert.equal((await store.page({ after: 0, limit: 10 })).items[0]?.place, 701);
  });

  holds('drops nothing twice, nothing against another line, and forgets writers where told', async (store) => {
    await store.append(batchOf('v', 1, 1, { line: lineOf(1) }));
    await store.append(batchOf('w', 1, 300));
    const span = await store.oldest();
    assert.ok(span);
    assert.equal(await store.drop(span.first, span.last, lineOf(1), []), 'ledger');
    assert.equal(await store.drop(span.first, span.last, lineOf(2), ['v']), 'dropped');
    assert.equal(await store.drop(span.first, span.last, lineOf(3), []), 'gone');
    assert.equal(await store.lastLine(), lineOf(2).text);
    assert.deepEqual(
      (await store.heads()).map(({ writer }) => writer),
      ['w'],
    );
  });

  holds('never offers to drop what is not older than asked, and all that is in the end', async (store) => {
    await store.append(batchOf('w', 1, 600, { entry: { timeMs: noonMs } }));
    await store.append(batchOf('w', 601, 700, { entry: { timeMs: noonMs + hourMs } }));
    assert.equal(await store.oldest(noonMs), undefined);
    let line = 0;
    for (let span = await store.oldest(noonMs + 1); span; span = await store.oldest(noonMs + 1)) {
      assert.ok(span.last <= 600, 'all of it is older');
      line += 1;
      await store.drop(span.first, span.last, lineOf(line), []);
    }
    // What stands in one step with newer ones may wait for them.
    assert.ok((await store.extent()).first > 1);
  });
}

async function allDown(
  store: AuditStore,
  query: Omit<PageQuery, 'before' | 'after'> & { limit: number },
): Promise<string[]> {
  const texts: string[] = [];
  for (let before = Infinity; ;) {
    const { items, place } = await store.page({ ...query, before });
    texts.push(...items.map(({ text }) => text));
    if (items.length === 0) return texts;
    before = Math.min(place, items.at(-1)?.place ?? place);
  }
}
