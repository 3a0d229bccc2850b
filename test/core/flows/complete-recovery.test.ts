// A backup code that an administrator has approved: it counts in the browser in which it was spent, once, and begins no hold of its
// own.
import { expect } from 'chai';
import { goOnApproved } from '../../../src/core/flows/complete-recovery.js';
import { recoveriesOf, withRecoveries } from '../../../src/core/kernel/recovering.js';
import { endedByFlow, withEnded } from '../../../src/core/rules/ended-sign-ins.js';
import { saidOf } from '../../support/core-person.js';
import { tamper } from '../../support/core-record.js';
import { recovering, type Recovering } from '../../support/core-recovering.js';
import { highRisk } from '../../support/rule-person.js';

const gone = 'session.mfa.pending_info_not_found';

async function waiting() {
  const made = await recovering({ level: 'high', settings: { riskActions: highRisk({ recovery: 'approve' }) } });
  const { kernel, asker, owing } = made;
  const goOn = (who = asker) => goOnApproved(kernel, who);
  const approve = () => owing({ approvedAt: kernel.now() });
  const told = () => kernel.events.map(({ name, kind, reason, outcome }) => [name, kind, reason, outcome]);
  return { ...made, goOn, approve, told };
}

describe('a backup code that awaits an administrator', () => {
  it('counts once approved: a proof, a known browser, nothing owed, no hold', async () => {
    const { kernel, goOn, approve, staged } = await waiting();
    const { kind, authenticatorId } = staged;
    await tamper(kernel, () => ({
      attempts: {
        [`${kind}/unknown`]: { failures: 2, failedAt: 1 },
        '/unknown': { failures: 3, failedAt: 1 },
        'riddle/unknown': { failures: 1, failedAt: 1 },
      },
    }));
    await approve();
    const { epoch, known } = await kernel.recordOf('ann');
    const outcome = await goOn();
    if (!outcome.accepted) return expect.fail(outcome.reason);
    expect(outcome.proof).to.deep.equal({ kind, authenticatorId, at: kernel.now(), userVerified: false });
    expect(outcome.epoch).to.equal(epoch);
    const record = await kernel.recordOf('ann');
    expect(record).not.to.have.any.keys('recovery', 'hold');
    expect(record.attempts).to.deep.equal({ 'riddle/unknown': { failures: 1, failedAt: 1 } });
    expect(record.known.slice(0, -1)).to.deep.equal(known);
    expect(record.known.at(-1)).to.include({ id: outcome.knownBrowser!.split('.')[0], createdAt: kernel.now() });
    expect(kernel.events.map(({ ip: _ip, userAgent: _agent, requestId: _id, ...rest }) => rest)).to.deep.equal([
      { name: 'verification-accepted', kind, authenticatorId, outcome: 'accepted', userId: 'ann' },
    ]);
  });

  it('draws no cookie for a browser that is known already', async () => {
    const { kernel, owner, asker, goOn, approve } = await waiting();
    await approve();
    const { known } = await kernel.recordOf('ann');
    const outcome = await goOn({ ...asker, knownBrowser: owner.asker.knownBrowser! });
    expect(outcome).to.include({ accepted: true }).and.not.have.property('knownBrowser');
    expect((await kernel.recordOf('ann')).known).to.deep.equal(known);
  });

  it('begins anew a hold that stands, and none that is over', async () => {
    for (const [left, isHeld] of [
      [1, true],
      [0, false],
    ] as const) {
      const { kernel, goOn, approve, staged } = await waiting();
      const since = staged.at - 500;
      await approve();
      await tamper(kernel, () => ({ hold: { since, until: kernel.now() + left } }));
      expect(saidOf(await goOn())).to.equal('accepted');
      const until = kernel.now() + 86_400;
      const { hold } = await kernel.recordOf('ann');
      expect(hold).to.deep.equal({ since, until: isHeld ? until : kernel.now() });
      const held = kernel.events.filter(({ name }) => name === 'recovery-held');
      expect(held.map(({ kind, detail }) => [kind, detail])).to.deep.equal(isHeld ? [['spare-words', { until }]] : []);
    }
  });

  it('leaves what another sign-in owes', async () => {
    const { kernel, goOn, approve, staged } = await waiting();
    await approve();
    const other = { ...staged, id: 'other', flow: 'another', owes: 'proof' as const };
    await tamper(kernel, (record) => ({
      recovery: withRecoveries(kernel, 'ann', record, [...recoveriesOf(kernel, 'ann', record), other]).recovery!,
    }));
    expect(saidOf(await goOn())).to.equal('accepted');
    expect(recoveriesOf(kernel, 'ann', await kernel.recordOf('ann'))).to.deep.equal([other]);
  });

  const refusals: [
    why: string,
    kind: string,
    reason: string,
    change: (made: Recovering) => unknown,
    isApproved?: boolean,
  ][] = [
    ['nobody approved it', 'spare-words', 'session.mfa.awaiting_approval', () => undefined, false],
    [
      'they are suspended',
      '',
      'session.mfa.suspended',
      ({ kernel }) => tamper(kernel, () => ({ suspended: { admin: 1 } })),
    ],
    ['they are protected no more', '', gone, ({ kernel }) => tamper(kernel, () => ({ protected: false }))],
    [
      'this sign-in has ended',
      '',
      gone,
      ({ kernel, asker }) =>
        tamper(kernel, (record) => withEnded(kernel, record, endedByFlow(kernel, asker.signIn.flowId))),
    ],
    ['72 hours are over', '', gone, ({ kernel, staged }) => (kernel.clock.now = staged.at + 72 * 3600)],
    ['the browser brings no cookie', '', gone, ({ asker }) => delete asker.recoveryCookie],
    [
      'the cookie has another secret',
      '',
      gone,
      ({ asker, staged }) => (asker.recoveryCookie = `${staged.id}.${'x'.repeat(43)}`),
    ],
    [
      'the set is gone',
      'spare-words',
      gone,
      ({ kernel }) =>
        tamper(kernel, ({ authenticators }) => ({
          authenticators: authenticators.filter(({ kind }) => kind !== 'spare-words'),
        })),
    ],
  ];
  for (const [why, kind, reason, change, isApproved = true] of refusals)
    it(`opens nothing where ${why}: ${reason}`, async () => {
      const made = await waiting();
      const { kernel, goOn, approve, told } = made;
      if (isApproved) await approve();
      await change(made);
      const before = await kernel.recordOf('ann');
      expect(saidOf(await goOn())).to.equal(reason);
      expect(told()).to.deep.equal([['verification-refused', kind, reason, 'refused']]);
      expect(await kernel.recordOf('ann')).to.deep.equal(before);
    });

  it('counts until the last second of the 72 hours, in another sign-in of the same browser too', async () => {
    const { kernel, owner, asker, goOn, approve, staged } = await waiting();
    await approve();
    kernel.clock.now = staged.at + 72 * 3600 - 1;
    const later = owner.signInAgain('unknown').asker;
    const outcome = await goOn({ ...later, recoveryCookie: asker.recoveryCookie! });
    expect(saidOf(outcome)).to.equal('accepted');
  });

  it('counts for one of 20 presses, each told by one outcome', async () => {
    const { kernel, goOn, approve } = await waiting();
    await approve();
    const all = await Promise.all(Array.from({ length: 20 }, () => goOn()));
    expect(all.filter(({ accepted }) => accepted)).to.have.length(1);
    expect(kernel.outcomes()).to.have.length(20);
  });
});
