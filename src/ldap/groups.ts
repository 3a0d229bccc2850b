// The groups of a person in a directory, as names: the direct ones, and with `nested` those that they are in. All of them or an
// error: whoever is told fewer is let off what the others demand.
import { CutShort, type Connection, type Entry } from './connection.js';
import { escapeFilterValue, fillFilter } from './filter.js';
import { normalName } from './names.js';
import type { LdapSettings } from './options.js';

type Left = () => number;

/** More than a directory lets anybody be in; beyond it, it is a fault. */
const mostGroups = 2000;
/** So many names in one search: servers and firewalls dislike longer ones. */
const namesAtOnce = 50;

/** What is read of a person for it, beside the names of their groups. */
export const primaryAttributes = ['primaryGroupID', 'objectSid'];

export async function groupsOf(
  settings: LdapSettings,
  connection: Connection,
  { person, login }: { person: Entry; login: string },
  left: Left,
): Promise<string[]> {
  const { attributes, groupFilter, groupBase: base, nested } = settings;
  const search = async (filter: string | { attribute: string; bytes: Buffer }) => {
    const found = await connection.search({ base, filter, attributes: ['1.1'] }, left());
    return found.map(({ dn }) => dn);
  };
  const direct =
    groupFilter === undefined
      ? textsOf(person, attributes.groups)
      : await search(fillFilter(groupFilter, { dn: person.dn, login }));
  const all = new Map<string, string>();
  const add = (names: readonly string[]) => {
    const added = names.filter((name) => !all.has(keyOf(name)));
    for (const name of added) all.set(keyOf(name), name);
    if (all.size > mostGroups) throw new CutShort(`Somebody is in more than ${mostGroups} groups.`);
    return added;
  };
  add(direct);
  if (!nested) return [...all.values()];
  if (connection.isActiveDirectory) {
    // LDAP_MATCHING_RULE_IN_CHAIN (MS-ADTS §3.1.1.3.4.4.3): the directory itself follows them.
    const chain = (dn: string) => search(`(member:1.2.840.113556.1.4.1941:=${escapeFilterValue(dn)})`);
    add(await chain(person.dn));
    const primary = await search({ attribute: 'objectSid', bytes: primarySid(person) });
    if (primary.length !== 1) throw new CutShort('The primary group was not found under the base of groups.');
    add(primary);
    add(await chain(primary[0] ?? ''));
    return [...all.values()];
  }
  // Those that name the person as a member, be they named by the person or not; then theirs, each asked once: circles end.
  const members = (names: readonly string[]) => `(|${names.map((dn) => `(member=${escapeFilterValue(dn)})`).join('')})`;
  let asked = [person.dn, ...direct];
  while (asked.length > 0) {
    const next: string[] = [];
    for (let from = 0; from < asked.length; from += namesAtOnce)
      next.push(...add(await search(members(asked.slice(from, from + namesAtOnce)))));
    asked = next;
  }
  return [...all.values()];
}

/** A name that is none in our eyes is compared as it stands. */
function keyOf(name: string): string {
  return normalName(name) ?? name;
}

/**
 * All values of an attribute, as texts. A directory that has more than it tells at once says so in the attribute's name,
 * `member;range=0-1499` (MS-ADTS §3.1.1.3.1.3.3).
 */
function textsOf({ values }: Entry, attribute: string): string[] {
  const name = attribute.toLowerCase();
  for (const key of values.keys())
    if (key.startsWith(`${name};`) && key.includes('range='))
      throw new CutShort(`There is more of ${attribute} than was told.`);
  const found = values.get(name) ?? [];
  return found.map((value) => {
    if (typeof value !== 'string') throw new CutShort(`A value of ${attribute} is no text.`);
    return value;
  });
}

/** That of the person's domain, with the number of the group in the place of theirs (MS-DTYP §2.4.2.2). */
function primarySid({ values }: Entry): Buffer {
  const [sid] = values.get('objectsid') ?? [];
  const [group] = values.get('primarygroupid') ?? [];
  const bytes = typeof sid === 'string' ? Buffer.from(sid) : sid;
  if (bytes === undefined || bytes.length < 12 || typeof group !== 'string' || !/^\d{1,10}$/.test(group))
    throw new CutShort('The primary group of somebody cannot be read.');
  const own = Buffer.from(bytes);
  own.writeUInt32LE(Number(group) >>> 0, own.length - 4);
  return own;
}
