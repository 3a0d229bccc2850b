// Where a person is stopped: recovery, objection, a step that is owed first, errors.
import { base, day, now, to } from './sample-frame.js';
import { addRecoveringSamples } from './sample-recovering.js';
import type { Frame } from './sample-frame.js';

export function addStopSamples({ page, add, wrong }: Frame): void {
  const kinds = ['webauthn', 'totp', 'email', 'backup-codes'];
  add('recover', 'recover', { ...page, kinds });
  add('recover, pending', 'recover', {
    ...page,
    kinds,
    waysUrl: to('verify/choose'),
    passUrl: to('verify/pass'),
    brand: { help: { url: 'https://help.example.com/mfa' } },
  });
  add('recover, all ways to ask', 'recover', {
    ...page,
    kinds: ['totp'],
    waysUrl: to('verify/choose'),
    brand: {
      help: {
        phone: '020 7946 0000',
        hours: 'Monday to Friday, 9 to 17',
        email: 'support@example.com',
        asks: ['the e-mail address of your account', 'when and from where you last signed in'],
      },
    },
  });
  addRecoveringSamples({ page, add, wrong });
  for (const what of [
    'factor-added',
    'factor-removed',
    'turned-off',
    'backup-code-used',
    'backup-codes-renewed',
    'address-changed',
    'browser-trusted',
    'reset',
    'failures',
    'lane-closed',
    'authenticator-disabled',
    'recovery',
    'authenticator-flagged',
    'sign-in-step-off',
    'browser-trust-ended',
    'pass-issued',
    'pass-used',
  ]) {
    add(`object, ${what}`, 'object', { ...page, step: 'ask', action: to('object/abc'), what, at: now - 3600 });
  }
  const added = { kind: 'webauthn', name: 'Pixel', browser: 'Chrome · Windows' };
  const change = { what: 'factor-added', ...added, at: now - 3600, continueUrl: '/' };
  const asked = { step: 'ask' as const, action: to('object/abc'), at: now - 3600, browser: added.browser };
  add('object, a passkey', 'object', { ...page, ...asked, ...added, what: 'factor-added' });
  add('object, 6 codes left', 'object', { ...page, ...asked, what: 'backup-code-used', left: 6, hours: 24 });
  add('object, 1 hour', 'object', { ...page, ...asked, what: 'pass-used', hours: 1 });
  const barred = { what: 'backup-code-used', at: now, continueUrl: '/', barredUntil: now + day };
  add('object, codes barred', 'object', { ...page, ...barred, step: 'done', did: 'sessions-ended' });
  add('object, 10 failures', 'object', { ...page, ...asked, what: 'failures', left: 10 });
  add('object, closed', 'object', { ...page, ...asked, what: 'lane-closed', left: 50 });
  add('object, a reset, done', 'object', {
    ...page,
    at: now,
    continueUrl: '/',
    what: 'reset',
    step: 'done',
    did: 'start-again',
  });
  for (const did of [
    'taken-away',
    'address-kept',
    'start-again',
    'start-again-granted',
    'asked-again',
    'sessions-ended',
    'is-off',
  ] as const) {
    add(`object, ${did}`, 'object', { ...page, ...change, step: 'done', did });
  }
  for (const what of ['recovery', 'address-changed', 'backup-codes-renewed', 'backup-code-used', 'pass-issued'])
    add(`object, ${what}, done`, 'object', { ...page, ...change, what, step: 'done', did: 'taken-away' });
  for (const what of [
    'factor-removed',
    'browser-trusted',
    'browser-trust-ended',
    'authenticator-flagged',
    'failures',
    'lane-closed',
    'authenticator-disabled',
  ])
    add(`object, ${what}, done`, 'object', { ...page, ...change, what, step: 'done', did: 'sessions-ended' });
  add('object, used', 'object', { ...page, ...change, step: 'used', did: 'taken-away', objectedAt: now - 60 });
  add('object, used long ago', 'object', { ...page, step: 'used', continueUrl: '/' });
  add('object, lapsed', 'object', { ...page, step: 'lapsed', lapsedAt: now - 60, continueUrl: '/' }, 404);
  add('object, done', 'object', {
    ...page,
    ...change,
    step: 'done',
    did: 'taken-away',
    brand: { help: { text: 'Call the help desk: 030 1234567.' } },
  });
  for (const code of [
    'session.mfa.step_up_required',
    'session.mfa.require_mfa_verification',
    'user.missing_mfa',
    'session.mfa.backup_code_required',
    'session.mfa.recovery_required',
  ] as const) {
    add(
      `stopped, ${code}`,
      'step-up',
      { ...page, code, continueUrl: to('verify') },
      code === 'session.mfa.step_up_required' ? 401 : 403,
    );
  }
  add(
    'stopped, another kind is needed',
    'step-up',
    { ...page, code: 'user.missing_mfa', continueUrl: to('setup') },
    403,
  );
  const form = { code: 'session.mfa.step_up_required' as const, continueUrl: to('verify'), path: '/payouts' };
  const label = 'Change the payout account';
  add('form stopped', 'step-up', { ...page, ...form, why: 'missing', cancelUrl: '/payouts' }, 401);
  add(
    'form stopped, kept',
    'step-up',
    { ...page, ...form, why: 'expired', kept: true, label, cancelUrl: '/payouts' },
    401,
  );
  add('form stopped, kind', 'step-up', { ...page, ...form, why: 'kind', label }, 401);
  const repeated = { ...page, path: '/payouts', formUrl: '/payouts' };
  add('repeat', 'repeat', {
    ...repeated,
    step: 'offer',
    label,
    action: to('repeat?id=abc'),
    fields: [
      ['iban', 'GB82'],
      ['_csrf', 'Jq3v0Yw6b1TnK5s8'],
    ],
    keptMinutes: 5,
  });
  add('repeat, one minute', 'repeat', {
    ...repeated,
    step: 'offer',
    action: to('repeat?id=abc'),
    fields: [],
    keptMinutes: 1,
  });
  add('repeat by hand', 'repeat', { ...repeated, step: 'by-hand', label });
  add('repeat, gone', 'repeat', { ...repeated, step: 'gone' }, 404);
  const { path: _none, ...nothing } = repeated;
  add('repeat, pressed before', 'repeat', { ...nothing, step: 'gone' }, 404);
  const { signedInAs: _nobody, ...anonymous } = page;
  add(
    'not signed in',
    'error',
    { ...anonymous, status: 401, ...wrong('session.not_signed_in'), links: [{ to: 'sign-in', url: '/login' }] },
    401,
  );
  add(
    'store down',
    'error',
    {
      ...page,
      status: 503,
      requestId: '7f3a9c21',
      ...wrong('store.unavailable'),
      links: [
        { to: 'retry', url: to('verify') },
        { to: 'recover', url: to('recover') },
      ],
    },
    503,
  );
  add(
    'expired',
    'error',
    {
      ...page,
      status: 400,
      ...wrong('session.mfa.pending_info_not_found'),
      links: [
        { to: 'verify', url: to('verify') },
        { to: 'back', url: '/' },
      ],
    },
    400,
  );
  add(
    'csrf',
    'error',
    {
      ...page,
      status: 403,
      ...wrong('request.csrf'),
      links: [
        { to: 'manage', url: base },
        { to: 'setup', url: to('setup') },
      ],
    },
    403,
  );
  add(
    'shown to somebody else',
    'error',
    { ...page, status: 403, ...wrong('session.mfa.impersonated'), links: [{ to: 'leave', url: '/leave' }] },
    403,
  );
  add(
    'on hold',
    'error',
    {
      ...page,
      status: 403,
      ...wrong('session.mfa.on_hold', { retryAfterSeconds: 80_000, heldUntil: now + 80_000 }),
      links: [{ to: 'verify', url: to('verify') }],
    },
    403,
  );
  add(
    'suspended',
    'error',
    {
      ...page,
      status: 403,
      ...wrong('session.mfa.suspended'),
      help: true,
      links: [{ to: 'sign-out', url: to('sign-out'), isForm: true }],
    },
    403,
  );
  add(
    'blocked',
    'error',
    {
      ...page,
      status: 403,
      ...wrong('session.mfa.blocked'),
      help: true,
      links: [{ to: 'sign-out', url: to('sign-out'), isForm: true }],
    },
    403,
  );
  add(
    'sign in again',
    'error',
    {
      ...page,
      status: 403,
      ...wrong('session.mfa.first_enrollment_unconfirmed', { hint: 'enroll.sign_in_again' }),
      links: [{ to: 'manage', url: base }],
    },
    403,
  );
  add(
    'limited',
    'error',
    {
      ...page,
      status: 429,
      ...wrong('connector.rate_limit_exceeded', { retryAfterSeconds: 7200 }),
      links: [{ to: 'verify', url: to('verify') }],
    },
    429,
  );
  add(
    'not found',
    'error',
    { ...page, status: 404, ...wrong('session.verification_session_not_found'), links: [{ to: 'manage', url: base }] },
    404,
  );
}
