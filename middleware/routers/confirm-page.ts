// What the pages after a spent backup code are told: by what it may be confirmed, or since when an administrator is waited for.
import { statusOf } from '../../src/core/words/errors.js';
import { openRecoveryCode } from '../../src/core/flows/confirm-recovery.js';
import { ownRecovery } from '../../src/core/kernel/recovering.js';
import { confirmWays, type ConfirmWay } from '../../src/core/rules/recovery-ways.js';
import type { Refused } from '../../src/core/words/outcome.js';
import { ownOf, type Situation } from '../../src/core/rules/situation.js';
import { commonModel, sendPage } from '../visit/answers.js';
import { maskedOf } from '../visit/identifiers.js';
import { setErrorHeaders } from '../http/problem.js';
import { keepSignIn } from '../sign-in/session.js';
import type { ConfirmModel } from '../pages/factor-models.js';
import { hasLapsed, waysFor } from '../visit/purpose.js';
import type { Visit } from '../visit/visit.js';
import { objectOf, passLink } from './verify-page.js';

/** A way with a form on this very page. */
type Typed = Exclude<ConfirmWay, { by: 'factor' }>;
type Answered = { kind: string; refusal: Refused };

/** @param answered what was refused just now */
export async function sendConfirm(
  visit: Visit,
  situation: Situation,
  takesPassword: boolean,
  answered?: Answered,
): Promise<void> {
  const { mfa, base, asker } = visit;
  const ways = confirmWays(mfa.kernel, asker, situation.record, takesPassword);
  if (visit.json) {
    keepSignIn(mfa, visit.req, asker.signIn);
    const told = ways.map((way) => ({ kind: way.kind, by: way.by, ...maskedAddress(visit, situation, way) }));
    return void visit.res.status(200).json({ next: { ...situation.next, url: `${base}/confirm` }, ways: told });
  }
  const chosen = chosenOf(visit, ways, answered);
  const others = ways.filter((way) => way !== chosen);
  const { reason, details } = answered?.refusal ?? {};
  const field = chosen?.by === 'password' ? 'password' : 'code';
  const model: ConfirmModel = {
    ...commonModel(visit, reason && { code: reason, details: details ?? {}, field }),
    ...(chosen ? { form: await formOf(visit, chosen) } : {}),
    ways: others.map((way) => ({
      kind: way.kind,
      url: way.by === 'factor' ? `${base}/verify/${way.kind}` : `${base}/confirm?factor=${way.kind}`,
      ...detailOf(maskedAddress(visit, situation, way)),
    })),
    ...passLink(visit, situation),
  };
  if (reason) setErrorHeaders(visit.res, reason, details ?? {});
  await sendPage(visit, 'confirm', model, reason ? statusOf[reason] : 200);
}

function chosenOf({ req }: Visit, ways: readonly ConfirmWay[], answered: Answered | undefined): Typed | undefined {
  const typed = ways.filter((way): way is Typed => way.by !== 'factor');
  const wanted = answered?.kind ?? req.query['factor'];
  return typed.find(({ kind }) => kind === wanted) ?? typed[0];
}

async function formOf(visit: Visit, way: Typed): Promise<NonNullable<ConfirmModel['form']>> {
  const { mfa, base, asker } = visit;
  const about = `?factor=${way.kind}`;
  const action = `${base}/confirm${about}`;
  if (way.by === 'password') return { via: 'password', action, facts: {} };
  const shown = await openRecoveryCode(mfa.kernel, asker, way.kind);
  const begun = objectOf(shown);
  const masked = way.factor.maskOf?.(way.address);
  const { resendAfter } = begun;
  return {
    via: way.kind,
    action,
    beginAction: `${base}/confirm/begin${about}`,
    ...(shown === undefined ? {} : { sent: true as const }),
    ...(typeof resendAfter === 'number' ? { resendAfterSeconds: Math.max(0, resendAfter - mfa.kernel.now()) } : {}),
    facts: { ...(masked === undefined ? {} : { masked }), ...begun },
  };
}

function maskedAddress(visit: Visit, { record }: Situation, way: ConfirmWay): { masked?: string } {
  const own = ownOf(record, way.kind)[0];
  const masked = way.by === 'address' ? way.factor.maskOf?.(way.address) : own && maskedOf(visit, own);
  return masked === undefined ? {} : { masked };
}

const detailOf = ({ masked }: { masked?: string }) => (masked === undefined ? {} : { detail: masked });

/** Since when, until when, and whether one may go on. */
export async function sendWait(visit: Visit, situation: Situation, status = 200): Promise<void> {
  const { mfa, asker, base, req, res } = visit;
  const own = ownRecovery(mfa.kernel, asker, situation.record);
  const { at: since = mfa.kernel.now(), until = since } = own ?? {};
  if (visit.json) {
    keepSignIn(mfa, req, asker.signIn);
    return void res.status(200).json({ next: { ...situation.next, url: `${base}/wait` }, since, until });
  }
  const isApproved = situation.next.step === 'wait' && situation.next.approved === true;
  await sendPage(
    visit,
    'wait',
    {
      ...commonModel(visit),
      since,
      until,
      ...(isApproved && !hasLapsed(visit, situation) ? { action: `${base}/wait` } : {}),
      ...(isApproved && hasLapsed(visit, situation) ? { signInAction: `${base}/sign-out` } : {}),
      ...(waysFor(visit, situation).length > 0 ? { waysUrl: `${base}/verify/choose` } : {}),
      ...passLink(visit, situation),
    },
    status,
  );
}
