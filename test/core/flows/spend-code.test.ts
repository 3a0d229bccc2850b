// A backup code that is spent before it counts: what it owes by level, and what its use writes and tells. On plain values.
import { expect } from 'chai';
import { drawRecovery, recoveryDemand, spentBy, type RecoveryDemand } from '../../../src/core/flows/spend-code.js';
import { approvalSeconds, recoveriesOf, recoveryFlow } from '../../../src/core/kernel/recovering.js';
import type { RiskAction, RiskLevel } from '../../../src/core/kernel/risk.js';
import type { Proof } from '../../../src/core/kernel/sign-in.js';
import type { Happened } from '../../../src/core/words/events.js';
import { app, asking, codes, having, highRisk, now, own, proof, ruleKernel } from '../../support/rule-person.js';

const kernel = ruleKernel();
const person = having([app, own(codes, { failures: 2 })]);

describe('what a backup code owes', () => {
  const rows: [level: RiskLevel | undefined, high: RiskAction, proofs: Proof[], owes: RecoveryDemand | undefined][] = [
    [undefined, 'hold', [], undefined],
    ['low', 'hold', [], undefined],
    ['medium', 'hold', [], 'confirm'],
    ['high', 'hold', [], 'hold'],
    ['high', 'approve', [], 'approve'],
    ['high', 'allow', [], undefined],
    ['high', 'block', [], undefined],
    ['medium', 'hold', [proof(app)], undefined],
  ];
  for (const [level, high, proofs, owes] of rows)
    it(`is ${owes ?? 'nothing'} at ${level ?? 'no level'} (${high})${proofs.length > 0 ? ', at a step-up' : ''}`, () => {
      const acting = ruleKernel({ riskActions: highRisk({ recovery: high }) });
      const asker = asking({ proofs, ...(level && { level }) });
      expect(recoveryDemand(acting, asker, codes, person)).to.equal(owes);
      expect(recoveryDemand(acting, asker, app, person)).to.equal(undefined);
    });

  it('is drawn long enough that nobody finds it', () => {
    const { id, secret } = drawRecovery(kernel);
    expect([id.length, secret.length]).to.deep.equal([12, 43]);
  });
});

describe('a backup code that is spent', () => {
  const asker = asking({ level: 'high' });
  const used: Happened = { name: 'backup-code-used', detail: { left: 4 } };
  const right = (happened?: Happened[]) =>
    ({ is: 'right', authenticatorId: 'codes', data: { n: 2 }, ...(happened && { happened }) }) as const;
  const spend = (demand: RecoveryDemand, verdict = right([used])) =>
    spentBy(kernel, asker, codes, person, verdict, { demand, id: 'mine', secret: 'secret' });
  const set = { kind: 'codes', authenticatorId: 'codes' };
  const flow = recoveryFlow(kernel, asker.signIn);

  const pending = now + kernel.settings.pendingMaxAgeSeconds;
  for (const [demand, more] of [
    ['confirm', { until: pending, owes: 'proof' }],
    ['hold', { until: pending, owes: 'proof', held: true }],
    ['approve', { until: now + approvalSeconds, owes: 'approval', browser: kernel.sealer.hashToken('secret') }],
  ] as const)
    it(`is written with what it owes, and proves nothing: ${demand}`, () => {
      const { save, result } = spend(demand);
      const one = { id: 'mine', at: now, ...set, flow, ...more };
      const cookie = demand === 'approve' ? { recoveryCookie: 'mine.secret' } : {};
      expect(result).to.deep.equal({ accepted: true, staged: one, epoch: 'e', record: save, ...cookie });
      expect(recoveriesOf(kernel, 'ann', save!)).to.deep.equal([one]);
      const { recovery: _owed, ...rest } = save!;
      const authenticators = [own(app), { ...own(codes), lastUsedAt: now, data: { n: 2 } }];
      expect(rest).to.deep.equal({ ...person, authenticators });
    });

  it('is told with the stage that it leads to, and to its owner', () => {
    const { happened, notices } = spend('confirm');
    expect(happened).to.deep.equal([{ ...used, ...set, outcome: 'accepted', detail: { left: 4, stage: 'confirm' } }]);
    expect(notices).to.deep.equal([{ what: 'backup-code-used', authenticatorId: 'codes', at: now, left: 4 }]);
  });

  it('opens a case where an administrator is to say yes', () => {
    const { happened } = spend('approve');
    expect(happened).to.deep.equal([
      { ...used, ...set, outcome: 'accepted', detail: { left: 4, stage: 'wait' } },
      { name: 'case-opened', actor: 'system', detail: { case: 'mine', action: 'recovery' } },
    ]);
  });

  it('is the outcome of one event alone, whatever else the factor tells', () => {
    const low: Happened = { name: 'backup-codes-low', detail: { left: 1 } };
    expect([...(spend('confirm', right([low])).happened ?? [])]).to.deep.equal([{ ...low, ...set }]);
    expect(spend('confirm', right()).happened).to.deep.equal([]);
  });
});
