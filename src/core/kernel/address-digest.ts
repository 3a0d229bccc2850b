// Which address something went to, without the address: a keyed digest that says only whether two are the same. One
// made with a secret that is no longer listed fits nothing.
import { base64 } from '../words/base64.js';
import { isMfaError } from '../words/errors.js';
import type { Sealer } from './ports.js';
import type { AddressDigest } from './record.js';

/** @param address in its normal form */
export function addressDigest(sealer: Sealer, userId: string, address: string): AddressDigest {
  return { digest: digestOf(sealer, userId, address, sealer.keyId), keyId: sealer.keyId };
}

/** Whether `address` is the one of the digest. */
export function isAddressOf(sealer: Sealer, userId: string, address: string, given: AddressDigest): boolean {
  try {
    return sealer.equal(digestOf(sealer, userId, address, given.keyId), given.digest);
  } catch (error) {
    if (isMfaError(error)) return false;
    throw error;
  }
}

function digestOf(sealer: Sealer, userId: string, address: string, keyId: string): string {
  return base64(sealer.digest('objection-address', `${userId} ${address}`, keyId));
}
