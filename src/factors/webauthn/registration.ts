// Passkey enrolment: what the browser is asked to make, and the verdict on what it made. Whether this person may enrol
// now, and the single use of the challenge, are the flow's business.
import type { Begun, EnrollmentVerdict, FactorContext } from '../../core/kernel/factor.js';
import type { Json } from '../../core/words/json.js';
import type { Authenticator } from '../../core/kernel/record.js';
import type { Mismatch } from './fault.js';
import { detailsOf, isMismatch } from './fault.js';
import type { WebauthnSettings } from './options.js';
import { relyingPartyId } from './options.js';
import type { PasskeyData } from './passkey.js';
import { credentialClaim, passkeysOf, userHandleClaim } from './passkey.js';
import { providerOf } from './providers.js';
import type { RegistrationAnswer } from './responses.js';
import { creationOptions, verifyRegistration } from './verification.js';

/** The secret half of a begun enrolment; algorithms as this ceremony offered them (§7.1 step 20). */
type Begin = { purpose: 'enroll'; challenge: string; rpId: string; userHandle: string; algorithms: number[] };

/** A verified new credential, or what is wrong with it. */
export type RegistrationEvidence = PasskeyData | Mismatch;

/**
 * The first enrolment makes the person's user handle: 32 random bytes, which say nothing of them (§14.6.1). Two first
 * enrolments at once may make two; each passkey is held against the one it was made with.
 */
export async function beginRegistration(
  settings: WebauthnSettings,
  context: FactorContext,
  own: readonly Authenticator[],
): Promise<Begun> {
  const { random, user, origins, appName } = context;
  const rpId = relyingPartyId(settings, origins);
  const passkeys = passkeysOf(own);
  const known = passkeys.find(({ data }) => data.userHandle !== '');
  const userHandle = known?.data.userHandle ?? random.token(32);
  const challenge = random.bytes(32);
  const shown = await creationOptions(
    settings,
    { rpId, rpName: settings.rpName ?? appName },
    { userHandle, name: user.label },
    challenge,
    passkeys,
  );
  const secret: Begin = {
    purpose: 'enroll',
    challenge: Buffer.from(challenge).toString('base64url'),
    rpId,
    userHandle,
    algorithms: [...settings.algorithms],
  };
  return { secret, shown };
}

export async function weighRegistration(
  settings: WebauthnSettings,
  context: FactorContext,
  answer: RegistrationAnswer,
  begun: Begun,
): Promise<RegistrationEvidence> {
  const begin = beginOf(begun.secret);
  if (begin === undefined) return { fault: 'wrong_ceremony' };
  const { rpId, userHandle } = begin;
  const made = await verifyRegistration(answer, { ...settings, ...begin, origins: context.origins });
  if (isMismatch(made)) return made;
  if (!settings.synced && made.backupEligible) return { fault: 'may_be_synced' };
  const { userVerified, ...credential } = made;
  return { ...credential, transports: answer.transports, rpId, userHandle, uvInitialized: userVerified };
}

/** A credential id belongs to one person for all time: else whoever learns it could enrol it first, with another key. */
export function judgeRegistration(own: readonly Authenticator[], evidence: RegistrationEvidence): EnrollmentVerdict {
  if (isMismatch(evidence)) {
    return { is: 'wrong', reason: 'session.mfa.webauthn_verification_failed', details: detailsOf(evidence) };
  }
  const { credentialId, userHandle, aaguid, uvInitialized } = evidence;
  if (passkeysOf(own).some(({ data }) => data.credentialId === credentialId)) {
    return { is: 'wrong', reason: 'user.passkey_already_registered' };
  }
  const name = providerOf(aaguid);
  return {
    is: 'right',
    data: evidence,
    ...(name === undefined ? {} : { name }),
    claims: [credentialClaim(credentialId), userHandleClaim(userHandle)],
    claimed: 'user.passkey_already_registered',
    userVerified: uvInitialized,
  };
}

function beginOf(secret: Json): Begin | undefined {
  const begin = secret as Partial<Begin> | null;
  return begin?.purpose === 'enroll' ? (begin as Begin) : undefined;
}
