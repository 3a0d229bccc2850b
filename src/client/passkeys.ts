// WebAuthn ceremonies of the browser: options as the server gives them, answers as it takes them, refusals by a code. One ceremony at
// a time: a newer one ends the one that waits, as the autofill of a sign-in form does.
import type { WebauthnOptionsAnswer } from '../api/answers.js';
import type { WebauthnResponse } from '../api/bodies.js';
import { MfaClientError, type ClientCode } from './client-error.js';
import type { CallOptions } from './transport.js';

/** Options for `navigator.credentials`, as the server gives them. */
export type PasskeyOptions = WebauthnOptionsAnswer['options'];

type Descriptor = { id: string; [member: string]: unknown };

let waiting: AbortController | undefined;

/** Whether this browser has passkeys at all. */
export function supportsPasskeys(): boolean {
  return typeof PublicKeyCredential === 'function';
}

/** Whether a field with `autocomplete="username webauthn"` can offer them. */
export async function supportsAutofill(): Promise<boolean> {
  const known = supportsPasskeys() ? (PublicKeyCredential as Partial<typeof PublicKeyCredential>) : {};
  return (await known.isConditionalMediationAvailable?.()) === true;
}

/** `navigator.credentials.create`. @throws MfaClientError `passkey.*`; an abort as it is */
export async function createPasskey(options: PasskeyOptions, { signal }: CallOptions = {}): Promise<WebauthnResponse> {
  return run(signal, (own) => navigator.credentials.create({ publicKey: creationOptions(options), signal: own }));
}

/** `navigator.credentials.get`. @throws MfaClientError `passkey.*`; an abort as it is */
export async function getPasskey(
  options: PasskeyOptions,
  { signal, autofill = false }: CallOptions & { autofill?: boolean } = {},
): Promise<WebauthnResponse> {
  return run(signal, (own) =>
    navigator.credentials.get({
      publicKey: requestOptions(options),
      signal: own,
      ...(autofill ? { mediation: 'conditional' as const } : {}),
    }),
  );
}

async function run(signal: AbortSignal | undefined, ceremony: (own: AbortSignal) => Promise<Credential | null>) {
  signal?.throwIfAborted();
  if (!supportsPasskeys()) throw new MfaClientError('passkey.not_supported');
  waiting?.abort();
  const own = new AbortController();
  waiting = own;
  const end = () => own.abort(signal?.reason);
  signal?.addEventListener('abort', end);
  try {
    const credential = await ceremony(own.signal);
    own.signal.throwIfAborted();
    if (!credential) throw new MfaClientError('passkey.failed');
    return asJson(credential as PublicKeyCredential);
  } catch (cause) {
    // Ended by the caller, or by the next ceremony: nothing that a person has to be told.
    own.signal.throwIfAborted();
    throw cause instanceof MfaClientError ? cause : new MfaClientError(codeOf(cause), { cause });
  } finally {
    signal?.removeEventListener('abort', end);
    if (waiting === own) waiting = undefined;
  }
}

/** The browser's error names (WebAuthn L3 §5.1.3, §5.1.4). */
const codes: { [name: string]: ClientCode } = {
  NotAllowedError: 'passkey.cancelled',
  AbortError: 'passkey.cancelled',
  InvalidStateError: 'passkey.already_registered',
  NotSupportedError: 'passkey.not_supported',
  ConstraintError: 'passkey.not_supported',
  SecurityError: 'passkey.wrong_site',
};

function codeOf(error: unknown): ClientCode {
  return codes[(error as { name?: string } | null)?.name ?? ''] ?? 'passkey.failed';
}

// Browsers of before 2024 have neither `parse…OptionsFromJSON` nor `toJSON`.
function creationOptions(options: PasskeyOptions): PublicKeyCredentialCreationOptions {
  const native = PublicKeyCredential.parseCreationOptionsFromJSON;
  if (native as unknown)
    return native.call(PublicKeyCredential, options as unknown as PublicKeyCredentialCreationOptionsJSON);
  const user = options['user'] as { id: string };
  const made = { ...options, ...bytesIn(options, 'excludeCredentials'), user: { ...user, id: toBytes(user.id) } };
  return made as unknown as PublicKeyCredentialCreationOptions;
}

function requestOptions(options: PasskeyOptions): PublicKeyCredentialRequestOptions {
  const native = PublicKeyCredential.parseRequestOptionsFromJSON;
  if (native as unknown) return native.call(PublicKeyCredential, options);
  return { ...options, ...bytesIn(options, 'allowCredentials') } as unknown as PublicKeyCredentialRequestOptions;
}

function bytesIn(options: PasskeyOptions, list: string) {
  const named = options[list] as Descriptor[] | undefined;
  return {
    challenge: toBytes(options.challenge),
    ...(named ? { [list]: named.map((each) => ({ ...each, id: toBytes(each.id) })) } : {}),
  };
}

function asJson(credential: PublicKeyCredential): WebauthnResponse {
  if (typeof (credential as { toJSON?: unknown }).toJSON === 'function')
    return credential.toJSON() as unknown as WebauthnResponse;
  const { id, type, rawId, authenticatorAttachment, response } = credential;
  const parts = response as AuthenticatorAttestationResponse & AuthenticatorAssertionResponse;
  const told: { [member: string]: string } = {};
  for (const name of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'] as const) {
    const bytes = parts[name] as ArrayBuffer | null | undefined;
    if (bytes) told[name] = fromBytes(bytes);
  }
  const transports = 'getTransports' in parts ? { transports: parts.getTransports() } : {};
  return {
    id,
    type,
    rawId: fromBytes(rawId),
    clientExtensionResults: credential.getClientExtensionResults() as WebauthnResponse[string] & object,
    ...(authenticatorAttachment ? { authenticatorAttachment } : {}),
    response: { ...told, ...transports },
  };
}

function toBytes(text: string): Uint8Array {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (sign) => sign.charCodeAt(0));
}

function fromBytes(bytes: ArrayBuffer): string {
  const text = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
