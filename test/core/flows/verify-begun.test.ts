// What a verification does to what was begun or granted before it: a challenge of another epoch, and an administrator's code.
import { expect } from 'chai';
import { grantEnrollment, grantOf } from '../../../src/core/flows/enrollment-grant.js';
import type { Factor } from '../../../src/core/kernel/factor.js';
import { withRecoveries } from '../../../src/core/kernel/recovering.js';
import { riddle, spareWords } from '../../support/core-factors.js';
import { forget, protectedPerson, saidOf } from '../../support/core-person.js';
import { tamper } from '../../support/core-record.js';

describe('what was begun before', () => {
  it('is void once the account changed: as the factor says it, or as not found', async () => {
    for (const voided of [undefined, () => undefined, () => 'session.mfa.awaiting_approval' as const]) {
      const plain = riddle({ ceremony: { tries: 3 } }) as Factor;
      const factors = [voided ? { ...plain, voided } : plain, spareWords()];
      const { kernel, person, word } = await protectedPerson({ factors });
      const { nonce } = await person.issue('riddle');
      await tamper(kernel, () => ({ epoch: 'another' }));
      forget(kernel);
      const said = saidOf(await person.verify('riddle', { word, use: 2, nonce }));
      expect(said).to.equal(voided?.() ?? 'verification_code.not_found');
      expect(kernel.outcomes().map(({ reason }) => reason)).to.deep.equal([said]);
    }
  });

  it('is not asked of the factor where nothing was begun', async () => {
    const voided = () => expect.fail('there is nothing to be void');
    const factors = [{ ...(riddle({ ceremony: { tries: 3 } }) as Factor), voided }, spareWords()];
    const { person, word } = await protectedPerson({ factors });
    expect(saidOf(await person.verify('riddle', { word, use: 2 }))).to.equal('verification_code.not_found');
  });
});

describe('a code that an administrator granted', () => {
  const rows: [what: string, kind: string, isRight: boolean, isRecovering: boolean, isLeft: boolean][] = [
    ['is void once somebody who is recovering has a factor of their own', 'riddle', true, true, false],
    ['stays where the answer was wrong', 'riddle', false, true, true],
    ['stays where nobody is recovering', 'riddle', true, false, true],
    ['stays where it was a backup code', 'spare-words', true, true, true],
  ];
  for (const [what, kind, isRight, isRecovering, isLeft] of rows)
    it(what, async () => {
      const { kernel, person, word, words } = await protectedPerson();
      await grantEnrollment(kernel, 'ann');
      if (isRecovering) {
        const other = { id: 'o', at: 1, until: 9_000_000_000, kind: 'spare-words', authenticatorId: 'x', flow: 'f' };
        await tamper(kernel, (record) => ({
          recovery: withRecoveries(kernel, 'ann', record, [{ ...other, owes: 'proof' }]).recovery!,
        }));
      }
      const body = kind === 'riddle' ? { word, use: 2 } : { word: words[0]! };
      const outcome = await person.verify(kind, isRight ? body : { word: 'wrong', use: 99 });
      expect(outcome.accepted).to.equal(isRight);
      expect((await grantOf(kernel, 'ann')) !== undefined).to.equal(isLeft);
    });
});
