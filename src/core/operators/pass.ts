// A support pass for somebody who lost everything, and the end of the hold that its use begins.
import { contextWith, aboutUser, type Kernel } from '../kernel/kernel.js';
import { transact, type Decision } from '../kernel/transact.js';
import { startsAgain } from '../rules/confirms-by.js';
import { codesBarredUntil, withoutPasses, holdOf } from '../rules/hold.js';
import { releaseSeconds } from '../rules/kept-level.js';
import { MfaError } from '../words/errors.js';
import { byWhom, checkAdmin, type ByAdmin } from './by-admin.js';

/** Minutes for which a pass is good: from the shortest, by default, to the longest (NIST SP 800-63B-4 §4.2.1.2: 24 h). */
export const passMinutes = { least: 10, usual: 60, most: 1440 };

export type PassFor = ByAdmin & { validMinutes?: number };

/** To be read out to the person; shown once. `expiresAt`: Unix seconds. */
export type IssuedPass = { pass: string; expiresAt: number };

/**
 * Issues a pass; one that was issued before and not used is void. The epoch stays: nobody is signed out by it.
 * @throws MfaError `admin.not_applicable` for somebody unprotected, whom `grantEnrollment` is for;
 * `config.invalid_option` without `supportPass()` among the factors, or for minutes that it does not take
 */
export async function issuePass(kernel: Kernel, userId: string, given: PassFor): Promise<IssuedPass> {
  const { validMinutes = passMinutes.usual, ...admin } = checkAdmin('mfa.issuePass', given, ['validMinutes']);
  const factor = passFactorFor(kernel, 'mfa.issuePass', validMinutes);
  const id = kernel.random.token(12);
  const createdAt = kernel.now();
  const expiresAt = createdAt + validMinutes * 60;
  const context = contextWith(kernel, { user: { id: userId, label: userId }, locale: 'en', flowId: 'pass' });
  const { pass, data } = factor.issuePass(context, id, expiresAt);
  const { kind } = factor;
  await transact<undefined>(kernel, aboutUser(userId), (record): Decision<undefined> => {
    if (!record.protected || startsAgain(record)) throw notProtected();
    const authenticators = [...withoutPasses(kernel, record.authenticators), { id, kind, createdAt, data }];
    const { detail, ...who } = byWhom(admin);
    return {
      save: { ...record, authenticators },
      result: undefined,
      happened: [{ name: 'pass-issued', kind, authenticatorId: id, ...who, detail: { ...detail, validMinutes } }],
      notices: [{ what: 'pass-issued', authenticatorId: id, at: createdAt, expiresAt }],
    };
  });
  return { pass, expiresAt };
}

/**
 * The factor that makes passes, for so many minutes.
 * @throws MfaError `config.invalid_option` where there is none, or for minutes that it does not take
 */
export function passFactorFor(kernel: Kernel, caller: string, validMinutes: unknown = passMinutes.usual) {
  const isNumber = typeof validMinutes === 'number' && Number.isInteger(validMinutes);
  if (!isNumber || validMinutes < passMinutes.least || validMinutes > passMinutes.most) {
    const words = `${caller}: \`validMinutes\` takes whole minutes from ${passMinutes.least} to ${passMinutes.most}.`;
    throw new MfaError('config.invalid_option', words);
  }
  const factor = kernel.factors.find(({ rank }) => rank === 'pass');
  if (factor?.issuePass) return { kind: factor.kind, issuePass: factor.issuePass.bind(factor) };
  throw new MfaError('config.invalid_option', `${caller}: add \`supportPass()\` to \`factors\`, so that it works.`);
}

function notProtected(): MfaError {
  return new MfaError(
    'admin.not_applicable',
    'This person is not protected: a pass would be their password’s thief’s as well. Give them `mfa.grantEnrollment`.',
  );
}

/**
 * Ends the hold on what was made in a recovery, wherever the person is signed in; lets backup codes and passes work again after an
 * objection; and lets sign-ins that look risky go on: those that are pending, and for a day, until somebody is in, others. Without any
 * of these nothing happens.
 */
export async function releaseUser(kernel: Kernel, userId: string, given: ByAdmin): Promise<void> {
  const admin = checkAdmin('mfa.release', given);
  await transact<undefined>(kernel, aboutUser(userId), (record): Decision<undefined> => {
    const isBarred = codesBarredUntil(kernel, record) !== undefined;
    if (!holdOf(kernel, record) && !isBarred && !record.raised) return { result: undefined };
    const { hold: _ended, codesBarredUntil: _over, raised, ...free } = record;
    return {
      save: raised ? { ...free, releasedUntil: kernel.now() + releaseSeconds } : free,
      result: undefined,
      happened: [{ name: 'released', ...byWhom(admin) }],
      notices: [{ what: 'released', at: kernel.now() }],
    };
  });
}
