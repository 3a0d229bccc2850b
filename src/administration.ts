// What the host's own code and its operators do to accounts beyond the everyday: calls that few apps make, so their code is
// loaded at the first one. What they decide stands in `core/operators/`.
import { endHostSessions } from './core/flows/end-sign-ins.js';
import type { Kernel } from './core/kernel/kernel.js';
import type { BySource } from './core/operators/suspend.js';
import { userIdOf } from './core/words/user-id.js';
import type { MfaConfig } from './config.js';
import type { User } from './user.js';

type Id = User['id'];

/** Calls of operators; each names who acts (`by`) and may say why, for the event. */
export interface Administration {
  /**
   * Bars an account, protected or not: no sign-in, no set-up, no machine's token, here at once, in other processes within
   * `recordMaxAgeSeconds`. Kept per `source` (`admin`, the default, or `scim`); a reset, an import and the end of the account
   * leave it. Calls the option `endSessions`.
   * @throws MfaError `config.invalid_option`, `config.unknown_option`; `store.unavailable`, also where `endSessions` fails
   */
  suspend(userId: Id, given: BySource): Promise<void>;
  /** Lifts what this `source` barred; what another one did stays. @throws MfaError as `suspend` */
  resume(userId: Id, given: BySource): Promise<void>;
}

export function administrationOf(kernel: Kernel, { endSessions }: Pick<MfaConfig, 'endSessions'>): Administration {
  return {
    async suspend(userId, given) {
      const id = userIdOf(userId);
      const { suspendUser } = await import('./core/operators/suspend.js');
      await kernel.store.within(() => suspendUser(kernel, id, given));
      await endHostSessions(endSessions, id, {});
    },
    async resume(userId, given) {
      const id = userIdOf(userId);
      const { resumeUser } = await import('./core/operators/suspend.js');
      await kernel.store.within(() => resumeUser(kernel, id, given));
    },
  };
}
