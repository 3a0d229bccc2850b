// The account page: what there is, and the forms that change it.
import { recentActivity } from '../../src/core/kernel/activity.js';
import { isLaneClosed } from '../../src/core/rules/attempts.js';
import { directFactorOf } from '../../src/core/flows/direct-sign-in.js';
import { statusOf } from '../../src/core/words/errors.js';
import { factorOf } from '../../src/core/kernel/kernel.js';
import { ownsSignInStep } from '../../src/core/flows/manage.js';
import { isMandatory } from '../../src/core/rules/next-step.js';
import type { Refused } from '../../src/core/words/outcome.js';
import type { Authenticator } from '../../src/core/kernel/record.js';
import { enrolledOf, type Situation } from '../../src/core/rules/situation.js';
import { commonModel, sendPage } from '../visit/answers.js';
import { derivedToken } from '../sign-in/derived-token.js';
import { describe, maskedOf } from '../visit/identifiers.js';
import { setErrorHeaders } from '../http/problem.js';
import { backupStanding, codesWarning } from '../visit/current-situation.js';
import type { AuthenticatorModel, ManageModel, TrustedBrowserModel } from '../pages/view-model.js';
import type { Visit } from '../visit/visit.js';

export async function showManage(visit: Visit, situation: Situation, refusal?: Refused): Promise<void> {
  const { mfa, base } = visit;
  const { record } = situation;
  const primary = enrolledOf(mfa.kernel, record).filter(({ factor }) => factor.rank === 'primary');
  const set = backupStanding(visit, record);
  const skipped = Object.keys(record.skipped).length > 0;
  const common = commonModel(
    visit,
    refusal && { code: refusal.reason, details: refusal.details },
    codesWarning(visit, record),
  );
  const lately = recentActivity(mfa.kernel, visit.asker.user.id, record);
  const model: ManageModel = {
    ...common,
    // Every authenticator has a field `name`; on the page its input bears the authenticator's id as well.
    ...(common.error?.field === 'name'
      ? { error: { ...common.error, field: `name-${String(visit.req.params.id)}` } }
      : {}),
    on: record.protected,
    ...(primary[0] ? { since: Math.min(...primary.map(({ authenticator }) => authenticator.createdAt)) } : {}),
    authenticators: primary.map(({ authenticator }) => authenticatorModel(visit, authenticator)),
    ...(set ? { backupCodes: backupModel(base, set.standing) } : {}),
    ...addModel(visit, situation),
    ...(mfa.kernel.settings.trustDays === undefined ? {} : { trustedBrowsers: trustedModels(visit, record) }),
    ...(isLaneClosed(record) ? { laneClosed: true } : {}),
    ...(lately.length > 0 ? { activity: lately } : {}),
    ...(mfa.audit ? { allActivityUrl: `${base}/activity` } : {}),
    revokeAllAction: `${base}/trusted-browsers/revoke-all`,
    preferencesAction: `${base}/preferences`,
    ...(record.protected ? { endOthersAction: `${base}/sign-ins/end-others` } : {}),
    ...(record.protected && ownsSignInStep(mfa.kernel, visit.asker.user)
      ? { signInStep: record.signInStepOff ? ('off' as const) : ('on' as const) }
      : {}),
    ...(skipped ? { promptsSkipped: true } : {}),
    ...(directFactorOf(mfa.kernel) ? { account: accountOf(visit) } : {}),
  };
  if (refusal) setErrorHeaders(visit.res, refusal.reason, refusal.details);
  await sendPage(visit, 'manage', model, refusal ? statusOf[refusal.reason] : 200);
}

/** The same for a person before and after a removal, and without meaning elsewhere. */
function accountOf({ mfa, asker }: Visit): string {
  return derivedToken(mfa.kernel, 'signals', asker.user.id).slice(0, 22);
}

function trustedModels({ mfa, asker, base }: Visit, { trusted }: Situation['record']): TrustedBrowserModel[] {
  const [current] = (asker.trustedBrowser ?? '').split('.');
  const now = mfa.kernel.now();
  return trusted
    .filter(({ expiresAt }) => expiresAt > now)
    .map(({ id, name, createdAt, lastUsedAt, expiresAt }) => ({
      id,
      createdAt,
      expiresAt,
      ...(name === undefined ? {} : { name }),
      ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
      ...(id === current ? { current: true } : {}),
      revokeAction: `${base}/trusted-browsers/${id}/revoke`,
    }));
}

function backupModel(
  base: string,
  { total = 0, left = 0, expiresAt, state }: { total?: number; left?: number; expiresAt?: number; state: string },
) {
  const url = `${base}/backup-codes`;
  return {
    total,
    remaining: left,
    url,
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(state === 'expired' ? { expired: true } : {}),
  };
}

/** What may be had several times can be added to; one that is had once is replaced from the same list. */
function addModel({ mfa, base }: Visit, { record }: Situation): Pick<ManageModel, 'addUrl' | 'allHad'> {
  const primary = mfa.kernel.factors.filter(({ rank }) => rank === 'primary');
  const had = (kind: string) => record.authenticators.filter((own) => own.kind === kind).length;
  const full = primary.filter(({ kind, enrollment }) => had(kind) >= enrollment.limit);
  if (full.length < primary.length) return { addUrl: `${base}/setup` };
  return full.some(({ enrollment }) => enrollment.limit === 1) ? { addUrl: `${base}/setup`, allHad: true } : {};
}

function isOptional({ mfa, asker }: Visit): boolean {
  const { policyOf, graceUntilOf } = mfa.kernel.settings;
  const graceUntil = graceUntilOf(asker.user);
  return !isMandatory({
    policy: policyOf(asker.user),
    now: mfa.kernel.now(),
    ...(graceUntil === undefined ? {} : { graceUntil }),
  });
}

export function authenticatorModel(visit: Visit, own: Authenticator): AuthenticatorModel {
  const { id, kind, name, createdAt, lastUsedAt, disabledAt } = own;
  const detail = factorOf(visit.mfa.kernel, kind) ? maskedOf(visit, own) : undefined;
  const { signal } = describe(visit, own) as Pick<AuthenticatorModel, 'signal'>;
  return {
    id,
    kind,
    createdAt,
    ...(name === undefined ? {} : { name }),
    ...(detail === undefined ? {} : { detail }),
    ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
    ...(disabledAt === undefined ? {} : { disabled: true }),
    ...(signal === undefined ? {} : { signal }),
    renameAction: `${visit.base}/authenticators/${id}/rename`,
    removeAction: `${visit.base}/authenticators/${id}/remove`,
  };
}

/** "Are you sure", without a script: the answer to a removal that was not confirmed yet. */
export async function showRemoval(visit: Visit, situation: Situation, own: Authenticator): Promise<void> {
  const rest = enrolledOf(visit.mfa.kernel, situation.record).filter(
    ({ authenticator, standing }) =>
      authenticator.id !== own.id &&
      authenticator.disabledAt === undefined &&
      (standing.state === 'usable' || standing.state === 'low'),
  );
  const others = rest.some(({ factor }) => factor.rank === 'primary');
  const codes = rest.some(({ factor }) => factor.rank === 'backup');
  await sendPage(visit, 'manage/remove', {
    ...commonModel(visit, undefined, codesWarning(visit, situation.record)),
    authenticator: authenticatorModel(visit, own),
    action: `${visit.base}/authenticators/${own.id}/remove`,
    cancelUrl: visit.base,
    leaves: others ? 'others' : isOptional(visit) ? (codes ? 'backup-codes' : 'nothing') : 'must-enroll',
  });
}
