// What is kept of one passkey, and the keys under which it is claimed once across all users. A public key is no
// secret, so nothing here is sealed; nothing here verifies anything.
import type { Authenticator } from '../../core/kernel/record.js';

export const kind = 'webauthn';

export type PasskeyData = {
  /** base64url, at most 1023 bytes. */
  credentialId: string;
  /** The COSE key, base64url. */
  publicKey: string;
  /** The signature counter of the last use; 0 for ever where the authenticator does not count. */
  counter: number;
  transports: string[];
  aaguid: string;
  /** Whether it may be synced; fixed for the life of a credential (WebAuthn L3 §6.1.3). */
  backupEligible: boolean;
  /** Whether it is synced now. */
  backedUp: boolean;
  /** The relying party id it was made for; it works for no other, even after the option has changed. */
  rpId: string;
  /** base64url of the user handle it was made with; empty where another system made it and did not tell. */
  userHandle: string;
  /** Whether the person was verified when it was made; without that, a later "verified" counts for nothing (L3 §4). */
  uvInitialized: boolean;
  /** Its counter once did not grow: perhaps there are two of it. Unix seconds. */
  suspectedCloneAt?: number;
  /** Moved here by one that did not tell whether it may be synced, or the user handle: its first use tells. */
  learns?: true;
};

// Not `Authenticator<PasskeyData>`: to a compiler without `exactOptionalPropertyTypes`, optional is no JSON.
export type Passkey = Omit<Authenticator, 'data'> & { data: PasskeyData };

/** The passkeys among one user's authenticators, newest first. */
export function passkeysOf(own: readonly Authenticator[]): Passkey[] {
  const passkeys = own.filter((authenticator) => authenticator.kind === kind) as Passkey[];
  return passkeys.sort((a, b) => b.createdAt - a.createdAt);
}

/** The key of `store.claim` that says whose a credential is. */
export function credentialClaim(credentialId: string): string {
  return `webauthn:credential:${credentialId}`;
}

/** The key of `store.claim` that says whose a user handle is. */
export function userHandleClaim(userHandle: string): string {
  return `webauthn:user-handle:${userHandle}`;
}
