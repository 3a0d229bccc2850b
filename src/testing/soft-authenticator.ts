// A passkey authenticator and the browser before it, in software with real keys: for tests of an app without a browser.
// On request it misbehaves in one exact point, so that a test can attack with it. Not for production: its keys are not
// protected by anything.
import { randomBytes } from 'node:crypto';
import type { Cbor } from './soft-authenticator/cbor.js';
import { encodeCbor, join } from './soft-authenticator/cbor.js';
import type { Ceremony, CreateCeremony, GetCeremony } from './soft-authenticator/ceremony.js';
import type { KeyPair } from './soft-authenticator/keys.js';
import { generateKeyPair, signWith, supportedAlgorithms } from './soft-authenticator/keys.js';
import type { AuthenticatorStatement } from './soft-authenticator/statement.js';
import { authenticatorData, clientData, sha256 } from './soft-authenticator/statement.js';
import type {
  AuthenticationResponseJSON,
  CreationOptionsJSON,
  RegistrationResponseJSON,
  RequestOptionsJSON,
} from './soft-authenticator/wire.js';

export type { Ceremony, CreateCeremony, GetCeremony };
export type { AuthenticationResponseJSON, CreationOptionsJSON, RegistrationResponseJSON, RequestOptionsJSON };

/** What kind of authenticator it is. */
export type SoftAuthenticatorOptions = {
  /** COSE algorithms that it has keys for. Default: ES256, EdDSA, RS256; the site's order decides. */
  algorithms?: readonly number[];
  /** Its model, as a UUID. Default: all zero. */
  aaguid?: string;
  /** Whether its passkeys may be synced, and are. Default: both. */
  backupEligible?: boolean;
  backupState?: boolean;
  /** Whether it verifies the person. Default true. */
  userVerified?: boolean;
  /** `zero` never counts, as synced passkeys do; `growing` counts each use. Default `zero`. */
  counter?: 'zero' | 'growing';
  transports?: readonly string[];
};

export type SoftCredential = { id: string; rpId: string; userHandle: string; keys: KeyPair; counter: number };

/** An authenticator in software: it makes passkeys and signs with them, without a browser. */
export interface SoftAuthenticator {
  /**
   * Makes a passkey, as `navigator.credentials.create()` and `toJSON()`.
   * @throws DOMException `InvalidStateError` where it has a passkey that the site excludes, `NotSupportedError` where
   *   the site offers no algorithm that it has.
   */
  create(options: CreationOptionsJSON, ceremony: CreateCeremony): Promise<RegistrationResponseJSON>;
  /**
   * Signs with a passkey, as `navigator.credentials.get()` and `toJSON()`: the newest that is allowed; without
   * `allowCredentials`, the newest of the site.
   * @throws DOMException `NotAllowedError` where it has none.
   */
  get(options: RequestOptionsJSON, ceremony: GetCeremony): Promise<AuthenticationResponseJSON>;
  /** Its passkeys, oldest first; every one is discoverable. */
  readonly credentials: readonly SoftCredential[];
  /** Another one with the same keys, whose counters go their own way from now on: what a thief would have. */
  clone(): SoftAuthenticator;
}

/** A software authenticator without any passkey. */
export function softAuthenticator(options: SoftAuthenticatorOptions = {}): SoftAuthenticator {
  return authenticatorWith(options, []);
}

