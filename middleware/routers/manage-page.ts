// The account page: what there is, and the forms that change it.
import { recentActivity } from '../../src/core/kernel/activity.js';
import { judgeAccount } from '../../src/core/rules/account-state.js';
import { isLaneClosed } from '../../src/core/rules/attempts.js';
import { directFactorOf } from '../../src/core/flows/direct-sign-in.js';
import { statusOf } from '../../src/core/words/errors.js';
import { backupFactorOf, factorOf } from '../../src/core/kernel/kernel.js';
import { ownsSignInStep } from '../../src/core/flows/manage.js';
import { mayTurnOff } from '../../src/core/flows/removal.js';
import type { Refused } from '../../src/core/words/outcome.js';
import type { Authenticator } from '../../src/core/kernel/record.js';
import { enrolledOf, hasUsable, type Situation } from '../../src/core/rules/situation.js';
import { commonModel, sendPage } from '../visit/answers.js';
import { derivedToken } from '../sign-in/derived-token.js';
import { addressOf, describe, maskedOf } from '../visit/identifiers.js';
import { takeSaid } from '../visit/said.js';
import { isThisBrowser } from '../visit/trust.js';
import { typedText } from '../visit/typed.js';
import { setErrorHeaders } from '../http/problem.js';
import { backupStanding, codesWarning } from '../visit/current-situation.js';
import type { AuthenticatorModel, ManageModel, TrustedBrowserModel } from '../pages/view-model.js';
import type { Visit } from '../visit/visit.js';

export async function showManage(visit: Visit, situation: Situation, refusal?: Refused): Promise<void> {
  const { mfa, base, asker } = visit;
  const { record, state } = situation;
  const said = refusal ? undefined : takeSaid(visit);
  const primary = enrolledOf(mfa.kernel, record).filter(({ factor }) => factor.rank === 'primary');
  const skipped = Object.keys(record.skipped).length > 0;
  const common = commonModel(
    visit,
    refusal && { code: refusal.reason, details: refusal.details },
    codesWarning(visit, record),
  );
  const lately = recentActivity(mfa.kernel, asker.user.id, record);
  const model: ManageModel = {
    ...common,
    // Every authenticator has a field `name`; on the page its input bears the authenticator's id as well.
    ...(common.error?.field === 'name'
      ? { error: { ...common.error, field: `name-${String(visit.req.params['id'])}` } }
      : {}),
    // Whoever proved who they are reads their own name and addresses in full.
    ...(state === 'elevated' && common.signedInAs ? { signedInAs: asker.user.label } : {}),
    ...(said ? { said } : {}),
    on: record.protected,
    ...judgeAccount(mfa.kernel, record),
    ...(primary[0] ? { since: Math.min(...primary.map(({ authenticator }) => authenticator.createdAt)) } : {}),
    authenticators: primary.map(({ authenticator }) => ({
      ...authenticatorModel(visit, authenticator, situation),
      ...(refusal?.details.field === 'name' && authenticator.id === visit.req.params['id'] ? typedName(visit) : {}),
    })),
    ...backupModel(visit, situation),
    ...addModel(visit, situation),
    ...finishModel(visit, situation),
    ...preferableModel(situation),
    ...(mfa.kernel.settings.trustDays === undefined ? {} : { trustedBrowsers: trustedModels(visit, record) }),
    ...(isLaneClosed(record) ? { laneClosed: true } : {}),
    ...(lately.length > 0 ? { activity: lately } : {}),
    ...(mfa.audit ? { allActivityUrl: `${base}/activity` } : {}),
    revokeAllAction: `${base}/trusted-browsers/revoke-all`,
    preferencesAction: `${base}/preferences`,
    ...(record.protected ? { endOthersAction: `${base}/sign-ins/end-others`, recoverUrl: `${base}/recover` } : {}),
    ...(record.protected && mayTurnOff(mfa.kernel, asker.user) ? { turnOffUrl: `${base}/turn-off` } : {}),
    ...(record.protected && ownsSignInStep(mfa.kernel, asker.user)
      ? { signInStep: record.signInStepOff ? ('off' as const) : ('on' as const) }
      : {}),
    ...(skipped ? { promptsSkipped: true } : {}),
    ...(directFactorOf(mfa.kernel) ? { account: accountOf(visit) } : {}),
    ...(directFactorOf(mfa.kernel) && state === 'elevated' ? { passkeyName: asker.user.label } : {}),
  };
  if (refusal) setErrorHeaders(visit.res, refusal.reason, refusal.details);
  await sendPage(visit, 'manage', model, refusal ? statusOf[refusal.reason] : 200);
}

