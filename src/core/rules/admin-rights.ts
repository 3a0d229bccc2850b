// What administrators may do to other people's accounts, and for what a second one must say yes. Pure; how an action is
// carried out is not known here.
import type { Case } from '../kernel/cases.js';
import type { MfaRecord } from '../kernel/record.js';
import type { ErrorCode } from '../words/errors.js';

/** `view`: see. `help`: what gives nobody a way in. `decide`: all other changes, and to approve. `audit`: the log. */
export type AdminRight = 'view' | 'help' | 'decide' | 'audit';
export const adminRights: readonly AdminRight[] = ['view', 'help', 'decide', 'audit'];

/** What can be asked for by `mfa.requestAction`. */
export type AdminAction =
  | 'unlock'
  | 'end-trust'
  | 'grant-enrollment'
  | 'owe-codes'
  | 'exempt'
  | 'end-exemption'
  | 'pass'
  | 'release'
  | 'reset'
  | 'end-sign-ins'
  | 'suspend'
  | 'resume'
  | 'erase';

type Rule = {
  right: AdminRight;
  /** What it takes beside who asks and why. */
  takes: readonly string[];
  /** Of whom: with a record at all, protected, or not. */
  of?: 'known' | 'protected' | 'unprotected';
  /** What it makes is for the eyes of who asked: after an approval it waits for them. */
  shown?: true;
  /** `help` may do it where nobody tells who is an administrator: it opens no way into an account. */
  harmless?: true;
};

/** Every action, with its rule. */
export const adminActions: { readonly [action in AdminAction]: Rule } = {
  unlock: { right: 'help', takes: [], of: 'known', harmless: true },
  'end-trust': { right: 'help', takes: [], of: 'known', harmless: true },
  'grant-enrollment': { right: 'help', takes: [], of: 'unprotected', shown: true },
  'owe-codes': { right: 'help', takes: [], of: 'protected' },
  exempt: { right: 'decide', takes: ['until'], of: 'unprotected' },
  'end-exemption': { right: 'decide', takes: [], of: 'unprotected' },
  pass: { right: 'decide', takes: ['validMinutes'], of: 'protected', shown: true },
  release: { right: 'decide', takes: [], of: 'known' },
  reset: { right: 'decide', takes: [], of: 'known' },
  'end-sign-ins': { right: 'decide', takes: ['signInId'] },
  suspend: { right: 'decide', takes: [] },
  resume: { right: 'decide', takes: [] },
  erase: { right: 'audit', takes: [] },
};

export function isAdminAction(action: unknown): action is AdminAction {
  return typeof action === 'string' && Object.hasOwn(adminActions, action);
}

/** What a second administrator approves where more than one has acted, unless the app says otherwise. */
export const fourEyesByDefault: readonly string[] = ['pass', 'reset', 'exempt', 'erase'];

/** Who acts, with ids as text. `tenant`: only people of it exist for them. */
export type Acting = { id: string; name: string; may: readonly AdminRight[]; tenant?: string };

/** What is known of whom it is done to. `isAdmin`: undefined where nobody tells. */
export type Target = { userId: string; isAdmin: boolean | undefined; tenant: string | undefined };

type Refusal = Extract<ErrorCode, `admin.${string}` | 'session.verification_session_not_found'>;

/**
 * Why this administrator may not have this done to this person, if so: nobody acts on their own account; who is of another
 * tenant does not exist; on an administrator's account everything needs `decide`.
 */
export function refusesAdmin(action: AdminAction, by: Acting, target: Target): Refusal | undefined {
  if (by.tenant !== undefined && target.tenant !== by.tenant) return 'session.verification_session_not_found';
  if (by.id === target.userId) return 'admin.own_account';
  const { right, harmless } = adminActions[action];
  const mayDecide = by.may.includes('decide');
  // Whoever may take all methods of a person away may open their locks.
  const mayThis = by.may.includes(right) || (right === 'help' && mayDecide);
  // Without a directory anybody may be an administrator.
  const isPerhapsAdmin = target.isAdmin ?? !harmless;
  return mayThis && (mayDecide || !isPerhapsAdmin || (right === 'audit' && target.isAdmin !== true))
    ? undefined
    : 'admin.not_allowed';
}

/** Why this administrator may not answer this case, if so. Who asked may take it back, never approve it. */
export function refusesAnswer(
  answer: 'approve' | 'deny',
  one: Case & { action: AdminAction },
  by: Acting,
  target: Target,
): Refusal | undefined {
  if (by.tenant !== undefined && target.tenant !== by.tenant) return 'session.verification_session_not_found';
  if (by.id === one.userId) return 'admin.own_account';
  if (by.id === one.by.id) return answer === 'deny' ? undefined : 'admin.not_allowed';
  if (!by.may.includes('decide')) return 'admin.not_allowed';
  return answer === 'deny' ? undefined : refusesAdmin(one.action, by, target);
}

/**
 * Whether a second administrator must approve.
 * @param fourEyes the actions that the app names; without it the usual ones, once more than one administrator has acted
 */
export function needsApproval(
  action: AdminAction,
  { isAdmin }: Pick<Target, 'isAdmin'>,
  { fourEyes, acted }: { fourEyes: readonly string[] | undefined; acted: number },
): boolean {
  if (isAdmin === true) return true;
  return fourEyes ? fourEyes.includes(action) : acted > 1 && fourEyesByDefault.includes(action);
}

/** Whether an action has anything to do for a person of this state. */
export function isApplicable(action: AdminAction, record: MfaRecord | undefined): boolean {
  const { of } = adminActions[action];
  if (of === undefined) return true;
  if (of === 'unprotected') return record?.protected !== true;
  return record !== undefined && (of === 'known' || record.protected);
}

/** A reason that says something: three letters at least, 500 characters at most. */
export function isReason(text: unknown): text is string {
  return typeof text === 'string' && text.length <= 500 && (text.match(/\p{L}/gu) ?? []).length >= 3;
}
