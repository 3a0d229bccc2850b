// Records on their way out of one store and into another: what a line of an export must be, what speaks against taking
// it in, and the taking. Sealed values stay sealed, so both stores need one namespace and one set of secrets.
import { isMfaError } from '../words/errors.js';
import { everClaimed } from '../kernel/former-claims.js';
import { aboutUser, claimsOf, factorOf, type Kernel } from '../kernel/kernel.js';
import { readStoredRecord } from '../kernel/compact-record.js';
import type { MfaRecord } from '../kernel/record.js';
import { withLasting } from '../rules/lasting.js';
import { openAll } from './rotate.js';
import { transact } from '../kernel/transact.js';
import { orderedJson } from '../words/ordered-json.js';
import { isGenuine } from '../kernel/record-mac.js';
import { userIdOf } from '../words/user-id.js';

export type Transferred = { userId: string; record: MfaRecord };

type Fields = { [name: string]: unknown };

/**
 * Reads one line of an export; its record may also be in the form in which a store keeps it.
 * @throws TypeError with what is wrong with it
 */
export function readTransferred(value: unknown): Transferred {
  const { userId, record } = fieldsOf(value, 'the line');
  if (typeof userId !== 'string' || userId === '') throw new TypeError('`userId` is not a text');
  userIdOf(userId);
  const upgraded = readStoredRecord(fieldsOf(record, '`record`'));
  const fields = upgraded as Fields;
  if (typeof fields['epoch'] !== 'string' || fields['epoch'] === '') throw new TypeError('`record.epoch` is missing');
  if (typeof fields['protected'] !== 'boolean') throw new TypeError('`record.protected` is neither true nor false');
  for (const name of ['attempts', 'skipped']) fieldsOf(fields[name], `\`record.${name}\``);
  for (const name of ['authenticators', 'trusted', 'known', 'owed']) {
    if (!Array.isArray(fields[name])) throw new TypeError(`\`record.${name}\` is not a list`);
  }
  upgraded.authenticators.forEach(checkAuthenticator);
  return { userId, record: upgraded };
}

function checkAuthenticator(value: unknown, index: number): void {
  const name = `\`record.authenticators[${index}]\``;
  const { id, kind, createdAt, data } = fieldsOf(value, name);
  if (typeof id !== 'string' || typeof kind !== 'string') throw new TypeError(`${name} has no id or kind`);
  if (!Number.isSafeInteger(createdAt)) throw new TypeError(`${name} has no time of creation`);
  fieldsOf(data, `${name}.data`);
}

function fieldsOf(value: unknown, name: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError(`${name} is no object`);
  return value as Fields;
}

/**
 * What speaks against taking a record in here, as a sentence; undefined where nothing does. Writes nothing.
 * @param overwrite whether another record of the same person may be replaced
 */
export async function objectionTo(
  kernel: Kernel,
  { userId, record }: Transferred,
  overwrite: boolean,
): Promise<string | undefined> {
  const strange = record.authenticators.find(({ kind }) => !factorOf(kernel, kind));
  if (strange) return `it holds a factor "${strange.kind}" that this app does not have`;
  try {
    if (!isGenuine(kernel.sealer, userId, record)) return 'it is not as an app with these secrets exported it';
    openAll(kernel, userId, record);
  } catch (error) {
    // Its data may also be of a shape that the factor does not know.
    return isMfaError(error) ? error.message : 'the data of one of its authenticators is malformed';
  }
  for (const key of claimsOf(kernel, record)) {
    const owner = await kernel.store.claim(key);
    if (owner === null) return 'one of its passkeys was given up here for good, with the account that it was of';
    if (owner !== undefined && owner !== userId) return 'one of its passkeys belongs to another user here';
  }
  if (overwrite) return undefined;
  const { record: stored } = await kernel.store.load(userId);
  return stored === undefined || isSame(stored, record) ? undefined : 'this user has a record here already';
}

/**
 * Takes a record in. What the store already has is left alone; where something else was before, a tombstone too, the
 * epoch is a new one, so that no session of before fits, and whoever was barred stays so.
 * @throws MfaError `store.unavailable`, `store.conflict`; TypeError where a key was claimed by another user meanwhile
 */
export async function takeIn(
  kernel: Kernel,
  { userId, record }: Transferred,
  { by, overwrite }: { by: string; overwrite: boolean },
): Promise<'imported' | 'unchanged'> {
  for (const key of claimsOf(kernel, record)) {
    if ((await kernel.store.claim(key, userId)) !== userId)
      throw new TypeError('A passkey was claimed by another user.');
  }
  // As in the store that it comes from: what was given up stays taken, unless another user has it here.
  for (const key of everClaimed(kernel, userId, record).keys) await kernel.store.claim(key, userId);
  const about = aboutUser(userId);
  const start = await kernel.store.load(userId);
  const epoch = start.revision === undefined ? record.epoch : kernel.random.token();
  return transact<'imported' | 'unchanged'>(
    kernel,
    about,
    (stored) => {
      const lasting = withLasting(stored, record);
      if (isSame(stored, lasting)) return { result: 'unchanged' };
      // `transact` shows an absent record as an empty one without epoch.
      if (stored.epoch !== '' && !overwrite) throw new TypeError('A record of this user was made meanwhile.');
      return {
        save: { ...lasting, epoch },
        result: 'imported',
        happened: record.authenticators.map(({ id, kind }) => ({
          name: 'authenticator-enrolled',
          kind,
          authenticatorId: id,
          outcome: 'accepted',
          actor: 'admin',
          by,
          detail: { imported: true },
        })),
      };
    },
    start,
  );
}

/** The epoch, the mac, what was noted for the person's eyes and what the log may lack may differ: a record that was taken in has its own. */
function isSame(stored: MfaRecord, given: MfaRecord): boolean {
  const bare = ({ activity: _1, epoch: _2, epochAt: _3, unlogged: _4, mac: _5, ...rest }: MfaRecord) =>
    orderedJson(rest);
  return stored.epoch !== '' && bare(stored) === bare(given);
}
