// Bodies that nobody has thought of: any JSON, and objects of the fields that parsers look at, with whatever in them.
import { randomInt } from 'node:crypto';
import type { Json } from '../core/words/json.js';

const fields = ['code', 'response', 'saved', 'revealToken', 'address', 'name'];
const texts = ['', ' ', '123456', '12345678', '１２３４５６', '\u0000', '\ud800', '__proto__', 'constructor', 'yes'];
const numbers = [0, -0, 1, -1.5, 123456, 2 ** 53, Number.MAX_VALUE, Number.MIN_VALUE];

/** A fresh one each time. `depth`: how deep it may still be. */
export function anyBody(depth = 3): Json {
  const shape = randomInt(4);
  if (shape === 0) return anyJson(depth);
  const some = fields.filter(() => randomInt(2) === 1);
  return Object.fromEntries(some.map((field) => [field, shape === 1 ? anyJson(depth) : anyText()]));
}

function anyJson(depth: number): Json {
  switch (randomInt(depth > 0 ? 7 : 4)) {
    case 0:
      return one([null, true, false]);
    case 1:
      return randomInt(2) === 0 ? one(numbers) : Math.random() * 10 ** randomInt(-9, 20);
    case 2:
    case 3:
      return anyText();
    case 4:
      return some(() => anyJson(depth - 1));
    default:
      return Object.fromEntries(some(() => [anyText(), anyJson(depth - 1)]));
  }
}

/** As people type codes, or of any code points, lone surrogates among them. */
function anyText(): string {
  const kind = randomInt(4);
  if (kind === 0) return one(texts);
  if (kind === 1) return some(() => '0123456789 -\t\n'.charAt(randomInt(14))).join('');
  return String.fromCodePoint(...some(() => randomInt(kind === 2 ? 0x80 : 0x110000)));
}

function some<T>(make: () => T): T[] {
  return Array.from({ length: randomInt(10) }, make);
}

function one<T>(of: readonly T[]): T {
  return of[randomInt(of.length)] as T;
}
