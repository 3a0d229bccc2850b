// How good a person's two-step verification is said to be: by what still works once one thing is lost.
import { expect } from 'chai';
import { removeAuthenticator } from '../../../src/core/flows/removal.js';
import { issuePass } from '../../../src/core/operators/pass.js';
import type { MfaRecord } from '../../../src/core/kernel/record.js';
import { judgeAccount, type AccountState } from '../../../src/core/rules/account-state.js';
import { supportPass } from '../../../src/index.js';
import { riddle, spareWords } from '../../support/core-factors.js';
import { enrollRiddle, protectedPerson } from '../../support/core-person.js';
import { testKernel, type TestKernel } from '../../support/core-kernel.js';
import { app, codes, having, key, mail, nobody, own, pass, ruleKernel, sms } from '../../support/rule-person.js';

const factors = [riddle(), riddle({ kind: 'song' }), spareWords(), supportPass()];

describe('the state of an account', () => {
  const onPhone = { onPhone: true } as const;
  const listed = [key, { ...app, ...onPhone }, { ...sms, ...onPhone }, mail, codes, pass];
  const disabled = own(app, { disabledAt: 1 });
  const rows: [what: string, record: MfaRecord, state: AccountState, methods: number][] = [
    ['nothing', nobody, 'off', 0],
    ['a method, not turned on', { ...having([app]), protected: false }, 'off', 1],
    ['a passkey alone', having([key]), 'single', 1],
    ['an app on the phone alone', having([app]), 'phone', 1],
    ['all on one phone', having([app, sms]), 'phone', 2],
    ['one on the phone and one not', having([app, mail]), 'good', 2],
    ['all on one phone, and codes', having([app, sms, codes]), 'good', 2],
    ['a passkey, and one that is disabled', having([key, disabled]), 'single', 1],
    ['codes alone', having([codes]), 'codes', 0],
    ['codes, and a method that is disabled', having([disabled, codes]), 'codes', 0],
    ['nothing that works', having([disabled, own(codes, { data: { state: 'empty' } })]), 'broken', 0],
    ['a pass alone', having([pass]), 'broken', 0],
  ];
  for (const [what, record, state, methods] of rows)
    it(`is \`${state}\` with ${what}`, () => {
      expect(judgeAccount(ruleKernel({}, { factors: listed }), record)).to.deep.equal({ state, methods });
    });

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
