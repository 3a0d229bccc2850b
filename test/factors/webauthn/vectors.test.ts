// The test vectors of WebAuthn Level 3 §16 through the factor, both ceremonies, each with its expected result and the
// reason where we refuse. The CA of the vectors stands in for the roots of the attestation formats.
import { readFileSync } from 'node:fs';
import { SettingsService } from '@simplewebauthn/server';
import { expect } from 'chai';
import { webauthn } from '../../../src/factors/webauthn/webauthn.js';
import { createPerson } from '../../support/webauthn-person.js';

type Part = { [member: string]: string };
type Vector = { title: string; registration: Part; authentication: Part };
const file = new URL('../../vectors/webauthn-l3.json', import.meta.url);
const { vectors, rpId, origin, topOrigin, attestation_ca_cert } = JSON.parse(readFileSync(file, 'utf8')) as Part & {
  vectors: Vector[];
};

/** What we make of each pair: `'right'`, or the hint at registration. */
const expected: { [title: string]: string } = {
  'ES256 Credential with No Attestation': 'right',
  'ES256 Credential with Self Attestation': 'right',
  // In a frame, without saying whose: refused by us, whatever the options; the library accepts it.
  'ES256 Credential with "crossOrigin": true in clientDataJSON': 'webauthn.embedded',
  // Right only because the options of this test name the top origin; see the test below.
  'ES256 Credential with "topOrigin" in clientDataJSON': 'right',
  'ES256 Credential with very long credential ID': 'right',
  'Packed Attestation with ES256 Credential': 'right',
  'Packed Attestation with ES384 Credential': 'right',
  'Packed Attestation with ES512 Credential': 'right',
  'Packed Attestation with RS256 Credential': 'right',
  'Packed Attestation with Ed25519 Credential': 'right',
  // Its algorithm is -53, which cannot be verified here and so is never offered.
  'Packed Attestation with Ed448 Credential': 'webauthn.unsupported_algorithm',
  // The library checks these statements further than the vectors carry them: manufacturer, key description, zero AAGUID.
  'TPM Attestation with ES256 Credential': 'webauthn.attestation_not_verified',
  'Android Key Attestation with ES256 Credential': 'webauthn.attestation_not_verified',
  'Apple Anonymous Attestation with ES256 Credential': 'right',
  'FIDO U2F Attestation with ES256 Credential': 'webauthn.attestation_not_verified',
};

const formats = ['packed', 'tpm', 'android-key', 'apple', 'fido-u2f'] as const;
const text = (hex: string | undefined) => Buffer.from(hex!, 'hex').toString('base64url');
const algorithms = [-8, -7, -35, -36, -257];

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
  const trusted = new Map(
    formats.map((identifier) => [identifier, SettingsService.getRootCertificates({ identifier })]),
  );
  const roots =
    (certificates: (identifier: (typeof formats)[number]) => (string | Uint8Array<ArrayBuffer>)[]) => () => {
      for (const identifier of formats) {
        SettingsService.setRootCertificates({ identifier, certificates: certificates(identifier) });
      }
    };
  before(roots(() => [Uint8Array.from(Buffer.from(attestation_ca_cert!, 'hex'))]));
  after(roots((identifier) => trusted.get(identifier)!));

  it('are the fifteen that we know the result of', () => {
    expect(vectors.map(({ title }) => title)).to.have.members(Object.keys(expected));
    expect(Object.values(expected).filter((result) => result === 'right')).to.have.length(10);
  });

  for (const vector of vectors) {
    const result = expected[vector.title]!;
    it(`${vector.title}: ${result === 'right' ? 'both ceremonies' : `refused, ${result}`}`, async () => {
      const { person, register, authenticate } = personFor(vector);
      const registered = await register();
      if (result !== 'right') {
        expect(registered).to.deep.include({ is: 'session.mfa.webauthn_verification_failed', hint: result });
        expect(person.own).to.deep.equal([]);
        return;
      }
      expect(registered).to.include({ is: 'right' });
      expect(await authenticate(vector.authentication)).to.include({ is: 'right' });
      const { signature, ...rest } = vector.authentication;
      const broken = { ...rest, signature: `${signature!.slice(0, -2)}${signature!.endsWith('00') ? '01' : '00'}` };
      expect(await authenticate(broken)).to.include({ hint: 'webauthn.invalid_signature' });
    });
  }

  it('with a top origin are refused at registration where the options do not name it', async () => {
    const vector = vectors.find(({ title }) => title.includes('topOrigin'))!;
    expect(await personFor(vector, []).register()).to.include({ hint: 'webauthn.embedded' });
    expect(await personFor(vector, ['https://evil.example']).register()).to.include({ hint: 'webauthn.embedded' });
  });
});
