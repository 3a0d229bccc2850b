// The pages of backup codes: a pending set with its codes, or the status of the set in force without them.
import type { BackupCodeAnswer, BackupCodesAnswer } from '../../src/api/answers.js';
import type { EnrollmentBegun } from '../../src/core/flows/enroll.js';
import { statusOf } from '../../src/core/words/errors.js';
import type { Refused } from '../../src/core/words/outcome.js';
import type { Json } from '../../src/core/words/json.js';
import type { Situation } from '../../src/core/rules/situation.js';
import { commonModel, sendPage } from '../visit/answers.js';
import { csrfTokenOf } from '../http/csrf.js';
import { describe } from '../visit/identifiers.js';
import { setErrorHeaders } from '../http/problem.js';
import { sendJson } from '../http/send-json.js';
import { keepSignIn } from '../sign-in/session.js';
import { backupStanding, codesWarning } from '../visit/current-situation.js';
import { progressOf } from './set-up-steps.js';
import { objectOf } from './verify-page.js';
import type { BackupCodesPendingModel, BackupCodesStatusModel } from '../pages/view-model.js';
import type { Visit } from '../visit/visit.js';

function errorOf(refusal: Refused | undefined, field: string) {
  return refusal && { code: refusal.reason, details: refusal.details, field };
}

export async function showPending(
  visit: Visit,
  situation: Situation,
  begun: EnrollmentBegun,
  refusal?: Refused,
): Promise<void> {
  const { base } = visit;
  const { codes, revealToken, createdAt, expiresAt, confirm } = objectOf(begun.shown);
  const typed = confirm === 'type-one';
  const model: BackupCodesPendingModel = {
    ...commonModel(visit, errorOf(refusal, typed ? 'code' : 'saved')),
    ...progressOf(visit, situation, 'codes'),
    codes: textsOf(codes),
    revealToken: typeof revealToken === 'string' ? revealToken : '',
    createdAt: Number(createdAt),
    ...(typeof expiresAt === 'number' ? { expiresAt } : {}),
    lapsesInSeconds: Math.max(0, begun.expiresAt - visit.mfa.kernel.now()),
    ...(begun.extendable ? { extendAction: `${base}/backup-codes/extend` } : {}),
    downloadAction: `${base}/backup-codes/download`,
    confirmAction: `${base}/backup-codes/confirm`,
    confirm: typed ? 'type-one' : 'checkbox',
    ...(backupStanding(visit, situation.record) ? { replaces: true } : {}),
    ...(situation.next.step === 'save-backup-codes' ? {} : { cancelUrl: base }),
  };
  if (refusal) setErrorHeaders(visit.res, refusal.reason, refusal.details);
  await sendPage(visit, 'backup-codes/pending', model, refusal ? statusOf[refusal.reason] : 200);
}

type Status = {
  total: number;
  remaining: number;
  codes: BackupCodeAnswer[];
  createdAt?: number;
  expiresAt?: number;
  expired?: boolean;
};

/** Per code: index, made, used, expires. Never a code. */
function statusOfSet(visit: Visit, situation: Situation): Status {
  const set = backupStanding(visit, situation.record);
  if (!set) return { total: 0, remaining: 0, codes: [] };
  const { codes } = describe(visit, set.authenticator);
  const { standing, authenticator } = set;
  return {
    total: standing.total ?? 0,
    remaining: standing.left ?? 0,
    codes: Array.isArray(codes) ? (codes as unknown as BackupCodeAnswer[]) : [],
    createdAt: authenticator.createdAt,
    ...(standing.expiresAt === undefined ? {} : { expiresAt: standing.expiresAt }),
    ...(standing.state === 'expired' ? { expired: true } : {}),
  };
}

/** @param lapsed a set was shown here, and not confirmed in time */
export async function showStatus(
  visit: Visit,
  situation: Situation,
  { refusal, lapsed }: { refusal: Refused | undefined; lapsed: boolean },
): Promise<void> {
  const { base } = visit;
  const status = statusOfSet(visit, situation);
  const model: BackupCodesStatusModel = {
    ...commonModel(visit, errorOf(refusal, 'saved'), codesWarning(visit, situation.record)),
    ...status,
    ...(lapsed ? { lapsed } : {}),
    generateAction: `${base}/backup-codes/generate`,
    ...(status.total > 0 ? { removeAction: `${base}/backup-codes/remove` } : {}),
    manageUrl: base,
  };
  if (refusal) setErrorHeaders(visit.res, refusal.reason, refusal.details);
  await sendPage(visit, 'backup-codes/status', model, refusal ? statusOf[refusal.reason] : 200);
}

/** A code was used a moment ago. */
export async function showUsed(visit: Visit, situation: Situation, continueUrl: string): Promise<void> {
  const { base } = visit;
  const { total, remaining } = statusOfSet(visit, situation);
  const low = backupStanding(visit, situation.record)?.standing.state === 'low';
  await sendPage(visit, 'backup-codes/used', {
    ...commonModel(visit),
    total,
    remaining,
    continueUrl,
    setUpUrl: `${base}/setup`,
    ...(low ? { codesUrl: `${base}/backup-codes` } : {}),
  });
}

export function sendStatusJson(
  visit: Visit,
  situation: Situation,
  begun: EnrollmentBegun | undefined,
  lapsed: boolean,
): void {
  const { req, res, mfa, asker } = visit;
  keepSignIn(mfa, req, asker.signIn);
  const { total, remaining, codes } = statusOfSet(visit, situation);
  const shown = objectOf(begun?.shown);
  const { revealToken, expiresAt: codesExpireAt } = shown;
  const pending = begun && {
    codes: textsOf(shown['codes']),
    revealToken: typeof revealToken === 'string' ? revealToken : '',
    expiresAt: begun.expiresAt,
    extendable: begun.extendable,
    confirm: shown['confirm'] === 'type-one' ? ('type-one' as const) : ('checkbox' as const),
    createdAt: Number(shown['createdAt']),
    codesExpireAt: typeof codesExpireAt === 'number' ? codesExpireAt : null,
  };
  const answer: BackupCodesAnswer = {
    total,
    remaining,
    codes,
    ...(pending ? { pending } : {}),
    ...(lapsed ? { lapsed } : {}),
    csrfToken: csrfTokenOf(mfa, req, asker.signIn),
  };
  sendJson(res, answer);
}

function textsOf(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
