// The enrolment pages: what they are told.
import { statusOf } from '../../src/core/words/errors.js';
import type { Factor } from '../../src/core/kernel/factor.js';
import type { MfaUser } from '../../src/core/kernel/mfa-user.js';
import { factorOf } from '../../src/core/kernel/kernel.js';
import { judgeAccount } from '../../src/core/rules/account-state.js';
import { isDemanded } from '../../src/core/rules/next-step.js';
import type { Refused } from '../../src/core/words/outcome.js';
import type { EnrollmentBegun } from '../../src/core/flows/enroll.js';
import { ownOf, type Situation } from '../../src/core/rules/situation.js';
import { fieldOf } from '../../src/validation.js';
import { commonModel, sendPage } from '../visit/answers.js';
import { setErrorHeaders } from '../http/problem.js';
import { backupStanding, codesWarning } from '../visit/current-situation.js';
import { askedFor } from '../visit/asked.js';
import { typedText } from '../visit/typed.js';
import { choicesOf, progressOf } from './set-up-steps.js';
import { objectOf } from './verify-page.js';
import type { FactorFacts, SetupIndexModel, SetupModel } from '../pages/view-model.js';
import type { Visit } from '../visit/visit.js';

/** The list "Set up MFA", or the suggestion that may be skipped. */
export async function showSetupIndex(visit: Visit, situation: Situation): Promise<void> {
  const { base } = visit;
  const { next, record } = situation;
  const suggestion = next.step === 'suggest-mfa' || next.step === 'suggest-another' ? next.step : undefined;
  const asked = askedFor(visit, situation);
  const choices = choicesOf(visit).filter(({ kind }) => asked?.includes(kind) ?? true);
  const ways = choices.map(({ kind, enrollment }, index) => {
    const enrolled = record.authenticators.some((own) => own.kind === kind);
    return {
      kind,
      url: `${base}/setup/${kind}`,
      ...(enrolled ? { enrolled, replaces: enrollment.limit === 1 } : {}),
      ...(index === 0 && choices.length > 1 ? { recommended: true } : {}),
    };
  });
  const model: SetupIndexModel = {
    ...commonModel(visit, undefined, codesWarning(visit, record)),
    ...progressOf(visit, situation, 'choose'),
    purpose: asked ? 'asked' : (suggestion ?? (isDemanded(next) ? 'required' : 'choose')),
    ways,
    ...(suggestion && !asked ? { skipAction: `${base}/setup/skip` } : {}),
    ...(next.step === 'suggest-mfa' && next.graceUntil !== undefined ? { graceUntil: next.graceUntil } : {}),
    ...(suggestion || isDemanded(next) ? {} : { cancelUrl: base }),
  };
  await sendPage(visit, 'setup/index', model);
}

/** Out of a set-up: to the account page or, where one is demanded, to the list of the others if there are any. */
function wayOut(visit: Visit, { next }: Situation): string | undefined {
  if (!isDemanded(next)) return visit.base;
  return choicesOf(visit).length > 1 ? `${visit.base}/setup` : undefined;
}

/** The page of one factor; with a refusal, the same page again with the message beside the field. */
export async function showSetup(
  visit: Visit,
  situation: Situation,
  kind: string,
  begun: EnrollmentBegun | undefined,
  refusal?: Refused,
): Promise<void> {
  const { mfa, base, web, asker } = visit;
  const factor = factorOf(mfa.kernel, kind);
  const shown = objectOf(begun?.shown);
  const typed = factor?.enrollment.parseBegin !== undefined;
  // A typing error is mended where it was made: with the address in its field.
  const changing = visit.req.query['change'] !== undefined && visit.req.method === 'GET';
  const step = begun && !changing && refusal?.details.field !== 'address' ? ('code' as const) : ('address' as const);
  const field = typed ? step : 'code';
  const { resendAfter } = shown;
  const cancelUrl = wayOut(visit, situation);
  const typedName = refusal && typedText(visit, 'name');
  const model: SetupModel = {
    ...commonModel(
      visit,
      refusal && { code: refusal.reason, details: refusal.details, field },
      codesWarning(visit, situation.record),
    ),
    kind,
    action: `${base}/setup/${kind}`,
    beginAction: `${base}/setup/${kind}/begin`,
    ...progressOf(visit, situation, 'method'),
    ...(typed ? { step, changeUrl: `${base}/setup/${kind}?change=yes` } : {}),
    ...(typeof resendAfter === 'number' ? { resendAfterSeconds: Math.max(0, resendAfter - mfa.kernel.now()) } : {}),
    ...(factor?.enrollment.limit === 1 && ownOf(situation.record, kind).length > 0 ? { replaces: true } : {}),
    ...((factor?.enrollment.limit ?? 1) > 1 ? { named: true } : {}),
    ...replaceableModel(visit, situation, factor),
    ...(typedName === undefined ? {} : { typedName }),
    ...(cancelUrl === undefined ? {} : { cancelUrl }),
    facts: { ...knownAddress(factor?.channel, asker.user), ...(shown as FactorFacts), ...typedAddress(visit, step) },
  };
  if (refusal) setErrorHeaders(visit.res, refusal.reason, refusal.details);
  await sendPage(visit, web.renderer.setupView(kind), model, refusal ? statusOf[refusal.reason] : 200);
}

/** The end of the first set-up. */
export async function showSetupDone(visit: Visit, situation: Situation, continueUrl: string): Promise<void> {
  const { base } = visit;
  const { record, ways } = situation;
  const { state } = judgeAccount(visit.mfa.kernel, record);
  const codes = backupStanding(visit, record)?.standing.left;
  const more = choicesOf(visit).find(({ kind }) => !record.authenticators.some((own) => own.kind === kind));
  await sendPage(visit, 'setup/done', {
    ...commonModel(visit),
    first: ways[0]?.kind ?? '',
    kinds: ways.filter(({ rank }) => rank === 'primary').map(({ kind }) => kind),
    ...(codes ? { codes } : {}),
    ...(state === 'phone' || state === 'single' ? { exposed: state } : {}),
    ...(more ? { suggestion: { kind: more.kind, url: `${base}/setup/${more.kind}` } } : {}),
    continueUrl,
    manageUrl: base,
  });
}

/** The address that the host knows, to fill the field with. */
function knownAddress(channel: 'email' | 'sms' | undefined, { email, phone }: MfaUser): { address?: string } {
  const address = channel === 'email' ? email : channel === 'sms' ? phone : undefined;
  return address === undefined ? {} : { address };
}

/** What was typed just now and refused, as it was. */
function typedAddress(visit: Visit, step: 'address' | 'code'): { address?: string } {
  const address = step === 'address' ? typedText(visit, 'address') : undefined;
  return address === undefined ? {} : { address };
}

/** Which of several may go for the new one; at the limit one has to. */
function replaceableModel(
  { mfa, body }: Visit,
  { record, proofs }: Situation,
  factor: Factor | undefined,
): Pick<SetupModel, 'replaceable'> {
  if (!factor?.enrollment.replaceable) return {};
  const own = record.authenticators.filter(({ kind }) => kind === factor.kind);
  const isByBackup = proofs.length > 0 && proofs.every(({ kind }) => factorOf(mfa.kernel, kind)?.rank !== 'primary');
  if (own.length === 0 || isByBackup) return {};
  const chosen = fieldOf(body, 'replaces');
  return {
    replaceable: {
      full: own.length >= factor.enrollment.limit,
      ways: own.map(({ id, name, createdAt }) => ({
        id,
        createdAt,
        ...(name === undefined ? {} : { name }),
        ...(id === chosen ? { chosen: true } : {}),
      })),
    },
  };
}
