// Backup codes that were spent in a sign-in that looks risky, and what is still owed before one counts: in the person's
// record, sealed, written by the save that spends the code. What follows from a level of risk is not known here.
import { isMfaError } from '../words/errors.js';
import type { Asker, Kernel } from './kernel.js';
import type { MfaRecord } from './record.js';
import { openField, sealField } from './sealed-field.js';
import type { SignIn } from './sign-in.js';

/** One spent code that awaits a further proof, or an administrator. Times are Unix seconds. */
export type Recovery = {
  /** Hard to guess; names the case of one that awaits an administrator, too. */
  id: string;
  /** When the code was spent, and from when on nothing comes of it any more. */
  at: number;
  until: number;
  /** The set that the code was of. */
  kind: string;
  authenticatorId: string;
  /** A digest of the sign-in in which it was spent. */
  flow: string;
  owes: 'proof' | 'approval';
  /** With `proof`: a hold follows. */
  held?: true;
  /** With `approval`: a digest of the cookie of the browser in which it was spent; only that one goes on. */
  browser?: string;
  approvedAt?: number;
};

/** How long an administrator has to answer. */
export const approvalSeconds = 72 * 3600;
/** Of several browsers: the oldest gives way. */
const mostUnproved = 3;

/** Those whose time is not over. Nobody is refused for the sake of one whose secret is gone: the code is spent, that is all. */
export function recoveriesOf({ sealer, now }: Kernel, userId: string, { recovery }: MfaRecord): Recovery[] {
  if (recovery === undefined) return [];
  try {
    const all = JSON.parse(openField(sealer, userId, 'recovery', recovery)) as Recovery[];
    return all.filter(({ until }) => until > now());
  } catch (error) {
    if (isMfaError(error)) return [];
    throw error;
  }
}

export function withRecoveries(
  { sealer }: Kernel,
  userId: string,
  { recovery: _before, ...record }: MfaRecord,
  all: readonly Recovery[],
): MfaRecord {
  if (all.length === 0) return record;
  return { ...record, recovery: sealField(sealer, userId, 'recovery', JSON.stringify(all)) };
}

/** With one more: one at a time awaits an administrator, a few a further proof, one in each sign-in. */
export function withRecovery(kernel: Kernel, userId: string, record: MfaRecord, one: Recovery): MfaRecord {
  const others = recoveriesOf(kernel, userId, record).filter(({ flow }) => flow !== one.flow);
  const unproved = others.filter(({ owes }) => owes === 'proof').slice(1 - mostUnproved);
  const waiting = others.filter(({ owes }) => owes === 'approval' && one.owes !== 'approval');
  return withRecoveries(kernel, userId, record, [...waiting, ...unproved, one]);
}

/** By what the record knows a sign-in in which a code was spent. */
export function recoveryFlow({ sealer }: Kernel, { flowId }: Pick<SignIn, 'flowId'>): string {
  return sealer.hashToken(`recovery ${flowId}`).slice(0, 22);
}

/** What this sign-in owes after a spent code. One of an earlier sign-in is its own where the browser brought the cookie. */
export function ownRecovery(
  kernel: Kernel,
  { user, signIn }: Pick<Asker, 'signIn'> & { user: { id: string } },
  record: MfaRecord,
): Recovery | undefined {
  if (record.recovery === undefined) return undefined;
  const flow = recoveryFlow(kernel, signIn);
  const all = recoveriesOf(kernel, user.id, record);
  return all.find((one) => one.flow === flow) ?? all.find(({ id }) => id === signIn.recovery);
}

/** The recovery that this browser's cookie, `id.secret`, is of. */
export function recoveryOfBrowser(
  kernel: Kernel,
  { user, recoveryCookie = '' }: Pick<Asker, 'recoveryCookie'> & { user: { id: string } },
  record: MfaRecord,
): Recovery | undefined {
  const [id, secret] = recoveryCookie.split('.');
  if (id === undefined || secret === undefined || record.recovery === undefined) return undefined;
  const one = recoveriesOf(kernel, user.id, record).find((each) => each.id === id);
  return one?.browser !== undefined && kernel.sealer.equal(one.browser, kernel.sealer.hashToken(secret))
    ? one
    : undefined;
}
