// What a test may ask of one ceremony: where it takes place, and which single lie to tell in it.

/** One ceremony: where it takes place, and what is to be wrong with it. Everything but `origin` is optional. */
export type Ceremony = {
  /** The origin of the page that asks. That it fits the relying party is for the site to check: this one does not. */
  origin: string;
  userPresent?: boolean;
  userVerified?: boolean;
  /** The signature counter to state, instead of its own. */
  counter?: number;
  backupEligible?: boolean;
  backupState?: boolean;
  crossOrigin?: boolean;
  topOrigin?: string;
  challenge?: string;
  type?: string;
  rpId?: string;
};

export type CreateCeremony = Ceremony & {
  /** A COSE algorithm to use, offered or not. */
  algorithm?: number;
  /** The COSE key to state, instead of its own. */
  cosePublicKey?: Uint8Array;
  /** The length of the credential id in bytes. Default 32. */
  credentialIdBytes?: number;
  /** The credential id to use, base64url: somebody else's, say. */
  credentialId?: string;
  /** Makes a passkey although it has one that the site excludes. */
  ignoreExcluded?: true;
};

export type GetCeremony = Ceremony & {
  /** Which passkey to use, base64url, allowed or not. */
  credentialId?: string;
  /** The user handle to return, base64url; `null` for none. */
  userHandle?: string | null;
  /** Signs something else. */
  breakSignature?: true;
};
