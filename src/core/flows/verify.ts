// Verification: one answer of a person who owes a factor. Why no code works twice: the answer is compared with the
// record as it was loaded, what makes this use count is written into the next record, and the record is saved only if
// it is still the one that was loaded. Of any number of parallel answers one saves; every other one starts over, from
// a record in which the code is used. "Accepted" is told only after the save.
import { assessed } from './assess.js';
import { acceptedBy, refusedBy, verificationRefused, type Newcomers, type Verified } from './record-answer.js';
import { drawRecovery, recoveryDemand, spentBy } from './spend-code.js';
import { refusedAsBarredCode, refusedAsRecovering } from '../rules/recovery.js';
import { refusedAsBarred } from '../rules/barred.js';
import { followAddresses } from './bind.js';
import { voidGrant } from './enrollment-grant.js';
import { dropCeremony, type Open } from '../kernel/ceremonies.js';
import { countFailedSignature } from './challenge.js';
import { isMfaError, type ErrorDetails } from '../words/errors.js';
import { isMalformed, type Factor } from '../kernel/factor.js';
import { contextOf, factorOf, type Asker, type Kernel } from '../kernel/kernel.js';
import { isLoggedLater } from '../kernel/logbook.js';
import { hasEnded } from '../rules/ended-sign-ins.js';
import { refusedAsLocked } from '../rules/lock.js';
import { laneOf, drawnOnce } from '../rules/known-browsers.js';
import { refused, type Outcome, type Reason, type Refused } from '../words/outcome.js';
import type { Loaded } from '../kernel/ports.js';
import type { Json } from '../words/json.js';
import type { MfaRecord } from '../kernel/record.js';
import { validProofs } from '../kernel/policy.js';
import { isAtLeast } from '../rules/risk-actions.js';
import { refusedAsRisky } from '../rules/risky.js';
import { isFirstFactor, ownOf, situationOf, usableOf } from '../rules/situation.js';
import { strongestKinds } from '../rules/risk-in-force.js';
import { loadRecord, transact } from '../kernel/transact.js';
import { recalling, takeTurn } from './take-turn.js';
import { newTrust, type Trust } from './trust.js';

/**
 * Checks one answer. Order: parse → lock → ceremony → weigh → judge → save → tell.
 * @param body the fields of the form or JSON body, untrusted
 * @param trustBrowser the person's wish; never granted to a backup code
 */
export async function verify(
  kernel: Kernel,
  asker: Asker,
  kind: string,
  body: Json,
  trustBrowser = false,
): Promise<Outcome<Verified>> {
  const factor = factorOf(kernel, kind);
  if (!factor || isFirstFactor(factor, asker.user))
    return audited(kernel, asker, kind, 'session.mfa.mfa_factor_not_enabled');
  const answer = factor.parse(body);
  if (isMalformed(answer)) return audited(kernel, asker, kind, answer.reason ?? 'request.invalid', answer.details);

  try {
    return await takeTurn<Outcome<Verified>>(kernel, asker, {
      line: kind,
      recall: recalling(kernel, asker, 'verify', kind, factor.ceremony),
      early({ record }) {
        const shut = refusedAsBarred(record);
        if (shut) return audited(kernel, asker, kind, shut.reason);
        if (!record?.protected) return audited(kernel, asker, kind, 'session.mfa.pending_info_not_found');
        // Refused unevaluated and unspent; nothing is written, so a flood cannot contend for the record.
        const shutOut = refusedAsLocked(kernel, asker, factor, record) ?? refusedAsBarredCode(kernel, factor, record);
        return shutOut && audited(kernel, asker, kind, shutOut.reason, shutOut.details);
      },
      async work({ open, ...first }) {
        const loaded = await followed(kernel, asker, first);
        if (!loaded.record?.protected) return audited(kernel, asker, kind, 'session.mfa.pending_info_not_found');
        const ended = refusedAsEnded(kernel, asker, loaded.record);
        if (ended) return audited(kernel, asker, kind, ended.reason, ended.details);
        asker.signIn = await assessed(kernel, asker, loaded.record);
        // Here the ways part: of weaker factors no answer is looked at, and a backup code goes the way of recovery.
        const risky = refusedAsRisky(kernel, asker, loaded.record, factor);
        if (risky) return audited(kernel, asker, kind, risky.reason, risky.details);
        const { record } = loaded;
        const mayTrust = trustBrowser && factor.rank === 'primary' && !asksForStrongest(kernel, asker, record);
        const trust = mayTrust ? newTrust(kernel, asker) : undefined;
        return attempt(kernel, asker, factor, answer, { ...loaded, record }, open, trust);
      },
    });
  } catch (error) {
    // Whatever went wrong, a full queue and a store of the host's own included, the attempt is audited, once.
    if (!isLoggedLater(error))
      audited(kernel, asker, kind, isMfaError(error) ? (error.code as Reason) : 'store.unavailable');
    throw error;
  }
}

/** A code to the address that the host app knew before is for nobody any more, whoever reads that mailbox. */
async function followed(kernel: Kernel, asker: Asker, loaded: Loaded): Promise<Loaded> {
  const { record } = loaded;
  if (!record || (await followAddresses(kernel, asker, record)) === record) return loaded;
  return loadRecord(kernel, asker.user);
}

