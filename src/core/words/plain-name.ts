// A name that somebody gave a method of theirs, for messages and pages that somebody else may read as ours.

/**
 * Of what whoever enrolled typed, perhaps not whom this goes to. Nothing in it may read as an instruction with an address:
 * what could be a link becomes spaces, and it is cut at 40 characters.
 */
export function plainName(name: string): string {
  const plain = name.replace(/[^\p{L}\p{N}'_-]+/gu, ' ').trim();
  return Array.from(plain).slice(0, 40).join('');
}
