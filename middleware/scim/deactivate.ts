// The end of somebody's access, counted: a directory that suddenly lets everybody go is stopped, and whoever watches hears of it.
// Other administrators are told where it is one of them.
import { suspendUser } from '../../src/core/operators/suspend.js';
import { aboutUser } from '../../src/core/kernel/kernel.js';
import { ScimError } from '../../src/scim/scim-error.js';
import { nobody } from '../../src/scim/turns.js';
import type { ScimVisit } from './scim-visit.js';

const hourSeconds = 3600;
const usualPerHour = 50;

/**
 * @returns whether this bar is a new one; one that stands counts for nothing, so that what was left half done can be done again
 * @throws ScimError 429; MfaError `store.unavailable`
 */
export async function suspendHere(visit: ScimVisit, id: string): Promise<boolean> {
  const { mfa, by } = visit;
  const { suspended } = await mfa.kernel.store.remainsOf(id);
  const stands = suspended?.scim !== undefined;
  if (!stands) await count(visit);
  await suspendUser(mfa.kernel, id, { by, source: 'scim' }).catch(async (error: unknown) => {
    // Asked for again it is counted again.
    if (!stands) await mfa.kernel.store.increment(nobody, keyOf(visit), hourSeconds, -1).catch(() => undefined);
    throw error;
  });
  // Nobody waits for it: a directory may be long.
  if (!stands) tellAdmins(visit, id).catch(() => undefined);
  return !stands;
}

const keyOf = ({ tenant }: ScimVisit): string => `scim-deactivations:${tenant ?? ''}`;

async function count(visit: ScimVisit): Promise<void> {
  const { mfa, options, by, hints } = visit;
  const { maxDeactivationsPerHour: most = usualPerHour } = options;
  const { count: so, expiresInSeconds } = await mfa.kernel.store.increment(nobody, keyOf(visit), hourSeconds);
  if (so <= most) return;
  // Once an hour, by whichever process it was.
  if (so === most + 1)
    mfa.kernel.tell({ hints }, [
      { name: 'deactivations-stopped', actor: 'system', outcome: 'refused', by, detail: { limit: most } },
    ]);
  const message = `More than ${most} people were deactivated within an hour.`;
  throw new ScimError(429, message, undefined, Math.max(1, expiresInSeconds));
}

/** Whoever has the directory's password would else be rid of those who could stop them, one by one and unseen. */
async function tellAdmins({ mfa }: ScimVisit, id: string): Promise<void> {
  const { directory } = mfa.config.administration;
  const person = await directory?.get(id);
  if (!directory?.all || person?.isAdmin !== true) return;
  const notice = { what: 'admin-suspended', at: mfa.kernel.now(), name: person.name ?? id } as const;
  for await (const other of directory.all()) {
    if (other.isAdmin !== true || other.id === id) continue;
    const { record } = await mfa.kernel.store.load(other.id);
    mfa.kernel.notify(aboutUser(other.id), record, [notice]);
  }
}
