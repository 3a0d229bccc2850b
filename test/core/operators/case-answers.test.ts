// How a case ends: what waits for the eyes of who asked, what is turned down or taken back, and what could not be carried out.
import { expect } from 'chai';
import type { Case, CaseStore } from '../../../src/core/kernel/cases.js';
import type { Logbook } from '../../../src/core/kernel/kernel.js';
import { approveCase, collectCase, denyCase, waitingCases } from '../../../src/core/operators/cases.js';
import { MfaError } from '../../../src/core/words/errors.js';
import { memoryCaseStore } from '../../../src/stores/memory-case-store.js';
import { ana, answer, ben, hal, office, opened, reason, toldOf, type Office } from '../../support/core-desk.js';
import { tamper } from '../../support/core-record.js';
import { codeOf } from '../../support/thrown.js';

const lapsed = 'admin.case_lapsed';
const namesOf = (desk: Office) => desk.kernel.events.map(({ name }) => name);

/** A pass that Ana asked for and Ben approved; what was told so far is forgotten. */
async function approved(more: Parameters<typeof office>[0] = {}): Promise<{ desk: Office; one: Case }> {
  const desk = await office(more);
  const { id } = await opened(desk, 'pass', { options: { validMinutes: 10 } });
  const result = await approveCase(desk, id, answer);
  if (!('case' in result)) throw new Error('nothing waits');
  return { desk, one: result.case };
}

describe('what is for the eyes of who asked', () => {
  it('waits for them once it is approved: nothing is made before', async () => {
    const { desk, one } = await approved();
    expect(one.approved).to.deep.equal({ id: 'ben', name: 'Ben', at: desk.kernel.now() });
    expect(await waitingCases(desk, undefined)).to.deep.equal([one]);
    expect(desk.calls).to.deep.equal([]);
    const detail = { case: one.id, action: 'pass', askedBy: 'Ana', reason: answer.reason };
    expect(toldOf(desk)[1]).to.deep.equal({ name: 'case-approved', actor: 'admin', by: 'Ben', detail, userId: 'pat' });
    expect(await codeOf(approveCase(desk, one.id, answer)), 'a second time').to.equal(lapsed);
    expect(await waitingCases(desk, undefined)).to.deep.equal([one]);
  });

  it('is made for them, once', async () => {
    const { desk, one } = await approved();
    expect(await collectCase(desk, one.id, ana)).to.deep.equal({ code: 'ABCD', expiresAt: 7 });
    const who = { by: 'Ana', reason };
    expect(desk.calls).to.deep.equal([{ action: 'pass', userId: 'pat', who, options: { validMinutes: 10 } }]);
    expect(await codeOf(collectCase(desk, one.id, ana))).to.equal(lapsed);
    expect(desk.calls).to.have.length(1);
  });

  it('is for nobody else, which is told, and not before the approval', async () => {
    const { desk, one } = await approved();
    expect(await codeOf(collectCase(desk, one.id, ben))).to.equal('admin.not_allowed');
    expect(desk.kernel.events.at(-1)).to.include({ name: 'admin-refused', by: 'Ben', reason: 'admin.not_allowed' });
    const { id } = await opened(desk, 'pass');
    expect(await codeOf(collectCase(desk, id, ana))).to.equal(lapsed);
    expect(await codeOf(collectCase(desk, 'x', ana))).to.equal(lapsed);
    expect([desk.calls.length, (await waitingCases(desk, ana)).length]).to.deep.equal([0, 2]);
  });

  it('is not made for who may ask for it no more, nor on an account that changed', async () => {
    const { desk, one } = await approved();
    expect(await codeOf(collectCase(desk, one.id, { ...ana, may: ['view'] }))).to.equal('admin.not_allowed');
    await tamper(desk.kernel, () => ({ epoch: 'changed' }), 'pat');
    expect(await codeOf(collectCase(desk, one.id, ana))).to.equal(lapsed);
    expect(desk.kernel.events.at(-1)?.detail).to.include({ why: 'changed' });
    expect([desk.calls.length, (await waitingCases(desk, ana)).length]).to.deep.equal([0, 0]);
    const other = await approved({ directory: { ana: { isAdmin: true } } });
    other.desk.people['ana'] = {};
    expect(await codeOf(collectCase(other.desk, other.one.id, ana))).to.equal(lapsed);
    expect(other.desk.kernel.events.at(-1)?.detail).to.include({ why: 'asker' });
  });
});

