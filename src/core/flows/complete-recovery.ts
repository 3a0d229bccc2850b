// A spent backup code that counts at last: confirmed by a further proof, or approved by an administrator and gone on with in
// the browser in which it was spent. One write, one winner; no second code is spent.
import { clearFailures } from '../rules/attempts.js';
import { refusedAsBarred } from '../rules/barred.js';
import { hasEnded } from '../rules/ended-sign-ins.js';
import { heldAnew, holdOf } from '../rules/hold.js';
import { admitBrowser, drawnOnce, laneOf, type NewKnownBrowser } from '../rules/known-browsers.js';
import { confirmedBy, isHeldNow } from '../rules/recovery.js';
import type { Asker, Kernel } from '../kernel/kernel.js';
import type { MfaRecord } from '../kernel/record.js';
import { recoveriesOf, recoveryOfBrowser, withRecoveries, type Recovery } from '../kernel/recovering.js';
import type { Proof } from '../kernel/sign-in.js';
import { transact, type Decision } from '../kernel/transact.js';
import type { Happened } from '../words/events.js';
import { accepted, refused, type Outcome, type Refused } from '../words/outcome.js';
import { verificationRefused, type Proved } from './record-answer.js';

/** @param by what confirmed it; absent: an administrator. @param scope under what its wrong answers were counted */
export function countedBy(
  kernel: Kernel,
  asker: Asker,
  record: MfaRecord,
  own: Recovery,
  { newBrowser, by, scope }: { newBrowser: () => NewKnownBrowser; by?: string; scope?: string },
): Decision<Outcome<Proved>> {
  const { kind, authenticatorId } = own;
  const now = kernel.now();
  // Somebody removed the set, or made a new one: this code was of one that counts no more.
  if (!record.authenticators.some(({ id }) => id === authenticatorId)) return unwritten(kind, noneOf());
  const lane = laneOf(kernel, asker, record);
  const others = recoveriesOf(kernel, asker.user.id, record).filter(({ id }) => id !== own.id);
  const settled = withRecoveries(kernel, asker.user.id, record, others);
  const cleared = [kind, ...(scope === undefined ? [] : [scope])].reduce(
    (rest, each) => clearFailures(rest, each, lane),
    settled,
  );
  const newcomer = lane === 'unknown' ? newBrowser() : undefined;
  const met = newcomer ? admitBrowser(cleared, newcomer, now) : cleared;
  // Approval begins no hold; one that stands is begun anew by whatever comes after.
  const begins = by !== undefined && isHeldNow(kernel, asker.signIn, record, own);
  const isHeld = begins || holdOf(kernel, record) !== undefined;
  const save = isHeld ? heldAnew(kernel, met, own.at) : met;
  const proof: Proof = { kind, authenticatorId, at: now, userVerified: false };
  const happened: Happened[] = [
    { name: 'verification-accepted', kind, authenticatorId, outcome: 'accepted' },
    ...(by === undefined ? [] : [confirmedBy(own, by)]),
    ...(isHeld && save.hold
      ? [{ name: 'recovery-held' as const, kind, authenticatorId, detail: { until: save.hold.until } }]
      : []),
  ];
  return {
    save,
    happened,
    result: accepted({
      proof,
      epoch: record.epoch,
      record: save,
      ...(newcomer ? { knownBrowser: newcomer.cookie } : {}),
    }),
  };
}

/** Goes on in the browser whose code an administrator has approved; to one of any number of presses. */
export function goOnApproved(kernel: Kernel, asker: Asker): Promise<Outcome<Proved>> {
  const newBrowser = drawnOnce(kernel);
  return transact<Outcome<Proved>>(kernel, asker, (record) => {
    const barred = refusedAsBarred(record);
    if (barred) return unwritten('', barred);
    const one = recoveryOfBrowser(kernel, asker, record);
    if (!record.protected || !one || hasEnded(kernel, asker.signIn, record)) return unwritten('', noneOf());
    if (one.approvedAt === undefined) return unwritten(one.kind, refused('session.mfa.awaiting_approval'));
    return countedBy(kernel, asker, record, one, { newBrowser });
  });
}

function noneOf(): Refused {
  return refused('session.mfa.pending_info_not_found');
}

function unwritten(kind: string, refusal: Refused): Decision<Refused> {
  return { result: refusal, happened: [verificationRefused(kind, refusal.reason)] };
}
