// The view models: one plain model per view, beside what all pages share. Times are whole Unix seconds, words come
// from `t`.
import type { ErrorCode } from '../src/core/errors.js';
import type { Json } from '../src/core/ports.js';
import type { PageError, PageModel } from './page-model.js';

export { pageModel } from './page-model.js';
export type { CodesWarning, PageError, PageFacts, PageHelp, PageModel } from './page-model.js';

/** A way to verify, in the order offered; backup codes last. */
export type Way = {
  kind: string;
  url: string;
  /** The factor this person used last. */
  lastUsed?: boolean;
  /** A masked address, or the name that the person gave. */
  detail?: string;
};

/**
 * What a factor tells its page: the `shown` half of what was begun, together with `describe` of the authenticator.
 * Fields that a page of ours reads are named; a host's own factor adds what its own page needs.
 */
export type FactorFacts = {
  /** Length of the code. */
  digits?: number;
  /** Where the code went. */
  masked?: string;
  sentAt?: number;
  expiresAt?: number;
  /** Which code of this purpose it is, counted from 1; only the newest counts. */
  number?: number;
  /** Backup codes: groups of four characters in a code, default 2. */
  groupCount?: number;
  /** TOTP set-up: base32 in groups of four. */
  groups?: string[];
  /** TOTP set-up: the `otpauth://` address. */
  uri?: string;
  /** TOTP set-up: a whole `<svg>` made by us, never from input; the one slot that is not escaped. */
  qr?: string;
  algorithm?: string;
  /** Seconds. */
  period?: number;
  /** Set-up of an address: one that the host knows, to fill the field with. */
  address?: string;
  [key: string]: Json | undefined;
};

/** A challenge: `verify/<kind>`. The same shape for every factor, so that no router need know one. */
export type VerifyModel = PageModel & {
  kind: string;
  /** Where the answer goes. */
  action: string;
  /** Where a code is asked for, or WebAuthn request options are fetched; absent: nothing is begun. */
  beginAction?: string;
  /** Whether a code of this session is on its way. */
  sent?: boolean;
  /** Seconds until another code may be asked for; 0 or absent: now. */
  resendAfterSeconds?: number;
  /** Where the other ways stand; absent: there is no other way. */
  chooseUrl?: string;
  /** Offers "Trust this browser". */
  trustDays?: number;
  /** `step-up`: the person is signed in and proves themselves again. */
  purpose: 'sign-in' | 'step-up';
  facts: FactorFacts;
};

export type ChooseModel = PageModel & { ways: Way[]; purpose: 'sign-in' | 'step-up' };

/** Choosing a factor to add; also the suggestion that may be skipped. */
export type SetupIndexModel = PageModel & {
  /** `choose`: from the account page. `required`: must enrol. The others are suggestions of the policy. */
  purpose: 'choose' | 'required' | 'suggest-mfa' | 'suggest-another';
  /** `replaces`: one of this kind is enrolled and a new one takes its place. */
  ways: (Way & { enrolled?: boolean; replaces?: boolean })[];
  /** The form "Not now"; absent: cannot be skipped. */
  skipAction?: string;
  /** Until when it may be skipped. */
  graceUntil?: number;
  /** Back to the account page. */
  cancelUrl?: string;
};

/** Enrolment: `setup/<kind>`. The same shape for every factor. */
export type SetupModel = PageModel & {
  kind: string;
  /** Where the confirming answer goes. */
  action: string;
  /** Begins: sends a code to `address`, makes a new secret, gives WebAuthn creation options. */
  beginAction: string;
  /** Only for an address: typed first, then its code. */
  step?: 'address' | 'code';
  /** Seconds until another code may be asked for. */
  resendAfterSeconds?: number;
  /** One of this kind is enrolled; it stays valid until this one is confirmed. */
  replaces?: boolean;
  /** Whether the person may give it a name. */
  named?: boolean;
  /** Back to the list or the account page. */
  cancelUrl?: string;
  facts: FactorFacts;
};

/** The code to the known address, or the granted one, before a first enrolment. */
export type SetupConfirmModel = PageModel & {
  action: string;
  /** `granted`: a one-time code that an administrator gave. */
  via: 'email' | 'sms' | 'granted';
  beginAction?: string;
  sent?: boolean;
  resendAfterSeconds?: number;
  cancelUrl?: string;
  facts: FactorFacts;
};

/** A set not yet confirmed, shown with its codes. */
export type BackupCodesPendingModel = PageModel & {
  codes: string[];
  revealToken: string;
  createdAt: number;
  /** Absent or null: never. */
  expiresAt?: number | null;
  /** Seconds until the set lapses if it is not confirmed. */
  lapsesInSeconds: number;
  downloadAction: string;
  confirmAction: string;
  confirm: 'checkbox' | 'type-one';
  /** An older set works until this one is confirmed. */
  replaces?: boolean;
  cancelUrl?: string;
};

