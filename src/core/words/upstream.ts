// What an identity provider said of a sign-in, read out of its answer: the words of both protocols, and none of their
// formats. Whether it counts is decided in `rules/upstream.ts`.

/** Why nothing of an answer is believed, whatever else it says. */
export const upstreamFaults = ['no-issuer', 'no-subject', 'no-auth-time', 'several-statements'] as const;

/**
 * Why nothing of an answer is believed: a claim is missing, or has not the type of its standard.
 *
 * @useDeclaredType
 */
export type UpstreamFault = (typeof upstreamFaults)[number];

/**
 * What an identity provider said, as `upstreamFromIdToken` and `upstreamFromSaml` read it out of an answer that the app has
 * validated. Times are Unix seconds.
 */
export type Upstream = {
  issuer?: string;
  subject?: string;
  /** When the person was authenticated there, by the provider's clock. */
  authTime?: number;
  /** RFC 8176; empty: not said. */
  amr: readonly string[];
  /** Classes of the authentication, of SAML as well; empty: not said. */
  acr: readonly string[];
  /** When the provider ends its own session (`SessionNotOnOrAfter`). */
  endsAt?: number;
  /** Why it counts for nothing. */
  fault?: UpstreamFault;
};

/** Why the local factor is asked for all the same, or the provider once more. */
export type Shortfall =
  | UpstreamFault
  | 'not-named'
  | 'not-said'
  | 'too-little'
  | 'too-old'
  | 'session-over'
  | 'before-change'
  | 'linked'
  | 'other-subject';
