// The chains' part of the audit store's contract: one atomic step appends to a writer's chain, counts, and writes the
// ledger, or does nothing of it.
import { strict as assert } from 'node:assert';
import { allTexts, batchOf, entriesOf, headOf, lineOf, noonMs, type AuditHolds } from './audit-contract-tools.js';

export function describeChains(holds: AuditHolds): void {
  holds('holds nothing at first', async (store) => {
    const { first, last, lines, keyIds } = await store.extent();
    assert.deepEqual({ first, last, lines, keyIds }, { first: 1, last: 0, lines: 0, keyIds: [] });
    assert.deepEqual([await store.heads(), await store.lines(0, 10), await store.lastLine()], [[], [], undefined]);
    assert.deepEqual((await store.page({ after: 0, limit: 10 })).items, []);
    assert.deepEqual((await store.page({ before: Infinity, limit: 10 })).items, []);
  });

  holds('answers "stored" to a batch that it holds already, and keeps it once', async (store) => {
    const batch = batchOf('w', 1, 3, { counts: [{ day: '2026-03-01', counts: { a: 1 }, people: ['p'] }] });
    const first = await store.append(batch);
    assert.equal(first.is, 'stored');
    assert.deepEqual(await store.append(batch), first);
    await store.append(batchOf('w', 4, 4));
    assert.equal((await store.append(batch)).is, 'stored');
    assert.deepEqual(
      await allTexts(store),
      entriesOf('w', 1, 4).map(({ text }) => text),
    );
    assert.deepEqual(await store.days('2026-03-01', '2026-03-01'), [
      { day: '2026-03-01', counts: { a: 1 }, people: 1 },
    ]);
  });

  holds('answers a gap with its head, and stores nothing of it', async (store) => {
    await store.append(batchOf('w', 1, 2));
    assert.deepEqual(await store.append(batchOf('w', 4, 5)), { is: 'gap', ...headOf('w', 2) });
    assert.deepEqual(await store.append(batchOf('unknown', 4, 5)), { is: 'gap', seq: 0, hash: '' });
    const forked = batchOf('w', 3, 3, { after: { seq: 2, hash: 'another' } });
    assert.deepEqual(await store.append(forked), { is: 'gap', ...headOf('w', 2) });
    assert.equal((await allTexts(store)).length, 2);
  });

  holds('answers a fork at its own head with a gap, and not with "stored"', async (store) => {
    await store.append(batchOf('w', 1, 2));
    const [first, second] = entriesOf('w', 1, 2);
    assert.ok(first && second);
    const fork = { ...batchOf('w', 1, 2), entries: [first, { ...second, hash: 'another' }] };
    assert.deepEqual(await store.append(fork), { is: 'gap', ...headOf('w', 2) });
  });

  holds('takes nothing of a writer that is closed, but still knows what it holds of it', async (store) => {
    const last = batchOf('w', 1, 2);
    await store.append(last);
    const closing = { ...batchOf('w', 3, 2), after: headOf('w', 2), closes: true as const, line: lineOf(1) };
    assert.equal((await store.append(closing)).is, 'stored');
    assert.equal((await store.append(closing)).is, 'stored');
    assert.equal((await store.append(batchOf('w', 3, 3))).is, 'sealed');
    assert.equal((await store.append(last)).is, 'stored');
    assert.deepEqual(await store.heads(), [{ writer: 'w', ...headOf('w', 2), heardMs: noonMs, closed: true }]);
  });

  holds('writes a line only after the one that was expected, and the entries with it or neither', async (store) => {
    await store.append(batchOf('a', 1, 1, { line: lineOf(1) }));
    assert.deepEqual(await store.append(batchOf('b', 1, 1, { line: { ...lineOf(1), hash: 'late' } })), {
      is: 'ledger',
    });
    assert.equal((await allTexts(store)).length, 1);
    assert.equal((await store.append(batchOf('b', 1, 1, { line: lineOf(2) }))).is, 'stored');
    assert.deepEqual(await store.lines(0, 10), [lineOf(1).text, lineOf(2).text]);
    assert.deepEqual(await store.lines(1, 10), [lineOf(2).text]);
    assert.deepEqual(await store.lines(0, 1), [lineOf(1).text]);
    assert.equal(await store.lastLine(), lineOf(2).text);
    assert.equal((await store.extent()).lines, 2);
  });

  holds('gives a line to exactly one of 20 rivals', async (store) => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        store.append(batchOf(`w${index}`, 1, 1, { line: { ...lineOf(1), hash: `of ${index}` } })),
      ),
    );
    assert.equal(answers.filter(({ is }) => is === 'stored').length, 1);
    assert.equal(answers.filter(({ is }) => is === 'ledger').length, 19);
    assert.equal((await allTexts(store)).length, 1);
  });

  holds('keeps what 20 writers append at once, each chain in its order', async (store) => {
    const writers = Array.from({ length: 20 }, (_, index) => `w${index}`);
    await Promise.all(
      writers.map(async (writer) => {
        for (let from = 1; from < 60; from += 20) await store.append(batchOf(writer, from, from + 19));
      }),
    );
    const texts = (await allTexts(store)).map((text) => JSON.parse(text) as { writer: string; seq: number });
    assert.equal(texts.length, 1200);
    for (const writer of writers) {
      const seqs = texts.filter((text) => text.writer === writer).map(({ seq }) => seq);
      assert.deepEqual(
        seqs,
        Array.from({ length: 60 }, (_, index) => index + 1),
      );
    }
    assert.equal((await store.heads()).length, 20);
  });

  holds('keeps an entry that two append once, and nothing else of the second batch', async (store) => {
    const counts = [{ day: '2026-03-01', counts: { a: 1 }, people: [] }];
    const batch = batchOf('w', 1, 2, { once: ['first', 'second'], counts });
    assert.equal((await store.append(batch)).is, 'stored');
    assert.equal((await store.append(batch)).is, 'stored', 'the same batch is no second one');
    const other = batchOf('v', 1, 3, { once: ['third', 'second'], counts, line: lineOf(1) });
    assert.deepEqual(await store.append(other), { is: 'known', ids: ['second'] });
    assert.equal((await allTexts(store)).length, 2);
    assert.deepEqual(await store.days('2026-03-01', '2026-03-01'), [
      { day: '2026-03-01', counts: { a: 1 }, people: 0 },
    ]);
    assert.equal(await store.lastLine(), undefined);
    assert.equal((await store.append(batchOf('v', 1, 2, { once: ['third'], line: lineOf(1) }))).is, 'stored');
    assert.equal((await allTexts(store)).length, 4);
  });

  holds('gives an entry to exactly one of 20 rivals', async (store) => {
    const rivals = Array.from({ length: 20 }, (_, index) => batchOf(`w${index}`, 1, 1, { once: ['of all'] }));
    const answers = await Promise.all(rivals.map((batch) => store.append(batch)));
    assert.equal(answers.filter(({ is }) => is === 'stored').length, 1);
    assert.equal(answers.filter(({ is }) => is === 'known').length, 19);
    assert.equal((await allTexts(store)).length, 1);
  });

  holds('says whether it takes anything, and stores nothing for that', async (store) => {
    const asked = batchOf('asks', 1, 0);
    assert.equal((await store.append(asked)).is, 'stored');
    assert.equal((await store.append(asked)).is, 'stored');
    assert.deepEqual([(await store.extent()).last, await store.lastLine()], [0, undefined]);
  });

  holds('adds up figures by day, and people once', async (store) => {
    const day = (date: string, count: number, people: string[]) => ({ day: date, counts: { 'a/b c': count }, people });
    await store.append(batchOf('w', 1, 1, { counts: [day('2026-02-28', 1, []), day('2026-03-01', 2, ['p', 'q'])] }));
    await store.append(batchOf('w', 2, 2, { counts: [day('2026-03-01', 3, ['q', 'r'])] }));
    assert.deepEqual(await store.days('2026-03-01', '2026-03-31'), [
      { day: '2026-03-01', counts: { 'a/b c': 5 }, people: 3 },
    ]);
    assert.deepEqual(
      (await store.days('2026-01-01', '2026-12-31')).map((each) => each.day),
      ['2026-02-28', '2026-03-01'],
    );
  });

  holds('says which secrets its entries were made with, and how much it holds', async (store) => {
    await store.append(batchOf('w', 1, 1));
    const before = await store.extent();
    await store.append(batchOf('w', 2, 2, { keyId: 'k2' }));
    const after = await store.extent();
    assert.deepEqual([...after.keyIds].sort(), ['k1', 'k2']);
    assert.ok(after.bytes > before.bytes && before.bytes > 0);
    assert.equal(after.last, before.last + 1);
  });
}
