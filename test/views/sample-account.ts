// Backup codes and the account page, in every state.
import type { AuthenticatorModel, BackupCodesPendingModel, ManageModel } from '../../middleware/pages/view-model.js';
import type { Said } from '../../src/core/kernel/sign-in.js';
import { base, day, now, to } from './sample-frame.js';
import type { Frame } from './sample-frame.js';

const codesUrls = { url: to('backup-codes'), generateAction: to('backup-codes/generate') };

const codes = 'K7QF-3XTM 9RVA-WC2H P4NE-8YJD HB6Z-QK5S 2WTG-MX9C YD3R-7FPA V8JK-N4QE 5CHS-ZT6W GX2M-R9BD QA7P-K3VF';

const authenticators: AuthenticatorModel[] = [
  {
    id: 'p1',
    kind: 'webauthn',
    name: 'MacBook',
    createdAt: now - 260 * day,
    lastUsedAt: now - 3600,
    preferred: true,
    signal: { rpId: 'localhost', credentialId: 'Y3JlZA', userHandle: 'aGFuZGxl' },
  },
  { id: 't1', kind: 'totp', createdAt: now - 260 * day, lastUsedAt: now - 12 * day, disabled: true },
  { id: 'e1', kind: 'email', detail: 'al***@example.com', createdAt: now - 3 * day },
].map((one) => ({
  ...one,
  renameAction: to(`authenticators/${one.id}/rename`),
  removeAction: to(`authenticators/${one.id}/remove`),
}));

/** More than a record holds: every sentence there is. */
const activities =
  'verification-accepted locked lane-closed authenticator-disabled authenticator-enrolled authenticator-removed turned-off address-changed backup-codes-confirmed backup-codes-removed backup-code-used browser-trusted browser-trust-revoked browser-trust-reused reset unlocked something-else'.split(
    ' ',
  );

/** What the audit log tells besides. */
const onlyInLog =
  'verification-refused authenticator-flagged browser-trust-used sign-in-step-changed sign-ins-ended notice-objected recovery-completed'.split(
    ' ',
  );

export function addAccountSamples({ page, add, wrong }: Frame): void {
  const pending: BackupCodesPendingModel = {
    ...page,
    codes: codes.split(' '),
    revealToken: 'b3Zlcl90aGVfaGlsbHM',
    createdAt: now,
    expiresAt: now + 365 * day,
    lapsesInSeconds: 600,
    extendAction: to('backup-codes/extend'),
    downloadAction: to('backup-codes/download'),
    confirmAction: to('backup-codes/confirm'),
    confirm: 'checkbox',
  };
  add('codes pending', 'backup-codes/pending', { ...pending, progress: { at: 3, of: 3 } });
  add(
    'codes not saved',
    'backup-codes/pending',
    {
      ...pending,
      replaces: true,
      cancelUrl: base,
      ...wrong('request.invalid', { hint: 'backup.not_saved', field: 'saved' }),
    },
    400,
  );
  const { extendAction: _, ...extended } = pending;
  add('codes, type one', 'backup-codes/pending', {
    ...extended,
    lapsesInSeconds: 90,
    codes: pending.codes.map((code) => `${code}-${code}`),
    confirm: 'type-one',
    expiresAt: null,
  });
  add('codes lapsed', 'backup-codes/status', {
    ...page,
    lapsed: true,
    total: 0,
    remaining: 0,
    codes: [],
    generateAction: to('backup-codes/generate'),
    manageUrl: base,
  });
  const status = {
    ...page,
    total: 10,
    remaining: 2,
    codes: Array.from({ length: 10 }, (_, i) => ({
      index: i + 1,
      createdAt: now - 200 * day,
      ...(i < 8 ? { usedAt: now - (40 - i) * day } : {}),
    })),
    createdAt: now - 200 * day,
    expiresAt: now + 165 * day,
    generateAction: to('backup-codes/generate'),
    manageUrl: base,
  };
  add('codes', 'backup-codes/status', {
    ...status,
    removeAction: to('backup-codes/remove'),
    codesWarning: { state: 'low', left: 2, url: to('backup-codes'), setUpUrl: to('setup') },
  });
  const used = { ...page, total: 10, remaining: 7, continueUrl: '/account', setUpUrl: to('setup') };
  add('code used', 'backup-codes/used', used);
  add('code used, few left', 'backup-codes/used', { ...used, remaining: 1, codesUrl: to('backup-codes') });
  add('codes expired', 'backup-codes/status', {
    ...status,
    expired: true,
    codesWarning: { state: 'expired', left: 2, expiresAt: now - day, url: to('backup-codes') },
  });
  add('no codes', 'backup-codes/status', {
    ...status,
    total: 0,
    remaining: 0,
    codes: [],
    codesWarning: { state: 'empty', left: 0, url: to('backup-codes') },
  });

  add('remove codes', 'manage/remove', {
    ...page,
    authenticator: { id: 'c1', kind: 'backup-codes', createdAt: now },
    action: to('backup-codes/remove'),
    cancelUrl: to('backup-codes'),
    leaves: 'others',
    codesLeft: 7,
  });
  addManageSamples({ page, add, wrong });
}

