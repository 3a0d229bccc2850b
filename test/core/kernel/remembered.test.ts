// What a process remembers of records: for so many seconds, so many people, and one load for all who ask at once, unless somebody
// wrote meanwhile.
import { expect } from 'chai';
import { emptyRecord } from '../../../src/core/kernel/record.js';
import { createRemembered } from '../../../src/core/kernel/remembered.js';
import { rejectionOf } from '../../support/thrown.js';

const now = 1_800_000_000;
const record = emptyRecord('e');

describe('a remembered record', () => {
  it('is recalled until its last second, and not before it was kept', () => {
    const remembered = createRemembered(5);
    expect(remembered.recall('ann', now)).to.equal(undefined);
    remembered.keep('ann', record, now);
    const rows: [number, boolean][] = [
      [0, true],
      [4, true],
      [5, false],
      [-1, false],
    ];
    for (const [later, isIt] of rows) expect(remembered.recall('ann', now + later)).to.equal(isIt ? record : undefined);
    expect(remembered.recall('bob', now)).to.equal(undefined);
    remembered.forget('ann');
    expect(remembered.recall('ann', now)).to.equal(undefined);
  });

  it('is none where nothing is to be remembered', () => {
    const remembered = createRemembered(0);
    remembered.keep('ann', record, now);
    expect(remembered.recall('ann', now)).to.equal(undefined);
  });

  it('is one of a bounded number: who was kept longest ago is forgotten', () => {
    const remembered = createRemembered(5, 2);
    for (const userId of ['ann', 'bob', 'ann', 'cid']) remembered.keep(userId, record, now);
    const known = ['ann', 'bob', 'cid'].filter((userId) => remembered.recall(userId, now));
    expect(known).to.deep.equal(['ann', 'cid']);
  });
});

describe('a load that is shared', () => {
  function loads() {
    const ends: ((value: string) => void)[] = [];
    return { ends, load: () => new Promise<string>((resolve) => ends.push(resolve)) };
  }

  it('is one for all who ask while it is under way, of one person', async () => {
    const remembered = createRemembered(5);
    const { ends, load } = loads();
    const [a, b, other] = ['ann', 'ann', 'bob'].map((userId) => remembered.share(userId, load));
    expect(ends).to.have.length(2);
    ends.forEach((end, index) => end(`load ${index}`));
    expect(await Promise.all([a, b, other])).to.deep.equal(['load 0', 'load 0', 'load 1']);
    const again = remembered.share('ann', load);
    expect(ends).to.have.length(3);
    ends[2]!('anew');
    expect(await again).to.equal('anew');
  });

  it('is not joined by who asks after a write, and its end leaves the later one alone', async () => {
    for (const wrote of ['keep', 'forget'] as const) {
      const remembered = createRemembered(wrote === 'keep' ? 5 : 0);
      const { ends, load } = loads();
      const first = remembered.share('ann', load);
      if (wrote === 'keep') remembered.keep('ann', record, now);
      else remembered.forget('ann');
      const second = remembered.share('ann', load);
      expect(ends).to.have.length(2);
      ends[0]!('old');
      expect(await first).to.equal('old');
      const third = remembered.share('ann', load);
      expect(ends).to.have.length(2);
      ends[1]!('new');
      expect(await Promise.all([second, third])).to.deep.equal(['new', 'new']);
    }
  });

  it('that fails fails all who share it, and the next begins anew', async () => {
    const remembered = createRemembered(5);
    const fault = new Error('x');
    const failing = () => Promise.reject(fault);
    const both = [remembered.share('ann', failing), remembered.share('ann', failing)].map(rejectionOf);
    expect(await Promise.all(both)).to.deep.equal([fault, fault]);
    expect(await remembered.share('ann', async () => 'well')).to.equal('well');
  });
});
