// What of a person's authenticators may be shown: masked addresses, names, standing. Read through each factor's own
// `describe`; nothing here knows what a factor keeps.
import type { Authenticator, MfaRecord } from '../../src/core/kernel/record.js';
import { isMfaError } from '../../src/core/words/errors.js';
import { contextOf, factorOf } from '../../src/core/kernel/kernel.js';
import type { MfaUser } from '../../src/core/kernel/mfa-user.js';
import type { Json } from '../../src/core/words/json.js';
import { maskLabel } from '../../src/core/words/mask.js';
import type { Visit } from './visit.js';

/** Ids that databases give: numbers, UUIDs, ObjectIds, random text. Nobody knows their account by one. */
const databaseKey = /^(\d+|[\da-f]{8}-[\da-f-]{27}|[\w-]{20,})$/i;

/** What a page calls the person; empty where the host told no name, and the id is none. */
export function shownName({ id, label }: Pick<MfaUser, 'id' | 'label'>): string {
  return label === id && databaseKey.test(id) ? '' : maskLabel(label);
}

/** What a factor tells of one of its authenticators; `{}` where it tells nothing. */
export function describe({ mfa, asker }: Visit, authenticator: Authenticator): { [key: string]: Json } {
  const factor = factorOf(mfa.kernel, authenticator.kind);
  return factor?.describe?.(contextOf(mfa.kernel, asker), authenticator) ?? {};
}

/** The masked address of an authenticator, for those that have one. */
export function maskedOf(visit: Visit, authenticator: Authenticator): string | undefined {
  const { masked } = describe(visit, authenticator);
  return typeof masked === 'string' ? masked : undefined;
}

/** The address in full, for the elevated person's own eyes; masked where its secret is gone. */
export function addressOf(visit: Visit, authenticator: Authenticator): string | undefined {
  const { mfa, asker } = visit;
  try {
    return factorOf(mfa.kernel, authenticator.kind)?.addressOf?.(contextOf(mfa.kernel, asker), authenticator);
  } catch (error) {
    if (isMfaError(error)) return maskedOf(visit, authenticator);
    throw error;
  }
}

/** `{ email: 'al***@example.com', sms: '***67' }` of these kinds. */
export function maskedIdentifiers(
  visit: Visit,
  record: MfaRecord,
  kinds: readonly string[],
): { [kind: string]: string } {
  const masked: { [kind: string]: string } = {};
  for (const own of record.authenticators) {
    const address = kinds.includes(own.kind) && own.disabledAt === undefined ? maskedOf(visit, own) : undefined;
    if (address !== undefined) masked[own.kind] = address;
  }
  return masked;
}
