// The view models: one plain model per view, beside what all pages share. Times are whole Unix seconds, words come
// from `t`.
import type { ErrorCode } from '../../src/core/words/errors.js';
import type {
  ChooseModel,
  SetupConfirmModel,
  SetupIndexModel,
  SetupModel,
  UnlockModel,
  VerifyModel,
} from './factor-models.js';
import type { PageError, PageModel } from './page-model.js';

export type {
  ChooseModel,
  FactorFacts,
  Lock,
  SetupConfirmModel,
  SetupIndexModel,
  SetupModel,
  VerifyModel,
  Way,
} from './factor-models.js';
export { pageModel } from './page-model.js';
export type { CodesWarning, PageError, PageFacts, PageHelp, PageModel } from './page-model.js';

/** A set not yet confirmed, shown with its codes. */
export type BackupCodesPendingModel = PageModel & {
  codes: string[];
  revealToken: string;
  createdAt: number;
  /** Absent or null: never. */
  expiresAt?: number | null;
  /** Seconds until the set lapses if it is not confirmed. */
  lapsesInSeconds: number;
  /** Ten more minutes; absent once they were taken. */
  extendAction?: string;
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
  /** A set was shown here and not confirmed in time: what was written down does not count. */
  lapsed?: boolean;
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
  /** On to the page first asked for: a code that left few led past here. */
  continueUrl?: string;
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
  /** A passkey, so that the browser can be told which ones are still accepted. */
  signal?: { rpId: string; credentialId: string; userHandle: string };
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

/** Something that happened; `what` is the name of an event, `count` how often at once. */
export type ActivityEntryModel = {
  at: number;
  what: string;
  kind?: string;
  browser?: string;
  ip?: string;
  count?: number;
};

/** All activity, a page of it, newest first. */
export type ActivityModel = PageModel & {
  activity: ActivityEntryModel[];
  /** Absent: there is nothing older. */
  olderUrl?: string;
  /** Absent: this is the newest page. */
  newestUrl?: string;
  manageUrl: string;
};

/** The account page. */
export type ManageModel = PageModel & {
  on: boolean;
  /** Since when, Unix seconds. */
  since?: number;
  authenticators: AuthenticatorModel[];
  /** Where passkeys are in use: an opaque name of the person, so that one browser's two people are told apart. */
  account?: string;
  /** Absent: not in use in this app. */
  backupCodes?: { total: number; remaining: number; expiresAt?: number | null; expired?: boolean; url: string };
  /** Absent: nothing to add. */
  addUrl?: string;
  /** Nothing is missing: what is had can only be replaced. */
  allHad?: true;
  /** Absent: trusted browsers are off. */
  trustedBrowsers?: TrustedBrowserModel[];
  revokeAllAction: string;
  preferencesAction: string;
  /** Ends every other sign-in of this person; where something was proved in them. */
  endOthersAction?: string;
  /** Too many wrong answers from unknown browsers: only browsers that passed before may answer; opened by `openLane`. */
  laneClosed?: boolean;
  /** What happened lately, newest first; `what` is the name of an event. */
  activity?: ActivityEntryModel[];
  /** All of it; absent where the app keeps no audit log. */
  allActivityUrl?: string;
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
  step: 'ask' | 'done' | 'used' | 'lapsed';
  /** The form; only with `ask`. */
  action?: string;
  /** When it happened. */
  at?: number;
  /** What happened: `what` of the notice. */
  what?: string;
  /** What came of it; absent with `ask`, and where a used link can no longer say. */
  did?: 'taken-away' | 'address-kept' | 'start-again' | 'start-again-granted' | 'asked-again' | 'sessions-ended';
  /** When it was said, and when the link lapsed; Unix seconds. */
  objectedAt?: number;
  lapsedAt?: number;
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
  /** Says where help is: nothing that the person can do leads on. */
  help?: true;
  /** What helps: sign in, go on, try again. `isForm`: a button that posts to `url`. */
  links: {
    to: 'sign-in' | 'sign-out' | 'verify' | 'setup' | 'manage' | 'recover' | 'back' | 'retry';
    url: string;
    isForm?: true;
  }[];
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
  'verify/unlock': UnlockModel;
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
  'manage/activity': ActivityModel;
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
