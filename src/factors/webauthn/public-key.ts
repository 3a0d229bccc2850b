// Whether the public key of a new passkey is one that was asked for, and sound: a point of its curve, or an RSA key that
// nobody can factor. Judges a decoded COSE key; who holds the other half is not known here.
import { createPublicKey } from 'node:crypto';

/**
 * COSE key type and curve (RFC 9053 §7, RFC 8230 §4), its name in a JWK, and bytes of a coordinate, by COSE algorithm: no
 * other curve counts (WebAuthn L3 §5.8.5).
 */
const curves = new Map([
  [-7, { keyType: 2, curve: 1, crv: 'P-256', bytes: 32 }],
  [-35, { keyType: 2, curve: 2, crv: 'P-384', bytes: 48 }],
  [-36, { keyType: 2, curve: 3, crv: 'P-521', bytes: 66 }],
  [-8, { keyType: 1, curve: 6, crv: 'Ed25519', bytes: 32 }],
]);
const rsa = { keyType: 3, leastBits: 2048, mostBits: 8192, exponent: '010001' };

/** Whether a decoded COSE key (RFC 9052 §7: 3 = algorithm, -1 = curve) is of one of `algorithms`, on its curve. */
export function isOfferedKey(key: ReadonlyMap<number, unknown>, algorithms: readonly number[]): boolean {
  const algorithm = key.get(3);
  if (typeof algorithm !== 'number' || !algorithms.includes(algorithm)) return false;
  const known = curves.get(algorithm);
  return known === undefined || key.get(-1) === known.curve;
}

/** What a key that can be imported nowhere, or broken by anybody, would be worth: a second factor that is none. */
export function isSoundKey(key: ReadonlyMap<number, unknown>): boolean {
  const curve = curves.get(Number(key.get(3)));
  if (key.get(1) !== (curve ?? rsa).keyType) return false;
  const [first, second] = curve === undefined ? [key.get(-1), key.get(-2)] : [key.get(-2), key.get(-3)];
  if (!(first instanceof Uint8Array)) return false;
  if (curve?.keyType === 1) return first.length === curve.bytes && isSoundPoint(first);
  if (!(second instanceof Uint8Array)) return false;
  if (curve === undefined) return isSoundRsa(first, second);
  if (first.length !== curve.bytes || second.length !== curve.bytes) return false;
  return imports({ kty: 'EC', crv: curve.crv, x: text(first), y: text(second) });
}

/** At least 2048 bits (NIST SP 800-131A), and no more than costs too much to verify; e as every authenticator has it. */
function isSoundRsa(modulus: Uint8Array, exponent: Uint8Array): boolean {
  const hex = Buffer.from(modulus).toString('hex').replace(/^0+/, '');
  const bits = hex === '' ? 0 : BigInt(`0x${hex}`).toString(2).length;
  const isOdd = (modulus.at(-1) ?? 0) % 2 === 1;
  if (bits < rsa.leastBits || bits > rsa.mostBits || !isOdd) return false;
  return Buffer.from(exponent).toString('hex') === rsa.exponent && imports({ kty: 'RSA', n: text(modulus), e: 'AQAB' });
}

/** OpenSSL refuses a point that is not on its curve. */
function imports(key: { kty: string; [member: string]: string }): boolean {
  try {
    createPublicKey({ format: 'jwk', key });
    return true;
  } catch {
    return false;
  }
}

const p = 2n ** 255n - 19n;
const d = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;
/** The y of points of order 1, 2, 4 and 8 (RFC 8032 §5.1): under such a key, signatures can be made by anybody. */
const smallOrder = new Set([
  0n,
  1n,
  p - 1n,
  2707385501144840649318225287225658788936804267575313519463743609750303402022n,
  p - 2707385501144840649318225287225658788936804267575313519463743609750303402022n,
]);

/** Ed25519 (RFC 8032 §5.1.3): Node imports any 32 bytes. x² = (y² - 1) / (d y² + 1) must have a root. */
function isSoundPoint(encoded: Uint8Array): boolean {
  const littleEndian = BigInt(`0x${Buffer.from(encoded).reverse().toString('hex')}`);
  const y = littleEndian & (2n ** 255n - 1n);
  if (y >= p || smallOrder.has(y)) return false;
  const square = y * y;
  // Multiplied by the square of the denominator, which changes nothing about whether there is a root.
  return power((square - 1n) * (d * square + 1n), (p - 1n) / 2n) === 1n;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = ((base % p) + p) % p;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % p;
    square = (square * square) % p;
  }
  return result;
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}
