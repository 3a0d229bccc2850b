// Bytes as text, where no `node:` module is at hand.

/** Base64 (RFC 4648 §4), padded. */
export function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
