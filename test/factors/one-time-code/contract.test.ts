// Codes that are sent under the contract for factors, and how much room their addresses take.
import { expect } from 'chai';
import { factorContract } from '../../../src/testing/factor-contract.js';
import { must, startCodes } from './fixture.js';
import { addresses, kinds, wrongFor } from '../../support/addresses.js';

for (const kind of kinds) {
  factorContract(`${kind} codes`, async () => {
    const codes = startCodes(kind);
    await codes.bind();
    const { context } = codes.session();
    const own = (await codes.kernel.recordOf('ann')).authenticators;
    const begun = await codes.factor.issue?.(context, own);
    const code = codes.lastCode();
    return {
      factor: codes.factor,
      context,
      own,
      answer: async (how) => ({
        body: { code: how === 'right' ? code : wrongFor(code) },
        ...(begun ? { begun } : {}),
      }),
      secrets: [code, addresses[kind]],
    };
  });
}

describe('codes that are sent, in the words of the store', () => {
  for (const kind of kinds) {
    it(`keep a person with an address for ${kind} in 600 bytes`, async () => {
      const codes = startCodes(kind);
      await codes.bind();
      must(await codes.session().send());
      must(await codes.session().answer(codes.lastCode()));
      const { authenticators } = await codes.kernel.recordOf('ann');
      expect(JSON.stringify(authenticators)).to.have.length.of.at.most(600);
    });
  }
});
