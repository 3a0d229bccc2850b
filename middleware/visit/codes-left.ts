// Whoever came by a backup code: how many are left, and the way to a new method, on whatever page comes next. Decides
// nothing about the codes.
import { factorOf } from '../../src/core/kernel/kernel.js';
import type { Next } from './answers.js';
import type { Visit } from './visit.js';

/** Whether all that was proved in this sign-in are backup codes. */
export function cameByCode({ mfa, asker: { signIn } }: Visit): boolean {
  return signIn.proofs.length > 0 && signIn.proofs.every(({ kind }) => factorOf(mfa.kernel, kind)?.rank === 'backup');
}

/** On by way of the page that says it, where the next page does not do so itself. */
export function pastCodesLeft(visit: Visit, next: Next): Next {
  const { base } = visit;
  const saysIt = next.url === base || next.url.startsWith(`${base}/setup`);
  if (visit.json || saysIt || next.step !== 'done') return next;
  visit.asker.signIn = { ...visit.asker.signIn, codeUsedLeadsTo: next.url };
  return { step: 'done', url: `${base}/backup-codes/used` };
}
