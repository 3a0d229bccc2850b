// What the browser says the ceremony was: kind, challenge, origin, and whether in a frame. Compares it with what was
// begun; of keys and signatures it knows nothing.
import type { Mismatch } from './fault.js';

type ClientData = { type?: unknown; challenge?: unknown; origin?: unknown; crossOrigin?: unknown; topOrigin?: unknown };

export type ExpectedClientData = {
  type: 'webauthn.create' | 'webauthn.get';
  /** base64url, as issued. */
  challenge: string;
  /** Exact origins; subdomains do not count (WebAuthn L3 §13.4.9). None: localhost on any port. */
  origins: readonly string[];
  /** Pages that may embed the app in a frame of another site. */
  allowedTopOrigins: readonly string[];
};

/**
 * Checks the collected client data by WebAuthn L3 §7.1 steps 5–11 and §7.2 steps 8–14.
 * @returns the origin, or what is wrong.
 */
export function checkClientData(clientDataJSON: string, expected: ExpectedClientData): { origin: string } | Mismatch {
  const data = readClientData(clientDataJSON);
  if (data === undefined) return { fault: 'unreadable' };
  if (data.type !== expected.type) return { fault: 'wrong_ceremony' };
  if (data.challenge !== expected.challenge) return { fault: 'wrong_challenge' };
  const { origin } = data;
  if (typeof origin !== 'string' || !isExpectedOrigin(origin, expected.origins)) {
    return { fault: 'wrong_site', expected: expected.origins.join(', ') || 'http://localhost' };
  }
  if (!isFramedAsAllowed(data, expected.allowedTopOrigins)) return { fault: 'embedded' };
  return { origin };
}

/** An app without an origin is one in development: at start-up, production refuses to be without. */
function isExpectedOrigin(origin: string, origins: readonly string[]): boolean {
  return origins.length === 0 ? /^http:\/\/localhost(:\d{1,5})?$/.test(origin) : origins.includes(origin);
}

/** TextDecoder strips a byte order mark, as §7.1 step 5 asks; members that are not known are tolerated. */
function readClientData(clientDataJSON: string): ClientData | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(clientDataJSON, 'base64url'));
    const data: unknown = JSON.parse(text);
    return typeof data === 'object' && data !== null ? data : undefined;
  } catch {
    return undefined;
  }
}

/**
 * `crossOrigin: true` without a top origin says "in somebody's frame" and not whose: refused, or any page could frame
 * the app. A top origin without `crossOrigin: true` is a contradiction.
 */
function isFramedAsAllowed({ crossOrigin, topOrigin }: ClientData, allowed: readonly string[]): boolean {
  if (topOrigin === undefined) return crossOrigin === undefined || crossOrigin === false;
  return crossOrigin === true && typeof topOrigin === 'string' && allowed.includes(topOrigin);
}