/** A name that was refused stands in its field again. */
function typedName(visit: Visit): { typedName?: string } {
  const name = typedText(visit, 'name');
  return name === undefined ? {} : { typedName: name };
}

/** The same for a person before and after a removal, and without meaning elsewhere. */
function accountOf({ mfa, asker }: Visit): string {
  return derivedToken(mfa.kernel, 'signals', asker.user.id).slice(0, 22);
}

function trustedModels(visit: Visit, { trusted }: Situation['record']): TrustedBrowserModel[] {
  const now = visit.mfa.kernel.now();
  return trusted
    .filter(({ expiresAt }) => expiresAt > now)
    .map(({ id, name, createdAt, lastUsedAt, expiresAt }) => ({
      id,
      createdAt,
      expiresAt,
      ...(name === undefined ? {} : { name }),
      ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
      ...(isThisBrowser(visit, { id }) ? { current: true } : {}),
      revokeAction: `${visit.base}/trusted-browsers/${id}/revoke`,
    }));
}

/** Shown to whoever has a set, or a method that one would stand beside. */
function backupModel(visit: Visit, { record }: Situation): Pick<ManageModel, 'backupCodes'> {
  const { mfa, base } = visit;
  const set = backupStanding(visit, record);
  if (!set && (!backupFactorOf(mfa.kernel) || !hasUsable(mfa.kernel, record, 'primary'))) return {};
  const { total = 0, left = 0, expiresAt, state } = set?.standing ?? {};
  return {
    backupCodes: {
      total,
      remaining: left,
      url: `${base}/backup-codes`,
      generateAction: `${base}/backup-codes/generate`,
      ...(set ? { createdAt: set.authenticator.createdAt } : {}),
      ...(expiresAt === undefined ? {} : { expiresAt }),
      ...(state === 'expired' ? { expired: true } : {}),
    },
  };
}

function preferableModel({ ways, record }: Situation): Pick<ManageModel, 'preferable'> {
  const kinds = ways.filter(({ rank }) => rank === 'primary').map(({ kind }) => kind);
  if (kinds.length < 2) return {};
  const current = kinds.find((kind) => kind === record.preferred);
  return { preferable: { kinds, ...(current === undefined ? {} : { current }) } };
}

/** A set that was never saved, or a first enrolment that was confirmed by a code and begun. */
function finishModel(visit: Visit, { next, record }: Situation): Pick<ManageModel, 'finishUrl'> {
  const { asker, base } = visit;
  if (next.step === 'save-backup-codes' && !backupStanding(visit, record)) return { finishUrl: `${base}/backup-codes` };
  const isBegun = !record.protected && asker.signIn.firstEnrollmentConfirmedAt !== undefined;
  return isBegun ? { finishUrl: `${base}/setup` } : {};
}

/** What may be had several times can be added to; one that is had once is replaced from the same list. */
function addModel({ mfa, base }: Visit, { record }: Situation): Pick<ManageModel, 'addUrl' | 'allHad'> {
  const primary = mfa.kernel.factors.filter(({ rank }) => rank === 'primary');
  const had = (kind: string) => record.authenticators.filter((own) => own.kind === kind).length;
  const full = primary.filter(({ kind, enrollment }) => had(kind) >= enrollment.limit);
  if (full.length < primary.length) return { addUrl: `${base}/setup` };
  return full.some(({ enrollment }) => enrollment.limit === 1 || enrollment.replaceable)
    ? { addUrl: `${base}/setup`, allHad: true }
    : {};
}

/** @param situation the address is told in full to whoever is elevated */
export function authenticatorModel(visit: Visit, own: Authenticator, { state, record }: Situation): AuthenticatorModel {
  const { id, kind, name, createdAt, lastUsedAt, disabledAt } = own;
  const address = state === 'elevated' ? addressOf(visit, own) : undefined;
  const detail = address ?? (factorOf(visit.mfa.kernel, kind) ? maskedOf(visit, own) : undefined);
  const { signal } = describe(visit, own) as Pick<AuthenticatorModel, 'signal'>;
  return {
    id,
    kind,
    createdAt,
    ...(name === undefined ? {} : { name }),
    ...(detail === undefined ? {} : { detail }),
    ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
    ...(disabledAt === undefined ? {} : { disabled: true }),
    ...(kind === record.preferred ? { preferred: true } : {}),
    ...(signal === undefined ? {} : { signal }),
    renameAction: `${visit.base}/authenticators/${id}/rename`,
    removeAction: `${visit.base}/authenticators/${id}/remove`,
  };
}
