// django-allauth: its table `mfa_authenticator`, or what `manage.py dumpdata mfa` writes of it. A passkey stands there as the
// browser told it when it was made; a secret as Base32, unless the app's adapter encrypts it.
import {
  bytesOf,
  countingOf,
  listOf,
  need,
  objectOf,
  passkey,
  personOf,
  secondsOf,
  textOf,
  Unreadable,
  type Importer,
} from './importer.js';
import { openFernet } from './fernet.js';

function open(sealed: string, key: string | undefined): string {
  const secret = key === undefined ? sealed : openFernet(key, sealed);
  if (secret === undefined) throw new Unreadable('the secret does not open with this key');
  return secret;
}

export const djangoAllauth: Importer = {
  name: 'django-allauth',
  read(row, said) {
    const { model = 'mfa.authenticator' } = row;
    if (model !== 'mfa.authenticator') return [];
    const fields = row['fields'] === undefined ? row : objectOf(row, 'fields');
    const type = need(fields, 'type');
    const userId = personOf(fields, said, 'user_id', 'user');
    if (type === 'recovery_codes') return [{ userId, cannot: 'backup codes' }];
    if (type !== 'totp' && type !== 'webauthn') throw new Unreadable('its type is not known');
    const data = objectOf(fields, 'data');
    const at = secondsOf(fields['last_used_at'] ?? fields['created_at']);
    const lastUsedAt = at === undefined ? {} : { lastUsedAt: at };
    if (type === 'totp') {
      const secret = open(need(data, 'secret'), said.key);
      return [{ userId, kind: 'totp', input: { secret, encoding: 'base32', ...countingOf(fields) }, ...lastUsedAt }];
    }
    const response = objectOf(objectOf(data, 'credential'), 'response');
    const attestationObject = bytesOf(need(response, 'attestationObject'), 'base64url', 'attestationObject');
    const name = textOf(data, 'name');
    const input = passkey({ attestationObject, transports: listOf(response['transports']) }, said);
    return [{ userId, kind: 'webauthn', input, ...lastUsedAt, ...(name && { name }) }];
  },
};