/** The account page, and what is asked before something goes. */
function addManageSamples({ page, add, wrong }: Pick<Frame, 'page' | 'add' | 'wrong'>): void {
  const browser = { createdAt: now - 10 * day, expiresAt: now + 20 * day };
  const manage: ManageModel = {
    ...page,
    on: true,
    state: 'good',
    methods: 2,
    account: 'q8Zt',
    since: now - 260 * day,
    authenticators,
    backupCodes: { total: 10, remaining: 7, createdAt: now - 200 * day, expiresAt: now + 165 * day, ...codesUrls },
    preferable: { kinds: ['webauthn', 'totp'], current: 'webauthn' },
    recoverUrl: to('recover'),
    turnOffUrl: to('turn-off'),
    addUrl: to('setup'),
    trustedBrowsers: [
      {
        id: 'b1',
        name: 'Firefox on Linux',
        ...browser,
        lastUsedAt: now - day,
        current: true,
        revokeAction: to('trusted-browsers/b1/revoke'),
      },
      { id: 'b2', ...browser, revokeAction: to('trusted-browsers/b2/revoke') },
    ],
    activity: activities.map((what, index) => ({
      at: now - index * 7200,
      what,
      ...(/authenticator|accepted|locked|address/.test(what) ? { kind: 'totp' } : {}),
      ...(index % 2 === 0 ? { browser: 'Firefox · Linux' } : {}),
    })),
    allActivityUrl: to('activity'),
    revokeAllAction: to('trusted-browsers/revoke-all'),
    preferencesAction: to('preferences'),
    endOthersAction: to('sign-ins/end-others'),
    signInStep: 'on',
    promptsSkipped: true,
  };
  add('all activity', 'manage/activity', {
    ...page,
    activity: [...activities, ...onlyInLog].map((what, index) => ({
      at: now - index * 7200,
      what,
      ...(/authenticator|accepted|refused|locked|address/.test(what) ? { kind: 'totp' } : {}),
      ...(index % 2 === 0 ? { browser: 'Firefox · Linux', ip: '2001:db8::17' } : {}),
      ...(what === 'verification-refused' ? { count: 12 } : {}),
    })),
    olderUrl: to('activity?before=2s'),
    manageUrl: base,
  });
  add('all activity, none', 'manage/activity', { ...page, activity: [], manageUrl: base });
  add('all activity, no more', 'manage/activity', {
    ...page,
    activity: [],
    newestUrl: to('activity'),
    manageUrl: base,
  });
  add('manage', 'manage', {
    ...manage,
    methods: 1,
    backupCodes: { total: 10, remaining: 1, createdAt: now - 200 * day, expiresAt: now + 165 * day, ...codesUrls },
    codesWarning: { state: 'low', left: 1, url: to('backup-codes') },
    laneClosed: true,
  });
  add('manage, by backup code', 'manage', {
    ...manage,
    codesWarning: { state: 'used', left: 7, url: to('backup-codes'), setUpUrl: to('setup') },
  });
  add(
    'manage, renamed badly',
    'manage',
    {
      ...manage,
      authenticators: authenticators.map((own) => (own.id === 'p1' ? { ...own, typedName: 'x'.repeat(65) } : own)),
      error: { ...wrong('request.invalid', {}, 'name').error, field: 'name-p1' },
    },
    400,
  );
  add('manage, expired codes', 'manage', {
    ...manage,
    allHad: true,
    trustedBrowsers: [],
    signInStep: 'off',
    backupCodes: { total: 10, remaining: 2, expired: true, expiresAt: now - day, ...codesUrls },
  });
  const { allActivityUrl, activity, addUrl, revokeAllAction, preferencesAction } = manage;
  const never: ManageModel = {
    ...page,
    on: false,
    state: 'off',
    methods: 0,
    authenticators: [],
    revokeAllAction,
    preferencesAction,
    ...(activity ? { activity: activity.slice(0, 2) } : {}),
    ...(allActivityUrl === undefined ? {} : { allActivityUrl }),
    ...(addUrl === undefined ? {} : { addUrl }),
  };
  add('manage, nothing', 'manage', never);
  add('manage, begun', 'manage', { ...never, finishUrl: to('backup-codes') });
  const saids: Said[] = [
    { what: 'added', kind: 'webauthn', name: 'Work laptop', to: ['al***@example.com', '***67'] },
    { what: 'preferred', kind: 'totp' },
    ...'removed replaced renamed codes-saved trust-ended trust-ended-all others-signed-out turned-off preferred-none sign-in-step-on sign-in-step-off prompts-reset lane-opened something-else'
      .split(' ')
      .map((what) => ({ what, kind: 'totp' })),
  ];
  for (const said of saids.slice(0, 1)) add('manage, said', 'manage', { ...manage, said, turnOffUrl: to('turn-off') });
  for (const said of saids.slice(1))
    add(`manage, said ${said.what}`, 'manage', { ...never, said, state: 'off', on: false });
  for (const state of ['phone', 'single', 'codes', 'broken'] as const) {
    add(`manage, ${state}`, 'manage', {
      ...manage,
      state,
      methods: state === 'codes' || state === 'broken' ? 0 : 1,
      authenticators: authenticators.slice(1, state === 'phone' ? 2 : 1),
      ...(state === 'broken' ? { allHad: true } : {}),
      backupCodes: { total: 0, remaining: state === 'codes' ? 4 : 0, ...codesUrls },
    });
  }
  const { backupCodes: _codes, ...alone } = manage;
  add('manage, phone, no codes', 'manage', { ...alone, state: 'phone', methods: 1 });
  add('manage, single, no codes', 'manage', { ...alone, state: 'single', methods: 1 });
  add('manage, good without codes', 'manage', { ...alone, methods: 2 });
  for (const leaves of ['others', 'backup-codes', 'nothing', 'must-enroll'] as const) {
    const authenticator = authenticators[leaves === 'others' ? 2 : 0] as AuthenticatorModel;
    const asked = {
      ...page,
      authenticator,
      action: to('authenticators/p1/remove'),
      cancelUrl: base,
      leaves,
      codesLeft: 7,
    };
    add(`remove, leaves ${leaves}`, 'manage/remove', asked);
    if (leaves === 'backup-codes') {
      const error = wrong('request.invalid', { field: 'keepBackupCodes' });
      add('remove, not chosen', 'manage/remove', { ...asked, ...error, codesLeft: 1 }, 400);
    }
  }
  for (const left of ['others', 'backup-codes'] as const) {
    add(`removed, left ${left}`, 'manage/removed', { ...page, kind: 'totp', left, verifyUrl: to('verify') });
  }
  add('turn off', 'turn-off', {
    ...page,
    authenticators,
    codesLeft: 7,
    browsers: 2,
    action: to('turn-off'),
    cancelUrl: base,
  });
}
