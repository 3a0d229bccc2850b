// What the removal of one authenticator leaves, asks, takes along and says, row by row.
import { expect } from 'chai';
import { leftWithout, removeAuthenticator, turnOff, type Leaves } from '../../../src/core/flows/removal.js';
import type { Factor } from '../../../src/core/kernel/factor.js';
import type { Policy } from '../../../src/core/kernel/policy.js';
import type { Authenticator, MfaRecord } from '../../../src/core/kernel/record.js';
import { riddle, spareWords } from '../../support/core-factors.js';
import { enrollRiddle, forget, protectedPerson, saidOf } from '../../support/core-person.js';
import { idOf, tamper } from '../../support/core-record.js';
import { app, asking, codes, having, key, own, ruleKernel } from '../../support/rule-person.js';

const gone = own({ kind: 'a factor that the app has no more' });
const off = own(app, { disabledAt: 1 });

describe('what is left without one', () => {
  const rows: [what: Factor | Authenticator, all: (Factor | Authenticator)[], leaves: Leaves, where?: Policy][] = [
    [app, [app, key, codes], 'others'],
    [codes, [app, codes], 'others'],
    [app, [app, codes], 'backup-codes'],
    [app, [app], 'nothing'],
    [codes, [codes], 'nothing'],
    [codes, [off, codes], 'nothing'],
    [app, [app, codes], 'must-enroll', 'mandatory'],
    [app, [app, key], 'others', 'mandatory'],
    [gone, [gone, app], 'others'],
    [gone, [gone, codes], 'backup-codes'],
  ];
  for (const [{ kind }, all, leaves, policy = 'no-prompt'] of rows)
    it(`is ${leaves} without ${kind} of ${all.map((each) => each.kind).join(', ')}, where it is ${policy}`, () => {
      const record = having(all);
      const what = record.authenticators.find((each) => each.kind === kind)!;
      const kernel = ruleKernel({ policyOf: () => policy });
      expect(leftWithout(kernel, asking().user, record, what)).to.equal(leaves);
    });
});

describe('the removal of one', () => {
  async function house(change: Partial<MfaRecord> = {}) {
    const factors = [riddle(), riddle({ kind: 'song' }), spareWords()];
    const made = await protectedPerson({ factors });
    await enrollRiddle(made.person, 'song');
    await tamper(made.kernel, () => change);
    forget(made.kernel);
    const remove = async (kind: string) => {
      const outcome = await removeAuthenticator(made.kernel, made.person.asker, await idOf(made.kernel, kind));
      if (!outcome.accepted) throw new Error(outcome.reason);
      return made.kernel.recordOf('ann');
    };
    return { ...made, remove };
  }

  it('of a set of codes settles what was owed of them, and of nothing else', async () => {
    const owed = ['backup-codes', 'another'];
    for (const [kind, left] of [
      ['spare-words', ['another']],
      ['song', owed],
    ] as const)
      expect((await (await house({ owed })).remove(kind)).owed, kind).to.deep.equal(left);
  });

  it('takes a preference with it where it was for what is gone', async () => {
    for (const [kind, preferred] of [
      ['song', undefined],
      ['riddle', 'song'],
    ] as const)
      expect((await (await house({ preferred: 'song' })).remove(kind)).preferred, kind).to.equal(preferred);
  });

  it('is told to its owner by its name, where it has one', async () => {
    for (const name of ['Blue', undefined]) {
      const { kernel, remove } = await house();
      await tamper(kernel, ({ authenticators }) => ({
        authenticators: authenticators.map(({ name: _old, ...each }) =>
          each.kind === 'song' && name !== undefined ? { ...each, name } : each,
        ),
      }));
      await remove('song');
      const [{ before: _before, userId: _id, ...notice } = {}] = kernel.notices;
      const told = { what: 'factor-removed', kind: 'song', at: kernel.now(), ...(name === undefined ? {} : { name }) };
      expect(notice).to.deep.equal(told);
    }
  });

  it('needs no word about codes where there are none', async () => {
    const { kernel, person } = await protectedPerson({ factors: [riddle()] });
    const outcome = await removeAuthenticator(kernel, person.asker, await idOf(kernel, 'riddle'));
    expect(saidOf(outcome)).to.equal('accepted');
    expect((await kernel.recordOf('ann')).protected).to.equal(false);
  });

  it('as turning all of it off says the new epoch and the record as it is from then on', async () => {
    const { kernel, person } = await house();
    const outcome = await turnOff(kernel, person.asker);
    if (!outcome.accepted) return expect.fail(outcome.reason);
    const { epoch, authenticators, protected: isProtected } = await kernel.recordOf('ann');
    expect(outcome.epoch).to.equal(epoch);
    expect(outcome.record).to.deep.include({ epoch, authenticators, protected: isProtected });
  });
});
