// Values of an answer as their standard writes them; of any other type nothing was said, for whoever interprets it guesses.

/** More than any provider sends; beyond it nothing is believed. */
const longestText = 2048;
const mostValues = 64;

export function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= longestText ? value : undefined;
}

/** All of them, or none: a list with something else in it is not of this standard. */
export function textsIn(value: unknown): string[] {
  if (!Array.isArray(value) || value.length > mostValues) return [];
  const texts = value.map(textIn);
  return texts.every((text) => text !== undefined) ? texts : [];
}

/** A field of its own, never one that an object inherits. */
export function ownIn(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as { [name: string]: unknown })[name];
}

/** "Not even level 1" (OpenID Connect Core §2) is no class. */
export function classesIn(values: readonly (string | undefined)[]): string[] {
  return values.filter((value) => value !== undefined && value !== '0') as string[];
}
