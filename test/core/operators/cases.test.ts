// What waits for a second administrator: when it does, who approves it, what voids it, and that it is done once, as it was asked for.
import { expect } from 'chai';
import { approveCase, caseSeconds, waitingCases } from '../../../src/core/operators/cases.js';
import type { Acting } from '../../../src/core/rules/admin-rights.js';
import { MfaError } from '../../../src/core/words/errors.js';
import { ana, answer, ask, ben, hal, office, opened, reason, toldOf } from '../../support/core-desk.js';
import { tamper } from '../../support/core-record.js';
import { codeOf } from '../../support/thrown.js';

const lapsed = 'admin.case_lapsed';
const unknown = 'session.verification_session_not_found';

describe('what an administrator asks for', () => {
  it('is done at once where it needs no other, with who, why and for which ticket', async () => {
    const desk = await office({ fourEyes: [] });
    expect(await ask(desk, 'reset', { ticket: 'T-1', options: { x: 1 } })).to.deep.equal({ done: {} });
    expect(desk.calls).to.deep.equal([
      { action: 'reset', userId: 'pat', who: { by: 'Ana', reason }, options: { x: 1 } },
    ]);
    expect(toldOf(desk)).to.deep.equal([
      { name: 'reset', actor: 'admin', by: 'Ana', detail: { reason, ticket: 'T-1' }, userId: 'pat' },
    ]);
    await ask(desk, 'reset');
    expect(toldOf(desk)[1]?.detail).to.deep.equal({ reason });
    expect(await desk.cases().list()).to.deep.equal([]);
  });

  it('waits for another, for a day, as it was asked for, and nothing is done', async () => {
    const desk = await office();
    const { id, ...one } = await opened(desk, 'reset', { ticket: 'T-1', options: { x: 1 } });
    const openedAt = desk.kernel.now();
    expect(caseSeconds).to.equal(86_400);
    expect(one).to.deep.equal({
      ...{ action: 'reset', userId: 'pat', epoch: 'epoch of pat', reason, ticket: 'T-1', options: { x: 1 } },
      ...{ by: { id: 'ana', name: 'Ana' }, openedAt, expiresAt: openedAt + 86_400 },
    });
    expect(await desk.cases().list()).to.deep.equal([{ id, ...one }]);
    expect(desk.calls).to.deep.equal([]);
    const detail = { case: id, action: 'reset', askedBy: 'Ana', ticket: 'T-1', reason };
    expect(toldOf(desk)).to.deep.equal([{ name: 'case-opened', actor: 'admin', by: 'Ana', detail, userId: 'pat' }]);
  });

  it('is the case that waits already where the same one asked for the same', async () => {
    const desk = await office();
    const first = await opened(desk, 'unlock', { options: { x: 1 } });
    expect(await opened(desk, 'unlock', { options: { x: 1 }, reason: 'another reason' })).to.deep.equal(first);
    for (const [action, more] of [
      ['reset', { options: { x: 1 } }],
      ['unlock', { options: { x: 2 } }],
      ['unlock', { options: { x: 1 }, by: ben }],
    ] as const)
      expect((await opened(desk, action, more)).id).not.to.equal(first.id);
    const other = await ask(desk, 'unlock', { options: { x: 1 } }, 'new');
    expect(other).to.have.property('case').that.includes({ userId: 'new' });
    await tamper(desk.kernel, () => ({ epoch: 'changed' }), 'pat');
    expect((await opened(desk, 'unlock', { options: { x: 1 } })).id).not.to.equal(first.id);
    expect(await desk.cases().list()).to.have.length(6);
  });

  it('needs another only from the second administrator on who acts, unless the app says otherwise', async () => {
    const desk = await office({ fourEyes: undefined });
    expect(await ask(desk, 'pass')).to.have.property('done');
    expect(await ask(desk, 'unlock', { by: ben })).to.have.property('done');
    expect(await ask(desk, 'pass')).to.have.property('case');
  });

  it('needs no other at the command line', async () => {
    const desk = await office();
    desk.kernel = { ...desk.kernel, operator: 'cli' };
    expect(await ask(desk, 'reset')).to.deep.equal({ done: {} });
    expect(await desk.cases().acted('x'), 'nobody acted').to.equal(1);
  });

  it('is refused, and that is told, to who may not; and unsaid is no reason', async () => {
    const desk = await office({ fourEyes: [] });
    expect(await codeOf(ask(desk, 'reset', { by: hal }))).to.equal('admin.not_allowed');
    expect(await codeOf(ask(desk, 'reset', { by: { ...ana, id: 'pat' } }))).to.equal('admin.own_account');
    expect(await codeOf(ask(desk, 'reset', { by: { ...ana, tenant: 'red' } }))).to.equal(unknown);
    expect(desk.kernel.events.map(({ name, reason: why, by }) => [name, why, by])).to.deep.equal([
      ['admin-refused', 'admin.not_allowed', 'Hal'],
      ['admin-refused', 'admin.own_account', 'Ana'],
      ['admin-refused', unknown, 'Ana'],
    ]);
    expect(await codeOf(ask(desk, 'reset', { reason: 'no' }))).to.equal('admin.reason_missing');
    expect(await codeOf(ask(desk, 'reset', {}, 'nobody'))).to.equal('admin.not_applicable');
    expect(await codeOf(ask(desk, 'pass', {}, 'new'))).to.equal('admin.not_applicable');
    expect(await codeOf(ask(desk, 'exempt'))).to.equal('admin.not_applicable');
    expect(await codeOf(ask(desk, 'pass', { options: { validMinutes: 9 } }))).to.equal('config.invalid_option');
    expect(desk.calls).to.deep.equal([]);
  });

  it('needs the factor of passes for a pass alone, and before anybody approves one', async () => {
    const desk = await office();
    desk.kernel = { ...desk.kernel, factors: [] };
    expect(await ask(desk, 'unlock')).to.have.property('case');
    expect(await codeOf(ask(desk, 'pass'))).to.equal('config.invalid_option');
    expect(await desk.cases().list()).to.have.length(1);
  });

  it('may be the reset of a record that nobody can believe', async () => {
    const desk = await office();
    const epoch = 'altered';
    desk.kernel.store.load = () => Promise.reject(new MfaError('store.record_altered', 'altered'));
    expect(await opened(desk)).to.include({ action: 'reset', epoch });
  });

  it('says whose tenant it is, of the person and of who asked, where that is known', async () => {
    const desk = await office({ directory: { pat: { tenant: 'red' } } });
    const one = await opened(desk, 'reset', { by: { ...ana, tenant: 'red' } });
    expect(one).to.deep.include({ tenant: 'red', by: { id: 'ana', name: 'Ana', tenant: 'red' } });
  });
});

