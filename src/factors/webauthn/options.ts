// The options of webauthn(), checked once, and the relying party that follows from them and the app's origins. Nothing
// of a request is looked at: a header can be forged.
import { MfaError } from '../../core/words/errors.js';
import { checkOptionNames } from '../../core/words/unknown-option.js';
import { urlOf } from '../../core/words/url.js';

export type Hint = 'security-key' | 'client-device' | 'hybrid';

/** Options of passkeys. */
export type WebauthnOptions = {
  /** The domain that passkeys belong to: the host of the first origin (default) or a parent domain of it. */
  rpId?: string;
  /** The name that the browser's dialog shows. Default: `appName`. */
  rpName?: string;
  /** `required` (default): the person is verified by PIN or biometrics. `preferred`: where the authenticator can. */
  userVerification?: 'required' | 'preferred';
  /**
   * Whether passkeys may be synced, or only able to be (default true). `false`: such are neither taken nor believed, since their
   * keys leave the device (NIST SP 800-63B-4 §2.3.2, AAL3).
   */
  synced?: boolean;
  /** `preferred` (default) makes passkeys that can also sign in where possible; `required` refuses all others. */
  residentKey?: 'preferred' | 'required';
  /** How many passkeys one person may have, 1–50. Default 10. */
  maxAuthenticators?: number;
  /** Origins of pages that may embed the app in a frame of another site. Default: none. */
  allowedTopOrigins?: readonly string[];
  /** COSE algorithm numbers, the most wanted first. Default: EdDSA, ES256, RS256 (WebAuthn L3 §5.4). */
  algorithms?: readonly number[];
  /** How long a ceremony waits for its answer, 60–600. Default 300 (WebAuthn L3 §15.1). */
  timeoutSeconds?: number;
  /** What the browser should offer first. Default: its own choice. */
  hints?: readonly Hint[];
};

export type WebauthnSettings = Required<Omit<WebauthnOptions, 'rpId' | 'rpName'>> &
  Pick<WebauthnOptions, 'rpId' | 'rpName'>;

/** EdDSA, ES256, ES384, ES512, RS256, RS384, RS512: what can be verified here. */
const verifiable = [-8, -7, -35, -36, -257, -258, -259];

/** Each option: whether a value will do, and the sentence for one that will not. */
const rules: { readonly [name in keyof WebauthnOptions]-?: [(value: unknown) => boolean, string] } = {
  rpId: [isDomain, 'a domain such as "example.com", without scheme or port'],
  rpName: [(value) => typeof value === 'string' && value.trim() !== '', 'a name that is not empty'],
  userVerification: [oneOf('required', 'preferred'), '"required" or "preferred"'],
  synced: [oneOf(true, false), 'true or false'],
  residentKey: [oneOf('preferred', 'required'), '"preferred" or "required"'],
  maxAuthenticators: [wholeFrom(1, 50), 'a whole number from 1 to 50'],
  allowedTopOrigins: [listOf(isOrigin), 'a list of origins such as "https://example.com"'],
  algorithms: [
    (value) => listOf(oneOf(...verifiable))(value) && (value as unknown[]).length > 0,
    `a list of some of ${verifiable.join(', ')}`,
  ],
  timeoutSeconds: [wholeFrom(60, 600), 'a whole number of seconds from 60 to 600'],
  hints: [
    listOf(oneOf('security-key', 'client-device', 'hybrid')),
    'a list of "security-key", "client-device", "hybrid"',
  ],
};

/**
 * Checks the options and fills in the defaults.
 * @throws MfaError `config.unknown_option` or `config.invalid_option`.
 */
export function resolveOptions(options: WebauthnOptions): WebauthnSettings {
  checkOptionNames('webauthn()', options, Object.keys(rules));
  const given = Object.entries(options as { [name: string]: unknown }).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) {
    const [accepts, wanted] = rules[name as keyof WebauthnOptions];
    if (!accepts(value)) {
      const received = JSON.stringify(value) as string | undefined;
      throw new MfaError(
        'config.invalid_option',
        `webauthn(): ${name} must be ${wanted}; received ${received ?? typeof value}.`,
      );
    }
  }
  return {
    userVerification: 'required',
    synced: true,
    residentKey: 'preferred',
    maxAuthenticators: 10,
    allowedTopOrigins: [],
    algorithms: [-8, -7, -257],
    timeoutSeconds: 300,
    hints: [],
    // A copy: what the app does to its lists later changes nothing here.
    ...(structuredClone(Object.fromEntries(given)) as WebauthnOptions),
  };
}

