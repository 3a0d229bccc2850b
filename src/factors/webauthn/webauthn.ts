// The passkey factor: WebAuthn Level 3 as a second step, and as a way to sign in for those who want it. Assembles what
// the other files of this room do.
import type { Factor } from '../../core/kernel/factor.js';
import type { Authenticator } from '../../core/kernel/record.js';
import type { AssertionEvidence } from './assertion.js';
import { issueAssertion, judgeAssertion, weighAssertion } from './assertion.js';
import { adoptPasskey } from './imported-passkey.js';
import type { WebauthnOptions } from './options.js';
import { relyingPartyId, requireOrigin, resolveOptions } from './options.js';
import type { PasskeyData } from './passkey.js';
import { credentialClaim, kind, userHandleClaim } from './passkey.js';
import { providerOf } from './providers.js';
import type { RegistrationEvidence } from './registration.js';
import { beginRegistration, judgeRegistration, weighRegistration } from './registration.js';
import type { AssertionAnswer, RegistrationAnswer } from './responses.js';
import { parseAssertion, parseRegistration } from './responses.js';
import type { PasskeySignIn } from './sign-in.js';
import { createPasskeySignIn } from './sign-in.js';

export interface WebauthnFactor extends Factor<
  AssertionAnswer,
  AssertionEvidence,
  RegistrationAnswer,
  RegistrationEvidence
> {
  /** Sign-in with a passkey alone, under the same options; nothing uses it unless the app asks for it. */
  readonly directSignIn: PasskeySignIn;
}

/**
 * Passkeys and security keys. A wrong signature brings a guesser nothing, so wrong answers are rate-limited and never
 * lock anybody out.
 * @throws MfaError `config.unknown_option` or `config.invalid_option`.
 */
export function webauthn(options: WebauthnOptions = {}): WebauthnFactor {
  const settings = resolveOptions(options);
  return {
    kind,
    rank: 'primary',
    strength: 3,
    // RFC 8176: possession of a key, hardware or software unknown without attestation.
    amr: 'pop',
    wrong: 'session.mfa.webauthn_verification_failed',
    absent: 'session.mfa.webauthn_verification_not_found',
    guessable: false,
    ceremony: 'once',
    challengeTtlSeconds: settings.timeoutSeconds,
    under: (defaults) => webauthn({ ...(defaults as WebauthnOptions), ...options }),
    inForce: {
      maxAuthenticators: settings.maxAuthenticators,
      userVerification: settings.userVerification,
      synced: settings.synced,
    },
    parse: parseAssertion,
    issue: (context, own) => issueAssertion(settings, context, own),
    weigh: (context, own, answer, begun) => weighAssertion(settings, context, own, answer, begun),
    judge: (context, own, evidence) => judgeAssertion(context.now, own, evidence),
    standing: () => ({ state: 'usable' }),
    enrollment: {
      ceremony: 'once',
      ttlSeconds: settings.timeoutSeconds,
      limit: settings.maxAuthenticators,
      beginsOnPage: false,
      begin: (context, own) => beginRegistration(settings, context, own),
      parse: parseRegistration,
      weigh: (context, _own, answer, begun) => weighRegistration(settings, context, answer, begun),
      judge: (_context, own, evidence) => judgeRegistration(own, evidence),
    },
    adoptSecret: (context, own, input) => adoptPasskey(settings, context, own, input),
    describe: (_context, authenticator) => describePasskey(authenticator),
    claimsOf: ({ data }) => {
      const { credentialId, userHandle } = data as PasskeyData;
      return [credentialClaim(credentialId), ...(userHandle === '' ? [] : [userHandleClaim(userHandle)])];
    },
    check: ({ production, origins }) => {
      if (production) requireOrigin(origins);
      relyingPartyId(settings, origins);
    },
    directSignIn: createPasskeySignIn(settings),
  };
}

/** What pages show of a passkey, and what they need to tell the browser that it was removed. No key. */
function describePasskey(authenticator: Authenticator): ReturnType<NonNullable<Factor['describe']>> {
  const { credentialId, rpId, userHandle, aaguid, backedUp, backupEligible, suspectedCloneAt, transports } =
    authenticator.data as PasskeyData;
  const provider = providerOf(aaguid);
  return {
    ...(authenticator.name === undefined ? {} : { name: authenticator.name }),
    ...(provider === undefined ? {} : { provider }),
    synced: backedUp,
    syncable: backupEligible,
    transports,
    perhapsCloned: suspectedCloneAt !== undefined,
    ...(userHandle === '' ? {} : { signal: { rpId, credentialId, userHandle } }),
  };
}
