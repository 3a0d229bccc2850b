// Records and claims on their way out of one store and into another, as they stand there: nothing is opened, and nothing that
// stands in the other store is replaced, unless it is what an earlier export brought. Knows stores, neither files nor factors.
import { isMfaError } from '../words/errors.js';
import { orderedJson } from '../words/ordered-json.js';
import { readStoredRecord } from '../kernel/compact-record.js';
import type { MfaStore, Sealer } from '../kernel/ports.js';
import { emptyRecord, type MfaRecord } from '../kernel/record.js';

/**
 * What a person or a claim is in a store. `instead`: the state (`stateOf`) in which an earlier export had it, whose place it takes.
 * A person without `record` was removed, a claim without `userId` names nobody any more.
 */
export type Transferred = { instead?: string } & (
  { userId: string; record?: MfaRecord; claim?: undefined } | { claim: string; userId?: string }
);

/** `there`: already. `left`: why not, as the end of a sentence. */
export type TakenIn = 'taken' | 'there' | { left: string };

type Person = Exclude<Transferred, { claim: string }>;
type Claim = Extract<Transferred, { claim: string }>;

/** No user has the empty id: whoever claims a key for it, and gives it up, has taken it for nobody. */
const nobody = '';
const tries = 5;

/** A short text for what stands in a store: the same for the same, whatever the store. */
export function stateOf(
  { hashToken }: Sealer,
  { claim, userId, record }: { claim?: string | undefined; userId?: string; record?: MfaRecord },
): string {
  const value = claim === undefined ? record : userId;
  return value === undefined ? 'removed' : hashToken(orderedJson(value)).slice(0, 22);
}

/** Under one name all that an export says of a person, or of a claim. */
export function nameOf({ claim, userId }: Transferred): string {
  return claim === undefined ? `p${userId}` : `c${claim}`;
}

/**
 * What takes the place of a record that its store cannot read: it carries no mac, so its person stays refused until a reset. With
 * nothing there they would be somebody who never had a second factor.
 */
export const unreadable: MfaRecord = emptyRecord('unreadable');

/**
 * Reads what an export says; a record may also be in the form in which a store keeps it.
 * @throws TypeError with what is wrong with it
 */
export function readTransferred({
  userId,
  record,
  claim,
  removed,
  instead,
  ...rest
}: {
  [name: string]: unknown;
}): Transferred {
  const before = typeof instead === 'string' ? { instead } : {};
  if (claim !== undefined) {
    if (typeof claim !== 'string' || !(removed === true || isId(userId))) throw new TypeError('it is no claim');
    return { claim, ...(isId(userId) ? { userId } : {}), ...before };
  }
  if (!isId(userId)) throw new TypeError('it is of nobody');
  if (removed === true) return { userId, ...before };
  if (rest['unread'] === true) return { userId, record: unreadable, ...before };
  const read = readStoredRecord(record);
  if (typeof read.epoch !== 'string' || !Array.isArray(read.authenticators)) throw new TypeError('it is no record');
  return { userId, record: read, ...before };
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/**
 * Takes many in, each person and claim once. What is new to the store goes there in few messages.
 * @throws MfaError `store.unavailable`: some may have been taken in
 */
export async function takeAllIn(store: MfaStore, sealer: Sealer, given: readonly Transferred[]): Promise<TakenIn[]> {
  const fresh = given.flatMap((one) =>
    one.claim === undefined && one.record && one.instead === undefined ? [{ ...one, record: one.record }] : [],
  );
  const saves = fresh.map(({ userId, record }) => ({ userId, record, expected: undefined }));
  // Where one string cannot be read, it is looked for alone.
  const saved = saves.length > 1 ? await store.saveAll?.(saves).catch(() => undefined) : undefined;
  const done = new Set(fresh.filter((_one, at) => saved?.[at] !== undefined).map(({ userId }) => userId));
  const results: TakenIn[] = new Array<TakenIn>(given.length);
  const left = given.entries();
  const work = async () => {
    for (const [at, one] of left) {
      const isDone = one.claim === undefined && one.record !== undefined && done.delete(one.userId);
      results[at] = isDone ? 'taken' : await takeIn(store, sealer, one);
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
  return results;
}

async function takeIn(store: MfaStore, sealer: Sealer, one: Transferred): Promise<TakenIn> {
  try {
    return one.claim === undefined ? await takePerson(store, sealer, one) : await takeClaim(store, sealer, one);
  } catch (error) {
    if (!isMfaError(error)) throw error;
    // Is it the store that does not answer, or what stands there that cannot be read?
    await store.load(nobody);
    return { left: `what stands here cannot be read: ${error.message}` };
  }
}

async function takePerson(store: MfaStore, sealer: Sealer, person: Person): Promise<TakenIn> {
  const { userId, record, instead } = person;
  const state = stateOf(sealer, person);
  const write = async (seen: { revision?: string }) =>
    record === undefined ? store.remove(userId, seen) : (await store.save(userId, record, seen.revision)) !== undefined;
  for (let round = 0; round < tries; round += 1) {
    const here = await store.load(userId);
    if (here.revision !== undefined) {
      const stands = stateOf(sealer, here);
      if (stands === state) return 'there';
      if (stands !== instead) return { left: here.record ? 'another record of it is here' : 'it was removed here' };
    }
    if (await write(here)) return 'taken';
  }
  return { left: 'it changes here all the time' };
}

async function takeClaim(store: MfaStore, sealer: Sealer, given: Claim): Promise<TakenIn> {
  const { claim, userId, instead } = given;
  const here = await store.claim(claim);
  if (here === (userId ?? null)) return 'there';
  if (here === null) return { left: 'it was given up here for good' };
  // What a taking that was killed left half done is as if it had not begun.
  const isFree = here === undefined || here === nobody;
  if (userId === undefined) {
    const owner = isFree ? nobody : here;
    if (!isFree && stateOf(sealer, { claim, userId: owner }) !== instead) return { left: 'it is taken here' };
    await store.claim(claim, owner);
    await store.abandon(owner, [claim]);
  }
  // Also tells whose it is.
  return (await store.claim(claim, userId)) === (userId ?? null) ? 'taken' : { left: 'it is taken here' };
}