function authenticatorWith(options: SoftAuthenticatorOptions, credentials: SoftCredential[]): SoftAuthenticator {
  const { algorithms = supportedAlgorithms, backupEligible = true, userVerified = true } = options;
  const { backupState = backupEligible, counter: counting = 'zero', transports = ['internal', 'hybrid'] } = options;
  const aaguid = bytesOf((options.aaguid ?? '').replaceAll('-', '').padEnd(32, '0'), 'hex');

  function statement(rpId: string, counter: number, ceremony: Ceremony): AuthenticatorStatement {
    return {
      rpId: ceremony.rpId ?? rpId,
      userPresent: ceremony.userPresent ?? true,
      userVerified: ceremony.userVerified ?? userVerified,
      backupEligible: ceremony.backupEligible ?? backupEligible,
      backupState: ceremony.backupState ?? backupState,
      counter: ceremony.counter ?? counter,
    };
  }

  return {
    credentials,

    async create(asked, ceremony) {
      const rpId = asked.rp.id ?? new URL(ceremony.origin).hostname;
      const excluded = new Set((asked.excludeCredentials ?? []).map(({ id }) => id));
      if (!ceremony.ignoreExcluded && credentials.some(({ id }) => excluded.has(id))) {
        throw new DOMException('A passkey of this site is here already.', 'InvalidStateError');
      }
      const offered = asked.pubKeyCredParams.map(({ alg }) => alg).find((alg) => algorithms.includes(alg));
      const algorithm = ceremony.algorithm ?? offered;
      if (algorithm === undefined) throw new DOMException('No algorithm in common.', 'NotSupportedError');

      const keys = generateKeyPair(algorithm);
      const id = ceremony.credentialId ?? randomBytes(ceremony.credentialIdBytes ?? 32).toString('base64url');
      const made: SoftCredential = { id, rpId, userHandle: asked.user.id, keys, counter: 0 };
      const authData = authenticatorData({
        ...statement(rpId, made.counter, ceremony),
        attested: { aaguid, credentialId: bytesOf(id), cosePublicKey: ceremony.cosePublicKey ?? keys.cosePublicKey },
      });
      credentials.push(made);
      return {
        ...envelope(id, transports),
        response: {
          clientDataJSON: text(said('webauthn.create', asked.challenge, ceremony)),
          attestationObject: text(
            encodeCbor(
              new Map<string, Cbor>([
                ['fmt', 'none'],
                ['attStmt', new Map()],
                ['authData', authData],
              ]),
            ),
          ),
          transports: [...transports],
        },
      };
    },

    async get(asked, ceremony) {
      const used = choose(credentials, asked, ceremony);
      if (used === undefined) throw new DOMException('No passkey for this.', 'NotAllowedError');
      if (counting === 'growing') used.counter += 1;
      const signed = said('webauthn.get', asked.challenge, ceremony);
      const authData = authenticatorData(statement(used.rpId, used.counter, ceremony));
      const signature = signWith(
        used.keys,
        join(authData, sha256(ceremony.breakSignature ? 'something else' : signed)),
      );
      const userHandle = ceremony.userHandle === undefined ? used.userHandle : ceremony.userHandle;
      return {
        ...envelope(used.id, transports),
        response: {
          clientDataJSON: text(signed),
          authenticatorData: text(authData),
          signature: text(signature),
          ...(userHandle === null ? {} : { userHandle }),
        },
      };
    },

    clone: () =>
      authenticatorWith(
        options,
        credentials.map((credential) => ({ ...credential })),
      ),
  };
}

function choose(
  credentials: readonly SoftCredential[],
  { rpId, allowCredentials = [] }: RequestOptionsJSON,
  { origin, credentialId }: GetCeremony,
): SoftCredential | undefined {
  if (credentialId !== undefined) return credentials.find(({ id }) => id === credentialId);
  const allowed = new Set(allowCredentials.map(({ id }) => id));
  const site = rpId ?? new URL(origin).hostname;
  return credentials.findLast((one) => one.rpId === site && (allowed.size === 0 || allowed.has(one.id)));
}

function said(type: string, challenge: string, ceremony: Ceremony): Uint8Array {
  return clientData({
    type: ceremony.type ?? type,
    challenge: ceremony.challenge ?? challenge,
    origin: ceremony.origin,
    crossOrigin: ceremony.crossOrigin ?? false,
    topOrigin: ceremony.topOrigin,
  });
}

function envelope(id: string, transports: readonly string[]) {
  const authenticatorAttachment = transports.includes('internal') ? 'platform' : 'cross-platform';
  return { id, rawId: id, type: 'public-key', authenticatorAttachment, clientExtensionResults: {} } as const;
}

function bytesOf(value: string, encoding: 'base64url' | 'hex' = 'base64url'): Uint8Array {
  return Uint8Array.from(Buffer.from(value, encoding));
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}
