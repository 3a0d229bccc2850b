// Reads the browser's answer from a form field or a JSON body, strictly and by size, before anything is decoded. What
// the server recomputes from signed bytes (key, algorithm, flags) is not taken over from here.
import type { Malformed } from '../../core/kernel/factor.js';
import { isMalformed } from '../../core/kernel/factor.js';
import type { Json } from '../../core/words/json.js';

export type RegistrationAnswer = {
  credentialId: string;
  clientDataJSON: string;
  attestationObject: string;
  transports: string[];
};

export type AssertionAnswer = {
  credentialId: string;
  clientDataJSON: string;
  authenticatorData: string;
  signature: string;
  userHandle?: string;
};

type Fields = { [key: string]: Json };

/** The limit of a request body, and of each part of it that may be long (an attestation with certificates is ~8 KB). */
const maxCharacters = 64 * 1024;
/** Twice what 1023 bytes need, so that a longer credential id is refused with its reason. */
const maxIdCharacters = 2 * 1364;
const maxTransports = 16;
const malformed: Malformed = { malformed: true, reason: 'request.invalid', details: { field: 'response' } };

/** Reads `response` of an enrolment: a `RegistrationResponseJSON` (WebAuthn L3 §5.1.8), or its text. */
export function parseRegistration(body: Json): RegistrationAnswer | Malformed {
  const parts = readCredential(body);
  if (isMalformed(parts)) return parts;
  const { credentialId, response } = parts;
  const clientDataJSON = base64url(response.clientDataJSON, maxCharacters);
  const attestationObject = base64url(response.attestationObject, maxCharacters);
  const transports = readTransports(response.transports);
  if (clientDataJSON === undefined || attestationObject === undefined || transports === undefined) return malformed;
  return { credentialId, clientDataJSON, attestationObject, transports };
}

/** Reads `response` of a verification or sign-in: an `AuthenticationResponseJSON` (WebAuthn L3 §5.1.8), or its text. */
export function parseAssertion(body: Json): AssertionAnswer | Malformed {
  const parts = readCredential(body);
  if (isMalformed(parts)) return parts;
  const { credentialId, response } = parts;
  const clientDataJSON = base64url(response.clientDataJSON, maxCharacters);
  const authenticatorData = base64url(response.authenticatorData, maxCharacters);
  const signature = base64url(response.signature, maxCharacters);
  if (clientDataJSON === undefined || authenticatorData === undefined || signature === undefined) return malformed;
  const answer: AssertionAnswer = { credentialId, clientDataJSON, authenticatorData, signature };
  const { userHandle } = response;
  if (userHandle === undefined || userHandle === null || userHandle === '') return answer;
  // 64 bytes at most (§5.4.3).
  const handle = base64url(userHandle, 86);
  return handle === undefined ? malformed : { ...answer, userHandle: handle };
}

function readCredential(body: Json): { credentialId: string; response: Fields } | Malformed {
  const credential = fields(fromText(fields(body)?.response));
  const response = fields(credential?.response);
  const credentialId = base64url(credential?.id, maxIdCharacters);
  if (credential === undefined || response === undefined || credentialId === undefined) return malformed;
  if (credential.type !== 'public-key' || credential.rawId !== credentialId) return malformed;
  return { credentialId, response };
}

function fromText(value: Json | undefined): Json | undefined {
  if (typeof value !== 'string') return value;
  if (value.length > maxCharacters) return undefined;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return undefined;
  }
}

function fields(value: Json | undefined): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}

/** Only the one spelling without padding: two spellings of one id would be two ids. */
function base64url(value: Json | undefined, max: number): string | undefined {
  if (typeof value !== 'string' || value === '' || value.length > max) return undefined;
  return Buffer.from(value, 'base64url').toString('base64url') === value ? value : undefined;
}

/** A hint for the next request's `allowCredentials`; unknown words are kept, as §5.8.4 asks. */
function readTransports(value: Json | undefined): string[] | undefined {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > maxTransports) return undefined;
  const words = value.filter((word): word is string => typeof word === 'string' && /^[a-z0-9-]{1,32}$/.test(word));
  return words.length === value.length ? [...new Set(words)] : undefined;
}
