// The only file that knows @simplewebauthn/server, and loads it for the first passkey. Makes options for the browser and verifies its answers by WebAuthn
// L3 §7.1 and §7.2, closing what the library leaves open; what depends on the user's record is judged elsewhere.
import type { decodeAttestationObject } from '@simplewebauthn/server/helpers';
import type { Json } from '../../core/words/json.js';
import { checkFlags, maxCredentialIdBytes } from './authenticator-checks.js';
import { checkClientData } from './client-data.js';
import type { Mismatch } from './fault.js';
import { isMismatch } from './fault.js';
import { isOfferedKey, isSoundKey } from './public-key.js';
import type { WebauthnSettings } from './options.js';
import { attachmentFor } from './options.js';
import type { Passkey } from './passkey.js';
import type { AssertionAnswer, RegistrationAnswer } from './responses.js';

/** What an answer is held against: what was begun, and the app's options; nothing of the request. */
export type Expected = {
  challenge: string;
  rpId: string;
  origins: readonly string[];
  allowedTopOrigins: readonly string[];
  userVerification: 'required' | 'preferred';
};

export type Registered = {
  credentialId: string;
  publicKey: string;
  counter: number;
  aaguid: string;
  backupEligible: boolean;
  backedUp: boolean;
  userVerified: boolean;
};

export type Asserted = Pick<Registered, 'counter' | 'backupEligible' | 'backedUp' | 'userVerified'>;

type Person = { userHandle: string; name: string };
type Site = { rpId: string; rpName: string };

/** It takes longer to load than all the rest: a process that meets no passkey, such as the command line, does without. */
const library = async () => ({
  ...(await import('@simplewebauthn/server')),
  ...(await import('@simplewebauthn/server/helpers')),
});

/** `PublicKeyCredentialCreationOptionsJSON` for one person, who keeps the passkeys that they have. */
export async function creationOptions(
  settings: WebauthnSettings,
  site: Site,
  person: Person,
  challenge: Uint8Array,
  own: readonly Passkey[],
): Promise<Json> {
  const { generateRegistrationOptions, isoBase64URL } = await library();
  const { residentKey, userVerification } = settings;
  const attachment = attachmentFor(settings.hints);
  const options = await generateRegistrationOptions({
    rpID: site.rpId,
    rpName: site.rpName,
    userID: isoBase64URL.toBuffer(person.userHandle),
    userName: person.name,
    userDisplayName: person.name,
    challenge: Uint8Array.from(challenge),
    timeout: settings.timeoutSeconds * 1000,
    attestationType: 'none',
    excludeCredentials: own.map(descriptor),
    authenticatorSelection: {
      residentKey,
      userVerification,
      ...(attachment === undefined ? {} : { authenticatorAttachment: attachment }),
    },
    supportedAlgorithmIDs: [...settings.algorithms],
  });
  return asJson({ ...options, hints: settings.hints });
}

/** `PublicKeyCredentialRequestOptionsJSON`; without `own` the browser offers every passkey of the site. */
export async function requestOptions(
  settings: WebauthnSettings,
  rpId: string,
  challenge: Uint8Array,
  own?: readonly Passkey[],
): Promise<Json> {
  const { generateAuthenticationOptions } = await library();
  const options = await generateAuthenticationOptions({
    rpID: rpId,
    challenge: Uint8Array.from(challenge),
    timeout: settings.timeoutSeconds * 1000,
    userVerification: settings.userVerification,
    ...(own === undefined ? {} : { allowCredentials: own.map(descriptor) }),
  });
  return asJson({ ...options, hints: settings.hints });
}

/** Verifies the answer of an enrolment. `algorithms`: those that this ceremony offered. */
export async function verifyRegistration(
  answer: RegistrationAnswer,
  expected: Expected & { algorithms: readonly number[] },
): Promise<Registered | Mismatch> {
  const client = checkClientData(answer.clientDataJSON, { ...expected, type: 'webauthn.create' });
  if (isMismatch(client)) return client;
  const { credentialId: id, clientDataJSON, attestationObject } = answer;
  const { decodeAttestationObject, decodeCredentialPublicKey, isoBase64URL, parseAuthenticatorData, ...server } =
    await library();
  try {
    const decoded = decodeAttestationObject(isoBase64URL.toBuffer(attestationObject));
    if (!isUnattested(decoded)) return { fault: 'attestation_not_accepted' };
    const { flags, credentialID, credentialPublicKey } = parseAuthenticatorData(decoded.get('authData'));
    const wrongFlags = checkFlags(flags, expected.userVerification);
    if (wrongFlags !== undefined) return wrongFlags;
    if (credentialID === undefined || credentialPublicKey === undefined) return { fault: 'unreadable' };
    if (credentialID.byteLength > maxCredentialIdBytes) return { fault: 'credential_id_too_long' };
    if (isoBase64URL.fromBuffer(credentialID) !== id) return { fault: 'unreadable' };
    const key = decodeCredentialPublicKey(credentialPublicKey) as Map<number, unknown>;
    if (!isOfferedKey(key, expected.algorithms)) return { fault: 'unsupported_algorithm' };
    if (!isSoundKey(key)) return { fault: 'unusable_key' };
    const result = await server.verifyRegistrationResponse({
      response: {
        id,
        rawId: id,
        type: 'public-key',
        response: { clientDataJSON, attestationObject },
        clientExtensionResults: {},
      },
      ...expectedByLibrary(expected, client.origin),
      supportedAlgorithmIDs: [...expected.algorithms],
    });
    if (!result.verified) return { fault: 'attestation_not_verified' };
    const { credential, aaguid, userVerified } = result.registrationInfo;
    return {
      credentialId: credential.id,
      publicKey: isoBase64URL.fromBuffer(credential.publicKey),
      counter: credential.counter,
      aaguid,
      backupEligible: flags.be,
      backedUp: flags.bs,
      userVerified,
    };
  } catch (error) {
    return faultOf(error, expected) ?? { fault: 'attestation_not_verified' };
  }
}

