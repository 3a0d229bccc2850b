// The closed list of what can be wrong with a WebAuthn answer. Each is a hint (`webauthn.<fault>`) beside the one
// reason that all of them share, so that page, log and test can tell them apart.
import type { ErrorDetails } from '../../core/words/errors.js';

export type Fault =
  /** Bytes that are no client data, authenticator data or attestation object, or do not fit each other. */
  | 'unreadable'
  /** Made by the other ceremony. */
  | 'wrong_ceremony'
  | 'wrong_challenge'
  /** Made for another origin or relying party id. */
  | 'wrong_site'
  /** Made inside a frame of a page that is not allowed to embed this app. */
  | 'embedded'
  | 'user_not_present'
  | 'user_not_verified'
  /** "Is synced" without "may be synced". */
  | 'impossible_backup_state'
  | 'unsupported_algorithm'
  | 'credential_id_too_long'
  /** Another format than none and self attestation: nothing of it is weighed, least of all by asking an address in it. */
  | 'attestation_not_accepted'
  | 'attestation_not_verified'
  /** A point off its curve, an RSA key that can be factored. */
  | 'unusable_key'
  | 'unknown_passkey'
  | 'wrong_user_handle'
  | 'invalid_signature'
  | 'backup_eligibility_changed'
  /** Its key may leave the device, and the app takes none that may. */
  | 'may_be_synced'
  | 'perhaps_cloned'
  /** Passkey sign-in: the sealed challenge lapsed, is of another session, or was used. */
  | 'challenge_lapsed';

/** `expected`: the app's own origin or relying party id, which is public; what was received is not repeated. */
export type Mismatch = { fault: Fault; expected?: string };

export function isMismatch(value: object): value is Mismatch {
  return 'fault' in value;
}

export function detailsOf({ fault, expected }: Mismatch): ErrorDetails {
  return { hint: `webauthn.${fault}`, ...(expected === undefined ? {} : { expected }) };
}
