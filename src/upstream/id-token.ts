// What an ID token says of the sign-in (OpenID Connect Core §2). Its signature, audience, nonce and times were checked by the
// library that received it: here its claims are read, and nothing else.
import type { Upstream, UpstreamFault } from '../core/words/upstream.js';
import { classesIn, ownIn, textIn, textsIn } from './claims.js';

/**
 * Reads the claims of an ID token that was validated: `iss`, `sub`, `auth_time`, `amr`, `acr`. One that has not the type of its
 * standard is not said. What lacks `iss`, `sub` or `auth_time` has a `fault` and counts for nothing; ask for `auth_time` by
 * `max_age`.
 * @param claims never those of an access token or of the user-info endpoint, which say nothing of a sign-in
 */
export function upstreamFromIdToken(claims: object): Upstream {
  const issuer = textIn(ownIn(claims, 'iss'));
  const subject = textIn(ownIn(claims, 'sub'));
  const said = ownIn(claims, 'auth_time');
  const authTime = typeof said === 'number' && Number.isFinite(said) && said > 0 ? Math.floor(said) : undefined;
  return {
    ...saidOf({ issuer, subject, authTime }),
    amr: textsIn(ownIn(claims, 'amr')),
    acr: classesIn([textIn(ownIn(claims, 'acr'))]),
  };
}

type Whose = { issuer: string | undefined; subject: string | undefined; authTime: number | undefined };

/** @param other what is wrong beside them */
export function saidOf({ issuer, subject, authTime }: Whose, other?: UpstreamFault): Omit<Upstream, 'amr' | 'acr'> {
  const missing: [unknown, UpstreamFault][] = [
    [issuer, 'no-issuer'],
    [subject, 'no-subject'],
    [authTime, 'no-auth-time'],
  ];
  const fault = other ?? missing.find(([value]) => value === undefined)?.[1];
  return {
    ...(issuer === undefined ? {} : { issuer }),
    ...(subject === undefined ? {} : { subject }),
    ...(authTime === undefined ? {} : { authTime }),
    ...(fault === undefined ? {} : { fault }),
  };
}
