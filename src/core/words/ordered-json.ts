// One text for one value, whatever order its fields are in: for comparing and authenticating what went through a store,
// which may sort them. Every load and every save of a record makes one, so it is built by hand.

/** What JSON writes otherwise than as it stands; half a surrogate pair is told from a whole one by JSON.stringify. */
const unplain = /["\\\u0000-\u001f\ud800-\udfff]/;

/** As JSON.stringify of a JSON value, with the fields of every object in one order. */
export function orderedJson(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (value === undefined) return 'null';
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  let text = '';
  if (Array.isArray(value)) {
    for (const one of value) text += text === '' ? orderedJson(one) : `,${orderedJson(one)}`;
    return `[${text}]`;
  }
  const fields = value as { [name: string]: unknown };
  for (const name of Object.keys(fields).sort()) {
    const own = fields[name];
    if (own !== undefined) text += `${text === '' ? '' : ','}${quoted(name)}:${orderedJson(own)}`;
  }
  return `{${text}}`;
}

function quoted(text: string): string {
  return unplain.test(text) ? JSON.stringify(text) : `"${text}"`;
}