describe('a denial', () => {
  it('ends the case, and says whether it was who asked', async () => {
    for (const [by, withdrawn] of [
      [ben, {}],
      [ana, { withdrawn: true }],
    ] as const) {
      const desk = await office();
      const { id } = await opened(desk);
      await denyCase(desk, id, { by, reason: 'not now' });
      const detail = { case: id, action: 'reset', askedBy: 'Ana', reason: 'not now', ...withdrawn };
      expect(toldOf(desk)[1]).to.deep.equal({
        name: 'case-denied',
        actor: 'admin',
        by: by.name,
        detail,
        userId: 'pat',
      });
      expect(await codeOf(denyCase(desk, id, { by, reason: 'not now' }))).to.equal(lapsed);
      expect(await codeOf(approveCase(desk, id, answer))).to.equal(lapsed);
      expect([desk.calls.length, toldOf(desk).length]).to.deep.equal([0, 2]);
    }
  });

  it('is not for whom it is about, nor who may not, nor without a reason', async () => {
    const desk = await office();
    const { id } = await opened(desk);
    expect(await codeOf(denyCase(desk, id, { by: hal, reason: 'not now' }))).to.equal('admin.not_allowed');
    const own = { by: { ...ben, id: 'pat' }, reason: 'not now' };
    expect(await codeOf(denyCase(desk, id, own))).to.equal('admin.own_account');
    expect(await codeOf(denyCase(desk, id, { by: ben, reason: 'no' }))).to.equal('admin.reason_missing');
    expect(await waitingCases(desk, undefined)).to.have.length(1);
  });
});

describe('a case that could not be carried out', () => {
  it('waits again, as it was', async () => {
    const desk = await office();
    const one = await opened(desk);
    desk.fails = new MfaError('store.unavailable', 'away');
    expect(await codeOf(approveCase(desk, one.id, answer))).to.equal('store.unavailable');
    expect(await waitingCases(desk, undefined)).to.deep.equal([one]);
    expect(namesOf(desk)).to.deep.equal(['case-opened']);
    delete desk.fails;
    expect(await approveCase(desk, one.id, answer)).to.deep.equal({ done: {} });
    expect(toldOf(desk)[1]).to.deep.include({ name: 'reset', by: 'Ana', detail: { case: one.id, reason } });
  });

  it('is void where the account changed under it', async () => {
    const desk = await office();
    const { id } = await opened(desk);
    desk.fails = new MfaError(lapsed, 'changed');
    expect(await codeOf(approveCase(desk, id, answer))).to.equal(lapsed);
    expect(await waitingCases(desk, undefined)).to.deep.equal([]);
    const detail = { case: id, action: 'reset', askedBy: 'Ana', why: 'changed' };
    const told = { name: 'case-lapsed', actor: 'system', by: undefined, detail, userId: 'pat' };
    expect(toldOf(desk)[1]).to.deep.equal(told);
  });

  it('was answered by a faster one', async () => {
    const cases: CaseStore = { ...memoryCaseStore(), take: () => Promise.resolve(undefined) };
    const desk = await office({ cases: () => cases });
    const { id } = await opened(desk);
    expect(await codeOf(approveCase(desk, id, answer))).to.equal(lapsed);
    expect(await codeOf(denyCase(desk, id, answer))).to.equal(lapsed);
    desk.kernel.clock.now += 86_400;
    expect(await waitingCases(desk, undefined)).to.deep.equal([]);
    expect(namesOf(desk), 'and its end is theirs to tell').to.deep.equal(['case-opened']);
    expect(desk.calls).to.deep.equal([]);
  });

  it('is answered by nobody while the log takes nothing that must stand in it first', async () => {
    const desk = await office();
    const { id } = await opened(desk);
    const away = () => Promise.reject(new MfaError('audit.unavailable', 'away'));
    const logbook: Logbook = {
      refuses: true,
      reach: away,
      append: away,
      entryOf: () => ({ id: 'x' }),
      isStored: () => false,
    };
    desk.kernel = { ...desk.kernel, logbook };
    for (const work of [
      () => approveCase(desk, id, answer),
      () => denyCase(desk, id, answer),
      () => opened(desk, 'unlock'),
    ])
      expect(await codeOf(work)).to.equal('audit.unavailable');
    expect(await desk.cases().list()).to.have.length(1);
    expect(desk.calls).to.deep.equal([]);
  });

  it('at the command line counts nobody as having acted', async () => {
    const desk = await office();
    const { id } = await opened(desk);
    desk.kernel = { ...desk.kernel, operator: 'cli' };
    await approveCase(desk, id, answer);
    expect(await desk.cases().acted('ana'), 'Ana alone').to.equal(1);
  });
});
