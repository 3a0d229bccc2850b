// Okta: what its Factors API lists of a person, a row each. It gives out addresses, and no secret and no public key; the secret
// of an app stands only in the answer to its enrolment, where whoever asked for that kept it.
import {
  countingOf,
  need,
  numberOf,
  objectOf,
  personOf,
  secondsOf,
  textOf,
  Unreadable,
  type Importer,
  type Row,
  type Said,
} from './importer.js';

/** What it has no secret of, in the words of the count. */
const cannot = new Map([
  ['push', 'push'],
  ['signed_nonce', 'push'],
  ['call', 'voice call'],
  ['question', 'security question'],
  ['webauthn', 'passkey'],
  ['u2f', 'security key'],
  ['token:hardware', 'hardware token'],
  ['token', 'hardware token'],
  ['web', 'another provider'],
  ['claims_provider', 'another provider'],
]);

/** The id in `https://acme.okta.com/api/v1/users/00u15s1KDETTQMQYABRL`: no row says it otherwise. */
function userOf(row: Row, said: Said): string {
  if (said.userField !== undefined || row['userId'] !== undefined) return personOf(row, said, 'userId');
  const href = need(objectOf(objectOf(row, '_links'), 'user'), 'href');
  const [, id] = /^https:\/\/[^/]+\/api\/v1\/users\/([\w-]+)$/.exec(href) ?? [];
  if (id === undefined) throw new Unreadable('the link to its user is none');
  return id;
}

/** As it answered an enrolment, or as the app gave it to Okta. */
function secretOf(row: Row, said: Said): { [name: string]: string | number } | undefined {
  const has = (name: string) => typeof row[name] === 'object' && row[name] !== null;
  const embedded = has('_embedded') ? objectOf(row, '_embedded')['activation'] : undefined;
  const activation = (typeof embedded === 'object' && embedded !== null ? embedded : {}) as Row;
  const secret = textOf(activation, 'sharedSecret');
  if (secret !== undefined) {
    const period = numberOf(activation['timeStep'] ?? 30);
    return { secret, encoding: textOf(activation, 'encoding') ?? 'base32', period, ...countingOf(row) };
  }
  const given = has('profile') ? textOf(objectOf(row, 'profile'), 'sharedSecret') : undefined;
  if (given === undefined) return undefined;
  if (said.encoding === undefined) throw new Unreadable('its secret is in the encoding of its profile: say --encoding');
  return { secret: given, encoding: said.encoding, ...countingOf(row) };
}

export const okta: Importer = {
  name: 'okta',
  read(row, said) {
    const type = need(row, 'factorType');
    const userId = userOf(row, said);
    if (row['status'] !== 'ACTIVE') throw new Unreadable('it is not active');
    const at = secondsOf(row['lastUpdated'] ?? row['created']);
    const lastUsedAt = at === undefined ? {} : { lastUsedAt: at };
    const known = cannot.get(type);
    if (known !== undefined) return [{ userId, cannot: known }];
    if (type === 'token:software:totp' || type === 'token:hotp') {
      const input = secretOf(row, said);
      return [input ? { userId, kind: 'totp', input, ...lastUsedAt } : { userId, cannot: 'authenticator app' }];
    }
    if (type !== 'sms' && type !== 'email') throw new Unreadable('its type is not known');
    const address = need(objectOf(row, 'profile'), type === 'sms' ? 'phoneNumber' : 'email');
    return [{ userId, kind: type, input: { address }, ...lastUsedAt }];
  },
};
