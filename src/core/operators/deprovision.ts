// The end of a person whom the host has deleted: what is kept of them, and what names them. Who was barred stays so.
import { isAltered } from '../kernel/bound-store.js';
import { everClaimed } from '../kernel/former-claims.js';
import { aboutUser, type Kernel } from '../kernel/kernel.js';
import { tellFirst } from '../kernel/logbook.js';
import { emptyRecord, type MfaRecord, type SuspensionSource } from '../kernel/record.js';
import { lostRaces, tries } from '../kernel/transact.js';
import { byWhom, checkAdmin, type ByAdmin } from './by-admin.js';

/**
 * Removes the record altogether and leaves a tombstone; for a user whom the host has deleted. What they ever claimed stays
 * taken, or whoever kept the credential could have it enrolled for another user, and names nobody any more. Whoever was
 * barred stays so, should there be an account of this id again.
 * @param from who ends it and bars whoever has the id next, in the same write
 */
export async function deprovisionUser(
  kernel: Kernel,
  userId: string,
  byAdmin?: ByAdmin,
  from?: SuspensionSource,
): Promise<void> {
  const admin = byAdmin && checkAdmin('mfa.deprovision', byAdmin);
  const happened = [{ name: 'user-deprovisioned' as const, actor: 'admin' as const, ...(admin && byWhom(admin)) }];
  const { record, claims, isUnread } = await lastOf(kernel, userId);
  // Where its entry must be there first, it is there before the record goes, and what the record holds goes with it.
  const waits = kernel.logbook?.refuses === true;
  if (waits) await tellFirst(kernel, aboutUser(userId), happened, record);
  // Before the record, which knows of them: whoever was interrupted here can do it again.
  await kernel.store.abandon(userId, claims);
  await endRecord(kernel, userId, isUnread, from).finally(() => kernel.remembered.forget(userId));
  if (!waits) await tellFirst(kernel, aboutUser(userId), happened, record);
}

/**
 * In one write: at no moment, and after no interruption, is whoever is barred let in.
 * @throws MfaError `store.conflict`, `store.unavailable`
 */
async function endRecord(
  { store, random, now }: Kernel,
  userId: string,
  isUnread: boolean,
  from?: SuspensionSource,
): Promise<void> {
  for (let round = 0; round < tries; round += 1) {
    const seen = await store.remainsOf(userId).catch((error: unknown) => {
      // What cannot be read at all must go as well.
      if (isUnread) return undefined;
      throw error;
    });
    const { revision, account } = seen ?? {};
    const suspended = from ? { [from]: now(), ...seen?.suspended } : seen?.suspended;
    // Once the directory has barred somebody, nobody is believed for having their id.
    const remains = suspended?.scim !== undefined ? 'ended' : account;
    const ended =
      suspended === undefined && remains === undefined
        ? await store.remove(userId, seen)
        : await store.save(
            userId,
            { ...emptyRecord(random.token()), ...(suspended && { suspended }), ...(remains && { account: remains }) },
            revision,
          );
    if (ended !== false && ended !== undefined) return;
  }
  throw lostRaces();
}

/** A record that cannot be read must go as well; its claims, and what a record does not know, are looked for among all. */
async function lastOf(
  kernel: Kernel,
  userId: string,
): Promise<{ record?: MfaRecord; claims: string[]; isUnread: boolean }> {
  const { record, fault } = await kernel.store.load(userId).then(
    (loaded) => ({ ...loaded, fault: undefined }),
    (error: unknown) => ({ record: undefined, fault: { error } }),
  );
  if (record === undefined && !fault) return { claims: [], isUnread: false };
  const { keys, isAll } = record ? everClaimed(kernel, userId, record) : { keys: [], isAll: false };
  const own = new Set(keys);
  if (!isAll) for await (const { key, userId: owner } of kernel.store.claims()) if (owner === userId) own.add(key);
  const isUnread = fault !== undefined && !isAltered(fault.error);
  return { ...(record && { record }), claims: [...own], isUnread };
}
