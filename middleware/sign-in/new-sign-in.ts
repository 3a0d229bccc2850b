// What a sign-in is before anything was proved in it.
import type { MfaUser } from '../../src/core/kernel/mfa-user.js';
import type { Kernel } from '../../src/core/kernel/kernel.js';
import { clockSkewSeconds, signInName, type SignIn } from '../../src/core/kernel/sign-in.js';
import { derivedToken } from './derived-token.js';

/**
 * A new sign-in, not yet kept anywhere.
 * @param sessionId of the session it is met in, where the host announced no sign-in: requests that come at the same
 *   moment, a browser's tabs, then begin the same one, and not one of them loses its form to the others
 */
export function newSignIn(kernel: Kernel, user: MfaUser, moment: SignIn['moment'], sessionId?: string): SignIn {
  return {
    userId: user.id,
    ...(user.signInId === undefined ? {} : { signInId: signInName(kernel, user.signInId) }),
    ...(sessionId ? secretsBySession(kernel, sessionId, user) : randomSecrets(kernel)),
    startedAt: (sessionId === undefined ? undefined : tookPlaceAt(kernel, user)) ?? kernel.now(),
    moment,
    proofs: [],
  };
}

/** When the host says, where it does; what is told of the time to come is not believed. */
export function tookPlaceAt(kernel: Kernel, { signedInAt }: MfaUser): number | undefined {
  const now = kernel.now();
  return signedInAt === undefined || signedInAt > now + clockSkewSeconds ? undefined : Math.min(signedInAt, now);
}

type Secrets = Pick<SignIn, 'flowId' | 'csrf'>;

function randomSecrets({ random }: Kernel): Secrets {
  return { flowId: random.token(), csrf: random.token(32) };
}

/** As hard to guess as random ones for whoever does not have our secret, whatever they know of the session. */
function secretsBySession(kernel: Kernel, sessionId: string, { id, signInId }: MfaUser): Secrets {
  const whose = JSON.stringify([sessionId, id, signInId ?? null]);
  return { flowId: derivedToken(kernel, 'sign-in-flow', whose), csrf: derivedToken(kernel, 'sign-in-csrf', whose) };
}
