// Who may have what done to whose account, as a table; and what a second administrator must say yes to.
import { expect } from 'chai';
import {
  adminActions,
  fourEyesByDefault,
  isAdminAction,
  isApplicable,
  isReason,
  needsApproval,
  refusesAdmin,
  refusesAnswer,
  type Acting,
  type AdminAction,
  type AdminRight,
} from '../../../src/core/rules/admin-rights.js';
import type { Case } from '../../../src/core/kernel/cases.js';
import { emptyRecord } from '../../../src/core/kernel/record.js';

const acting = (...may: AdminRight[]): Acting => ({ id: 'ines', name: 'Ines', may });
const about = (isAdmin: boolean | undefined, userId = 'pat', tenant?: string) => ({ userId, isAdmin, tenant });
const actions = Object.keys(adminActions) as AdminAction[];
/** What somebody with these rights may have done to such a person. */
const allowed = (by: Acting, isAdmin: boolean | undefined) =>
  actions.filter((action) => refusesAdmin(action, by, about(isAdmin)) === undefined).join(' ');

const help = 'unlock end-trust grant-enrollment owe-codes';
const decide = `${help} exempt end-exemption pass release reset end-sign-ins suspend resume`;

describe('the rights of administrators', () => {
  it('to others: help gives no way in, decide is all but the log, audit erases', () => {
    expect(allowed(acting('view'), false)).to.equal('');
    expect(allowed(acting('help'), false)).to.equal(help);
    expect(allowed(acting('decide'), false)).to.equal(decide);
    expect(allowed(acting('audit'), false)).to.equal('erase');
  });

  it('to administrators: everything needs decide', () => {
    expect(allowed(acting('help', 'audit'), true)).to.equal('');
    expect(allowed(acting('decide'), true)).to.equal(decide);
    expect(allowed(acting('decide', 'audit'), true)).to.equal(`${decide} erase`);
  });

  it('where nobody tells who is one: help opens locks and no way in', () => {
    expect(allowed(acting('help'), undefined)).to.equal('unlock end-trust');
    expect(allowed(acting('decide'), undefined)).to.equal(decide);
    expect(allowed(acting('audit'), undefined)).to.equal('erase');
  });

  it('end at their own account, and where another tenant begins, which does not exist', () => {
    const all = acting('view', 'help', 'decide', 'audit');
    const [red, none] = [{ ...all, tenant: 'red' }, 'session.verification_session_not_found'];
    for (const action of actions) {
      expect(refusesAdmin(action, all, about(false, 'ines'))).to.equal('admin.own_account');
      expect(refusesAdmin(action, red, about(false, 'pat', 'blue'))).to.equal(none);
      expect(refusesAdmin(action, red, about(false, 'ines'))).to.equal(none);
      expect(refusesAdmin(action, red, about(false, 'pat', 'red'))).to.equal(undefined);
      expect(refusesAdmin(action, all, about(false, 'pat', 'red'))).to.equal(undefined);
    }
    expect(refusesAdmin('erase', acting('view'), about(false))).to.equal('admin.not_allowed');
  });

  it('to answer a case are those of somebody else with decide', () => {
    const one = { userId: 'pat', by: { id: 'omar', name: 'Omar' }, action: 'reset' } as unknown as Case & {
      action: AdminAction;
    };
    const answers = (by: Acting, of = one, tenant?: string) =>
      (['approve', 'deny'] as const).map((answer) => refusesAnswer(answer, of, by, about(false, of.userId, tenant)));
    expect(answers(acting('decide'))).to.deep.equal([undefined, undefined]);
    expect(answers(acting('view', 'help', 'audit'))).to.deep.equal(Array(2).fill('admin.not_allowed'));
    expect(answers({ ...acting('decide'), id: 'omar' })).to.deep.equal(['admin.not_allowed', undefined]);
    expect(answers(acting('decide'), { ...one, userId: 'ines' })).to.deep.equal(Array(2).fill('admin.own_account'));
    const red = { ...acting('decide'), tenant: 'red' };
    expect(answers(red)).to.deep.equal(Array(2).fill('session.verification_session_not_found'));
    expect(answers(red, one, 'red')).to.deep.equal([undefined, undefined]);
    expect(answers(acting('decide'), { ...one, action: 'erase' })).to.deep.equal(['admin.not_allowed', undefined]);
  });

  it('need a second one for four actions once two have acted, for those that an app names, and for administrators', () => {
    const waits = (isAdmin: boolean | undefined, acted: number, fourEyes?: string[]) =>
      actions.filter((action) => needsApproval(action, { isAdmin }, { fourEyes, acted })).sort();
    expect(waits(false, 2)).to.deep.equal([...fourEyesByDefault].sort());
    expect(waits(undefined, 2)).to.deep.equal([...fourEyesByDefault].sort());
    expect(waits(false, 1)).to.deep.equal([]);
    expect(waits(false, 0, ['suspend'])).to.deep.equal(['suspend']);
    expect(waits(false, 9, [])).to.deep.equal([]);
    expect(waits(true, 0, [])).to.deep.equal([...actions].sort());
  });
});

describe('an action of administrators', () => {
  it('is one of the table', () => {
    expect(actions.every(isAdminAction)).to.equal(true);
    for (const other of ['toString', 'Reset', '', undefined, 7]) expect(isAdminAction(other)).to.equal(false);
  });

  it('has something to do where the person is of its kind', () => {
    const unprotected = emptyRecord('e');
    const fits = (record?: typeof unprotected) => actions.filter((action) => isApplicable(action, record)).join(' ');
    const anybody = 'end-sign-ins suspend resume erase';
    expect(fits()).to.equal(`grant-enrollment exempt end-exemption ${anybody}`);
    expect(fits(unprotected)).to.equal(
      `unlock end-trust grant-enrollment exempt end-exemption release reset ${anybody}`,
    );
    expect(fits({ ...unprotected, protected: true })).to.equal(
      `unlock end-trust owe-codes pass release reset ${anybody}`,
    );
  });

  it('has a reason of three letters, of any script, and 500 characters at most', () => {
    for (const text of ['abc', 'é ü ñ', '電話失', 'a-b-c 1', 'x'.repeat(500)])
      expect(isReason(text), text).to.equal(true);
    for (const text of ['ab', '12345', '', 'x'.repeat(501), undefined, ['abc']]) expect(isReason(text)).to.equal(false);
  });
});
