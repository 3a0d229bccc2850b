// Whom the host app says that a request is of: checked, with names filled in. Knows nothing of how they are asked.

/** The signed-in person, as the host app describes them. `id` is always a string here. */
export type MfaUser = {
  id: string;
  label: string;
  email?: string;
  emailVerified?: boolean;
  phone?: string;
  phoneVerified?: boolean;
  locale?: string;
  /** IANA, `Europe/Zurich`: pages and messages say times there. Without it messages say UTC, pages the browser's zone. */
  timeZone?: string;
  /** Names this sign-in; proofs of another one do not count. */
  signInId?: string;
  /** When this sign-in took place, Unix seconds. */
  signedInAt?: number;
  /** The first factor of this sign-in: `password`, `email`, `sms`, `passkey`, … */
  signedInBy?: string;
  /** `token`: a machine that the host authenticated by a verified token. */
  via?: 'session' | 'token';
  /** When the password or an address changed last, Unix seconds; weighed where risk is assessed. */
  changedAt?: number;
  mfaExpected?: boolean;
  tenant?: string;
  /** Ours to say: whether it comes from one of `trustedNetworks`; whom this person, acting for another, is shown as. */
  inTrustedNetwork?: true;
  shown?: { id: string; leavePath?: string };
};