export type BackupCodeStatus = { index: number; createdAt: number; usedAt?: number; expiresAt?: number | null };

/** The set in force, without its codes. */
export type BackupCodesStatusModel = PageModel & {
  total: number;
  remaining: number;
  codes: BackupCodeStatus[];
  createdAt?: number;
  /** Absent or null: never. */
  expiresAt?: number | null;
  expired?: boolean;
  generateAction: string;
  /** Absent: there is no set. */
  removeAction?: string;
  manageUrl: string;
};

export type AuthenticatorModel = {
  id: string;
  kind: string;
  /** The name that the person gave. */
  name?: string;
  /** A masked address. */
  detail?: string;
  createdAt: number;
  lastUsedAt?: number;
  /** Disabled after too many wrong codes. */
  disabled?: boolean;
  renameAction?: string;
  removeAction?: string;
};

export type TrustedBrowserModel = {
  id: string;
  name?: string;
  createdAt: number;
  lastUsedAt?: number;
  expiresAt: number;
  current?: boolean;
  revokeAction: string;
};

/** The account page. */
export type ManageModel = PageModel & {
  on: boolean;
  /** Since when, Unix seconds. */
  since?: number;
  authenticators: AuthenticatorModel[];
  /** Absent: not in use in this app. */
  backupCodes?: { total: number; remaining: number; expiresAt?: number | null; expired?: boolean; url: string };
  /** Absent: nothing to add. */
  addUrl?: string;
  /** Absent: trusted browsers are off. */
  trustedBrowsers?: TrustedBrowserModel[];
  revokeAllAction: string;
  preferencesAction: string;
  /** Too many wrong answers from unknown browsers: only browsers that passed before may answer; opened by `openLane`. */
  laneClosed?: boolean;
  /** The sign-in switch; absent where the policy does not leave it to the person. */
  signInStep?: 'on' | 'off';
  /** Whether skipped suggestions are remembered and can be reset. */
  promptsSkipped?: boolean;
};

/** "Are you sure": the answer to a removal that was not confirmed yet; the form posts again with `confirmed=yes`. */
export type ManageRemoveModel = PageModel & {
  authenticator: AuthenticatorModel;
  action: string;
  cancelUrl: string;
  /** What is left afterwards: other ways, backup codes only, nothing (MFA is then off), or nothing though it is mandatory. */
  leaves: 'others' | 'backup-codes' | 'nothing' | 'must-enroll';
};

/** Protected, but nothing usable is left; or asked for by somebody who cannot use what they have. */
export type RecoverModel = PageModel & {
  /** Back to the challenge, where there is one. */
  verifyUrl?: string;
};

/** "This wasn't me", from a notice. */
export type ObjectModel = PageModel & {
  step: 'ask' | 'done';
  /** The form; absent when done. */
  action?: string;
  /** When it happened. */
  at?: number;
  /** What happened: `what` of the notice. */
  what?: string;
  continueUrl?: string;
};

/** A request other than GET was stopped: do the step first, then submit again. */
export type StepUpModel = PageModel & {
  code: ErrorCode;
  /** The step that is owed. */
  continueUrl: string;
};

/** Any error outside a form. */
export type ErrorModel = PageModel & {
  error: PageError;
  status: number;
  /** What helps: sign in, go on, try again. */
  links: { to: 'sign-in' | 'verify' | 'setup' | 'manage' | 'recover' | 'back' | 'retry'; url: string }[];
};

/** Every view and what it is told. */
export type ViewModels = {
  'verify/totp': VerifyModel;
  'verify/backup-codes': VerifyModel;
  'verify/webauthn': VerifyModel;
  'verify/email': VerifyModel;
  'verify/sms': VerifyModel;
  'verify/generic': VerifyModel;
  'verify/choose': ChooseModel;
  'setup/index': SetupIndexModel;
  'setup/totp': SetupModel;
  'setup/webauthn': SetupModel;
  'setup/email': SetupModel;
  'setup/sms': SetupModel;
  'setup/generic': SetupModel;
  'setup/confirm': SetupConfirmModel;
  'backup-codes/pending': BackupCodesPendingModel;
  'backup-codes/status': BackupCodesStatusModel;
  manage: ManageModel;
  'manage/remove': ManageRemoveModel;
  recover: RecoverModel;
  object: ObjectModel;
  'step-up': StepUpModel;
  error: ErrorModel;
};

export type ViewName = keyof ViewModels;

/** The challenge pages of the factors. */
export type VerifyView = { [V in ViewName]: ViewModels[V] extends VerifyModel ? V : never }[ViewName];

/** The enrolment pages of the factors. */
export type SetupView = { [V in ViewName]: ViewModels[V] extends SetupModel ? V : never }[ViewName];
