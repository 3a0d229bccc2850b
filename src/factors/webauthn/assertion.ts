// Passkey verification: the question for a person's own passkeys, and the verdict on a signature. Shared by the second
// step and by passkey sign-in; knows neither how the person was found nor where the record is kept.
import { MfaError } from '../../core/words/errors.js';
import type { Begun, FactorContext, Verdict } from '../../core/kernel/factor.js';
import type { Json } from '../../core/words/json.js';
import type { Authenticator } from '../../core/kernel/record.js';
import type { Mismatch } from './fault.js';
import { detailsOf, isMismatch } from './fault.js';
import type { WebauthnSettings } from './options.js';
import { relyingPartyId } from './options.js';
import type { Passkey, PasskeyData } from './passkey.js';
import { kind, passkeysOf } from './passkey.js';
import type { AssertionAnswer } from './responses.js';
import type { Asserted } from './verification.js';
import { requestOptions, verifyAssertion } from './verification.js';

/** The secret half of a begun verification. */
type Begin = { purpose: 'verify'; challenge: string; rpId: string };

/** A verified signature of one passkey, not yet held against the record; or what is wrong with the answer. */
export type AssertionEvidence = (Asserted & { authenticatorId: string; userHandle?: string }) | Mismatch;

/** @throws MfaError `session.mfa.webauthn_verification_not_found` where the person has no passkey. */
export async function issueAssertion(
  settings: WebauthnSettings,
  context: FactorContext,
  own: readonly Authenticator[],
): Promise<Begun> {
  const passkeys = passkeysOf(own);
  const rpId = offeredRelyingParty(relyingPartyId(settings, context.origins), passkeys);
  const offered = passkeys.filter((passkey) => passkey.data.rpId === rpId);
  if (offered.length === 0) {
    throw new MfaError('session.mfa.webauthn_verification_not_found', 'This person has no passkey to verify with.');
  }
  const challenge = context.random.bytes(32);
  const secret: Begin = { purpose: 'verify', challenge: Buffer.from(challenge).toString('base64url'), rpId };
  return { secret, shown: await requestOptions(settings, rpId, challenge, offered) };
}

/** A passkey outlives a change of the rpId option: asked for under its own, where none is there for the new one. */
function offeredRelyingParty(current: string, passkeys: readonly Passkey[]): string {
  const known = passkeys.map((passkey) => passkey.data.rpId);
  return known.includes(current) ? current : (known[0] ?? current);
}

/** Verifies the answer to what `issueAssertion` asked, by one of the person's own passkeys. */
export async function weighAssertion(
  settings: WebauthnSettings,
  context: FactorContext,
  own: readonly Authenticator[],
  answer: AssertionAnswer,
  begun: Begun | undefined,
): Promise<AssertionEvidence> {
  const begin = beginOf(begun?.secret);
  if (begin === undefined) return { fault: 'wrong_ceremony' };
  const passkey = passkeysOf(own).find(({ data }) => data.credentialId === answer.credentialId);
  if (passkey?.data.rpId !== begin.rpId) return { fault: 'unknown_passkey' };
  return weighPasskey(passkey, answer, { ...settings, ...begin, origins: context.origins });
}

/** Verifies that `passkey` signed `answer`. A user handle that comes along must be the one it was made with. */
export async function weighPasskey(
  passkey: Passkey,
  answer: AssertionAnswer,
  expected: Parameters<typeof verifyAssertion>[2] & Pick<WebauthnSettings, 'synced'>,
): Promise<AssertionEvidence> {
  const { publicKey, userHandle } = passkey.data;
  const told = answer.userHandle;
  if (told !== undefined && told !== userHandle && userHandle !== '') return { fault: 'wrong_user_handle' };
  const asserted = await verifyAssertion(answer, publicKey, expected);
  if (isMismatch(asserted)) return asserted;
  if (!expected.synced && asserted.backupEligible) return { fault: 'may_be_synced' };
  return { ...asserted, authenticatorId: passkey.id, ...(told === undefined ? {} : { userHandle: told }) };
}

/** Holds a verified signature against the record as it is now: still enrolled, as syncable as ever, counter grown. */
export function judgeAssertion(now: number, own: readonly Authenticator[], evidence: AssertionEvidence): Verdict {
  const passkeys = passkeysOf(own);
  if (passkeys.length === 0) {
    return { is: 'wrong', reason: 'session.mfa.webauthn_verification_not_found', attempt: false };
  }
  if (isMismatch(evidence)) return wrong(evidence);
  const { authenticatorId, counter, backupEligible, backedUp, userVerified } = evidence;
  const passkey = passkeys.find(({ id }) => id === authenticatorId);
  if (passkey === undefined) return wrong({ fault: 'unknown_passkey' });
  const data = learnt(passkey.data, evidence);
  if (backupEligible !== data.backupEligible) return wrong({ fault: 'backup_eligibility_changed' });
  // An authenticator that never counts stays at 0. Any other must grow, or there may be two of it (§6.1.1).
  if ((counter > 0 || data.counter > 0) && counter <= data.counter) return perhapsCloned(passkey, counter, now);
  return {
    is: 'right',
    authenticatorId,
    data: { ...data, counter, backedUp } satisfies PasskeyData,
    userVerified: userVerified && data.uvInitialized,
  };
}

/** What the system that it comes from did not tell; believed once, of who holds its key. */
function learnt({ learns, ...data }: PasskeyData, evidence: Exclude<AssertionEvidence, Mismatch>): PasskeyData {
  if (!learns) return data;
  const { backupEligible, userHandle } = evidence;
  return { ...data, backupEligible, userHandle: data.userHandle === '' ? (userHandle ?? '') : data.userHandle };
}

/** Refused and, the first time, written down; the stored counter stays, so that the one that is ahead still works. */
function perhapsCloned({ id, data }: Passkey, received: number, now: number): Verdict {
  const refusal = wrong({ fault: 'perhaps_cloned' });
  if (data.suspectedCloneAt !== undefined) return refusal;
  const flagged: PasskeyData = { ...data, suspectedCloneAt: now };
  const detail = { why: 'counter', stored: data.counter, received };
  return {
    ...refusal,
    flag: {
      authenticatorId: id,
      data: flagged,
      happened: [{ name: 'authenticator-flagged', kind, authenticatorId: id, detail }],
    },
  };
}

function wrong(mismatch: Mismatch): Extract<Verdict, { is: 'wrong' }> {
  return { is: 'wrong', reason: 'session.mfa.webauthn_verification_failed', details: detailsOf(mismatch) };
}

function beginOf(secret: Json | undefined): Begin | undefined {
  const begin = secret as Partial<Begin> | null | undefined;
  return begin?.purpose === 'verify' ? (begin as Begin) : undefined;
}
