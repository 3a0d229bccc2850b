// The `otpauth:` address that authenticator apps read from a QR code or a link ("Key Uri Format", a convention).
import type { Parameters } from './one-time-password.js';

/** Bytes of an encoded name; with all three of them the QR code is still one of 101 modules: see `qr.ts`. */
const longestName = 200;

/**
 * `otpauth://totp/Issuer:account?secret=…&issuer=…&algorithm=…&digits=…&period=…`
 * @param secret Base32 without padding
 * @param issuer shown by the app above the code, in both places because apps differ in which one they read
 * @param account may be empty
 */
export function otpauthUri(secret: string, issuer: string, account: string, parameters: Parameters): string {
  const { algorithm, digits, periodSeconds } = parameters;
  const [from, who] = [encodeName(issuer), encodeName(account)];
  const label = [from, who].filter((part) => part !== '').join(':');
  const query = `secret=${secret}${from === '' ? '' : `&issuer=${from}`}`;
  return `otpauth://totp/${label}?${query}&algorithm=${algorithm}&digits=${digits}&period=${periodSeconds}`;
}

/**
 * The colon parts issuer from account, encoded or not, so neither may contain one. Space is %20: some apps show a plus
 * sign as it is.
 */
function encodeName(name: string): string {
  const plain = name
    .replace(/\p{Surrogate}/gu, '\uFFFD')
    .replace(/\p{Cc}/gu, ' ')
    .trim()
    .replace(/\s*:\s*/g, '-');
  let encoded = '';
  for (const character of plain) {
    const next = encodeURIComponent(character).replace(
      /[!'()*]/g,
      (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
    );
    if (encoded.length + next.length > longestName) break;
    encoded += next;
  }
  return encoded;
}
