// What of an address may be shown to whoever knows the password: enough for its owner to recognise it, too little to
// learn it. Pure.

/**
 * `alexandra@example.com` → `ale***@example.com`: at most a third of the local part, four characters at most. The
 * number of stars says nothing about the length.
 */
export function maskEmail(address: string): string {
  const at = address.lastIndexOf('@');
  if (at < 0) return '***';
  const local = [...address.slice(0, at)];
  const shown = Math.min(4, Math.floor(local.length / 3));
  return `${local.slice(0, shown).join('')}***${address.slice(at)}`;
}

/** `+41791234567` → `***67`. */
export function maskPhone(number: string): string {
  const digits = number.replace(/\D/g, '');
  return `***${digits.length < 6 ? '' : digits.slice(-2)}`;
}

/** What a page calls the person: an e-mail address masked, any other name as it is. */
export function maskLabel(label: string): string {
  return label.includes('@') ? maskEmail(label) : label;
}
