// How long an SMS is. One segment carries 160 characters of the GSM 7-bit alphabet (3GPP TS 23.038 §6.2.1) or 70 of
// UCS-2; a single character outside the alphabet halves the message.

const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
/** Each of these takes two places, an escape and itself. */
const extended = '\f^{}\\[~]|€';

export type SmsLength = { alphabet: 'gsm-7' | 'ucs-2'; length: number; segments: number };

/** Alphabet, length in its units, and segments of an SMS text. */
export function measureSms(text: string): SmsLength {
  const characters = Array.from(text);
  if (characters.every((character) => basic.includes(character) || extended.includes(character))) {
    const length = characters.reduce((sum, character) => sum + (extended.includes(character) ? 2 : 1), 0);
    return { alphabet: 'gsm-7', length, segments: length <= 160 ? 1 : Math.ceil(length / 153) };
  }
  const { length } = text;
  return { alphabet: 'ucs-2', length, segments: length <= 70 ? 1 : Math.ceil(length / 67) };
}

const replacements: { [character: string]: string } = { '’': "'", '‘': "'", '“': '"', '”': '"', '–': '-', '—': '-' };

/** Typographic quotes and dashes as the alphabet has them: one of them would halve the message. */
export function plainPunctuation(text: string): string {
  return Array.from(text, (character) => replacements[character] ?? character).join('');
}

/** The text as far as the alphabet can write it: `Café Ørsted™` → `Café Ørsted`, `Łódź` → `Lodz`. */
export function toGsm7(text: string): string {
  return Array.from(text)
    .map((character) => {
      const replaced = replacements[character] ?? character;
      if (basic.includes(replaced) || extended.includes(replaced)) return replaced;
      const bare = letterOf[replaced] ?? replaced.normalize('NFKD').replace(/\p{M}/gu, '');
      return Array.from(bare).every((letter) => basic.includes(letter)) ? bare : '';
    })
    .join('')
    .replace(/ {2,}/g, ' ')
    .trim();
}

/** Letters that Unicode does not decompose. */
const letterOf: { [character: string]: string } = { Ł: 'L', ł: 'l', Đ: 'D', đ: 'd', ı: 'i', Œ: 'OE', œ: 'oe', '™': '' };
