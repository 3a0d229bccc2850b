// The challenge pages: what they are told, and which ways there are for what is owed now.
import type { ErrorCode, ErrorDetails } from '../../src/core/words/errors.js';
import { openChallenge } from '../../src/core/flows/challenge.js';
import { factorOf } from '../../src/core/kernel/kernel.js';
import type { Rank } from '../../src/core/kernel/factor.js';
import type { Json } from '../../src/core/words/json.js';
import { isUnproved } from '../../src/core/rules/next-step.js';
import { lockOf } from '../../src/core/rules/lock.js';
import { isAtLeast } from '../../src/core/rules/risk-actions.js';
import { ownOf, type Situation } from '../../src/core/rules/situation.js';
import { commonModel, sendPage } from '../visit/answers.js';
import { describe, maskedOf } from '../visit/identifiers.js';
import { expiredCodes } from '../visit/current-situation.js';
import { unlockUrlOf } from './unlock.js';
import type { CodesWarning, FactorFacts, Lock, VerifyModel, Way as ShownWay } from '../pages/view-model.js';
import { purposeOf, waysFor, wantsTrust } from '../visit/purpose.js';
import type { Visit } from '../visit/visit.js';

export type Shown = { error?: { code: ErrorCode; details: ErrorDetails }; challenge?: Json; status?: number };

/** The page of one way; with an error, the same page again. */
export async function showChallenge(
  visit: Visit,
  situation: Situation,
  kind: string,
  { error, challenge, status = 200 }: Shown = {},
): Promise<void> {
  const { base, web, mfa } = visit;
  const factor = factorOf(mfa.kernel, kind);
  const shown = challenge ?? (await openChallenge(mfa.kernel, visit.asker, kind, situation.record))?.shown;
  const begun = objectOf(shown);
  const own = ownOf(situation.record, kind)[0];
  const facts = { ...(own ? describe(visit, own) : {}), ...begun } as FactorFacts;
  const { resendAfter } = begun;
  const wait = typeof resendAfter === 'number' ? Math.max(0, resendAfter - mfa.kernel.now()) : undefined;
  const unlockUrl = unlockUrlOf(visit, situation, kind);
  const lock = lockShown(visit, situation, kind);
  const model: VerifyModel = {
    ...commonModel(visit, error && { ...error, details: detailsHere(error, shown !== undefined), field: 'code' }),
    kind,
    action: `${base}/verify/${kind}`,
    ...(factor?.issue ? { beginAction: `${base}/verify/${kind}/begin` } : {}),
    ...(shown === undefined ? {} : { sent: true }),
    ...(wait === undefined ? {} : { resendAfterSeconds: wait }),
    ...chooseLink(visit, situation),
    ...trustOffer(visit, situation, factor?.rank),
    ...(unlockUrl === undefined ? {} : { unlockUrl }),
    ...(lock ? { lock } : {}),
    purpose: purposeOf(visit, situation) ?? 'sign-in',
    facts,
  };
  await sendPage(visit, web.renderer.verifyView(kind), model, status);
}

/** The waiting time between two codes is the person's: only where this very session has one is another on its way. */
function detailsHere({ code, details }: NonNullable<Shown['error']>, hasCode: boolean): ErrorDetails {
  const isWait = code === 'connector.rate_limit_exceeded' && typeof details.retryAfterSeconds === 'number';
  return isWait && hasCode ? { ...details, hint: 'code.sent_already' } : details;
}

/** What stands in the way of an answer of this kind, before anybody types it. */
function lockShown({ mfa: { kernel }, asker }: Visit, { record }: Situation, kind: string): Lock | undefined {
  const factor = factorOf(kernel, kind);
  const wait = factor && lockOf(kernel, asker, factor, record);
  if (wait === undefined) return undefined;
  return wait === null ? { closed: true } : { seconds: wait, until: kernel.now() + wait };
}

/** After a code that is spent the other ways stand beside the rest of what may be done. */
function chooseLink(visit: Visit, situation: Situation): { chooseUrl?: string } {
  const { step } = situation.next;
  if (step === 'confirm-recovery') return { chooseUrl: `${visit.base}/confirm` };
  if (step === 'wait') return { chooseUrl: `${visit.base}/wait` };
  return hasChoice(visit, situation) ? { chooseUrl: `${visit.base}/verify/choose` } : {};
}

/** Of the page that offers the ways, or says that the backup codes are one no more. */
function hasChoice(visit: Visit, situation: Situation): boolean {
  return waysFor(visit, situation).length > 1 || missedCodes(visit, situation) !== undefined;
}

/** The set that a person who owes the sign-in step may be looking for: it has expired. */
export function missedCodes(visit: Visit, situation: Situation): CodesWarning | undefined {
  return purposeOf(visit, situation) === 'sign-in' ? expiredCodes(visit, situation.record) : undefined;
}

/** "Try another way". */
export async function showChoice(visit: Visit, situation: Situation): Promise<void> {
  const ways = waysFor(visit, situation).map(({ kind, lastUsed }): ShownWay => {
    const own = ownOf(situation.record, kind)[0];
    const detail = own && (maskedOf(visit, own) ?? own.name);
    const lock = lockShown(visit, situation, kind);
    return {
      kind,
      url: `${visit.base}/verify/${kind}`,
      ...(lastUsed ? { lastUsed } : {}),
      ...(detail === undefined ? {} : { detail }),
      ...(lock ? { lock } : {}),
    };
  });
  await sendPage(visit, 'verify/choose', {
    ...commonModel(visit, undefined, missedCodes(visit, situation)),
    ways,
    ...passLink(visit, situation),
    purpose: purposeOf(visit, situation) ?? 'sign-in',
  });
}

/** The kind of a pass from support that may be typed, whether one is out or not: that only whoever has it may know. */
export function passKind({ mfa }: Visit, { next, record, ways }: Situation): string | undefined {
  const pass = mfa.kernel.factors.find(({ rank }) => rank === 'pass');
  const owes = record.protected && isUnproved(next);
  return pass && owes && !ways.some(({ kind }) => kind === pass.kind) ? pass.kind : undefined;
}

export function passLink(visit: Visit, situation: Situation): { passUrl?: string } {
  const kind = passKind(visit, situation);
  return kind === undefined ? {} : { passUrl: `${visit.base}/verify/${kind}` };
}

/** Trust is offered with the sign-in step of a primary factor only: it never satisfies a step-up. */
function trustOffer(
  visit: Visit,
  situation: Situation,
  rank: Rank | undefined,
): { trustDays?: number; trustChosen?: boolean } {
  const { trustDays } = visit.mfa.kernel.settings;
  const mayTrust = !isAtLeast('signIn', situation.asks, 'strongest') && purposeOf(visit, situation) === 'sign-in';
  const offered = trustDays !== undefined && rank === 'primary' && mayTrust;
  return offered ? { trustDays, ...(wantsTrust(visit) ? { trustChosen: true } : {}) } : {};
}

export function objectOf(value: Json | undefined): { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
