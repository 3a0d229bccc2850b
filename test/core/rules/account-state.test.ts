// How good a person's two-step verification is said to be: by what still works once one thing is lost.
import { expect } from 'chai';
import { removeAuthenticator } from '../../../src/core/flows/removal.js';
import { issuePass } from '../../../src/core/operators/pass.js';
import { judgeAccount } from '../../../src/core/rules/account-state.js';
import { supportPass } from '../../../src/index.js';
import { riddle, spareWords } from '../../support/core-factors.js';
import { enrollRiddle, protectedPerson } from '../../support/core-person.js';
import { testKernel, type TestKernel } from '../../support/core-kernel.js';

const factors = [riddle(), riddle({ kind: 'song' }), spareWords(), supportPass()];

describe('the state of an account', () => {
  const judged = async (kernel: TestKernel) => judgeAccount(kernel, await kernel.recordOf('ann'));

  async function remove({ kernel, person }: Awaited<ReturnType<typeof protectedPerson>>, kind: string, keep?: boolean) {
    const { authenticators } = await kernel.recordOf('ann');
    const own = authenticators.find((each) => each.kind === kind);
    const outcome = person.keep(await removeAuthenticator(kernel, person.asker, own?.id ?? '', keep));
    expect(outcome.accepted).to.equal(true);
  }

  it('is off, good with codes beside a method, and exposed with one method alone', async () => {
    const kernel = testKernel({ factors });
    expect(judgeAccount(kernel, await kernel.recordOf('nobody'))).to.deep.equal({ state: 'off', methods: 0 });
    const ann = await protectedPerson({ factors });
    expect(await judged(ann.kernel)).to.deep.equal({ state: 'good', methods: 1 });
    await remove(ann, 'spare-words');
    expect(await judged(ann.kernel)).to.deep.equal({ state: 'single', methods: 1 });
    await enrollRiddle(ann.person, 'song');
    expect(await judged(ann.kernel)).to.deep.equal({ state: 'good', methods: 2 });
  });

  it('is codes alone where the last method went without them', async () => {
    const ann = await protectedPerson({ factors });
    await remove(ann, 'riddle', true);
    expect(await judged(ann.kernel)).to.deep.equal({ state: 'codes', methods: 0 });
  });

  it('is no better for a pass that support gave out', async () => {
    const ann = await protectedPerson({ factors });
    await remove(ann, 'spare-words');
    await issuePass(ann.kernel, 'ann', { by: 'helpdesk-3' });
    expect(await judged(ann.kernel)).to.deep.equal({ state: 'single', methods: 1 });
  });
});
