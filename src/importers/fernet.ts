// Fernet (its specification, version 0x80) from what Node.js has: what apps written in Python encrypt columns with. Age counts
// for nothing here.
import { createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import { Unreadable } from './importer.js';

/**
 * @param keys one or, as MultiFernet takes them, several with commas between
 * @returns undefined where the token opens with none of them
 * @throws Unreadable where a key is none
 */
export function openFernet(keys: string, token: string): string | undefined {
  const sealed = Buffer.from(token, 'base64url');
  if (!/^[\w-]+={0,2}$/.test(token) || sealed.length < 73 || sealed[0] !== 0x80) return undefined;
  for (const text of keys.split(',')) {
    const key = Buffer.from(text.trim(), 'base64url');
    if (key.length !== 32) throw new Unreadable('the key is no Fernet key: 32 bytes in base64url');
    const mac = createHmac('sha256', key.subarray(0, 16)).update(sealed.subarray(0, -32)).digest();
    if (!timingSafeEqual(mac, sealed.subarray(-32))) continue;
    const decipher = createDecipheriv('aes-128-cbc', key.subarray(16), sealed.subarray(9, 25));
    try {
      return Buffer.concat([decipher.update(sealed.subarray(25, -32)), decipher.final()]).toString();
    } catch {
      return undefined;
    }
  }
  return undefined;
}
