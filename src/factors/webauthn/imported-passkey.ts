// Passkeys that another system had made, so that people who move here keep them. For operators only; no request reaches this.
import type { AdoptedSecret, FactorContext } from '../../core/kernel/factor.js';
import type { Authenticator } from '../../core/kernel/record.js';
import { MfaError } from '../../core/words/errors.js';
import type { Json } from '../../core/words/json.js';
import { maxCredentialIdBytes } from './authenticator-checks.js';
import { relyingPartyId, type WebauthnSettings } from './options.js';
import { credentialClaim, passkeysOf, type PasskeyData } from './passkey.js';
import { isUsableKey } from './verification.js';

/** What a table says of a passkey; texts are base64url. What is left out, the first use tells. */
type ImportedPasskey = Pick<PasskeyData, 'credentialId' | 'publicKey'> &
  Partial<Pick<PasskeyData, 'counter' | 'transports' | 'aaguid' | 'backupEligible' | 'userHandle' | 'rpId'>> & {
    /** Whether the person was verified when it was made, by PIN or finger: without that it opens no sign-in alone. */
    verified?: boolean;
  };

/** @throws MfaError `config.invalid_option` where it is no passkey that this app would verify */
export async function adoptPasskey(
  settings: WebauthnSettings,
  context: FactorContext,
  own: readonly Authenticator[],
  input: Json,
): Promise<AdoptedSecret> {
  const given = input as ImportedPasskey;
  const { credentialId, publicKey, counter = 0, transports = [], backupEligible, userHandle = '' } = given;
  if (!isBase64url(credentialId) || credentialId === '' || (credentialId.length * 3) / 4 > maxCredentialIdBytes)
    refuse('credential id');
  if (!isBase64url(publicKey) || !(await isUsableKey(publicKey, settings.algorithms))) refuse('public key');
  if (!isBase64url(userHandle)) refuse('user handle');
  if (!Number.isSafeInteger(counter) || counter < 0) refuse('counter');
  const has = passkeysOf(own).find(({ data }) => data.credentialId === credentialId);
  const fingerprint = credentialClaim(credentialId);
  if (has) return { id: has.id, data: has.data, weak: false, same: true, replaces: [], fingerprint };
  const data: PasskeyData = {
    credentialId,
    publicKey,
    counter,
    transports: transports.filter((one) => /^[a-z-]{1,20}$/.test(one)),
    aaguid: given.aaguid ?? '00000000-0000-0000-0000-000000000000',
    backupEligible: backupEligible === true,
    backedUp: false,
    rpId: given.rpId ?? relyingPartyId(settings, context.origins),
    userHandle,
    uvInitialized: given.verified === true,
    ...(backupEligible === undefined || userHandle === '' ? { learns: true as const } : {}),
  };
  return { id: context.random.token(), data, weak: false, same: false, replaces: [], fingerprint };
}

function isBase64url(text: unknown): text is string {
  return typeof text === 'string' && /^[\w-]*$/.test(text);
}

function refuse(what: string): never {
  throw new MfaError('config.invalid_option', `The imported passkey has no ${what} that could be used.`);
}
