// The names of keys in Redis. Every key of one user carries the same hash tag, `{…}`, so that Redis Cluster keeps them
// on one node. What the values are is not known here.
import { MfaError } from '../core/words/errors.js';
import { escapeKey, unescapeKey } from './escaped-key.js';

/** The kinds of keys that can be walked. */
type Walked = 'record' | 'owner';

export type RedisKeys = {
  /** `acme:{42}:record` */
  record(userId: string): string;
  /** `acme:{42}:transient:webauthn/9f2c` */
  transient(userId: string, key: string): string;
  /** `acme:{credential/AbC}:owner`: of nobody's tag but its own, because it must be one key for all users. */
  owner(key: string): string;
  /** SCAN patterns that meet every record's and every owner's key. `keyPrefix` is ioredis's, which SCAN ignores. */
  pattern(kind: Walked, keyPrefix: string): string;
  /** Whose record, or of what claim a full key from SCAN is; `undefined` where the pattern met something else. */
  nameIn(kind: Walked, key: string, keyPrefix: string): string | undefined;
};

/**
 * Checks the option `namespace` of a store; `store` names it.
 * @throws MfaError `config.namespace_missing` where there is none, `config.invalid_option` where it would break keys.
 */
export function readNamespace(store: string, namespace: unknown): string {
  if (namespace === undefined || namespace === null || namespace === '') {
    throw new MfaError(
      'config.namespace_missing',
      `${store}: the option \`namespace\` is missing. Give each app its own, e.g. ${store}(client, { namespace: 'acme' }): two apps on one server must never share what they keep.`,
    );
  }
  if (typeof namespace !== 'string' || /[{}\p{Cc}\p{Cs}]/u.test(namespace)) {
    throw new MfaError(
      'config.invalid_option',
      `${store}: the option \`namespace\` must be a text without "{", "}" and control characters; received ${typeof namespace === 'string' ? JSON.stringify(namespace) : typeof namespace}.`,
    );
  }
  return namespace;
}

/** The keys of one namespace, which was checked. */
export function redisKeys(namespace: string): RedisKeys {
  const tagged = (text: string) => `${namespace}:{${escapeKey(text)}}`;
  return {
    record: (userId) => `${tagged(userId)}:record`,
    transient: (userId, key) => `${tagged(userId)}:transient:${escapeKey(key)}`,
    owner: (key) => `${tagged(key)}:owner`,
    pattern: (kind, keyPrefix) => `${literally(keyPrefix)}${literally(namespace)}:{*}:${kind}`,
    nameIn(kind, key, keyPrefix) {
      const start = `${keyPrefix}${namespace}:{`;
      const end = `}:${kind}`;
      if (!key.startsWith(start) || !key.endsWith(end)) return undefined;
      return unescapeKey(key.slice(start.length, -end.length));
    },
  };
}

/** `text` in a SCAN pattern, meaning nothing but itself. */
function literally(text: string): string {
  return text.replace(/[*?[\]\\^]/g, (sign) => `\\${sign}`);
}
