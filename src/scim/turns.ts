// Who writes a user, one after the other on any number of servers: the host's functions read and write in two steps, and of two
// that meet the later would undo what the earlier did. Knows the store alone.
import type { Kernel } from '../core/kernel/kernel.js';
import { ScimError } from './scim-error.js';

/** What stands by itself, of no person, is kept under this id. */
export const nobody = 'scim';

/** Longer than any host's function should take; a process that died in between holds nobody up for longer. */
const turnSeconds = 30;
const waitMs = 50;
const tries = 160;

/** @throws ScimError 503 where it is not one's turn for eight seconds */
export async function inTurn<T>(kernel: Kernel, owner: string, key: string, work: () => Promise<T>): Promise<T> {
  const { store, random } = kernel;
  const own = random.token(12);
  const name = `scim-turn:${key}`;
  for (let tried = 0; (await store.putIfAbsent(owner, name, own, turnSeconds)) !== own; tried += 1) {
    if (tried >= tries) throw new ScimError(503, 'This user is being changed by another request.', undefined, 5);
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
  try {
    return await work();
  } finally {
    // Where it fails its own time ends it.
    await release(kernel, owner, name, own).catch(() => undefined);
  }
}

/** Whoever took longer than a turn leaves that of another alone. */
async function release({ store }: Kernel, owner: string, name: string, own: string): Promise<void> {
  if ((await store.get(owner, name)) === own) await store.take(owner, name);
}
