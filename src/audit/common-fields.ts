// What an event says of the request that caused it. Sign-in and session are told apart by digests: their ids are secrets.
import type { MfaEvent } from '../core/words/events.js';
import type { Heard } from '../core/kernel/kernel.js';
import type { Sealer } from '../core/kernel/ports.js';
import { digestOf } from './chain.js';

/** What all events of one request share: whose they are, its hints, and in which sign-in, as digests. */
export function commonOf(sealer: Sealer, { user, hints, signIn }: Heard): Partial<MfaEvent> {
  return {
    ...hints,
    ...(user === undefined ? {} : { userId: user.id }),
    ...(user?.tenant === undefined ? {} : { tenant: user.tenant }),
    ...(signIn === undefined ? {} : { flow: digestOf(sealer, 'flow', signIn.flowId) }),
    ...(signIn?.signInId === undefined ? {} : { session: digestOf(sealer, 'session', signIn.signInId) }),
  };
}
