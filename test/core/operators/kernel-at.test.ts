// The kernel of a case works on the record of then, whichever store a piece of work is handed.
import { expect } from 'chai';
import { withinAnswer } from '../../../src/core/kernel/kernel.js';
import { kernelAt } from '../../../src/core/operators/kernel-at.js';
import { riddle, spareWords } from '../../support/core-factors.js';
import { protectedPerson } from '../../support/core-person.js';
import { codeOf } from '../../support/thrown.js';

describe('the kernel of a case', () => {
  const opened = async () => {
    const { kernel } = await protectedPerson({ factors: [riddle(), spareWords()] });
    const { epoch } = await kernel.recordOf('ann');
    return { kernel, epoch };
  };

  it('loads the person of then, and whoever else there is', async () => {
    const { kernel, epoch } = await opened();
    const own = kernelAt(kernel, 'ann', epoch, {});
    expect((await own.store.load('ann')).record?.epoch).to.equal(epoch);
    expect(await own.store.load('bob')).to.deep.equal({});
  });

  it('loads nobody of another epoch, in an answer or not', async () => {
    const { kernel } = await opened();
    const own = kernelAt(kernel, 'ann', 'another', {});
    for (const load of [
      () => own.store.load('ann'),
      () => withinAnswer(own, ({ store }) => store.load('ann')),
      () => withinAnswer(own, (outer) => withinAnswer(outer, ({ store }) => store.load('ann'))),
    ])
      expect(await codeOf(load)).to.equal('admin.case_lapsed');
  });

  it('walks over everybody and says which store it is, as the kernel does', async () => {
    const { kernel, epoch } = await opened();
    const { store } = kernelAt(kernel, 'ann', epoch, {});
    const met: string[] = [];
    for await (const { userId } of store.scan()) met.push(userId);
    expect(met).to.deep.equal(['ann']);
    expect(store.name).to.equal(kernel.store.name);
  });
});
