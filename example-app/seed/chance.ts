// Chance that comes out the same each time: so that a seeded history gives the same figures wherever it is made.

export type Chance = {
  /** From 0 up to 1. */
  next(): number;
  /** A whole number below `end`. */
  below(end: number): number;
  /** Whether something of this share happens. */
  happens(share: number): boolean;
  of<T>(list: readonly [T, ...T[]]): T;
  /** `length` characters of base64url. */
  token(length: number): string;
};

const signs = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** mulberry32: small, quick, and no secret. */
export function chanceFrom(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end: number): number => Math.floor(next() * end);
  return {
    next,
    below,
    happens: (share) => next() < share,
    of: (list) => list[below(list.length)] ?? list[0],
    token: (length) => Array.from({ length }, () => signs[below(64)]).join(''),
  };
}
