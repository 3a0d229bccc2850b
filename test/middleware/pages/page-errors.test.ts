// A refusal becomes the most specific sentence that there is for it.
import { localesDir } from '#views-dir';
import { expect } from 'chai';
import { createMessages } from '../../../middleware/pages/messages.js';
import { pageError } from '../../../middleware/pages/page-errors.js';
import type { ErrorCode, ErrorDetails } from '../../../src/core/words/errors.js';

const words = createMessages({ dir: localesDir }).words('en');
const said = (code: ErrorCode, details?: ErrorDetails) => pageError(words, code, details).message;

describe('the error of a page', () => {
  it('prefers the hint, and counts where it can', () => {
    expect(said('request.invalid', { hint: 'totp.too_short' })).to.equal('The code is too short.');
    const params = { digits: 6, typed: 5 };
    expect(said('request.invalid', { hint: 'totp.too_short', params })).to.equal(
      'The code has 6 digits; you entered 5.',
    );
  });

  it('falls back to the sentence of the code where the hint is for operators', () => {
    expect(said('session.mfa.webauthn_verification_failed', { hint: 'webauthn.impossible_backup_state' })).to.equal(
      said('session.mfa.webauthn_verification_failed'),
    );
  });

  it('says how many tries are left, and how long to wait', () => {
    expect(said('verification_code.code_mismatch', { remainingAttempts: 1 })).to.equal(
      'The code is incorrect. You have 1 attempt left.',
    );
    const locked = 'session.verification_blocked_too_many_attempts';
    expect(said(locked, { retryAfterSeconds: 820, remainingAttempts: 0 })).to.equal(
      'Too many incorrect attempts. Try again in 14 minutes.',
    );
    expect(said(locked, { retryAfterSeconds: null })).to.include('closed in this browser');
    expect(said('session.mfa.invalid_totp_code', { retryAfterSeconds: 30, remainingAttempts: 0 })).to.equal(
      'Too many incorrect attempts. Try again in 30 seconds.',
    );
  });

  it('says when the codes expired, and which proof is missing', () => {
    expect(said('session.mfa.backup_codes_expired', { expiredAt: 1_700_000_000 })).to.equal(
      'Your backup codes expired on November 14, 2023.',
    );
    expect(said('session.mfa.step_up_required', { stepUp: { why: 'expired' } })).to.include('too long ago');
  });

  it('names the field, the refusal’s own before the one of the form', () => {
    expect(pageError(words, 'request.invalid', { field: 'name' }, 'code')).to.include({
      field: 'name',
      message: 'Enter a name of at most 64 characters.',
    });
    expect(pageError(words, 'verification_code.expired', {}, 'code').field).to.equal('code');
    expect(pageError(words, 'store.unavailable')).not.to.have.property('field');
  });

  it('names no field that nobody can see', () => {
    for (const field of ['response', 'revealToken', '_csrf']) {
      expect(pageError(words, 'request.invalid', { field })).not.to.have.property('field');
    }
  });
});
