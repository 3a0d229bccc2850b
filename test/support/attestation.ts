// Answers of an enrolment with statements that nobody asked for (WebAuthn L3 §8): the signatures and chains are real, the
// authority is the attacker's own, and its certificates name an address where their revocation is told.
import { createHash, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { decodeAttestationObject, parseAuthenticatorData } from '@simplewebauthn/server/helpers';
import { encodeCbor, type Cbor } from '../../src/testing/soft-authenticator/cbor.js';
import type { RegistrationResponseJSON } from '../../src/testing/soft-authenticator.js';
import { certificateOf, der, tag, type Name } from './certificate.js';

export type Statement = (made: {
  authData: Uint8Array;
  clientDataHash: Buffer;
  privateKey: KeyObject;
}) => [string, Cbor][];

const company: Name = [
  ['550406', 'CH'],
  ['55040a', 'Evil'],
  ['55040b', 'Authenticator Attestation'],
  ['550403', 'Evil'],
];
const es256: [string, Cbor] = ['alg', -7];
const flat = (...parts: Uint8Array[]) => Buffer.concat(parts);

/** A leaf over `publicKey`, and the root that signed it; both say that `crl` knows whether they are revoked. */
function chain(publicKey: KeyObject, crl: string, extra: readonly (readonly [string, Buffer])[] = []): Uint8Array[] {
  const root = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const address = der(0xa0, der(0xa0, der(0x86, Buffer.from(crl))));
  const revocation = ['551d1f', der(tag.sequence, der(tag.sequence, address))] as const;
  const noAuthority = ['551d13', der(tag.sequence)] as const;
  const issuer: Name = [['550403', 'Evil Root']];
  const common = { issuer, signedBy: root.privateKey };
  const leaf = certificateOf({
    ...common,
    subject: company,
    publicKey,
    extensions: [noAuthority, revocation, ...extra],
  });
  const top = certificateOf({ ...common, subject: issuer, publicKey: root.publicKey, extensions: [revocation] });
  return [Uint8Array.from(leaf), Uint8Array.from(top)];
}

/** Android's key description: the challenge is the hash of the client data. */
function keyDescription(challenge: Buffer): readonly [string, Buffer] {
  const whole = der(tag.integer, Buffer.from([3]));
  const level = der(0x0a, Buffer.from([1]));
  const empty = der(tag.sequence);
  const value = der(
    tag.sequence,
    whole,
    level,
    whole,
    level,
    der(tag.octets, challenge),
    der(tag.octets),
    empty,
    empty,
  );
  return ['2b06010401d679020111', value];
}

/** By format; `crl` is where a server would be sent. */
export function statements(crl: string): { [format: string]: Statement } {
  const another = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signed = (data: Uint8Array, key: KeyObject) => Uint8Array.from(sign('sha256', data, key));
  return {
    'android-key': ({ authData, clientDataHash, privateKey }) => [
      es256,
      ['sig', signed(flat(authData, clientDataHash), privateKey)],
      ['x5c', chain(createPublicKey(privateKey), crl, [keyDescription(clientDataHash)])],
    ],
    packed: ({ authData, clientDataHash }) => [
      es256,
      ['sig', signed(flat(authData, clientDataHash), another.privateKey)],
      ['x5c', chain(another.publicKey, crl)],
    ],
    'fido-u2f': ({ authData, clientDataHash }) => {
      const { rpIdHash, credentialID, credentialPublicKey } = parseAuthenticatorData(Uint8Array.from(authData));
      const cose = Buffer.from(credentialPublicKey!);
      // COSE of ES256 as the software authenticator writes it: x and y are its last two members of 32 bytes.
      const point = flat(Uint8Array.of(4), cose.subarray(-67, -35), cose.subarray(-32));
      const data = flat(Uint8Array.of(0), rpIdHash, clientDataHash, credentialID!, point);
      return [
        ['sig', signed(data, another.privateKey)],
        ['x5c', chain(another.publicKey, crl).slice(0, 1)],
      ];
    },
    tpm: ({ clientDataHash }) => [
      ['ver', '2.0'],
      ['alg', -7],
      ['x5c', chain(another.publicKey, crl)],
      ['sig', Uint8Array.from(clientDataHash)],
      ['certInfo', Uint8Array.from(clientDataHash)],
      ['pubArea', Uint8Array.from(clientDataHash)],
    ],
    apple: ({ authData, clientDataHash, privateKey }) => {
      const nonce = createHash('sha256').update(flat(authData, clientDataHash)).digest();
      const value = der(tag.sequence, der(0xa1, der(tag.octets, nonce)));
      return [['x5c', chain(createPublicKey(privateKey), crl, [['2a864886f763640802', value]])]];
    },
    'android-safetynet': () => [
      ['ver', '1'],
      ['response', Uint8Array.from(Buffer.from(`e30.${Buffer.from('{}').toString('base64url')}.AAAA`))],
    ],
    compound: () => [],
    'of nobody': () => [],
  };
}

/** The same answer with another statement about it. */
export function attested(
  answer: RegistrationResponseJSON,
  privateKey: KeyObject,
  format: string,
  statement: Statement,
): RegistrationResponseJSON {
  const { clientDataJSON, attestationObject } = answer.response;
  const authData = decodeAttestationObject(Uint8Array.from(Buffer.from(attestationObject, 'base64url'))).get(
    'authData',
  );
  const clientDataHash = createHash('sha256').update(Buffer.from(clientDataJSON, 'base64url')).digest();
  const entries: [string, Cbor][] = [
    ['fmt', format],
    ['attStmt', new Map(statement({ authData, clientDataHash, privateKey }))],
    ['authData', authData],
  ];
  const text = Buffer.from(encodeCbor(new Map(entries))).toString('base64url');
  return { ...answer, response: { ...answer.response, attestationObject: text } };
}
