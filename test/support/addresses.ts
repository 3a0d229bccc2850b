// The addresses that tests send codes to, by the kind of code, and a wrong one for each code.
export const kinds = ['email', 'sms'] as const;
export type Kind = (typeof kinds)[number];

export const addresses = { email: 'alexandra@example.com', sms: '+41791234567' };
export const otherAddresses = { email: 'sascha@example.com', sms: '+41791234599' };

/** A code of the same length in which every digit is another one. */
export function wrongFor(code: string): string {
  return code.replace(/\d/g, (digit) => String((Number(digit) + 1) % 10));
}
