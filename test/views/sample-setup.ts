// The enrolment pages, in every state.
import type { FactorFacts, SetupIndexModel, SetupModel } from '../../middleware/pages/view-model.js';
import { base, day, now, sentMail, sentText, to } from './sample-frame.js';
import type { Frame } from './sample-frame.js';

const qr =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" aria-hidden="true"><path fill="#fff" d="M0 0h9v9H0z"/>' +
  '<path fill="#000" d="M1 1h3v3H1zM5 1h3v1H5zM6 3h2v2H6zM1 5h2v3H1zM4 5h1v2H4zM5 7h3v1H5z"/></svg>';

const totpSetup: FactorFacts = {
  secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
  groups: ['JBSW', 'Y3DP', 'EHPK', '3PXP', 'JBSW', 'Y3DP', 'EHPK', '3PXP'],
  uri: 'otpauth://totp/Acme:alma%40example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Acme',
  qr,
  algorithm: 'SHA1',
  digits: 6,
  period: 30,
};

export function addSetupSamples({ page, add, wrong }: Frame): void {
  const index = (purpose: SetupIndexModel['purpose'], more: Partial<SetupIndexModel> = {}) =>
    add(`set-up, ${purpose}`, 'setup/index', {
      ...page,
      purpose,
      ways: ['webauthn', 'totp', 'sms', 'email'].map((kind, at) => ({
        kind,
        url: to(`setup/${kind}`),
        ...(at === 0 ? { recommended: true } : {}),
      })),
      ...more,
    });
  index('choose', {
    cancelUrl: base,
    ways: [
      { kind: 'webauthn', url: to('setup/webauthn'), enrolled: true },
      { kind: 'totp', url: to('setup/totp'), enrolled: true, replaces: true },
    ],
    codesWarning: { state: 'expiring', left: 7, expiresAt: now + 6 * day, url: to('backup-codes') },
  });
  const first = [{ kind: 'totp', url: to('setup/totp') }];
  add('set-up, choose the first', 'setup/index', { ...page, purpose: 'choose', ways: first, cancelUrl: base });
  index('required', { progress: { at: 1, of: 3 } });
  const passkey = { kind: 'webauthn', url: to('setup/webauthn') };
  index('asked', { cancelUrl: base, ways: [passkey, { kind: 'totp', url: to('setup/totp') }] });
  add('set-up, asked for a passkey', 'setup/index', { ...page, purpose: 'asked', ways: [passkey], cancelUrl: base });
  index('suggest-mfa', { progress: { at: 1, of: 3 }, skipAction: to('setup/skip'), graceUntil: now + 20 * day });
  index('suggest-another', { skipAction: to('setup/skip') });

  const setup = (kind: string, more: Partial<SetupModel> = {}): SetupModel => ({
    ...page,
    kind,
    action: to(`setup/${kind}`),
    beginAction: to(`setup/${kind}/begin`),
    cancelUrl: to('setup'),
    facts: { digits: 6 },
    ...more,
  });
  add('set-up totp', 'setup/totp', setup('totp', { facts: totpSetup }));
  add(
    'set-up totp again, too short',
    'setup/totp',
    setup('totp', {
      facts: totpSetup,
      replaces: true,
      ...wrong('request.invalid', { hint: 'totp.too_short', field: 'code', params: { digits: 6, typed: 5 } }),
    }),
    400,
  );
  const apps = [
    { id: 'a1', name: 'Work phone', createdAt: now - 9 * day },
    { id: 'a2', createdAt: now, chosen: true },
  ];
  const several = { named: true, facts: { ...totpSetup, label: 'alma@example.com (3)' } };
  add(
    'set-up totp, one of several',
    'setup/totp',
    setup('totp', { ...several, replaceable: { full: false, ways: apps } }),
  );
  add(
    'set-up totp, too many',
    'setup/totp',
    setup('totp', {
      ...several,
      replaceable: { full: true, ways: apps },
      ...wrong('user.too_many_authenticators', { field: 'replaces' }),
    }),
    409,
  );
  add(
    'set-up totp, not theirs',
    'setup/totp',
    setup('totp', {
      ...several,
      ...wrong('request.invalid', { field: 'replaces' }),
      typedName: 'Work <phone>',
      replaceable: { full: false, ways: apps },
    }),
    400,
  );
  add('set-up webauthn', 'setup/webauthn', setup('webauthn', { named: true }));
  add('set-up email', 'setup/email', setup('email', { step: 'address', facts: { address: 'alma@example.com' } }));
  add(
    'set-up email malformed',
    'setup/email',
    setup('email', {
      step: 'address',
      facts: { address: 'alma' },
      ...wrong('request.invalid', { hint: 'email.invalid', field: 'address' }),
    }),
    400,
  );
  add(
    'set-up email code',
    'setup/email',
    setup('email', {
      step: 'code',
      changeUrl: to('setup/email?change=yes'),
      progress: { at: 2, of: 3 },
      resendAfterSeconds: 25,
      facts: { ...sentMail, address: 'alma@example.com' },
    }),
  );
  add('set-up sms', 'setup/sms', setup('sms', { step: 'address', replaces: true }));
  add(
    'set-up sms code',
    'setup/sms',
    setup('sms', { step: 'code', changeUrl: to('setup/sms?change=yes'), facts: sentText }),
  );
  add('set-up generic', 'setup/generic', setup('pigeon', { facts: {} }));
  add('set-up generic address', 'setup/generic', setup('pigeon', { step: 'address', facts: {} }));
  const finished = { ...page, first: 'totp', kinds: ['totp'], continueUrl: '/account', manageUrl: base };
  add('set-up done', 'setup/done', {
    ...finished,
    codes: 10,
    suggestion: { kind: 'webauthn', url: to('setup/webauthn') },
  });
  for (const exposed of ['phone', 'single'] as const) {
    add(`set-up done, exposed ${exposed}`, 'setup/done', {
      ...finished,
      exposed,
      ...(exposed === 'phone' ? { suggestion: { kind: 'webauthn', url: to('setup/webauthn') } } : {}),
    });
  }
  const confirm = { ...page, action: to('setup/confirm'), beginAction: to('setup/confirm/begin'), facts: sentMail };
  add('confirm by code', 'setup/confirm', { ...confirm, via: 'email', sent: true, cancelUrl: base });
  add('confirm unsent', 'setup/confirm', {
    ...confirm,
    progress: { at: 1, of: 3 },
    via: 'sms',
    facts: { masked: '***67' },
  });
  add('confirm by grant', 'setup/confirm', { ...confirm, via: 'granted' });
}
