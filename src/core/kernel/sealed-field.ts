// Fields of a record that are for nobody's eyes but the app's: kept as one sealed text each, which opens in this field of
// this person's record alone. Whatever stands in a record as `{ sealed }` is sealed anew by the rotation of secrets.
import type { SealedFor, Sealer } from './ports.js';
import type { MfaRecord, SealedText } from './record.js';

function placeOf(userId: string, field: string): SealedFor {
  return { userId, authenticatorId: field, purpose: 'record' };
}

export function sealField(sealer: Sealer, userId: string, field: keyof MfaRecord, plain: string): SealedText {
  return { sealed: sealer.seal(plain, placeOf(userId, field)) };
}

/** @throws MfaError `store.unavailable` where it does not open */
export function openField(sealer: Sealer, userId: string, field: keyof MfaRecord, { sealed }: SealedText): string {
  return sealer.open(sealed, placeOf(userId, field));
}

function isSealed(value: unknown): value is SealedText {
  return typeof (value as { sealed?: unknown } | null | undefined)?.sealed === 'string';
}

/** The fields that an older secret sealed. */
export function outdatedFields(sealer: Sealer, record: MfaRecord): [field: string, value: SealedText][] {
  return Object.entries(record).filter(
    (entry): entry is [string, SealedText] => isSealed(entry[1]) && !sealer.isCurrent(entry[1].sealed),
  );
}

/** @throws MfaError `store.unavailable` where it does not open */
export function resealed(sealer: Sealer, userId: string, field: string, value: SealedText): SealedText {
  const place = placeOf(userId, field);
  return { ...value, sealed: sealer.seal(sealer.open(value.sealed, place), place) };
}
