// A recovery that waits for an administrator is decided in the person's record, once; its place in the list of cases decides nothing.
import { expect } from 'chai';
import { recoveriesOf, withRecoveries, type Recovery } from '../../../src/core/kernel/recovering.js';
import { approveCase, denyCase, waitingCases } from '../../../src/core/operators/cases.js';
import { caseOfRecovery, refusesRecoveryAnswer } from '../../../src/core/operators/recovery-cases.js';
import type { Acting } from '../../../src/core/rules/admin-rights.js';
import { ana, answer, ben, hal, office, toldOf, type Office } from '../../support/core-desk.js';
import { tamper } from '../../support/core-record.js';
import { codeOf } from '../../support/thrown.js';

const lapsed = 'admin.case_lapsed';
const spare = { kind: 'spare-words', authenticatorId: 'set' };

/** A recovery of `pat` that waits, beside others that do not, in record and list. */
async function waiting(more: Partial<Recovery> = {}, directory?: Office['people']) {
  const desk = await office(directory && { directory });
  const { kernel } = desk;
  const at = kernel.now();
  const one: Recovery = {
    id: 'mine',
    at,
    until: at + 100,
    ...spare,
    flow: 'f',
    owes: 'approval',
    browser: 'b',
    ...more,
  };
  const others: Recovery[] = [
    { ...one, id: 'other', owes: 'proof', flow: 'g' },
    { ...one, id: 'answered', owes: 'approval', flow: 'h', approvedAt: at - 1 },
  ];
  await tamper(kernel, (record) => withRecoveries(kernel, 'pat', record, [...others, one]), 'pat');
  for (const each of [one, ...others]) await desk.cases().open(caseOfRecovery('pat', each));
  const recoveries = async () => recoveriesOf(kernel, 'pat', (await kernel.store.load('pat')).record!);
  return { desk, one, others, recoveries, at };
}

const listed = async (desk: Office) => (await desk.cases().list()).map(({ id }) => id).sort();

