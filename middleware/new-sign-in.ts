// What a sign-in is before anything was proved in it.
import type { MfaUser } from '../src/core/factor.js';
import type { Kernel } from '../src/core/kernel.js';
import type { SignIn } from '../src/core/sign-in.js';

/**
 * A new sign-in, not yet kept anywhere.
 * @param sessionId of the session it is met in, where the host announced no sign-in: requests that come at the same
 *   moment, a browser's tabs, then begin the same one, and not one of them loses its form to the others
 */
export function newSignIn(kernel: Kernel, user: MfaUser, moment: SignIn['moment'], sessionId?: string): SignIn {
  return {
    userId: user.id,
    ...(user.signInId === undefined ? {} : { signInId: user.signInId }),
    ...(sessionId ? secretsBySession(kernel, sessionId, user) : randomSecrets(kernel)),
    startedAt: kernel.now(),
    moment,
    proofs: [],
  };
}

type Secrets = Pick<SignIn, 'flowId' | 'csrf'>;

function randomSecrets({ random }: Kernel): Secrets {
  return { flowId: random.token(), csrf: random.token(32) };
}

/** As hard to guess as random ones for whoever does not know our secret, whatever they know of the session. */
function secretsBySession({ sealer }: Kernel, sessionId: string, { id, signInId }: MfaUser): Secrets {
  const whose = JSON.stringify([sessionId, id, signInId ?? null]);
  const secret = (purpose: string) => Buffer.from(sealer.digest(purpose, whose)).toString('base64url');
  return { flowId: secret('sign-in-flow'), csrf: secret('sign-in-csrf') };
}
