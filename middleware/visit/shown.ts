// Somebody who is shown by another, support in their stead: of our pages only those are open by which whoever acts proves their
// own factor, or leaves. What would be changed is not theirs.
import type { Request } from 'express';
import type { MfaUser } from '../../src/core/kernel/mfa-user.js';
import type { MfaCore } from '../../src/mfa.js';
import { refuse } from './answers.js';
import type { Reader } from './visit.js';

/** Below the mount: proving, help, leaving. */
const open = /^\/(verify|confirm|wait|recover|sign-out)(\/|$)/;

/** Whether this route of ours is closed to whoever asks. */
export function isClosedToShown({ path }: Pick<Request, 'path'>, { shown }: MfaUser): boolean {
  return shown !== undefined && !open.test(path);
}

/** Tells both, and says so. */
export async function refuseShown({ kernel }: MfaCore, reader: Reader, { id, shown }: MfaUser): Promise<void> {
  if (!shown) return;
  const { leavePath } = shown;
  const reason = 'session.mfa.impersonated';
  kernel.tell({ user: { id: shown.id }, hints: reader.hints }, [
    { name: 'session-refused', outcome: 'refused', reason, impersonator: id, detail: { why: 'impersonated' } },
  ]);
  const details = leavePath === undefined ? {} : { url: leavePath };
  await refuse(reader, { reason, details }, leavePath === undefined ? [] : [{ to: 'leave', url: leavePath }]);
}
