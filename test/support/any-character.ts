// Any character of Unicode, as a unit of `fc.string`: the same as its unit "binary", which keeps a table of a million characters
// in each process that asks for it.
import fc from 'fast-check';

const firstSurrogate = 0xd800;
const surrogates = 0x800;
const last = 0x10ffff;

export const anyCharacter: fc.Arbitrary<string> = fc
  .integer({ min: 0, max: last - surrogates })
  .map((at) => String.fromCodePoint(at < firstSurrogate ? at : at + surrogates), placeOf);

/** The way back, by which fast-check makes a shorter example of one that failed. */
function placeOf(character: unknown): number {
  const point = typeof character === 'string' ? character.codePointAt(0) : undefined;
  if (point === undefined || character !== String.fromCodePoint(point)) throw new Error('This is not one character.');
  if (point < firstSurrogate) return point;
  if (point < firstSurrogate + surrogates) throw new Error('This is half of a character.');
  return point - surrogates;
}
