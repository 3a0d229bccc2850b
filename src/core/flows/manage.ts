// Changes by the elevated person themselves: rename, remove, skip, preferences, open a closed lane. Each is one
// decision on the record; removing changes the epoch, so that every other session is asked again.
import { clearAllFailures } from '../rules/attempts.js';
import { refusedAsBarred } from '../rules/barred.js';
import type { Happened } from '../words/events.js';
import type { Notice } from '../words/notices.js';
import type { MfaUser } from '../kernel/factor.js';
import { factorOf, type Asker, type Kernel } from '../kernel/kernel.js';
import { skippable } from '../rules/next-step.js';
import { accepted, refused, type Outcome } from '../words/outcome.js';
import { forbids } from '../rules/permission.js';
import { stopOf } from '../rules/stops.js';
import type { Authenticator, MfaRecord } from '../kernel/record.js';
import { hasUsable, situationOf } from '../rules/situation.js';
import { transact, type Decision } from '../kernel/transact.js';

/** `epoch`: what the changing session carries from now on. */
export type Changed = { epoch: string; record: MfaRecord };
export type Removed = Changed & { kind: string };

function change<T extends Changed>(
  kernel: Kernel,
  asker: Asker,
  decide: (record: MfaRecord) => Decision<Outcome<T>>,
): Promise<Outcome<T>> {
  return transact<Outcome<T>>(kernel, asker, (record) => {
    const forbidden = forbids(kernel, asker, record, 'manage');
    return forbidden ? { result: forbidden, happened: stopOf(forbidden, 'change') } : decide(record);
  });
}

function unknown<T>(): Decision<Outcome<T>> {
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

/**
 * Removes an authenticator. The last primary one may go: backup codes that still work stay as the only way in; what
 * could not be used anyway goes with it, and the person is no longer protected.
 */
export function removeAuthenticator(kernel: Kernel, asker: Asker, id: string): Promise<Outcome<Removed>> {
  const epoch = kernel.random.token();
  return change<Removed>(kernel, asker, (record) => {
    const own = record.authenticators.find((authenticator) => authenticator.id === id);
    if (!own) return unknown();
    const save = without(kernel, record, own, epoch);
    const backup = factorOf(kernel, own.kind)?.rank === 'backup';
    const happened: Happened = {
      name: backup ? 'backup-codes-removed' : 'authenticator-removed',
      kind: own.kind,
      authenticatorId: id,
    };
    return {
      save,
      result: accepted({ epoch, record: save, kind: own.kind }),
      happened: [happened],
      notices: [
        {
          what: 'factor-removed',
          kind: own.kind,
          at: kernel.now(),
          ...(own.name === undefined ? {} : { name: own.name }),
        },
      ],
    };
  });
}

function without(kernel: Kernel, record: MfaRecord, own: Authenticator, epoch: string): MfaRecord {
  const rest = {
    ...record,
    epoch,
    trusted: [],
    authenticators: record.authenticators.filter(({ id }) => id !== own.id),
  };
  if (hasUsable(kernel, rest, 'primary') || hasUsable(kernel, rest, 'backup')) {
    const owed =
      factorOf(kernel, own.kind)?.rank === 'backup' ? rest.owed.filter((what) => what !== 'backup-codes') : rest.owed;
    return { ...rest, owed };
  }
  const { signInStepOff: _off, ...unprotected } = rest;
  return { ...unprotected, authenticators: [], owed: [], protected: false };
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

export type Preferences = { signInStep?: 'on' | 'off'; resetPrompts?: boolean; openLane?: boolean };

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
