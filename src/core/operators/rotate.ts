// The rotation of secrets, one record at a time: what is sealed is sealed anew with the newest one, what is only hashed
// is reported with the secret it still needs. Changes nothing that a session or a rival could notice.
import { isMfaError } from '../words/errors.js';
import { aboutUser, factorOf, type Kernel } from '../kernel/kernel.js';
import type { Revision } from '../kernel/ports.js';
import type { Authenticator, MfaRecord, SealedText } from '../kernel/record.js';
import { outdatedFields, resealed as resealedField } from '../kernel/sealed-field.js';
import { transact } from '../kernel/transact.js';

/**
 * Why an authenticator still depends on something other than the newest secret. `hashed`: made with an older secret,
 * which must be kept until it is renewed. `unopened`: its secret is not in the list, or the value was altered; it does not work.
 * `no-factor`: its factor is not among this app's, so nothing is known of it.
 */
export type Dependence = {
  authenticatorId: string;
  kind: string;
  why: 'hashed' | 'hashed-unknown' | 'unopened' | 'no-factor';
  /** The id of the older secret, where it is known. */
  keyId?: string;
};

/** `renews`: whether the record is written, because a value or its mac is of an older secret. */
export type Rotated = { resealed: number; renews: boolean; left: Dependence[] };

/** Which of a record's values would be sealed anew, and what would still depend on an older secret. Pure. */
export function rotated(kernel: Kernel, userId: string, record: MfaRecord): Rotated & { record: MfaRecord } {
  const left: Dependence[] = [];
  let resealed = 0;
  const authenticators = record.authenticators.map((authenticator) => {
    const factor = factorOf(kernel, authenticator.kind);
    const { id: authenticatorId, kind } = authenticator;
    if (!factor) {
      left.push({ authenticatorId, kind, why: 'no-factor' });
      return authenticator;
    }
    for (const keyId of factor.hashedWith?.(authenticator) ?? []) {
      if (keyId === kernel.sealer.keyId) continue;
      left.push({ authenticatorId, kind, why: hasSecret(kernel, keyId) ? 'hashed' : 'hashed-unknown', keyId });
    }
    try {
      const data = resealedData(kernel, userId, authenticator);
      if (data === undefined) return authenticator;
      resealed += 1;
      return { ...authenticator, data };
    } catch (error) {
      if (!isMfaError(error)) throw error;
      left.push({ authenticatorId, kind, why: 'unopened' });
      return authenticator;
    }
  });
  const fields: { [field: string]: SealedText } = {};
  for (const [field, value] of outdatedFields(kernel.sealer, record)) {
    try {
      fields[field] = resealedField(kernel.sealer, userId, field, value);
      resealed += 1;
    } catch (error) {
      if (!isMfaError(error)) throw error;
      left.push({ authenticatorId: '', kind: field, why: 'unopened' });
    }
  }
  const renews = resealed > 0 || (record.epoch !== '' && record.mac?.keyId !== kernel.sealer.keyId);
  return { record: resealed === 0 ? record : { ...record, ...fields, authenticators }, resealed, renews, left };
}

/** One person with whom much is going on, on a machine where others are faster, does not end the rotation of a million. */
const rounds = 40;

/**
 * Seals one person's values with the newest secret, by compare-and-set: an answer at the same time loses nothing. The
 * epoch stays. A second run finds nothing to do.
 * @throws MfaError `store.unavailable`; `store.conflict` after some hundred lost races
 */
export async function rotateUser(kernel: Kernel, userId: string): Promise<Rotated> {
  for (let round = 1; ; round += 1) {
    try {
      return await transact<Rotated>(kernel, aboutUser(userId), (current) => {
        const { record, ...result } = rotated(kernel, userId, current);
        return { result, ...(result.renews ? { save: record } : {}) };
      });
    } catch (error) {
      if (!isMfaError(error) || error.code !== 'store.conflict' || round === rounds) throw error;
    }
  }
}

/**
 * Seals the values of many people with the newest secret, as `rotateUser` does, in few messages to the store. Whose record a
 * rival changed meanwhile is begun anew, alone.
 * @param met what a walk over the store met
 * @returns what became of each, in this order
 * @throws MfaError `store.unavailable`, `store.conflict`: some may have been sealed anew
 */
export async function rotateMany(
  kernel: Kernel,
  met: readonly { userId: string; record: MfaRecord; revision: Revision }[],
): Promise<Rotated[]> {
  const seen = met.map(({ userId, record, revision }) => ({
    saving: { userId, expected: revision },
    ...rotated(kernel, userId, record),
  }));
  const due = seen.filter(({ renews }) => renews);
  const saved = await kernel.store.saveAll(due.map(({ saving, record }) => ({ ...saving, record })));
  const lost = new Set(due.filter((_one, index) => saved[index] === undefined));
  return Promise.all(seen.map(async (one) => (lost.has(one) ? rotateUser(kernel, one.saving.userId) : one)));
}

function resealedData(kernel: Kernel, userId: string, authenticator: Authenticator) {
  const sealed = factorOf(kernel, authenticator.kind)?.sealed?.(userId, authenticator);
  if (!sealed || kernel.sealer.isCurrent(sealed.value)) return undefined;
  return sealed.with(kernel.sealer.seal(kernel.sealer.open(sealed.value, sealed.belongsTo), sealed.belongsTo));
}

function hasSecret({ sealer }: Kernel, keyId: string): boolean {
  return sealer.keyIds.includes(keyId);
}
