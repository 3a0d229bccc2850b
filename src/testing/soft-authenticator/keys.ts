// Real key pairs of the three algorithms that every site offers, their COSE form (RFC 9052, RFC 9053, RFC 8230), and
// signatures as authenticators make them.
import { generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Cbor } from './cbor.js';
import { encodeCbor } from './cbor.js';

export type KeyPair = { algorithm: number; privateKey: KeyObject; cosePublicKey: Uint8Array };

type Kind = {
  generate(): { publicKey: KeyObject; privateKey: KeyObject };
  /** The members of the COSE key beside its algorithm, from the JWK. */
  cose(jwk: { [member: string]: unknown }): [number, Cbor][];
  hash: 'sha256' | null;
};

const kinds: { readonly [algorithm: number]: Kind } = {
  [-7]: {
    generate: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    cose: ({ x, y }) => [
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, bytes(x)],
      [-3, bytes(y)],
    ],
    hash: 'sha256',
  },
  [-8]: {
    generate: () => generateKeyPairSync('ed25519'),
    cose: ({ x }) => [
      [1, 1],
      [3, -8],
      [-1, 6],
      [-2, bytes(x)],
    ],
    hash: null,
  },
  [-257]: {
    generate: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
    cose: ({ n, e }) => [
      [1, 3],
      [3, -257],
      [-1, bytes(n)],
      [-2, bytes(e)],
    ],
    hash: 'sha256',
  },
};

/** ES256, EdDSA, RS256. */
export const supportedAlgorithms: readonly number[] = [-7, -8, -257];

/** @throws Error where `algorithm` is none of `supportedAlgorithms`. */
export function generateKeyPair(algorithm: number): KeyPair {
  const kind = kindOf(algorithm);
  const { publicKey, privateKey } = kind.generate();
  const jwk = publicKey.export({ format: 'jwk' }) as { [member: string]: unknown };
  return { algorithm, privateKey, cosePublicKey: encodeCbor(new Map(kind.cose(jwk))) };
}

/** DER for ES256, as WebAuthn L3 §6.5.5 asks. */
export function signWith({ algorithm, privateKey }: KeyPair, data: Uint8Array): Uint8Array {
  return Uint8Array.from(sign(kindOf(algorithm).hash, data, privateKey));
}

function kindOf(algorithm: number): Kind {
  const kind = kinds[algorithm];
  if (kind === undefined) throw new Error(`A soft authenticator has no keys of COSE algorithm ${algorithm}.`);
  return kind;
}

function bytes(base64url: unknown): Uint8Array {
  return Uint8Array.from(Buffer.from(String(base64url), 'base64url'));
}
