// The error that carries a code: its status, its details, its help; and that it is known whichever build of the package made it.
import { expect } from 'chai';
import {
  configCodes,
  helpFor,
  isMfaError,
  MfaError,
  statusOf,
  type ErrorCode,
} from '../../../src/core/words/errors.js';

describe('an MfaError', () => {
  it('has the status of its code', () => {
    for (const [code, status] of Object.entries(statusOf))
      expect(new MfaError(code as ErrorCode, 'why').status, code).to.equal(status);
    const some = {
      'user.missing_mfa': 403,
      'store.unavailable': 503,
      'server.busy': 503,
      'session.not_signed_in': 401,
    };
    expect(statusOf).to.include(some);
  });

  it('has the status 500 where it is of misuse', () => {
    for (const code of configCodes) expect(new MfaError(code, 'why').status, code).to.equal(500);
  });

  it('is an Error of its own name, with its message, and a help that leads to its code', () => {
    const error = new MfaError('store.conflict', 'Somebody else was faster.');
    expect(error).to.be.instanceOf(Error);
    expect(error).to.include({ name: 'MfaError', code: 'store.conflict', message: 'Somebody else was faster.' });
    expect(error.help).to.equal(helpFor('store.conflict'));
    expect(error.help).to.match(/^https:\/\/.+\/errors\.md#store\.conflict$/);
  });

  it('has the details and the cause that it was given, and no cause where there was none', () => {
    const cause = new TypeError('x');
    const error = new MfaError('server.busy', 'why', { details: { retryAfterSeconds: 5 }, cause });
    expect(error.details).to.deep.equal({ retryAfterSeconds: 5 });
    expect(error.cause).to.equal(cause);
    const plain = new MfaError('server.busy', 'why');
    expect(plain.details).to.deep.equal({});
    expect(Object.hasOwn(plain, 'cause')).to.equal(false);
    expect(Object.hasOwn(new MfaError('server.busy', 'why', { cause: null }), 'cause')).to.equal(true);
  });

  it('is known by its name and its code, not by the class that made it', () => {
    const twin = Object.assign(new Error('x'), { name: 'MfaError', code: 'store.conflict' });
    for (const error of [new MfaError('store.conflict', 'x'), twin]) expect(isMfaError(error)).to.equal(true);
    const others = [
      ...[null, undefined, 'store.conflict', { name: 'MfaError', code: 'store.conflict' }, new Error('x')],
      Object.assign(new Error('x'), { code: 'ECONNREFUSED' }),
      Object.assign(new Error('x'), { name: 'MfaError' }),
      Object.assign(new Error('x'), { name: 'MfaError', code: 7 }),
    ];
    for (const other of others) expect(isMfaError(other)).to.equal(false);
  });
});
