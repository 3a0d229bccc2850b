// The view models: one plain model per view, beside what all pages share. Times are whole Unix seconds, words come
// from `t`.
import type { Done } from '../../src/core/rules/take-back.js';
import type { ErrorCode } from '../../src/core/words/errors.js';
import type {
  ActivityModel,
  ManageModel,
  ManageRemovedModel,
  ManageRemoveModel,
  TurnOffModel,
} from './account-models.js';
import type {
  AdminApprovalsModel,
  AdminAuditModel,
  AdminCodeModel,
  AdminHealthModel,
  AdminPeopleModel,
  AdminPersonModel,
  AdminPolicyModel,
  AdminReportsModel,
} from './admin-models.js';
import type {
  ChooseModel,
  ConfirmModel,
  SetupConfirmModel,
  SetupDoneModel,
  SetupIndexModel,
  SetupModel,
  UnlockModel,
  VerifyModel,
  WaitModel,
} from './factor-models.js';
import type { AdminOverviewModel } from './overview-models.js';
import type { PageError, PageModel } from './page-model.js';

export type {
  ActivityEntryModel,
  ActivityModel,
  AuthenticatorModel,
  ManageModel,
  ManageRemovedModel,
  ManageRemoveModel,
  TrustedBrowserModel,
  TurnOffModel,
} from './account-models.js';
export type {
  ChooseModel,
  ConfirmModel,
  FactorFacts,
  Lock,
  SetupConfirmModel,
  SetupDoneModel,
  SetupIndexModel,
  SetupModel,
  VerifyModel,
  WaitModel,
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
};

/** On the way after a backup code was used. */
export type BackupCodeUsedModel = PageModel & {
  total: number;
  remaining: number;
  /** To the page first asked for. */
  continueUrl: string;
  /** For whoever has lost their phone. */
  setUpUrl: string;
  /** Few are left: where new ones are made. */
  codesUrl?: string;
};

/** Protected, but nothing usable is left; or asked for by somebody who cannot use what they have. */
export type RecoverModel = PageModel & {
  /** What the app offers at all. */
  kinds: string[];
  /** To the person's own methods; absent: none of them can be used. */
  waysUrl?: string;
  /** Where a pass from support is typed. */
  passUrl?: string;
};

/** "This wasn't me", from a notice. */
export type ObjectModel = PageModel & {
  step: 'ask' | 'done' | 'used' | 'lapsed';
  /** The form; only with `ask`. */
  action?: string;
  /** When it happened. */
  at?: number;
  /** What happened: `what` of the notice; with which kind of method and which one; how many codes were left, or wrong. */
  what?: string;
  kind?: string;
  name?: string;
  left?: number;
  /** The browser it came from: `Firefox · Linux`. */
  browser?: string;
  /** What came of it; absent with `ask`, and where a used link can no longer say. */
  did?: Done;
  /** For how many hours pressing bars backup codes and passes; and until when they are barred, once it was done. */
  hours?: number;
  barredUntil?: number;
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
  /** At a step-up: why it is owed. */
  why?: 'missing' | 'kind' | 'expired';
  /** What was stopped, as the host calls it; and its path. */
  label?: string;
  path?: string;
  /** It can be sent again by one press. */
  kept?: true;
  /** Back to the form, or to the start of the app: gives it up. */
  cancelUrl?: string;
};

/** After the step: the form is offered again (`offer`), is to be sent by hand, or was kept no longer. */
export type RepeatModel = PageModel & {
  step: 'offer' | 'by-hand' | 'gone';
  label?: string;
  /** Absent: nothing waits any more. */
  path?: string;
  /** The page with the form, or the start of the app. */
  formUrl: string;
  /** With `offer`: where the press goes, what it sends, and how long that is kept. */
  action?: string;
  fields?: [name: string, value: string][];
  keptMinutes?: number;
};

/** Any error outside a form. */
export type ErrorModel = PageModel & {
  error: PageError;
  status: number;
  /** Says where help is: nothing that the person can do leads on. */
  help?: true;
  /** What helps: sign in, go on, try again. `isForm`: a button that posts to `url`. */
  links: {
    to: 'sign-in' | 'sign-out' | 'leave' | 'verify' | 'setup' | 'manage' | 'recover' | 'back' | 'retry';
    url: string;
    isForm?: true;
  }[];
};

/** Every view and what it is told. */
export type ViewModels = {
  'verify/totp': VerifyModel;
  'verify/backup-codes': VerifyModel;
  'verify/pass': VerifyModel;
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
  'setup/done': SetupDoneModel;
  'backup-codes/pending': BackupCodesPendingModel;
  'backup-codes/status': BackupCodesStatusModel;
  'backup-codes/used': BackupCodeUsedModel;
  manage: ManageModel;
  'manage/activity': ActivityModel;
  'manage/remove': ManageRemoveModel;
  'manage/removed': ManageRemovedModel;
  'turn-off': TurnOffModel;
  confirm: ConfirmModel;
  wait: WaitModel;
  recover: RecoverModel;
  object: ObjectModel;
  'step-up': StepUpModel;
  repeat: RepeatModel;
  error: ErrorModel;
  'admin/overview': AdminOverviewModel;
  'admin/people': AdminPeopleModel;
  'admin/person': AdminPersonModel;
  'admin/code': AdminCodeModel;
  'admin/approvals': AdminApprovalsModel;
  'admin/audit': AdminAuditModel;
  'admin/policy': AdminPolicyModel;
  'admin/reports': AdminReportsModel;
  'admin/health': AdminHealthModel;
};

export type ViewName = keyof ViewModels;

/** The challenge pages of the factors. */
export type VerifyView = { [V in ViewName]: ViewModels[V] extends VerifyModel ? V : never }[ViewName];

/** The enrolment pages of the factors. */
export type SetupView = { [V in ViewName]: ViewModels[V] extends SetupModel ? V : never }[ViewName];
