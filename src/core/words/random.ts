// Chance, as the rules ask for it; `crypto/` is the one that gives it.
/** A cryptographic random source (NIST SP 800-63B-4 §3.2.12: an approved generator). */
export interface Random {
  /** `length` random bytes. */
  bytes(length: number): Uint8Array;
  /** A whole number from 0 up to, not including, `limit`; without modulo bias. */
  int(limit: number): number;
  /**
   * A base64url token of `bytes` random bytes (default 16: 128 bits), that begins with no `-`: many are typed at a command
   * line, which would take them for options.
   */
  token(bytes?: number): string;
}