/** @throws MfaError `config.origin_missing` */
export function requireOrigin(origins: readonly string[]): void {
  if (origins.length > 0) return;
  throw new MfaError(
    'config.origin_missing',
    'Passkeys belong to an origin and createMfa() was given none; set origin, e.g. "https://example.com".',
  );
}

/**
 * The relying party id for new passkeys. An app without an origin is one in development, on localhost.
 * @throws MfaError `config.invalid_option` where rpId and origin do not fit.
 */
export function relyingPartyId(settings: Pick<WebauthnSettings, 'rpId'>, origins: readonly string[]): string {
  const [origin = 'http://localhost'] = origins;
  const { protocol, hostname } = new URL(origin);
  if (protocol !== 'https:' && hostname !== 'localhost' && !hostname.endsWith('.localhost')) {
    throw invalid(`passkeys work on https and on http://localhost only, and origin is "${origin}"; change origin.`);
  }
  const rpId = settings.rpId ?? hostname;
  if (!isDomain(rpId)) {
    throw invalid(`browsers make no passkeys for an address such as "${origin}"; use a domain, or http://localhost.`);
  }
  if (!isWithin(hostname, rpId)) {
    throw invalid(`rpId "${rpId}" is neither the host of origin "${origin}" nor a parent domain of it; change one.`);
  }
  if (rpId !== hostname && isSharedByMany(rpId)) {
    throw invalid(
      `rpId "${rpId}" is no domain of yours but one that many share, so no browser makes passkeys for it; use "${hostname}".`,
    );
  }
  const other = origins.find((each) => !isWithin(new URL(each).hostname, rpId));
  if (other !== undefined) {
    throw invalid(
      `origin "${other}" is another site than rpId "${rpId}", and no browser uses its passkeys there; name a domain of both in rpId, or drop it from origins.`,
    );
  }
  return rpId;
}

/** Whether browsers use passkeys of `rpId` at one of these origins; without any, the app is in development. */
export function isUsedAt(rpId: string, origins: readonly string[]): boolean {
  return origins.length === 0 || origins.some((each) => isWithin(new URL(each).hostname, rpId));
}

function isWithin(hostname: string, rpId: string): boolean {
  return hostname === rpId || hostname.endsWith(`.${rpId}`);
}

/** Under a country's domain; the whole list of such names changes each week (publicsuffix.org), and browsers bring their own. */
const sharedNames = ['ac', 'co', 'com', 'edu', 'gov', 'net', 'org', 'or', 'ne', 'go'];

/** A top-level domain, and `co.uk` and its kin. */
function isSharedByMany(rpId: string): boolean {
  const labels = rpId.split('.');
  const [name = '', country = ''] = labels;
  return labels.length === 1
    ? rpId !== 'localhost'
    : labels.length === 2 && country.length === 2 && sharedNames.includes(name);
}

/** For browsers that do not know hints yet (WebAuthn L3 §5.8.8); only where all hints agree. */
export function attachmentFor(hints: WebauthnSettings['hints']): 'platform' | 'cross-platform' | undefined {
  const attachments = hints.map((hint) => (hint === 'client-device' ? 'platform' : 'cross-platform'));
  return attachments.every((attachment) => attachment === attachments[0]) ? attachments[0] : undefined;
}

function invalid(sentence: string): MfaError {
  return new MfaError('config.invalid_option', `webauthn(): ${sentence}`);
}

function oneOf(...allowed: unknown[]): (value: unknown) => boolean {
  return (value) => allowed.includes(value);
}

function wholeFrom(min: number, max: number): (value: unknown) => boolean {
  return (value) => Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
}

function listOf(accepts: (value: unknown) => boolean): (value: unknown) => boolean {
  return (value) => Array.isArray(value) && value.every(accepts);
}

/** No scheme, no port, no address: the last label of a domain is never a number. */
function isDomain(value: unknown): boolean {
  return typeof value === 'string' && /^([a-z0-9-]+\.)*[a-z][a-z0-9-]*$/.test(value);
}

function isOrigin(value: unknown): boolean {
  return typeof value === 'string' && urlOf(value)?.origin === value;
}
