// One text for one value, whatever order its fields are in: for comparing and authenticating what went through a store,
// which may sort them.

/** As JSON.stringify of a JSON value, with the fields of every object in one order. */
export function orderedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((one) => orderedJson(one)).join(',')}]`;
  if (value === undefined) return 'null';
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = value as { [name: string]: unknown };
  const names = Object.keys(fields).filter((name) => fields[name] !== undefined);
  return `{${names
    .sort()
    .map((name) => `${JSON.stringify(name)}:${orderedJson(fields[name])}`)
    .join(',')}}`;
}
