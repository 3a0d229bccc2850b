// Changes by the elevated person themselves: rename, skip, preferences, open a closed lane. Each is one decision on the
// record. What takes something away stands in `removal.ts`.
import { clearAllFailures } from '../rules/attempts.js';
import { refusedAsBarred } from '../rules/barred.js';
import type { Happened } from '../words/events.js';
import type { Notice } from '../words/notices.js';
import type { MfaUser } from '../kernel/mfa-user.js';
import type { Asker, Kernel } from '../kernel/kernel.js';
import { skippable } from '../rules/next-step.js';
import { accepted, refused, type Outcome } from '../words/outcome.js';
import { forbids } from '../rules/permission.js';
import { stopOf } from '../rules/stops.js';
import type { MfaRecord } from '../kernel/record.js';
import { situationOf, waysOf } from '../rules/situation.js';
import { transact, type Decision } from '../kernel/transact.js';

/** `epoch`: what the changing session carries from now on. */
export type Changed = { epoch: string; record: MfaRecord };

/** A change by the elevated, fresh person; anybody else is told what they owe. */
export function change<T extends Changed>(
  kernel: Kernel,
  asker: Asker,
  decide: (record: MfaRecord) => Decision<Outcome<T>>,
): Promise<Outcome<T>> {
  return transact<Outcome<T>>(kernel, asker, (record) => {
    const forbidden = forbids(kernel, asker, record, 'manage');
    return forbidden ? { result: forbidden, happened: stopOf(forbidden, 'change') } : decide(record);
  });
}

/** No such thing among what is this person's own. */
export function unknown<T>(): Decision<Outcome<T>> {
  return { result: refused('session.verification_session_not_found') };
}

/** Gives an authenticator another name. Ids are only matched inside this person's own record. */
export function renameAuthenticator(kernel: Kernel, asker: Asker, id: string, name: string): Promise<Outcome<Changed>> {
  return change<Changed>(kernel, asker, (record) => {
    const own = record.authenticators.find((authenticator) => authenticator.id === id);
    if (!own) return unknown();
    const authenticators = record.authenticators.map((each) => (each.id === id ? { ...each, name } : each));
    const save = { ...record, authenticators };
    return {
      save,
      result: accepted({ epoch: record.epoch, record: save }),
      happened: [{ name: 'authenticator-renamed', kind: own.kind, authenticatorId: id }],
    };
  });
}

/** Skips what `next-step` says can be skipped now; never what the request names. A pending person skips nothing. */
export function skipSuggestion(kernel: Kernel, asker: Asker): Promise<Outcome<{ what: string }>> {
  return transact<Outcome<{ what: string }>>(kernel, asker, (record) => {
    const barred = refusedAsBarred(record);
    if (barred) return { result: barred, happened: stopOf(barred, 'change') };
    const { next, state } = situationOf(kernel, asker.user, asker.signIn, record);
    if (state === 'pending') return { result: refused('session.mfa.require_mfa_verification') };
    const what = skippable(next);
    if (what === undefined) return { result: refused('session.mfa.mfa_policy_not_user_controlled') };
    return {
      save: { ...record, skipped: { ...record.skipped, [what]: kernel.now() } },
      result: accepted({ what }),
      happened: [{ name: 'prompt-skipped', detail: { what } }],
    };
  });
}

/** Ends the trust in one browser, or in all. */
export function revokeTrusted(kernel: Kernel, asker: Asker, id?: string): Promise<Outcome<Changed>> {
  return change<Changed>(kernel, asker, (record) => {
    const gone = record.trusted.filter((browser) => id === undefined || browser.id === id);
    if (id !== undefined && gone.length === 0) return unknown();
    const save = { ...record, trusted: record.trusted.filter((browser) => !gone.includes(browser)) };
    return {
      ...(gone.length > 0 ? { save } : {}),
      result: accepted({ epoch: record.epoch, record: save }),
      happened: gone.map((browser) => ({ name: 'browser-trust-revoked', detail: { browser: browser.id } })),
    };
  });
}

/** `preferred`: a kind; empty: none, so that the one used last is asked for first. */
export type Preferences = {
  signInStep?: 'on' | 'off';
  resetPrompts?: boolean;
  openLane?: boolean;
  preferred?: string;
};

/**
 * Whether the policy leaves the sign-in step to this person. `next-step` asks under a mandatory one before its day as
 * well: a switch that did nothing would mislead.
 */
export function ownsSignInStep({ settings }: Kernel, user: MfaUser): boolean {
  return settings.policyOf(user) !== 'mandatory';
}

/** The person's own switches. The sign-in step can be turned off only where the policy leaves it to them. */
export function setPreferences(kernel: Kernel, asker: Asker, wanted: Preferences): Promise<Outcome<Changed>> {
  return change<Changed>(kernel, asker, (record) => {
    if (wanted.signInStep === 'off') {
      if (!ownsSignInStep(kernel, asker.user)) {
        return { result: refused('session.mfa.mfa_policy_not_user_controlled') };
      }
      // Otherwise a stolen password could switch the step off before its owner enrols the first factor.
      if (!record.protected) return { result: refused('user.missing_mfa') };
    }
    const happened: Happened[] = [];
    const notices: Notice[] = [];
    let save = record;
    if (wanted.signInStep !== undefined) {
      const { signInStepOff: _off, ...on } = save;
      save = wanted.signInStep === 'off' ? { ...on, signInStepOff: true } : on;
      if (save.signInStepOff && !record.signInStepOff) notices.push({ what: 'sign-in-step-off', at: kernel.now() });
      happened.push({ name: 'sign-in-step-changed', detail: { signInStep: wanted.signInStep } });
    }
    if (wanted.preferred !== undefined) {
      const { preferred: _before, ...rest } = save;
      if (wanted.preferred !== '' && !isPreferable(kernel, asker.user, record, wanted.preferred))
        return { result: refused('request.invalid', { field: 'preferred' }) };
      save = wanted.preferred === '' ? rest : { ...rest, preferred: wanted.preferred };
      happened.push({ name: 'preferred-changed', detail: { preferred: wanted.preferred } });
    }
    if (wanted.resetPrompts) {
      save = { ...save, skipped: {} };
      happened.push({ name: 'prompt-reset' });
    }
    if (wanted.openLane) {
      save = clearAllFailures(save);
      happened.push({ name: 'unlocked' });
    }
    return { save, result: accepted({ epoch: save.epoch, record: save }), happened, notices };
  });
}

/** Only a primary factor that this person has and may use: backup codes come last, whoever asks. */
function isPreferable(kernel: Kernel, user: MfaUser, record: MfaRecord, kind: string): boolean {
  return waysOf(kernel, record, user).some((way) => way.kind === kind && way.rank === 'primary');
}