describe('the cases that wait', () => {
  it('are told oldest first, to an administrator of a tenant theirs alone, and lapse after a day to the second', async () => {
    const desk = await office({ directory: { pat: { tenant: 'red' }, new: {} } });
    const { clock } = desk.kernel;
    const begun = clock.now;
    clock.now = begun + 5;
    const late = await opened(desk, 'reset');
    clock.now = begun;
    const early = await ask(desk, 'unlock', {}, 'new');
    const unnamed = { ...late, id: 'x', action: 'an-action-of-tomorrow' };
    await desk.cases().open(unnamed);
    const idsOf = async (by?: Acting) => (await waitingCases(desk, by)).map(({ id }) => id);
    const earlyId = 'case' in early ? early.case.id : '';
    expect(await idsOf()).to.deep.equal([earlyId, late.id]);
    expect(await idsOf(ana)).to.deep.equal([earlyId, late.id]);
    expect(await idsOf({ ...ana, tenant: 'red' })).to.deep.equal([late.id]);
    expect(await idsOf({ ...ana, tenant: 'blue' })).to.deep.equal([]);
    clock.now = begun + 86_399;
    expect(await idsOf()).to.deep.equal([earlyId, late.id]);
    desk.kernel.events.length = 0;
    clock.now = begun + 86_400;
    expect(await idsOf()).to.deep.equal([late.id]);
    expect(await idsOf()).to.deep.equal([late.id]);
    const detail = { case: earlyId, action: 'unlock', askedBy: 'Ana', why: 'time' };
    const told = { name: 'case-lapsed', actor: 'system', by: undefined, detail, userId: 'new' };
    expect(toldOf(desk), 'once').to.deep.equal([told]);
    expect((await desk.cases().list()).map(({ id }) => id)).to.deep.equal([late.id, 'x']);
  });
});

