// The challenge pages, in every state.
import type { VerifyModel } from '../../middleware/pages/view-model.js';
import { day, now, sentMail, sentText, to } from './sample-frame.js';
import type { Frame } from './sample-frame.js';

export function addVerifySamples({ page, add, wrong }: Frame): void {
  const verify = (kind: string, more: Partial<VerifyModel> = {}): VerifyModel => ({
    ...page,
    kind,
    action: to(`verify/${kind}`),
    chooseUrl: to('verify/choose'),
    purpose: 'sign-in',
    facts: { digits: 6 },
    ...more,
  });
  const begun = (kind: string) => ({ beginAction: to(`verify/${kind}/begin`), sent: true });
  add('totp', 'verify/totp', verify('totp', { trustDays: 30 }));
  add(
    'totp wrong',
    'verify/totp',
    verify('totp', {
      trustDays: 30,
      trustChosen: true,
      ...wrong('session.mfa.invalid_totp_code', { remainingAttempts: 3 }, 'code'),
    }),
    422,
  );
  add(
    'totp locked',
    'verify/totp',
    verify('totp', {
      lock: { seconds: 820, until: now + 820 },
      unlockUrl: to('verify/totp/unlock'),
      ...wrong('session.verification_blocked_too_many_attempts', { retryAfterSeconds: 820 }, 'code'),
    }),
    429,
  );
  const locked = { lock: { seconds: 45, until: now + 45 } };
  add('totp locked, before typing', 'verify/totp', verify('totp', { ...locked, trustDays: 30 }));
  add('email locked', 'verify/email', verify('email', { ...begun('email'), ...locked, facts: sentMail }));
  const { chooseUrl: _other, ...lockedAlone } = verify('sms', { ...begun('sms'), sent: false, ...locked });
  add('sms locked, alone', 'verify/sms', { ...lockedAlone, facts: sentText });
  add('closed', 'verify/totp', verify('totp', { lock: { closed: true } }));
  const unlock = { ...page, kind: 'totp', action: to('verify/totp/unlock'), verifyUrl: to('verify/totp') };
  add('unlock', 'verify/unlock', { ...unlock, answered: true });
  add(
    'unlock too soon',
    'verify/unlock',
    { ...unlock, ...wrong('session.verification_blocked_too_many_attempts', { retryAfterSeconds: 90 }, 'code') },
    429,
  );
  const { chooseUrl: _none, ...alone } = verify('totp', { purpose: 'step-up' });
  add('totp alone, step-up', 'verify/totp', alone);
  add('totp, unusual', 'verify/totp', { ...verify('totp'), unusual: true });
  add('backup', 'verify/backup-codes', verify('backup-codes'));
  add(
    'backup malformed',
    'verify/backup-codes',
    verify('backup-codes', wrong('request.invalid', { hint: 'backup.never_contains', field: 'code' })),
    400,
  );
  add('pass', 'verify/pass', verify('pass'));
  add('pass wrong', 'verify/pass', verify('pass', wrong('session.mfa.invalid_pass', {}, 'code')), 422);
  add(
    'pass malformed',
    'verify/pass',
    verify('pass', wrong('request.invalid', { hint: 'pass.format', field: 'code' })),
    400,
  );
  const { chooseUrl: _either, ...only } = verify('webauthn', { beginAction: to('verify/webauthn/begin') });
  add('webauthn alone', 'verify/webauthn', only);
  add('webauthn', 'verify/webauthn', verify('webauthn', { beginAction: to('verify/webauthn/begin'), trustDays: 1 }));
  add(
    'webauthn failed',
    'verify/webauthn',
    verify('webauthn', {
      ...begun('webauthn'),
      ...wrong('session.mfa.webauthn_verification_failed', { hint: 'webauthn.wrong_site' }, 'code'),
    }),
    422,
  );
  add('email', 'verify/email', verify('email', { ...begun('email'), resendAfterSeconds: 30, facts: sentMail }));
  add(
    'email unsent',
    'verify/email',
    verify('email', { ...begun('email'), sent: false, facts: { masked: 'al***@example.com' } }),
  );
  add(
    'email limited',
    'verify/email',
    verify('email', {
      ...begun('email'),
      sent: false,
      facts: { masked: 'al***@example.com' },
      ...wrong('connector.rate_limit_exceeded', { retryAfterSeconds: 540 }, 'code'),
    }),
    429,
  );
  add('sms', 'verify/sms', verify('sms', { ...begun('sms'), trustDays: 30, facts: sentText }));
  add(
    'sms expired',
    'verify/sms',
    verify('sms', { ...begun('sms'), facts: sentText, ...wrong('verification_code.expired', {}, 'code') }),
    422,
  );
  add('generic', 'verify/generic', verify('pigeon', { facts: {} }));
  add('generic unsent', 'verify/generic', verify('pigeon', { ...begun('pigeon'), sent: false, facts: {} }));
  add('choose', 'verify/choose', {
    ...page,
    purpose: 'step-up',
    ways: [
      { kind: 'totp', url: to('verify/totp'), lastUsed: true },
      { kind: 'webauthn', url: to('verify/webauthn') },
      { kind: 'sms', url: to('verify/sms'), detail: '***67' },
      { kind: 'pass', url: to('verify/pass') },
      { kind: 'email', url: to('verify/email'), detail: 'al***@example.com' },
      { kind: 'pigeon', url: to('verify/pigeon') },
      { kind: 'backup-codes', url: to('verify/backup-codes') },
    ],
  });
  add('choose, two locked', 'verify/choose', {
    ...page,
    purpose: 'sign-in',
    ways: [
      { kind: 'webauthn', url: to('verify/webauthn'), lastUsed: true },
      { kind: 'totp', url: to('verify/totp'), lock: { seconds: 820, until: now + 820 } },
      { kind: 'email', url: to('verify/email'), lock: { closed: true } },
    ],
  });
  add('choose, codes expired', 'verify/choose', {
    ...page,
    purpose: 'sign-in',
    passUrl: to('verify/pass'),
    ways: [{ kind: 'totp', url: to('verify/totp'), lastUsed: true }],
    codesWarning: { state: 'expired', left: 4, expiresAt: now - day, url: to('backup-codes') },
  });
}
