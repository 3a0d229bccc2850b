// What waits for the audit log in a process, and who waits for it: without a store.
import { expect } from 'chai';
import { createOnce } from '../../src/audit/appended-once.js';
import { createBuffer } from '../../src/audit/buffer.js';
import type { Draft } from '../../src/audit/make-entry.js';

const draftOf = (id: string, outcome?: Draft['outcome']): Draft =>
  ({ id, time: `time of ${id}`, ...(outcome && { outcome }) }) as Draft;

describe('the buffer of what waits for the store', () => {
  const ids = (drafts: readonly Draft[]) => drafts.map(({ id }) => id).join(' ');

  it('hands out the oldest first, as many as are asked for', () => {
    const buffer = createBuffer(3);
    for (const id of ['a', 'b', 'c']) buffer.add(draftOf(id));
    expect([buffer.size, ids(buffer.take(2)), buffer.size]).to.deep.equal([3, 'a b', 1]);
    expect([ids(buffer.take(9)), ids(buffer.take(9)), buffer.size]).to.deep.equal(['c', '', 0]);
    expect(buffer.lost()).to.equal(undefined);
  });

  it('lets refusals give way first, then the oldest, and says once how many of which time', () => {
    const buffer = createBuffer(3);
    buffer.add(draftOf('a'));
    buffer.add(draftOf('b', 'failure'));
    buffer.add(draftOf('c', 'success'));
    buffer.add(draftOf('d', 'failure'));
    expect(buffer.size).to.equal(3);
    expect(buffer.lost()).to.deep.equal({ refused: 1, others: 0, first: 'time of b', last: 'time of b' });
    expect(buffer.lost()).to.equal(undefined);
    for (const id of ['e', 'f', 'g']) buffer.add(draftOf(id));
    expect(buffer.lost()).to.deep.equal({ refused: 1, others: 2, first: 'time of d', last: 'time of c' });
    expect(ids(buffer.take(9))).to.equal('e f g');
  });
});

describe('an entry that two may append', () => {
  /** What became of the waits so far: `then` of a promise is heard after all that was said before. */
  async function open() {
    const once = createOnce();
    const [begun, became]: [string[], string[]] = [[], []];
    const wait = (id: string) =>
      void once
        .wait(id, () => begun.push(id))
        .then(
          () => became.push(`${id} is stored`),
          (error: unknown) => became.push(`${id} failed: ${String(error)}`),
        );
    const heard = async () => {
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
      return became.splice(0);
    };
    return { once, begun, wait, heard };
  }

  it('is begun by the first who waits for it, and all hear that it is stored', async () => {
    const { once, begun, wait, heard } = await open();
    expect([once.has('a'), once.isStored('a')]).to.deep.equal([false, false]);
    for (const id of ['a', 'a', 'b']) wait(id);
    expect(begun).to.deep.equal(['a', 'b']);
    expect([once.has('a'), once.isStored('a'), await heard()]).to.deep.equal([true, false, []]);
    once.stored(['a', 'never waited for']);
    expect(await heard()).to.deep.equal(['a is stored', 'a is stored']);
    expect([once.has('a'), once.isStored('a'), once.has('b')]).to.deep.equal([false, true, true]);
    expect(once.isStored('never waited for')).to.equal(true);
    wait('a');
    expect(await heard()).to.deep.equal(['a is stored']);
    expect([begun, once.has('a')]).to.deep.equal([['a', 'b'], false]);
  });

  it('stays on its way where the store fails: who waited hears of it, and nobody twice', async () => {
    const { once, begun, wait, heard } = await open();
    for (const id of ['a', 'a', 'b']) wait(id);
    once.failed('away');
    expect(await heard()).to.deep.equal(['a failed: away', 'a failed: away', 'b failed: away']);
    expect([once.has('a'), once.isStored('a')]).to.deep.equal([true, false]);
    wait('a');
    expect(begun, 'it is on its way still').to.deep.equal(['a', 'b']);
    once.stored(['a', 'b']);
    expect(await heard()).to.deep.equal(['a is stored']);
  });

  it('is remembered as stored while it is among the latest thousand', async () => {
    const { once } = await open();
    const ids = Array.from({ length: 1000 }, (_, at) => `id ${at}`);
    once.stored(ids);
    expect(ids.every((id) => once.isStored(id))).to.equal(true);
    once.stored(['one more']);
    expect([once.isStored('id 0'), once.isStored('id 1'), once.isStored('one more')]).to.deep.equal([
      false,
      true,
      true,
    ]);
    once.stored(['and', 'two']);
    expect([once.isStored('id 2'), once.isStored('id 3')]).to.deep.equal([false, true]);
  });
});
