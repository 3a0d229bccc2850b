// What people type and paste, read as what they mean: one reader for every code and address. Copying adds marks that nobody
// sees, phones and papers write digits and dashes in many ways. No letter is taken for another that only looks like it. Pure.

/** Beyond any line that somebody pastes; what is longer is not worth reading. */
export const longestTyped = 500;

/** Zero-width and joining marks, variation selectors, fillers, soft hyphens; the blank of Braille and the frame of a keycap. */
const unseen = /[\p{Default_Ignorable_Code_Point}\p{Cf}\u2800\u20e3]/gu;
/** Within a name of a script that needs them, joiners tell two names apart (RFC 5892, appendix A). */
const unseenInNames =
  /(?<![^\x00-\x7f])[\u200c\u200d]|(?![\u200c\u200d])[\p{Default_Ignorable_Code_Point}\p{Cf}\u2800]/gu;
/** Hyphens that break no line, dashes, minus signs, the hyphen bullet, and what a Japanese keyboard has in their place. */
const dashes = /[\p{Pd}\u2212\u2043\u02d7\u2796\u30fc]/gu;
const spaces = /[\s\p{Z}]+/gu;

/** One line in ASCII as far as it goes: digits of every script, plain spaces and hyphens, nothing unseen, no full stop at its end. */
export function plainTyped(typed: string): string {
  return asciiDigits(typed.normalize('NFKC').replace(unseen, ''))
    .replace(dashes, '-')
    .replace(spaces, ' ')
    .replace(/[ .,;:!\u3002]+$|^ /g, '');
}

/** Digits of each script stand in rows of ten (Unicode, Nd): how far one is from the beginning of its row is what it says. */
function asciiDigits(text: string): string {
  return text.replace(/(?![0-9])\p{Nd}/gu, (digit) => {
    const at = digit.codePointAt(0) ?? 0;
    let before = 0;
    while (/\p{Nd}/u.test(String.fromCodePoint(at - before - 1))) before += 1;
    return String(before % 10);
  });
}

/**
 * The digits of a code: alone, grouped, or in a line of the message that it came in, where it is the only number of such a
 * length. What has none is given back as it is, without spaces and hyphens.
 */
export function digitsTyped(typed: string, lengths: readonly number[]): string {
  const plain = plainTyped(typed);
  const whole = plain.replace(/[ -]/g, '');
  if (/^[0-9]*$/.test(whole) || !/\p{L}/u.test(plain)) return whole;
  // Not within a word, a time, an address or a date with points.
  const numbers = plain.matchAll(
    /(?<![\p{L}\p{N}]|[0-9][.:/-])[0-9]+(?:[ -][0-9]+)*(?![\p{L}\p{N}]|[.:/-][\p{L}\p{N}])/gu,
  );
  const fitting = [...numbers]
    .map(([number]) => number.replace(/[ -]/g, ''))
    .filter((one) => lengths.includes(one.length));
  return (fitting.length === 1 ? fitting[0] : undefined) ?? whole;
}

/**
 * An address as somebody typed or pasted it, `<ada@example.com>` or `tel:+49…` among them. For what people type alone: one that
 * a host vouches for is another mailbox where it is written otherwise. Line breaks and other control characters stay, to be
 * refused.
 */
export function addressTyped(typed: string): string {
  return asciiDigits(typed.replace(unseenInNames, ''))
    .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(dashes, '-')
    .replace(/\p{Zs}+/gu, ' ')
    .replace(/^ *(?:mailto|tel|sms):/i, '')
    .replace(/^[ <"']+|[ >"'.\u3002]+$/g, '');
}
