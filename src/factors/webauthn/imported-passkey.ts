// Passkeys that another system had made, so that people who move here keep them. For operators only; no request reaches this.
import type { AdoptedSecret, FactorContext } from '../../core/kernel/factor.js';
import type { Authenticator } from '../../core/kernel/record.js';
import { MfaError } from '../../core/words/errors.js';
import type { Json } from '../../core/words/json.js';
import { maxCredentialIdBytes } from './authenticator-checks.js';
import { isUsedAt, relyingPartyId, type WebauthnSettings } from './options.js';
import { credentialClaim, passkeysOf, type PasskeyData } from './passkey.js';
import { isUsableKey, readAttestation } from './verification.js';

/** WebAuthn L3 §5.4.3. */
const maxUserHandleBytes = 64;
/** WebAuthn knows seven. */
const mostTransports = 10;

/** What a table says of a passkey; texts are base64url. What is left out, the first use tells. */
type ImportedPasskey = Pick<PasskeyData, 'credentialId' | 'publicKey'> &
  Partial<Pick<PasskeyData, 'counter' | 'transports' | 'aaguid' | 'backupEligible' | 'userHandle' | 'rpId'>> & {
    /** Whether the person was verified when it was made, by PIN or finger: without that it opens no sign-in alone. */
    verified?: boolean;
    /** The answer to its enrolment, which says the most of it itself. */
    attestationObject?: string;
  };

/** @throws MfaError `config.invalid_option` where it is no passkey that this app would verify */
export async function adoptPasskey(
  settings: WebauthnSettings,
  context: FactorContext,
  own: readonly Authenticator[],
  input: Json,
): Promise<AdoptedSecret> {
  const given = await whole(input as ImportedPasskey);
  const { credentialId, publicKey, counter = 0, transports = [], backupEligible, userHandle = '' } = given;
  if (!isBase64url(credentialId) || credentialId === '' || bytesIn(credentialId) > maxCredentialIdBytes)
    refuse('credential id');
  if (!isBase64url(publicKey) || !(await isUsableKey(publicKey, settings.algorithms))) refuse('public key');
  if (!isBase64url(userHandle) || bytesIn(userHandle) > maxUserHandleBytes) refuse('user handle');
  if (!Number.isSafeInteger(counter) || counter < 0) refuse('counter');
  const rpId = given.rpId ?? relyingPartyId(settings, context.origins);
  if (!/^[a-z0-9.-]{1,253}$/.test(rpId)) refuse('domain');
  const has = passkeysOf(own).find(({ data }) => data.credentialId === credentialId);
  const fingerprint = credentialClaim(credentialId);
  if (has) return { id: has.id, data: has.data, weak: false, same: true, replaces: [], fingerprint };
  const data: PasskeyData = {
    credentialId,
    publicKey,
    counter,
    transports: [...new Set(transports.filter((one) => /^[a-z-]{1,20}$/.test(one)))].slice(0, mostTransports),
    aaguid: isUuid(given.aaguid) ? given.aaguid : '00000000-0000-0000-0000-000000000000',
    backupEligible: backupEligible === true,
    backedUp: false,
    rpId,
    userHandle,
    uvInitialized: given.verified === true,
    ...(backupEligible === undefined || userHandle === '' ? { learns: true as const } : {}),
  };
  const adopted = { id: context.random.token(), data, weak: false, same: false, replaces: [], fingerprint };
  return isUsedAt(rpId, context.origins)
    ? adopted
    : { ...adopted, useless: `no browser uses a passkey of ${rpId} here` };
}

/** With what the attestation says, where there is one. */
async function whole(given: ImportedPasskey): Promise<ImportedPasskey> {
  const { attestationObject, ...rest } = given;
  if (attestationObject === undefined) return rest;
  const { userVerified, ...read } = (await readAttestation(attestationObject)) ?? refuse('attestation');
  return { ...rest, ...read, verified: userVerified || rest.verified === true };
}

function isUuid(text: unknown): text is string {
  return typeof text === 'string' && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

/** Of base64url without padding. */
const bytesIn = (text: string) => Math.floor((text.length * 3) / 4);

function isBase64url(text: unknown): text is string {
  return typeof text === 'string' && /^[\w-]*$/.test(text);
}

function refuse(what: string): never {
  throw new MfaError('config.invalid_option', `The imported passkey has no ${what} that could be used.`);
}
