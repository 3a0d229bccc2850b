// A pending session of which the host says that it is nobody's, though it names its person still: a look-up that found
// nothing, not a log-out. Believed, it would pass as a visitor's.
import type { Request } from 'express';
import type { RequestHints } from '../../src/core/words/events.js';
import { loadRecord } from '../../src/core/kernel/transact.js';
import type { MfaCore } from '../../src/mfa.js';
import { pendingOwnerOf } from '../sign-in/session-mark.js';

/** Whether this session owes a factor for somebody whom it names; told, if so. */
export async function isDisowned(core: MfaCore, req: Request, hints: () => RequestHints): Promise<boolean> {
  const { kernel } = core;
  const id = pendingOwnerOf(core, req);
  if (id === undefined || (await loadRecord(kernel, { id })).record?.protected !== true) return false;
  const detail = { why: 'pending-and-nobody' };
  kernel.tell({ user: { id }, hints: hints() }, [{ name: 'session-refused', outcome: 'refused', detail }]);
  return true;
}
