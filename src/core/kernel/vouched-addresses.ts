// The addresses that the host last said were verified, sealed in the record: a reset by an operator knows no request, and the
// person is to hear of it all the same. Written along with whatever is saved anyway.
import { isMfaError } from '../words/errors.js';
import type { MfaUser } from './mfa-user.js';
import type { Kernel, Told } from './kernel.js';
import type { MfaRecord } from './record.js';
import { openField, sealField } from './sealed-field.js';

/** In which language and zone to write to them, beside the addresses. */
type Kept = { email?: string; phone?: string; locale?: string; timeZone?: string };

/** The record with what the host says now. What it does not say is left as it was said last. */
export function withVouched(kernel: Kernel, { user }: Told, record: MfaRecord): MfaRecord {
  // Only a request knows more than the id; who is not protected has nothing that could be taken away.
  if (!isWhole(user) || !record.protected) return record;
  const { email, emailVerified, phone, phoneVerified, locale, timeZone } = user;
  const before = keptIn(kernel, user.id, record);
  const now: Kept = {
    ...before,
    ...(email !== undefined && emailVerified === true ? { email } : {}),
    ...(phone !== undefined && phoneVerified === true ? { phone } : {}),
  };
  if (now.email === undefined && now.phone === undefined) return record;
  const next: Kept = {
    ...now,
    ...(locale === undefined ? {} : { locale }),
    ...(timeZone === undefined ? {} : { timeZone }),
  };
  if (isSame(before, next)) return record;
  return { ...record, addresses: sealField(kernel.sealer, user.id, 'addresses', JSON.stringify(next)) };
}

/** The person as the host describes them, or last did, for whoever has nothing but their id. */
export function describedUser(kernel: Kernel, { user }: Told, record: MfaRecord | undefined): MfaUser {
  if (isWhole(user)) return user;
  const { email, phone, ...rest } = record ? keptIn(kernel, user.id, record) : {};
  return {
    label: user.id,
    ...rest,
    ...(email === undefined ? {} : { email, emailVerified: true }),
    ...(phone === undefined ? {} : { phone, phoneVerified: true }),
    ...user,
  };
}

function isWhole(user: Told['user']): user is MfaUser {
  return user.label !== undefined;
}

/** Nobody is refused for the sake of addresses whose secret is gone. */
function keptIn({ sealer }: Kernel, userId: string, { addresses }: MfaRecord): Kept {
  if (addresses === undefined) return {};
  try {
    return JSON.parse(openField(sealer, userId, 'addresses', addresses)) as Kept;
  } catch (error) {
    if (isMfaError(error)) return {};
    throw error;
  }
}

function isSame(a: Kept, b: Kept): boolean {
  return a.email === b.email && a.phone === b.phone && a.locale === b.locale && a.timeZone === b.timeZone;
}