/** What the answer to another site's enrolment says of its passkey, believed: for whoever moves people here. */
export async function readAttestation(attestationObject: string): Promise<Omit<Registered, 'backedUp'> | undefined> {
  const { convertAAGUIDToString, decodeAttestationObject, isoBase64URL, parseAuthenticatorData } = await library();
  try {
    const decoded = decodeAttestationObject(isoBase64URL.toBuffer(attestationObject));
    const { flags, counter, aaguid, credentialID, credentialPublicKey } = parseAuthenticatorData(
      decoded.get('authData'),
    );
    if (aaguid === undefined || credentialID === undefined || credentialPublicKey === undefined) return undefined;
    return {
      credentialId: isoBase64URL.fromBuffer(credentialID),
      publicKey: isoBase64URL.fromBuffer(credentialPublicKey),
      aaguid: convertAAGUIDToString(aaguid),
      backupEligible: flags.be,
      userVerified: flags.uv,
      counter,
    };
  } catch {
    return undefined;
  }
}

/** Whether a key, base64url of its COSE form, is one that this app would have taken at an enrolment. */
export async function isUsableKey(publicKey: string, algorithms: readonly number[]): Promise<boolean> {
  const { decodeCredentialPublicKey, isoBase64URL } = await library();
  try {
    const key = decodeCredentialPublicKey(isoBase64URL.toBuffer(publicKey)) as Map<number, unknown>;
    return isOfferedKey(key, algorithms) && isSoundKey(key);
  } catch {
    return false;
  }
}

/**
 * Format `none`, or self attestation (§6.5.4). None was asked for, and the library would follow what a chain of
 * certificates says: it fetches the revocation lists that a certificate names, from wherever that is.
 */
function isUnattested(attestation: ReturnType<typeof decodeAttestationObject>): boolean {
  const format = attestation.get('fmt');
  const statement: unknown = attestation.get('attStmt');
  if (!(statement instanceof Map)) return false;
  if (format === 'none') return statement.size === 0;
  return format === 'packed' && [...statement.keys()].every((name) => name === 'alg' || name === 'sig');
}

/** Verifies a signature made with the passkey of `publicKey`. Counter and backup eligibility are left to the record. */
export async function verifyAssertion(
  answer: AssertionAnswer,
  publicKey: string,
  expected: Expected,
): Promise<Asserted | Mismatch> {
  const client = checkClientData(answer.clientDataJSON, { ...expected, type: 'webauthn.get' });
  if (isMismatch(client)) return client;
  const { credentialId: id, clientDataJSON, authenticatorData, signature } = answer;
  const { isoBase64URL, parseAuthenticatorData, verifyAuthenticationResponse } = await library();
  try {
    const { flags, counter } = parseAuthenticatorData(isoBase64URL.toBuffer(authenticatorData));
    const wrongFlags = checkFlags(flags, expected.userVerification);
    if (wrongFlags !== undefined) return wrongFlags;
    const result = await verifyAuthenticationResponse({
      response: {
        id,
        rawId: id,
        type: 'public-key',
        response: { clientDataJSON, authenticatorData, signature },
        clientExtensionResults: {},
      },
      ...expectedByLibrary(expected, client.origin),
      expectedTopOrigin: [...expected.allowedTopOrigins],
      // With 0 the library compares no counters: the one that counts is in the record when it is saved, not in the
      // copy that was read before.
      credential: { id, publicKey: isoBase64URL.toBuffer(publicKey), counter: 0 },
    });
    if (!result.verified) return { fault: 'invalid_signature' };
    return { counter, backupEligible: flags.be, backedUp: flags.bs, userVerified: flags.uv };
  } catch (error) {
    return faultOf(error, expected) ?? { fault: 'invalid_signature' };
  }
}

/** The origin was compared already. `requireUserVerification` is always said: the library's options and its verification have different defaults. */
function expectedByLibrary({ challenge, rpId, userVerification }: Expected, expectedOrigin: string) {
  return {
    expectedChallenge: challenge,
    expectedOrigin,
    expectedRPID: rpId,
    requireUserVerification: userVerification === 'required',
  };
}

function faultOf(error: unknown, { rpId }: Expected): Mismatch | undefined {
  return error instanceof Error && error.name === 'UnexpectedRPIDHash'
    ? { fault: 'wrong_site', expected: rpId }
    : undefined;
}

function descriptor({ data }: Passkey): { id: string; transports: string[] } {
  return { id: data.credentialId, transports: data.transports };
}

/** Drops the members that are undefined. */
function asJson(value: object): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