async function attempt(
  kernel: Kernel,
  asker: Asker,
  factor: Factor,
  answer: unknown,
  loaded: Loaded & { record: MfaRecord },
  begun: Open | undefined,
  trust: Trust | undefined,
): Promise<Outcome<Verified>> {
  const { record } = loaded;
  const missing = voidNow(factor, record, begun);
  if (missing) return audited(kernel, asker, factor.kind, missing);
  const demand = recoveryDemand(kernel, asker, factor, record);
  const recovering = refusedAsRecovering(kernel, asker, factor, record, demand === 'approve');
  if (recovering) return audited(kernel, asker, factor.kind, recovering.reason, recovering.details);
  const recovery = demand && { ...drawRecovery(kernel), demand };
  const context = contextOf(kernel, asker);
  const weigh = (current: MfaRecord) => factor.weigh(context, ownOf(current, factor.kind), answer, begun);
  const newcomers = { knownBrowser: drawnOnce(kernel), trust };
  let evidence = await weigh(record);

  const outcome = await transact<Outcome<Verified>>(
    kernel,
    asker,
    async (current) => {
      // A rival may have used up the budget while this answer was weighed or ended the sign-in, or an administrator barred the
      // account: then it is refused unevaluated.
      const barred =
        refusedAsBarred(current) ??
        refusedAsEnded(kernel, asker, current) ??
        refusedAsLocked(kernel, asker, factor, current) ??
        refusedAsBarredCode(kernel, factor, current) ??
        refusedAsRecovering(kernel, asker, factor, current, demand === 'approve') ??
        refusedAsRisky(kernel, asker, current, factor);
      if (barred) return { result: barred, happened: [verificationRefused(factor.kind, barred.reason)] };
      // A rival may have reset the account, or changed its authenticators, which voids what was begun before.
      const gone = voidNow(factor, current, begun);
      if (gone) return { result: refused(gone), happened: [verificationRefused(factor.kind, gone)] };
      let verdict = factor.judge(context, ownOf(current, factor.kind), evidence);
      if (verdict.is === 'stale') {
        evidence = await weigh(current);
        verdict = factor.judge(context, ownOf(current, factor.kind), evidence);
      }
      const lane = laneOf(kernel, asker, current);
      if (verdict.is !== 'right') return refusedBy(kernel, factor, current, lane, verdict);
      if (recovery) return spentBy(kernel, asker, factor, current, verdict, recovery);
      return acceptedBy(kernel, factor, current, lane, verdict, {
        ...newcomers,
        asker,
        asked: kernel.settings.riskActions && askedOf(kernel, asker, current),
        proofs: validProofs(asker.signIn, current, kernel.settings, kernel.now()),
        startedAt: asker.signIn.startedAt,
      });
    },
    loaded,
  );
  // A pass counts its own: guesses at it must not keep the owner from a passkey's challenge.
  if (!outcome.accepted && !factor.guessable && factor.issue) await countFailedSignature(kernel, asker, record);
  // Whoever has a factor of their own did not ask for what else is out.
  if (outcome.accepted && factor.rank === 'primary' && record.recovery) voidGrant(kernel, asker.user.id);
  if (outcome.accepted && typeof factor.ceremony === 'object') dropCeremony(kernel, asker, 'verify', factor.kind);
  return outcome;
}

/** Where a sign-in looks so risky, no browser is trusted in it. */
function asksForStrongest(kernel: Kernel, { user, signIn }: Asker, record: MfaRecord): boolean {
  return isAtLeast('signIn', situationOf(kernel, user, signIn, record).asks, 'strongest');
}

/** What ends the level that the record keeps of this sign-in. */
function askedOf(kernel: Kernel, { user, signIn }: Asker, record: MfaRecord): Newcomers['asked'] {
  return { since: signIn.risk?.since, strongest: strongestKinds(usableOf(kernel, record, user)) };
}

/** Nothing is proved any more in a sign-in that has ended, and no browser made known or trusted by it. */
function refusedAsEnded(kernel: Kernel, { signIn }: Asker, record: MfaRecord): Refused | undefined {
  if (!hasEnded(kernel, signIn, record)) return undefined;
  return refused('session.mfa.pending_info_not_found', { hint: 'pending.lapsed' });
}

/** Why there is nothing to answer: no ceremony, one of another epoch, or nobody who is protected any more. */
function voidNow(factor: Factor, record: MfaRecord, begun: Open | undefined): Reason | undefined {
  if (!record.protected) return 'session.mfa.pending_info_not_found';
  if (factor.ceremony === 'none' || begun?.epoch === record.epoch) return undefined;
  if (typeof factor.ceremony !== 'object') return 'session.mfa.pending_info_not_found';
  return (begun && factor.voided?.(ownOf(record, factor.kind), begun)) ?? 'verification_code.not_found';
}

/** Refused before anything was compared: told and audited, nothing written. */
function audited(
  kernel: Kernel,
  asker: Asker,
  kind: string,
  reason: Reason,
  details: ErrorDetails = {},
): Outcome<Verified> {
  kernel.tell(asker, [verificationRefused(kind, reason)]);
  return refused(reason, details);
}
