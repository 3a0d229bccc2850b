// The sinks' part of the audit store's contract: one holder at a time, a place that only the latest holder moves, and
// what a sink refused for good.
import { strict as assert } from 'node:assert';
import { wait } from './store-contract-tools.js';
import type { AuditHolds } from './audit-contract-tools.js';

const start = { place: 0, line: 0 };
const longMs = 60_000;

export function describeSinks(holds: AuditHolds): void {
  holds('leases a sink to one of 20 rivals, from the beginning of the log', async (store) => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => store.lease('sink', `holder ${index}`, longMs)),
    );
    const held = answers.filter((answer) => answer !== undefined);
    assert.equal(held.length, 1);
    assert.deepEqual(held[0]?.position, start);
    assert.ok(await store.lease('another', 'holder x', longMs), 'sinks do not wait for each other');
  });

  holds('renews the lease of its holder under the same fencing token', async (store) => {
    const first = await store.lease('sink', 'a', longMs);
    assert.deepEqual(await store.lease('sink', 'a', longMs), first);
    assert.equal(await store.lease('sink', 'b', longMs), undefined);
  });

  holds('moves a place by compare-and-set', async (store) => {
    const fence = (await store.lease('sink', 'a', longMs))?.fence ?? NaN;
    const to = { place: 40, line: 2 };
    assert.equal(await store.advance('sink', fence, { place: 1, line: 0 }, to), false);
    assert.equal(await store.advance('sink', fence, start, to), true);
    assert.equal(await store.advance('sink', fence, start, { place: 10, line: 1 }), false);
    assert.deepEqual(await store.positions(), { sink: to });
    assert.deepEqual((await store.lease('sink', 'a', longMs))?.position, to);
  });

  holds('moves nothing for a holder whose lease another has taken over since', async (store) => {
    const late = (await store.lease('sink', 'late', longMs))?.fence ?? NaN;
    await store.release('sink', 'another');
    assert.equal(await store.lease('sink', 'b', longMs), undefined, 'only its holder lets go of it');
    await store.release('sink', 'late');
    const next = (await store.lease('sink', 'b', longMs))?.fence ?? NaN;
    assert.ok(next > late);
    assert.equal(await store.advance('sink', late, start, { place: 5, line: 0 }), false);
    assert.equal(await store.advance('sink', next, start, { place: 5, line: 0 }), true);
  });

  holds('gives a lease on once its time is over', async (store) => {
    const first = (await store.lease('sink', 'frozen', 50))?.fence ?? NaN;
    for (let tries = 0; ; tries += 1) {
      const next = await store.lease('sink', 'b', longMs);
      if (next) {
        assert.ok(next.fence > first);
        break;
      }
      assert.ok(tries < 100, 'the lease of 50 ms never ended');
      await wait(0.05);
    }
    assert.equal(await store.advance('sink', first, start, { place: 5, line: 0 }), false);
  });

  holds('puts aside what a sink refused, counts it, and lets go of it', async (store) => {
    const letter = (index: number) => ({
      id: `id ${index}`,
      time: 'then',
      why: 'too long "🙂"',
      text: `{"i":${index}}`,
    });
    assert.deepEqual(await store.deadLetters('sink', 10), { total: 0, letters: [] });
    await store.putAside('sink', [letter(1), letter(2)]);
    await store.putAside('sink', [letter(3)]);
    assert.deepEqual(await store.deadLetters('sink', 2), { total: 3, letters: [letter(2), letter(3)] });
    assert.deepEqual(await store.deadLetters('another', 2), { total: 0, letters: [] });
    assert.equal(await store.dropDeadLetters('sink'), 3);
    assert.equal(await store.dropDeadLetters('sink'), 0);
    assert.deepEqual(await store.deadLetters('sink', 10), { total: 0, letters: [] });
  });
}
