// Who was met already, of a million people in a few dozen megabytes: a digest of each id and a number. Two ids share a digest once in
// ten billion censuses of a million; seeds keep anybody from choosing ids that do.

/** A digest of 64 bits with a seed of its own (MurmurHash3's mixing, over UTF-16 units). */
function digest(text: string, seed: number): number {
  let hash = seed;
  for (let at = 0; at < text.length; at += 1) {
    let mixed = Math.imul(text.charCodeAt(at), 0xcc9e2d51);
    mixed = Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
    hash ^= mixed;
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  hash ^= text.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

export type IdTable = {
  /** The number kept for an id; undefined where it is not here. */
  get(id: string): number | undefined;
  /** Keeps a number, 0 to 2³¹−2, in the place of any other. */
  set(id: string, value: number): void;
};

/** @param seeds two random numbers of 32 bits */
export function createIdTable([one, two]: readonly [number, number]): IdTable {
  let size = 1 << 12;
  let used = 0;
  let low = new Uint32Array(size);
  let high = new Uint32Array(size);
  /** One more than what is kept; 0: the place is free. */
  let values = new Uint32Array(size);

  const placeOf = (a: number, b: number): number => {
    let place = a & (size - 1);
    while (values[place] !== 0 && (low[place] !== a || high[place] !== b)) place = (place + 1) & (size - 1);
    return place;
  };

  function grow(): void {
    const before = { low, high, values };
    size *= 2;
    low = new Uint32Array(size);
    high = new Uint32Array(size);
    values = new Uint32Array(size);
    before.values.forEach((value, at) => {
      if (value === 0) return;
      const [a = 0, b = 0] = [before.low[at], before.high[at]];
      const place = placeOf(a, b);
      low[place] = a;
      high[place] = b;
      values[place] = value;
    });
  }

  return {
    get(id) {
      const value = values[placeOf(digest(id, one), digest(id, two))] ?? 0;
      return value === 0 ? undefined : value - 1;
    },
    set(id, value) {
      if (used * 2 > size) grow();
      const [a, b] = [digest(id, one), digest(id, two)];
      const place = placeOf(a, b);
      if (values[place] === 0) used += 1;
      low[place] = a;
      high[place] = b;
      values[place] = value + 1;
    },
  };
}
