// The addresses that the host last said were verified, sealed in the record: a reset by an operator knows no request, and the
// person is to hear of it all the same. Written along with whatever is saved anyway.
import { isMfaError } from '../words/errors.js';
import type { MfaUser } from './mfa-user.js';
import type { Happened } from '../words/events.js';
import type { Kernel, Told } from './kernel.js';
import { proves } from './learning.js';
import type { MfaRecord } from './record.js';
import { openField, sealField } from './sealed-field.js';

/** In which language and zone to write to them, beside the addresses. `since`: when one took another's place, Unix seconds. */
type Kept = { email?: string; phone?: string; locale?: string; timeZone?: string; since?: number };

/** For how long an address must have been a person's to prove who they are after a code that looks risky: a day. */
const establishedSeconds = 86_400;

/**
 * The record with what the host says now. What it does not say is left as it was said last. Learnt where something was proved,
 * or where a bound address followed: whoever knows a password and changed the address would be told of as its owner otherwise.
 */
export function withVouched(
  kernel: Kernel,
  { user }: Told,
  record: MfaRecord,
  happened: readonly Happened[],
): MfaRecord {
  // Only a request knows more than the id; who is not protected has nothing that could be taken away.
  if (!isWhole(user) || !record.protected) return record;
  if (!happened.some((each) => proves(each) || each.name === 'address-changed')) return record;
  const { email, emailVerified, phone, phoneVerified, locale, timeZone } = user;
  const before = keptIn(kernel, user.id, record);
  const now: Kept = {
    ...before,
    ...(email !== undefined && emailVerified === true ? { email } : {}),
    ...(phone !== undefined && phoneVerified === true ? { phone } : {}),
  };
  if (now.email === undefined && now.phone === undefined) return record;
  const moved = before.email !== now.email || before.phone !== now.phone;
  const isFirst = before.email === undefined && before.phone === undefined;
  const next: Kept = {
    ...now,
    ...(moved && !isFirst ? { since: kernel.now() } : {}),
    ...(locale === undefined ? {} : { locale }),
    ...(timeZone === undefined ? {} : { timeZone }),
  };
  if (isSame(before, next)) return record;
  return { ...record, addresses: sealField(kernel.sealer, user.id, 'addresses', JSON.stringify(next)) };
}

/** The person with no addresses but those that were known of an earlier sign-in, and for a day, at that time. */
export function asKnownBefore(kernel: Kernel, user: MfaUser, record: MfaRecord, at: number): MfaUser {
  const { email, phone, since } = keptIn(kernel, user.id, record);
  const { email: _email, phone: _phone, ...rest } = user;
  if (since !== undefined && at - since < establishedSeconds) return rest;
  return {
    ...rest,
    ...(email === undefined ? {} : { email, emailVerified: true }),
    ...(phone === undefined ? {} : { phone, phoneVerified: true }),
  };
}

/** The person as the host describes them, or last did, for whoever has nothing but their id. */
export function describedUser(kernel: Kernel, { user }: Told, record: MfaRecord | undefined): MfaUser {
  if (isWhole(user)) return user;
  const { email, phone, since: _since, ...rest } = record ? keptIn(kernel, user.id, record) : {};
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
