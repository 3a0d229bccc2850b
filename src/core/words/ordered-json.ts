// One text for one value, whatever order its fields are in: for comparing and authenticating what went through a store,
// which may sort them. Every load and every save of a record makes one, so it is built by hand.

/** What JSON writes otherwise than as it stands; half a surrogate pair is told from a whole one by JSON.stringify. */
const unplain = /["\\\u0000-\u001f\ud800-\udfff]/;

/**
 * As JSON.stringify of a JSON value, with the fields of every object in one order.
 * @param without a field of the value itself that is left out
 */
export function orderedJson(value: unknown, without?: string): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number' || typeof value === 'boolean') return Number.isFinite(+value) ? `${value}` : 'null';
  if (typeof value !== 'object' || value === null) return 'null';
  let text = '';
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at += 1)
      text += at === 0 ? orderedJson(value[at]) : `,${orderedJson(value[at])}`;
    return `[${text}]`;
  }
  const fields = value as { [name: string]: unknown };
  for (const name of sorted(Object.keys(fields))) {
    const own = fields[name];
    if (own === undefined || name === without) continue;
    const label = labels.get(name) ?? labelOf(name);
    text += (text === '' ? label : ',' + label) + (typeof own === 'string' ? quoted(own) : orderedJson(own));
  }
  return `{${text}}`;
}

/** In place; by insertion where fields are few, as in ours: `sort` would take a kilobyte for each object. */
function sorted(names: string[]): string[] {
  if (names.length > 32) return names.sort();
  for (let at = 1; at < names.length; at += 1) {
    const name = names[at] ?? '';
    let to = at;
    for (; to > 0; to -= 1) {
      const before = names[to - 1] ?? '';
      if (before <= name) break;
      names[to] = before;
    }
    names[to] = name;
  }
  return names;
}

/** Names of fields as they are written: few, and the same ones in every record. */
const labels = new Map<string, string>();
const mostLabels = 500;

function labelOf(name: string): string {
  const label = `${quoted(name)}:`;
  if (labels.size < mostLabels) labels.set(name, label);
  return label;
}

function quoted(text: string): string {
  return unplain.test(text) ? JSON.stringify(text) : `"${text}"`;
}
