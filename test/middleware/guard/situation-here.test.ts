// Whose risk is assessed as the guard loads, and what is made of it: a table of who asks, what levels do, and whether the sign-in
// is kept.
import { expect } from 'chai';
import { weighed } from '../../../middleware/guard/situation-here.js';
import type { MfaRecord } from '../../../src/core/kernel/record.js';
import type { Policy } from '../../../src/core/kernel/policy.js';
import { situationOf } from '../../../src/core/rules/situation.js';
import * as ann from '../../support/rule-person.js';

const assessment = { score: 60, level: 'high' as const, signals: [] };

type Who = { record: MfaRecord; policy: Policy; acts: boolean; keeps: boolean };

/** Of a sign-in that looks most risky to whoever looks. */
async function weigh({ record, policy, acts, keeps }: Who, withRisk = true) {
  let looks = 0;
  const lookUp = async () => ((looks += 1), {});
  const kernel = ann.ruleKernel(
    { policyOf: () => policy, riskActions: acts ? ann.highRisk({ enrollment: 'block' }) : undefined },
    withRisk ? { risk: { lookUp, assess: () => assessment } } : {},
  );
  const asker = ann.asking();
  const before = situationOf(kernel, asker.user, asker.signIn, record);
  const first = await weighed(kernel, asker, before, keeps);
  const level = asker.signIn.risk?.level;
  const again = await weighed(kernel, asker, first, keeps);
  return { looks, level, before, first, again };
}

const protectedOne = ann.having([ann.key, ann.mail]);

describe('the risk of a sign-in at the guard', () => {
  const rows: [what: string, record: MfaRecord, policy: Policy, ofWhom: 'all' | 'where levels act' | 'nobody'][] = [
    ['whoever has a second factor', protectedOne, 'no-prompt', 'all'],
    ['whoever owes one', ann.nobody, 'mandatory', 'all'],
    ['whoever is offered one', ann.nobody, 'prompt-at-sign-in-and-sign-up', 'where levels act'],
    ['whoever has none and owes none', ann.nobody, 'no-prompt', 'nobody'],
  ];
  for (const [what, record, policy, ofWhom] of rows) {
    for (const acts of [true, false]) {
      for (const keeps of [true, false]) {
        const assesses = (ofWhom === 'all' && (keeps || acts)) || (ofWhom === 'where levels act' && acts);
        const who = `${what}, where levels ${acts ? 'act' : 'are only told of'} and the sign-in is ${keeps ? '' : 'not '}kept`;
        it(`is ${assesses ? 'assessed, once' : 'not assessed'}, of ${who}`, async () => {
          const { looks, level, before, first, again } = await weigh({ record, policy, acts, keeps });
          expect({ looks, level }).to.deep.equal(
            assesses ? { looks: 1, level: 'high' } : { looks: 0, level: undefined },
          );
          expect(again, 'weighed before').to.equal(first);
          if (!assesses) expect(first).to.equal(before);
        });
      }
    }
  }

  it('is what the situation goes by from then on', async () => {
    const asked = await weigh({ record: protectedOne, policy: 'no-prompt', acts: true, keeps: true });
    expect([asked.before.asks, asked.first.asks, asked.first.unusual]).to.deep.equal(['allow', 'strongest', true]);
    const led = await weigh({ record: ann.nobody, policy: 'mandatory', acts: true, keeps: false });
    expect([led.before.next.step, led.first.next.step]).to.deep.equal(['enroll', 'blocked']);
  });

  it('is nothing to an app that assesses none', async () => {
    const { before, first } = await weigh(
      { record: protectedOne, policy: 'mandatory', acts: true, keeps: true },
      false,
    );
    expect(first).to.equal(before);
  });
});
