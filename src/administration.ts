// What the host's own code and its operators do to accounts beyond the everyday: calls that few apps make, so their code is
// loaded at the first one. What they decide stands in `core/operators/`.
import { endHostSessions } from './core/flows/end-sign-ins.js';
import { withinAnswer, type Kernel } from './core/kernel/kernel.js';
import type { ByAdmin } from './core/operators/by-admin.js';
import type { ExemptUntil } from './core/operators/exempt.js';
import type { IssuedPass, PassFor } from './core/operators/pass.js';
import type { ForgetUpstream } from './core/operators/upstream.js';
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
  /**
   * Lifts what this `source` barred; what another one did stays.
   * @throws MfaError as `suspend`; `admin.not_applicable` for the directory's bar of an account that ended, see `readmit`
   */
  resume(userId: Id, given: BySource): Promise<void>;
  /**
   * Lets whoever has the id of an account in that ended while its directory barred it: a first enrolment is then confirmed as under
   * `required`. Nothing happens to any other account. @throws MfaError as `release`
   */
  readmit(userId: Id, given: ByAdmin): Promise<void>;
  /**
   * Twelve letters that support reads out to somebody who lost everything, once it knows who that is. Works once, for
   * `validMinutes` (10–1440, default 60), opens the sign-in and one new primary factor, and begins a hold (`holdHours`).
   * @throws MfaError `admin.not_applicable` for somebody unprotected; `config.invalid_option` without `supportPass()`
   */
  issuePass(userId: Id, given: PassFor): Promise<IssuedPass>;
  /**
   * Ends a hold, and what an objection barred, backup codes and passes; and lets sign-ins go on that look risky: those that are
   * pending, and for 24 hours, or until somebody is in, new ones.
   * @throws MfaError `config.*` for an administrator without a name
   */
  release(userId: Id, given: ByAdmin): Promise<void>;
  /**
   * The policy demands no set-up of this person before `until`, at most 30 days ahead and 90 days within a year. Ends with
   * the first factor and at a reset; a step-up answers `user.missing_mfa` as ever.
   * @throws MfaError `admin.not_applicable` for somebody protected, and beyond those 90 days; `config.invalid_option`
   */
  exempt(userId: Id, given: ExemptUntil): Promise<void>;
  /** Ends an exemption before its time. @throws MfaError as `release` */
  endExemption(userId: Id, given: ByAdmin): Promise<void>;
  /**
   * Has the person make new backup codes when they next verify; the old ones work until then.
   * @throws MfaError `admin.not_applicable` without backup codes in the app, or a primary factor that works
   */
  oweBackupCodes(userId: Id, given: ByAdmin): Promise<void>;
  /**
   * Frees the account at an identity provider that vouches for this person: the next one there that signs in as them takes its
   * place. Every sign-in of theirs ends.
   * @throws MfaError `config.*` for an administrator without a name, or no issuer
   */
  forgetUpstream(userId: Id, given: ForgetUpstream): Promise<void>;
}

export function administrationOf(kernel: Kernel, { endSessions }: Pick<MfaConfig, 'endSessions'>): Administration {
  return {
    async suspend(userId, given) {
      const id = userIdOf(userId);
      const { suspendUser } = await import('./core/operators/suspend.js');
      await withinAnswer(kernel, (own) => suspendUser(own, id, given));
      await endHostSessions(endSessions, id, {});
    },
    async resume(userId, given) {
      const id = userIdOf(userId);
      const { resumeUser } = await import('./core/operators/suspend.js');
      await withinAnswer(kernel, (own) => resumeUser(own, id, given));
    },
    async readmit(userId, given) {
      const id = userIdOf(userId);
      const { readmitUser } = await import('./core/operators/suspend.js');
      await withinAnswer(kernel, (own) => readmitUser(own, id, given));
    },
    async issuePass(userId, given) {
      const id = userIdOf(userId);
      const { issuePass } = await import('./core/operators/pass.js');
      return withinAnswer(kernel, (own) => issuePass(own, id, given));
    },
    async release(userId, given) {
      const id = userIdOf(userId);
      const { releaseUser } = await import('./core/operators/pass.js');
      await withinAnswer(kernel, (own) => releaseUser(own, id, given));
    },
    async exempt(userId, given) {
      const id = userIdOf(userId);
      const { exemptUser } = await import('./core/operators/exempt.js');
      await withinAnswer(kernel, (own) => exemptUser(own, id, given));
    },
    async endExemption(userId, given) {
      const id = userIdOf(userId);
      const { endExemptionOf } = await import('./core/operators/exempt.js');
      await withinAnswer(kernel, (own) => endExemptionOf(own, id, given));
    },
    async oweBackupCodes(userId, given) {
      const id = userIdOf(userId);
      const { oweBackupCodes } = await import('./core/operators/exempt.js');
      await withinAnswer(kernel, (own) => oweBackupCodes(own, id, given));
    },
    async forgetUpstream(userId, given) {
      const id = userIdOf(userId);
      const { forgetUpstream } = await import('./core/operators/upstream.js');
      await withinAnswer(kernel, (own) => forgetUpstream(own, id, given));
      await endHostSessions(endSessions, id, {});
    },
  };
}