describe('the case of a recovery', () => {
  it('lists whose it is and how long it waits, and nobody’s reason nor what goes on with it', async () => {
    const { one, at } = await waiting();
    const said = {
      ...{ id: 'mine', action: 'recovery', userId: 'pat', epoch: '', reason: '', by: { id: 'pat', name: '' } },
      ...{ openedAt: at, expiresAt: at + 100, options: {} },
    };
    expect(caseOfRecovery('pat', one)).to.deep.equal(said);
    expect(caseOfRecovery('pat', { ...one, tenant: 'red' })).to.deep.equal({ ...said, tenant: 'red' });
  });

  it('waits among the others, until its time is over', async () => {
    const { desk, at } = await waiting();
    desk.kernel.clock.now = at + 99;
    expect((await waitingCases(desk, undefined)).map(({ id }) => id)).to.include('mine');
    desk.kernel.clock.now = at + 100;
    expect(await waitingCases(desk, undefined)).to.deep.equal([]);
  });

  for (const [what, by, tenant, code] of [
    ['anybody who decides', ana, undefined, undefined],
    ['nobody who does not decide', { ...ana, may: ['view', 'help', 'audit'] }, undefined, 'admin.not_allowed'],
    ['nobody of themselves', { ...ana, id: 'pat' }, undefined, 'admin.own_account'],
    ['who is of that tenant', { ...ana, tenant: 'red' }, 'red', undefined],
    ['nobody of another tenant', { ...ana, tenant: 'red' }, 'blue', 'session.verification_session_not_found'],
    [
      'nobody of a tenant where the person has none',
      { ...ana, tenant: 'red' },
      undefined,
      'session.verification_session_not_found',
    ],
    ['whoever is of no tenant', ana, 'red', undefined],
  ] as [string, Acting, string | undefined, string | undefined][])
    it(`is answered by ${what}`, () => {
      expect(refusesRecoveryAnswer(by, { userId: 'pat', isAdmin: undefined, tenant })).to.equal(code);
    });

  it('approved, lets the person go on: written, told with who and why, told to the person, and taken out', async () => {
    const { desk, one, others, recoveries, at } = await waiting();
    desk.kernel.clock.now = at + 7;
    expect(await approveCase(desk, 'mine', answer)).to.deep.equal({ done: {} });
    expect(await recoveries()).to.deep.equal([...others, { ...one, approvedAt: at + 7 }]);
    const detail = { case: 'mine', reason: answer.reason };
    const told = { name: 'recovery-approved', actor: 'admin', by: 'Ben', detail, userId: 'pat' };
    expect(toldOf(desk)).to.deep.equal([told]);
    expect(desk.kernel.events[0]).to.include(spare);
    const notices = desk.kernel.notices.map(({ before: _before, ...notice }) => notice);
    expect(notices).to.deep.equal([{ what: 'recovery-approved', authenticatorId: 'set', at: at + 7, userId: 'pat' }]);
    expect(await listed(desk)).to.deep.equal(['answered', 'other']);
    expect(await desk.cases().acted('ana'), 'Ben acted').to.equal(2);
    expect(await codeOf(approveCase(desk, 'mine', answer)), 'a second time').to.equal(lapsed);
  });

  it('denied, is gone from record and list', async () => {
    const { desk, others, recoveries } = await waiting();
    await denyCase(desk, 'mine', answer);
    expect(await recoveries()).to.deep.equal(others);
    expect(toldOf(desk)[0]).to.deep.include({ name: 'recovery-denied', by: 'Ben' });
    expect(desk.kernel.notices[0]).to.include({ what: 'recovery-denied' });
    expect(await listed(desk)).to.deep.equal(['answered', 'other']);
  });

  it('lapses where the record knows of none that waits, and is taken out, whatever the list says', async () => {
    for (const id of ['answered', 'other', 'forged']) {
      const { desk, one, others, recoveries } = await waiting();
      await desk.cases().open(caseOfRecovery('pat', { ...one, id: 'forged' }));
      expect(await codeOf(approveCase(desk, id, answer)), id).to.equal(lapsed);
      expect(await recoveries()).to.deep.equal([...others, one]);
      expect(await listed(desk)).to.not.include(id);
      expect([desk.kernel.events, desk.kernel.notices]).to.deep.equal([[], []]);
    }
  });

  it('waits on where who answers may not, which is told', async () => {
    const { desk, one, others, recoveries } = await waiting();
    expect(await codeOf(approveCase(desk, 'mine', { ...answer, by: hal }))).to.equal('admin.not_allowed');
    const about = { name: 'admin-refused', actor: 'admin', by: 'Hal', detail: { action: 'recovery' }, userId: 'pat' };
    expect(toldOf(desk)).to.deep.equal([about]);
    expect(desk.kernel.events[0]).to.include({ outcome: 'refused', reason: 'admin.not_allowed' });
    expect(await codeOf(denyCase(desk, 'mine', { by: { ...ben, id: 'pat' }, reason: 'mine' }))).to.equal(
      'admin.own_account',
    );
    expect(await codeOf(approveCase(desk, 'mine', { ...answer, reason: 'ok' }))).to.equal('admin.reason_missing');
    expect(await recoveries()).to.deep.equal([...others, one]);
    expect(await listed(desk)).to.deep.equal(['answered', 'mine', 'other']);
    expect(await desk.cases().acted('ana'), 'nobody acted').to.equal(1);
  });

  it('of a person of another tenant is none, by what the directory says now', async () => {
    const { desk, one } = await waiting({}, { pat: { tenant: 'blue' } });
    await desk.cases().take('mine');
    await desk.cases().open(caseOfRecovery('pat', { ...one, tenant: 'red' }));
    const red = { ...answer, by: { ...ben, tenant: 'red' } };
    expect(await codeOf(approveCase(desk, 'mine', red))).to.equal('session.verification_session_not_found');
  });

  it('at the command line counts nobody as having acted', async () => {
    const { desk } = await waiting();
    desk.kernel = { ...desk.kernel, operator: 'cli' };
    await approveCase(desk, 'mine', answer);
    expect(await desk.cases().acted('ana')).to.equal(1);
  });
});
