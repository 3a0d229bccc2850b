// As much of CBOR (RFC 8949) as an authenticator writes: whole numbers, byte strings, texts, lists and maps. It reads nothing.

export type Cbor = number | string | Uint8Array | readonly Cbor[] | Map<number | string, Cbor>;

/** Encodes with definite lengths, the shortest heads, and map entries in the order given. */
export function encodeCbor(value: Cbor): Uint8Array {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') {
    const text = new TextEncoder().encode(value);
    return join(head(3, text.length), text);
  }
  if (value instanceof Uint8Array) return join(head(2, value.length), value);
  if (isList(value)) return join(head(4, value.length), ...value.map(encodeCbor));
  const entries = [...value].flatMap(([key, entry]) => [encodeCbor(key), encodeCbor(entry)]);
  return join(head(5, value.size), ...entries);
}

function isList(value: readonly Cbor[] | Map<number | string, Cbor>): value is readonly Cbor[] {
  return Array.isArray(value);
}

/** One after the other. */
export function join(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

function head(major: number, argument: number): Uint8Array {
  if (argument < 24) return Uint8Array.of((major << 5) | argument);
  const length = argument < 0x100 ? 1 : argument < 0x10000 ? 2 : 4;
  const bytes = Buffer.alloc(1 + length);
  bytes[0] = (major << 5) | (length === 1 ? 24 : length === 2 ? 25 : 26);
  bytes.writeUIntBE(argument, 1, length);
  return Uint8Array.from(bytes);
}
