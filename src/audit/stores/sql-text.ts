// Texts as a database keeps them, in plain ASCII and back to the very same letters: what is hashed must come back as it was.

export function pack(text: string): string {
  return text.replace(/[^ -}]/g, (unit) => `~${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

export function unpack(packed: string): string {
  return packed.replace(/~([0-9a-f]{4})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)));
}
