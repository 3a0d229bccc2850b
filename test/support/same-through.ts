// What one store writes another one reads, whatever its connection is set to: all that a store does once, with ids that databases confuse.
import { expect } from 'chai';
import type { MfaStore } from '../../src/core/kernel/ports.js';
import { emptyRecord } from '../../src/core/kernel/record.js';
import { oddIds } from '../../src/testing/store-contract-tools.js';

const value = { text: 'ключ 🙂 \0 \ud800 \'"\\ ? :name $1', list: [null, true, -1.5, 2 ** 53 - 1] };

/** Of one namespace, both ways. */
export async function expectSameThrough(one: MfaStore, other: MfaStore): Promise<void> {
  for (const [a, b, prefix] of [
    [one, other, 'x'],
    [other, one, 'y'],
  ] as const) {
    const ids = [...oddIds, '?', ':name', '$1', 'x'.repeat(200) + '\ud83d\ude42'.repeat(27)].map((id) => prefix + id);
    for (const id of ids) {
      const record = { ...emptyRecord(`of ${id}`), owed: ['ключ \ud800 ?'] };
      const revision = await a.save(id, record, undefined);
      expect(await b.load(id), id).to.deep.equal({ record, revision });
      expect(await b.save(id, record, undefined)).to.equal(undefined);
      expect(await b.claim(id, id)).to.equal(id);
      expect(await a.claim(id, 'another')).to.equal(id);
      await a.put(id, id, value, 60);
      expect(await b.putIfAbsent(id, id, 'late', 60)).to.deep.equal(value);
    }
    for (const id of ids) {
      expect(await b.take(id, id)).to.deep.equal(value);
      expect(await a.take(id, id)).to.equal(undefined);
      const { revision } = await b.load(id);
      expect(await b.save(id, emptyRecord('next'), revision)).to.be.a('string');
      expect(await a.save(id, emptyRecord('late'), revision)).to.equal(undefined);
    }
    expect(await a.increment(ids[0]!, 'sent', 60, 3)).to.deep.include({ count: 3 });
    const { count, expiresInSeconds } = await b.increment(ids[0]!, 'sent', 60, -1);
    expect(count).to.equal(2);
    expect(expiresInSeconds).to.be.within(1, 60);
    expect(await a.get(ids[0]!, 'sent')).to.equal(2);
    const met: string[] = [];
    for await (const { userId } of b.scan()) if (userId.startsWith(prefix)) met.push(userId);
    expect(met).to.have.members(ids);
    const claimed: string[] = [];
    for await (const { key, userId } of a.claims()) if (userId?.startsWith(prefix)) claimed.push(key);
    expect(claimed).to.have.members(ids);
    await a.abandon(ids[1]!, [ids[1]!, ids[2]!]);
    expect([await b.claim(ids[1]!), await b.claim(ids[2]!)]).to.deep.equal([null, ids[2]]);
    await b.remove(ids[1]!);
    expect(await a.load(ids[1]!)).to.have.all.keys('revision');
  }
}
