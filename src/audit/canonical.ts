// One text for one value, whatever the order in which its fields were written: what is digested.

/** JSON with sorted keys and no white space; fields that are undefined are left out, as JSON does. */
export function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  // What is sorted already, as entries are made, is written out many times faster at once than field by field.
  if (isSorted(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((each) => canonical(each ?? null)).join(',')}]`;
  const fields = value as { [name: string]: unknown };
  let text = '';
  for (const name of Object.keys(fields).sort()) {
    const field = fields[name];
    if (field === undefined) continue;
    text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${canonical(field)}`;
  }
  return `{${text}}`;
}

function isSorted(value: object): boolean {
  if (Array.isArray(value))
    return value.every((each) => typeof each !== 'object' || each === null || isSorted(each as object));
  const fields = value as { [name: string]: unknown };
  let before = '';
  for (const name in fields) {
    const field = fields[name];
    if (name < before || (typeof field === 'object' && field !== null && !isSorted(field))) return false;
    before = name;
  }
  return true;
}
