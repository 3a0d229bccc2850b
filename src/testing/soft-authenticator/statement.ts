// What client and authenticator state about a ceremony, in bytes: client data and authenticator data (WebAuthn L3
// §5.8.1, §6.1). It writes down what it is told, true or not.
import { createHash } from 'node:crypto';
import { join } from './cbor.js';

export type ClientStatement = {
  type: string;
  challenge: string;
  origin: string;
  crossOrigin: boolean;
  topOrigin?: string | undefined;
};

export type AuthenticatorStatement = {
  rpId: string;
  userPresent: boolean;
  userVerified: boolean;
  backupEligible: boolean;
  backupState: boolean;
  counter: number;
  /** Only of a new credential. */
  attested?: { aaguid: Uint8Array; credentialId: Uint8Array; cosePublicKey: Uint8Array };
};

export function clientData(statement: ClientStatement): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(statement));
}

export function authenticatorData(statement: AuthenticatorStatement): Uint8Array {
  const { attested } = statement;
  const flags =
    (statement.userPresent ? 0x01 : 0) |
    (statement.userVerified ? 0x04 : 0) |
    (statement.backupEligible ? 0x08 : 0) |
    (statement.backupState ? 0x10 : 0) |
    (attested ? 0x40 : 0);
  const rest = Buffer.alloc(5);
  rest.writeUInt8(flags, 0);
  rest.writeUInt32BE(statement.counter, 1);
  const fixed = join(sha256(statement.rpId), rest);
  if (attested === undefined) return fixed;
  const idLength = Buffer.alloc(2);
  idLength.writeUInt16BE(attested.credentialId.length);
  return join(fixed, attested.aaguid, idLength, attested.credentialId, attested.cosePublicKey);
}

export function sha256(data: Uint8Array | string): Uint8Array {
  return Uint8Array.from(createHash('sha256').update(data).digest());
}