describe('an approval', () => {
  it('carries the case out, once, for who asked, and tells both', async () => {
    const desk = await office();
    const { id } = await opened(desk, 'reset', { ticket: 'T-1', options: { x: 1 } });
    desk.kernel.events.length = 0;
    expect(await approveCase(desk, id, answer)).to.deep.equal({ done: {} });
    expect(desk.calls).to.deep.equal([
      { action: 'reset', userId: 'pat', who: { by: 'Ana', reason }, options: { x: 1 } },
    ]);
    const about = { case: id, ticket: 'T-1' };
    const approved = { ...about, action: 'reset', askedBy: 'Ana', reason: answer.reason };
    expect(toldOf(desk)).to.deep.equal([
      { name: 'reset', actor: 'admin', by: 'Ana', detail: { ...about, reason }, userId: 'pat' },
      { name: 'case-approved', actor: 'admin', by: 'Ben', detail: approved, userId: 'pat' },
    ]);
    expect(await codeOf(approveCase(desk, id, answer))).to.equal(lapsed);
    expect(await desk.cases().acted('ana'), 'both acted').to.equal(2);
  });

  it('is not for who asked, nor for who may not, nor without a reason, and the case waits on', async () => {
    const desk = await office({ directory: { pat: { tenant: 'red' }, ana: { isAdmin: true } } });
    const { id } = await opened(desk);
    for (const [by, code] of [
      [ana, 'admin.not_allowed'],
      [hal, 'admin.not_allowed'],
      [{ ...ben, id: 'pat' }, 'admin.own_account'],
      [{ ...ben, tenant: 'blue' }, lapsed],
    ] as const)
      expect(await codeOf(approveCase(desk, id, { ...answer, by })), by.id).to.equal(code);
    expect(await codeOf(approveCase(desk, id, { ...answer, reason: 'ok' }))).to.equal('admin.reason_missing');
    expect(await codeOf(approveCase(desk, 'x', answer))).to.equal(lapsed);
    expect(await waitingCases(desk, undefined)).to.have.length(1);
    expect([desk.calls.length, desk.kernel.events.filter(({ name }) => name === 'admin-refused').length]).to.deep.equal(
      [0, 3],
    );
  });

  it('of what changed since is none: the case is void, and that is told', async () => {
    const desk = await office();
    const { id } = await opened(desk);
    await tamper(desk.kernel, () => ({ epoch: 'changed' }), 'pat');
    expect(await codeOf(approveCase(desk, id, answer))).to.equal(lapsed);
    expect(await desk.cases().list()).to.deep.equal([]);
    expect(toldOf(desk)[1]).to.deep.include({ name: 'case-lapsed', actor: 'system' });
    expect(toldOf(desk)[1]?.detail).to.include({ why: 'changed' });
    expect(desk.calls).to.deep.equal([]);
  });

  it('of what who asked may ask for no more is none', async () => {
    for (const [then, isIn] of [
      [{ isAdmin: true, may: ['decide'] }, true],
      [{ isAdmin: true }, true],
      [{ isAdmin: false, may: ['decide'] }, true],
      [{ isAdmin: true, may: ['view'] }, false],
      [{ isAdmin: false }, false],
      [{}, false],
      [undefined, false],
    ] as const) {
      const desk = await office({ directory: { ana: then } });
      const { id } = await opened(desk);
      const said = await codeOf(approveCase(desk, id, answer));
      expect(said, JSON.stringify(then)).to.equal(isIn ? 'nothing thrown' : lapsed);
      if (!isIn) expect(toldOf(desk)[1]?.detail).to.include({ why: 'asker' });
      expect([desk.calls.length, (await desk.cases().list()).length]).to.deep.equal([isIn ? 1 : 0, 0]);
    }
  });
});
