// Words that nobody should read in a code that we print for them. A short list for a short code: it spares the worst,
// and costs next to no entropy.

/** Only words that the alphabet, which has no I, L and O, can spell. English, German, French, Italian. */
const words =
  'ARSCH ARSE ASS BASTARD CAZZ CRAP CUM CUNT DAMN DEAD DYKE FAG FCK FUCK FUK HURE JEW KACK KAFF KKK KUNT MERD ' +
  'NAZ NEGR NUTTE PENE PUTA PUTE QUEER RAPE SAU SCHWANZ SCUM SEX SHAG SHAT SPAST SUCK TURD TWAT WANK';

const pattern = new RegExp(words.split(' ').join('|'));

/** Digits that are read as letters. */
const readAs: { readonly [digit: string]: string } = {
  '2': 'Z',
  '3': 'E',
  '4': 'A',
  '5': 'S',
  '6': 'G',
  '7': 'T',
  '8': 'B',
  '9': 'G',
};

/** Whether people read one of the words in `code`, given without hyphens. */
export function offends(code: string): boolean {
  return pattern.test(code) || pattern.test(code.replace(/[2-9]/g, (digit) => readAs[digit] ?? digit));
}
