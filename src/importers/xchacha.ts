// XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) from what Node.js has: HChaCha20 makes the key, the rest is RFC 8439.
import { createDecipheriv, createHash } from 'node:crypto';

const rounds = [
  [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
  [0, 5, 10, 15, 1, 6, 11, 12, 2, 7, 8, 13, 3, 4, 9, 14],
].map((round) => [0, 4, 8, 12].map((at) => round.slice(at, at + 4) as [number, number, number, number]));

/** Nonce, ciphertext and tag in hex; the key is the SHA-256 of `secret`. Undefined where it does not open. */
export function openXChaCha(secret: string, hex: string): string | undefined {
  const sealed = Buffer.from(hex, 'hex');
  if (sealed.length * 2 !== hex.length || sealed.length < 40) return undefined;
  const key = hChaCha(createHash('sha256').update(secret).digest(), sealed.subarray(0, 16));
  const nonce = Buffer.concat([Buffer.alloc(4), sealed.subarray(16, 24)]);
  const decipher = createDecipheriv('chacha20-poly1305', key, nonce, { authTagLength: 16 });
  decipher.setAuthTag(sealed.subarray(-16));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(24, -16)), decipher.final()]).toString();
  } catch {
    return undefined;
  }
}

function hChaCha(key: Buffer, nonce: Buffer): Buffer {
  const start = Buffer.concat([Buffer.from('expand 32-byte k'), key, nonce]);
  const x = Uint32Array.from({ length: 16 }, (_, at) => start.readUInt32LE(at * 4));
  const add = (a: number, b: number, d: number, turn: number) => {
    x[a] = (x[a] ?? 0) + (x[b] ?? 0);
    const mixed = (x[d] ?? 0) ^ (x[a] ?? 0);
    x[d] = (mixed << turn) | (mixed >>> (32 - turn));
  };
  for (let round = 0; round < 20; round += 1)
    for (const [a, b, c, d] of rounds[round % 2] ?? []) {
      add(a, b, d, 16);
      add(c, d, b, 12);
      add(a, b, d, 8);
      add(c, d, b, 7);
    }
  const out = Buffer.alloc(32);
  [0, 1, 2, 3, 12, 13, 14, 15].forEach((from, at) => out.writeUInt32LE(x[from] ?? 0, at * 4));
  return out;
}
