// Whether a guard stops somebody, or only tells: of whom it would have stopped, and of what locks people out.
import type { Request } from 'express';
import type { MfaUser } from '../../src/core/kernel/mfa-user.js';
import type { MfaCore } from '../../src/mfa.js';
import type { Reader } from '../visit/visit.js';
import { warnOnce } from '../http/warn-once.js';

export type Enforcement = { mode?: 'enforce' | 'report'; rollOutPercent?: number };

/** Whether this guard stops people, or only says whom it would have stopped. A person is always on the same side. */
export function enforces(
  { kernel }: MfaCore,
  { mode, rollOutPercent }: Enforcement,
  user: MfaUser | undefined,
): boolean {
  if (mode === 'report') return false;
  if (rollOutPercent === undefined || !user) return true;
  const [high = 0, low = 0] = kernel.sealer.digest('roll-out', user.id);
  return (high * 256 + low) % 100 < rollOutPercent;
}

export function tellReported({ kernel }: MfaCore, { hints }: Pick<Reader, 'hints'>, user: MfaUser, code: string): void {
  kernel.tell({ user, hints }, [{ name: 'verification-required', detail: { reported: true, code } }]);
}

/**
 * A guard that lets visitors pass is meant for the whole app. Under a prefix it is passed by: `//admin/x`, `/./admin/x` and
 * `/%61dmin/x` are no paths under `/admin` to Express, and the very file to `express.static`.
 */
export function warnOfPrefix(mfa: MfaCore, { baseUrl }: Pick<Request, 'baseUrl'>): void {
  if (baseUrl === '') return;
  warnOnce(
    mfa,
    'guard under a prefix',
    `\`requireMfa(mfa, { anonymous: 'pass' })\` is mounted under ${baseUrl}. Whatever serves files may answer \`/${baseUrl}\` ` +
      'or an encoded form of it, which this guard never sees. Mount it for the whole app, without a path.',
    'guard_under_prefix',
  );
}

export function warnOfSignInId(mfa: MfaCore): void {
  warnOnce(
    mfa,
    'no signInId',
    `With \`proofs: '${mfa.config.web.proofs}'\`, \`user(req)\` named somebody without \`signInId\`, who is asked to sign ` +
      'in anew. So it is with cookies and tokens from before; a way of signing in that forgets it locks its people out.',
  );
}
