// What teaches the history of sign-ins: what the person proved themselves, in a request that says where it came from.
import { expect } from 'chai';
import { historyFor, whereaboutsOf } from '../../../src/core/kernel/history.js';
import type { Kernel, Told } from '../../../src/core/kernel/kernel.js';
import { learning, proves } from '../../../src/core/kernel/learning.js';
import { emptyRecord } from '../../../src/core/kernel/record.js';
import type { LookedUp } from '../../../src/core/kernel/risk.js';
import type { Happened } from '../../../src/core/words/events.js';
import { testKernel } from '../../support/core-kernel.js';

const verified: Happened = { name: 'verification-accepted', outcome: 'accepted' };
const enrolled: Happened = { name: 'authenticator-enrolled', outcome: 'accepted' };
const refused: Happened = { name: 'verification-refused', outcome: 'refused' };

describe('what proves somebody', () => {
  const rows: [string, Happened, boolean][] = [
    ['a second factor', verified, true],
    ['one told of as theirs', { ...verified, actor: 'user' }, true],
    ['one in a sign-in whose set-up was not the first', { ...verified, detail: { firstEnrollment: false } }, true],
    ['an enrolment', enrolled, true],
    ['an enrolment that is the first', { ...enrolled, detail: { firstEnrollment: true } }, true],
    [
      'the confirmation of a first set-up, which proves a mailbox',
      { ...verified, detail: { firstEnrollment: true } },
      false,
    ],
    ['what was refused', { ...verified, outcome: 'refused' }, false],
    ['what has no outcome', { name: 'verification-accepted' }, false],
    ['what an operator did', { ...enrolled, actor: 'admin' }, false],
    ['what the app did by itself', { ...enrolled, actor: 'system' }, false],
    ['another accepted thing', { name: 'recovery-confirmed', outcome: 'accepted' }, false],
  ];
  for (const [what, happened, does] of rows)
    it(`is ${does ? '' : 'not '}${what}`, () => expect(proves(happened)).to.equal(does));
});

describe('a history that learns', () => {
  const save = emptyRecord('e');
  const looked: LookedUp = { family: 'Firefox', system: 'Linux', place: { country: 'CH' } };
  const seen = { ...looked, address: '203.0.113.7' };

  function assessing() {
    const asked: Told[] = [];
    const lookUp = async (about: Told) => {
      asked.push(about);
      return looked;
    };
    return { kernel: { ...testKernel(), risk: { lookUp } } as unknown as Kernel, asked };
  }
  const told = (hints: Told['hints']): Told => ({ user: { id: 'ann' }, hints });
  const whole = told({ ip: '203.0.113.7', userAgent: 'Firefox' });

  it('notes from where it was, in the record that is saved, of one proof among what happened', async () => {
    const { kernel, asked } = assessing();
    const record = await learning(kernel, whole, save, [refused, verified]);
    expect({ ...record, history: undefined }).to.deep.equal({ ...save, history: undefined });
    expect(historyFor(kernel, 'ann', record, seen)).to.include.keys('networkAt', 'familyAt', 'systemAt', 'countryAt');
    expect(asked).to.deep.equal([whole]);
  });

  it('notes what it knows of a request without an address or without a browser', async () => {
    const { kernel } = assessing();
    for (const [hints, networks] of [
      [{ ip: '203.0.113.7' }, 1],
      [{ userAgent: 'Firefox' }, 0],
    ] as const) {
      const record = await learning(kernel, told(hints), save, [verified]);
      const rows = whereaboutsOf(kernel, 'ann', record).seen;
      expect(rows.map((row) => [row.networks.length / 10, row.browsers.length / 18])).to.deep.equal([[networks, 1]]);
    }
  });

  it('learns nothing, and looks nothing up, where risk is not assessed, nobody asks, or nothing was proved', async () => {
    expect(await learning(testKernel(), whole, save, [verified])).to.equal(save);
    const { kernel, asked } = assessing();
    expect(await learning(kernel, told({}), save, [verified])).to.equal(save);
    for (const happened of [[], [refused], [{ name: 'locked' }]] as Happened[][])
      expect(await learning(kernel, whole, save, happened)).to.equal(save);
    expect(asked).to.deep.equal([]);
  });
});
