// Sign-in with a passkey alone: asks nobody in particular, finds the person by their passkey, and requires that they
// were verified. Whether the account is active, the record's save and the new session are the flow's business.
import type { DirectContext, DirectSignIn, Found } from '../../core/flows/direct-sign-in.js';
import { isMalformed } from '../../core/kernel/factor.js';
import type { Refused } from '../../core/words/outcome.js';
import { accepted, refused } from '../../core/words/outcome.js';
import type { Json } from '../../core/words/json.js';
import type { AssertionEvidence } from './assertion.js';
import { judgeAssertion, weighPasskey } from './assertion.js';
import type { Fault, Mismatch } from './fault.js';
import { detailsOf, isMismatch } from './fault.js';
import type { WebauthnSettings } from './options.js';
import { relyingPartyId } from './options.js';
import type { Passkey } from './passkey.js';
import { credentialClaim, passkeysOf } from './passkey.js';
import type { AssertionAnswer } from './responses.js';
import { parseAssertion } from './responses.js';
import { requestOptions } from './verification.js';

export type PasskeySignInAnswer = { assertion: AssertionAnswer; challenge: string };

/** Who signed, and what is to be held against their record when it is saved. */
export type PasskeySignInEvidence = Found & { authenticatorId: string; evidence: AssertionEvidence };

/**
 * Reads the fields `response` (`AuthenticationResponseJSON` or its text) and `challenge` (as issued). Refused:
 * `session.mfa.pending_info_not_found` where the challenge lapsed, was used or belongs to another browser, else
 * `session.mfa.webauthn_verification_failed`.
 */
export type PasskeySignIn = DirectSignIn<PasskeySignInAnswer, PasskeySignInEvidence>;

/** The transient store files everything under a user; these challenges have none yet. */
const nobody = 'passkey-sign-in';
const purpose = 'webauthn-sign-in';
const maxChallengeCharacters = 1024;
/** What may be told to somebody unknown; all else says one and the same, or credential ids could be tried out (§14.6.2). */
const tellable: readonly Fault[] = [
  'wrong_site',
  'embedded',
  'user_not_verified',
  'challenge_lapsed',
  'backup_eligibility_changed',
  'may_be_synced',
  'perhaps_cloned',
];

type Sealed = { challenge: string; rpId: string; expiresAt: number };

export function createPasskeySignIn(options: WebauthnSettings): PasskeySignIn {
  // Without a password, only a verified person makes two factors of a passkey.
  const settings: WebauthnSettings = { ...options, userVerification: 'required' };
  return {
    async issue(context) {
      const rpId = relyingPartyId(settings, context.origins);
      const bytes = context.random.bytes(32);
      const sealed: Sealed = {
        challenge: Buffer.from(bytes).toString('base64url'),
        rpId,
        expiresAt: context.now + settings.timeoutSeconds,
      };
      return {
        options: await requestOptions(settings, rpId, bytes),
        challenge: context.sealer.seal(JSON.stringify(sealed), sealedFor(context.flowId)),
      };
    },
    parse(body) {
      const assertion = parseAssertion(body);
      if (isMalformed(assertion)) return assertion;
      const { challenge } = body as { [field: string]: Json };
      if (typeof challenge !== 'string' || challenge === '' || challenge.length > maxChallengeCharacters) {
        return { malformed: true, reason: 'request.invalid', details: { field: 'challenge' } };
      }
      return { assertion, challenge };
    },
    async weigh(context, { assertion, challenge }) {
      const begin = openChallenge(context, challenge);
      if (begin === undefined) return refusal({ fault: 'challenge_lapsed' });
      const found = await findPasskey(context, assertion, begin.rpId);
      if (found === undefined) return refusal({ fault: 'unknown_passkey' });
      const { userId, loaded, passkey } = found;
      const refuse = (mismatch: Mismatch) => ({ ...refusal(mismatch), userId });
      const evidence = await weighPasskey(passkey, assertion, { ...settings, ...begin, origins: context.origins });
      if (isMismatch(evidence)) return refuse(evidence);
      if (!passkey.data.uvInitialized) return refuse({ fault: 'user_not_verified' });
      // Last, so that only a right answer writes; first come, first served.
      const key = `${purpose}:${context.sealer.hashToken(begin.challenge)}`;
      const { count } = await context.store.increment(nobody, key, settings.timeoutSeconds);
      if (count > 1) return refuse({ fault: 'challenge_lapsed' });
      return accepted({ userId, loaded, authenticatorId: passkey.id, evidence });
    },
    judge(now, own, { evidence }) {
      return judgeAssertion(now, own, evidence);
    },
  };
}

/**
 * The person whom the credential was claimed for. The user handle must be there (§7.2 step 6) and is compared with the
 * passkey's own later: it comes unsigned from the browser, and alone it finds nobody.
 */
async function findPasskey(
  { store }: DirectContext,
  { credentialId, userHandle }: AssertionAnswer,
  rpId: string,
): Promise<(Found & { passkey: Passkey }) | undefined> {
  const userId = userHandle === undefined ? undefined : await store.claim(credentialClaim(credentialId));
  if (typeof userId !== 'string') return undefined;
  const loaded = await store.load(userId);
  const passkey = passkeysOf(loaded.record?.authenticators ?? []).find(
    ({ data }) => data.credentialId === credentialId,
  );
  return passkey?.data.rpId === rpId ? { userId, loaded, passkey } : undefined;
}

function openChallenge({ sealer, flowId, now }: DirectContext, challenge: string): Sealed | undefined {
  try {
    const sealed = JSON.parse(sealer.open(challenge, sealedFor(flowId))) as Sealed;
    return now <= sealed.expiresAt ? sealed : undefined;
  } catch {
    // Anybody can send anything here: what does not open is a wrong answer, not a fault of ours.
    return undefined;
  }
}

function sealedFor(flowId: string) {
  return { userId: nobody, authenticatorId: flowId, purpose };
}

function refusal(mismatch: Mismatch): Refused {
  if (mismatch.fault === 'challenge_lapsed') {
    return refused('session.mfa.pending_info_not_found', detailsOf(mismatch));
  }
  return refused(
    'session.mfa.webauthn_verification_failed',
    tellable.includes(mismatch.fault) ? detailsOf(mismatch) : {},
  );
}
