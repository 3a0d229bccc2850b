// One backup code at sign-in or step-up: derived once, then compared with every hash of the set for every rival. What
// makes it count is that its hash is gone from the record that is saved.
import type { FactorContext, Verdict } from '../../core/kernel/factor.js';
import type { Happened } from '../../core/words/events.js';
import type { Reason } from '../../core/words/outcome.js';
import type { Authenticator } from '../../core/kernel/record.js';
import { hasExpired, leftIn, setOf, withAddress, type CodeSet } from './code-set.js';
import { derivations } from './derivation.js';
import { hashCode, saltBytes } from './hash-code.js';
import type { TypedCode } from './parse-code.js';

/** Told for a wrong code, a used one, and where there is no set. */
export const wrong: Reason = 'session.mfa.invalid_backup_code';

/** `salt`: of the set that the code was hashed for; `null` where there was none. `from`: a hint. */
export type Evidence = { salt: string | null; hash: string; from?: string };

/**
 * Derives the typed code's hash, once. Where there is no set the same is derived for nothing, so that the time taken
 * does not tell who has one.
 * @throws MfaError `server.busy`, `store.unavailable`
 */
export async function weigh(
  context: FactorContext,
  own: readonly Authenticator[],
  { code }: TypedCode,
): Promise<Evidence> {
  const { sealer, random, ip } = context;
  const set = own[0] && setOf(own[0]);
  const nothing = { salt: Buffer.from(random.bytes(saltBytes)).toString('base64url'), keyId: sealer.keyId };
  const hash = await derivations.run(context.user.id, () => hashCode(sealer, context.user.id, code, set ?? nothing));
  return { salt: set?.salt ?? null, hash, ...(ip === undefined ? {} : { from: ip }) };
}

export function judge(
  context: FactorContext,
  own: readonly Authenticator[],
  evidence: Evidence,
  lowAt: number,
): Verdict {
  const [authenticator] = own;
  const set = authenticator && setOf(authenticator);
  if ((set?.salt ?? null) !== evidence.salt) return { is: 'stale' };
  if (!authenticator || !set) return { is: 'wrong', reason: wrong };
  const used = positionOf(context, set, evidence.hash);
  if (used < 0) return { is: 'wrong', reason: wrong };
  if (hasExpired(set, context.now)) {
    // Only to whoever holds a code of the set; a guesser is told what everybody is told. Not a failed guess either.
    const details = { expiredAt: set.expiresAt ?? 0 };
    return { is: 'wrong', reason: 'session.mfa.backup_codes_expired', details, attempt: false };
  }
  const { sealer, user, now } = context;
  const data: CodeSet = {
    ...set,
    codes: set.codes.map((code, at) => (at === used ? { usedAt: now } : code)),
    ...(evidence.from === undefined ? {} : { from: withAddress(sealer, user.id, authenticator, used, evidence.from) }),
  };
  return { is: 'right', authenticatorId: authenticator.id, data, happened: tellOf(data, lowAt) };
}

/** Where in the set the hash is, or -1. Compared with all of them, without stopping at the one that fits. */
function positionOf({ sealer }: FactorContext, { codes }: CodeSet, hash: string): number {
  return codes.reduce((found, code, at) => ('hash' in code && sealer.equal(code.hash, hash) ? at : found), -1);
}

function tellOf(set: CodeSet, lowAt: number): Happened[] {
  const left = leftIn(set);
  const total = set.codes.length;
  const used: Happened = { name: 'backup-code-used', detail: { left, total } };
  return left > lowAt ? [used] : [used, { name: 'backup-codes-low', detail: { left, total } }];
}
