// The test vectors of WebAuthn Level 3 §16 through the factor, both ceremonies, each with its expected result and the
// reason where we refuse.
import { readFileSync } from 'node:fs';
import { decodeAttestationObject } from '@simplewebauthn/server/helpers';
import { expect } from 'chai';
import { encodeCbor, type Cbor } from '../../../src/testing/soft-authenticator/cbor.js';
import { webauthn } from '../../../src/factors/webauthn/webauthn.js';
import { createPerson } from '../../support/webauthn-person.js';

type Part = { [member: string]: string };
type Vector = { title: string; registration: Part; authentication: Part };
const file = new URL('../../vectors/webauthn-l3.json', import.meta.url);
const { vectors, rpId, origin, topOrigin } = JSON.parse(readFileSync(file, 'utf8')) as Part & {
  vectors: Vector[];
};

const attestation = 'webauthn.attestation_not_accepted';

/** What we make of each pair: `'right'`, or the hint at registration. */
const expected: { [title: string]: string } = {
  'ES256 Credential with No Attestation': 'right',
  'ES256 Credential with Self Attestation': 'right',
  // In a frame, without saying whose: refused by us, whatever the options; the library accepts it.
  'ES256 Credential with "crossOrigin": true in clientDataJSON': 'webauthn.embedded',
  // Right only because the options of this test name the top origin; see the test below.
  'ES256 Credential with "topOrigin" in clientDataJSON': 'right',
  'ES256 Credential with very long credential ID': 'right',
  // Attestation is never weighed. The same credentials without it are enrolled below, and their signatures verified.
  'Packed Attestation with ES256 Credential': attestation,
  'Packed Attestation with ES384 Credential': attestation,
  'Packed Attestation with ES512 Credential': attestation,
  'Packed Attestation with RS256 Credential': attestation,
  'Packed Attestation with Ed25519 Credential': attestation,
  'Packed Attestation with Ed448 Credential': attestation,
  'TPM Attestation with ES256 Credential': attestation,
  'Android Key Attestation with ES256 Credential': attestation,
  'Apple Anonymous Attestation with ES256 Credential': attestation,
  'FIDO U2F Attestation with ES256 Credential': attestation,
};

const text = (hex: string | undefined) => Buffer.from(hex!, 'hex').toString('base64url');
const algorithms = [-8, -7, -35, -36, -257];

/** The same credential, as a browser hands it over to a site that asked for no attestation. */
function withoutAttestation({ registration, ...rest }: Vector): Vector {
  const given = Uint8Array.from(Buffer.from(registration['attestationObject']!, 'hex'));
  const entries: [string, Cbor][] = [
    ['fmt', 'none'],
    ['attStmt', new Map()],
    ['authData', decodeAttestationObject(given).get('authData')],
  ];
  const attestationObject = Buffer.from(encodeCbor(new Map(entries))).toString('hex');
  return { ...rest, registration: { ...registration, attestationObject } };
}

function personFor({ registration }: Vector, allowedTopOrigins = [topOrigin!]) {
  const factor = webauthn({ rpId: rpId!, userVerification: 'preferred', allowedTopOrigins, algorithms });
  const person = createPerson({ factor, origins: [origin!] });
  const id = text(registration['credential_id']);
  const credential = { id, rawId: id, type: 'public-key' };
  return {
    person,
    register: () =>
      person.confirm(
        {
          ...credential,
          response: {
            clientDataJSON: text(registration['clientDataJSON']),
            attestationObject: text(registration['attestationObject']),
          },
        },
        {
          secret: {
            purpose: 'enroll',
            challenge: text(registration['challenge']),
            rpId: rpId!,
            userHandle: 'AAAA',
            algorithms,
          },
          shown: null,
        },
      ),
    authenticate: ({ challenge, ...signed }: Part) =>
      person.answer(
        {
          ...credential,
          response: {
            clientDataJSON: text(signed['clientDataJSON']),
            authenticatorData: text(signed['authenticatorData']),
            signature: text(signed['signature']),
          },
        },
        { secret: { purpose: 'verify', challenge: text(challenge), rpId: rpId! }, shown: null },
      ),
  };
}

describe('the vectors of WebAuthn Level 3', () => {
  it('are the fifteen that we know the result of', () => {
    expect(vectors.map(({ title }) => title)).to.have.members(Object.keys(expected));
    expect(Object.values(expected).filter((result) => result === 'right')).to.have.length(4);
  });

  async function verifies(vector: Vector): Promise<void> {
    const { register, authenticate } = personFor(vector);
    expect(await register()).to.include({ is: 'right' });
    expect(await authenticate(vector.authentication)).to.include({ is: 'right' });
    const { signature, ...rest } = vector.authentication;
    const broken = { ...rest, signature: `${signature!.slice(0, -2)}${signature!.endsWith('00') ? '01' : '00'}` };
    expect(await authenticate(broken)).to.include({ hint: 'webauthn.invalid_signature' });
  }

  for (const vector of vectors) {
    const result = expected[vector.title]!;
    it(`${vector.title}: ${result === 'right' ? 'both ceremonies' : `refused, ${result}`}`, async () => {
      if (result === 'right') return verifies(vector);
      const { person, register } = personFor(vector);
      expect(await register()).to.deep.include({ is: 'session.mfa.webauthn_verification_failed', hint: result });
      return expect(person.own).to.deep.equal([]);
    });
    if (result !== attestation) continue;
    it(`${vector.title}, without the attestation: both ceremonies`, async () => {
      const bare = withoutAttestation(vector);
      // Its algorithm is -53, which cannot be verified here and so is never offered.
      if (!vector.title.includes('Ed448')) return verifies(bare);
      return expect(await personFor(bare).register()).to.include({ hint: 'webauthn.unsupported_algorithm' });
    });
  }

  it('with a top origin are refused at registration where the options do not name it', async () => {
    const vector = vectors.find(({ title }) => title.includes('topOrigin'))!;
    expect(await personFor(vector, []).register()).to.include({ hint: 'webauthn.embedded' });
    expect(await personFor(vector, ['https://evil.example']).register()).to.include({ hint: 'webauthn.embedded' });
  });
});
