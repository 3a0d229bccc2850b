// What binds a record to its person: who can write to the store, and does not have the secret, can neither switch MFA off,
// plant a key, nor move a set of backup codes. An older record of the same person still fits: see docs/threat-model.md.
import { base64 } from '../words/base64.js';
import { orderedJson } from '../words/ordered-json.js';
import type { Sealer } from './ports.js';
import type { MfaRecord, RecordMac } from './record.js';

/** 128 bits; at least half of the hash's output (RFC 2104 §5). */
const macBytes = 16;

/** The record with a `mac` by the newest secret, over namespace, user id and content. */
export function withMac(sealer: Sealer, userId: string, record: MfaRecord): MfaRecord {
  return { ...record, mac: { keyId: sealer.keyId, value: macOf(sealer, userId, record, sealer.keyId) } };
}

/**
 * Whether the record is as we saved it, for this person and in this namespace.
 * @throws MfaError `store.unavailable` when there is no secret of its key id: see docs/rotate-secrets.md.
 */
export function isGenuine(sealer: Sealer, userId: string, record: MfaRecord): boolean {
  const { mac } = record as { mac?: Partial<RecordMac> };
  if (typeof mac?.keyId !== 'string' || typeof mac.value !== 'string') return false;
  return sealer.equal(macOf(sealer, userId, record, mac.keyId), mac.value);
}

/** Of all but the mac itself. The namespace is in the key: see `digest` of the sealer. */
function macOf(sealer: Sealer, userId: string, record: MfaRecord, keyId: string): string {
  const content = `[${orderedJson(userId)},${orderedJson(record, 'mac')}]`;
  const bytes = sealer.digest('record', content, keyId).subarray(0, macBytes);
  // Sixteen bytes are twenty-two letters and two signs of filling.
  return base64(bytes).slice(0, 22);
}
