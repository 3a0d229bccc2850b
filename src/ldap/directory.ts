// A directory that is asked for people by what they sign in with: their addresses, groups and when they changed. Read at the
// sign-in, into the host's session. Down, or cut short, is an error and never somebody without groups.
import { MfaError } from '../core/words/errors.js';
import { CutShort, dial, isRefusal, load, type Connection, type Entry } from './connection.js';
import { fillFilter } from './filter.js';
import { groupsOf, primaryAttributes } from './groups.js';
import { readLdapOptions, type LdapOptions, type LdapSettings } from './options.js';
import { poolOf } from './pool.js';

/** What a directory says of a person. */
export type LdapPerson = {
  /** The name of the entry. */
  dn: string;
  /** What `attributes.id` names; of bytes their hexadecimal digits. */
  id?: string;
  email?: string;
  /** Whether `verified` lists the attribute. */
  emailVerified: boolean;
  phone?: string;
  phoneVerified: boolean;
  /** Names of groups, as the directory writes them. */
  groups: string[];
  /** Unix seconds. */
  changedAt?: number;
};

/** What `ldapDirectory` makes. */
export interface LdapDirectory {
  /**
   * The person who signs in by this; `null` for nobody. Within two seconds.
   * @throws MfaError `directory.unavailable` (503) where it does not answer, refuses, tells less than all, or knows several people
   * by it; `config.peer_missing` without the package ldapts
   */
  get(login: string): Promise<LdapPerson | null>;
  /** Closes connections that wait to be used; they close by themselves after half a minute. */
  close(): void;
}

/** Longer than any name that somebody signs in with. */
const longestLogin = 320;

/**
 * Makes a directory that is asked over LDAP, by the package ldapts.
 * @throws MfaError `config.invalid_option`, `config.unknown_option`
 */
export function ldapDirectory(options: LdapOptions): LdapDirectory {
  const settings = readLdapOptions(options);
  const pool = poolOf((left) => dial(settings, left), isRefusal);
  return {
    async get(login) {
      if (typeof (login as unknown) !== 'string' || login === '' || login.length > longestLogin) return null;
      // The first time it takes a while, which is none of the directory's.
      await load();
      try {
        return await pool.run((connection, left) => personOf(settings, connection, login, left));
      } catch (cause) {
        const told = cause instanceof CutShort ? cause.message : 'It did not answer, or refused to; see the `cause`.';
        throw new MfaError('directory.unavailable', `The directory at ${settings.url}: ${told}`, { cause });
      }
    },
    close: () => pool.close(),
  };
}

async function personOf(
  settings: LdapSettings,
  connection: Connection,
  login: string,
  left: () => number,
): Promise<LdapPerson | null> {
  const { attributes, base, isIdBinary, nested } = settings;
  const { id } = attributes;
  const people = await connection.search(
    {
      base,
      filter: fillFilter(settings.filter, { login }),
      attributes: [
        ...Object.values(attributes).filter((name) => name !== undefined),
        ...(nested && connection.isActiveDirectory ? primaryAttributes : []),
      ],
      binary: ['objectSid', ...(isIdBinary && id !== undefined ? [id] : [])],
    },
    left(),
  );
  const [person] = people;
  if (!person) return null;
  if (people.length > 1) throw new CutShort('Several people are found by one name.');
  return {
    ...described(settings, person),
    groups: await groupsOf(settings, connection, { person, login }, left),
  };
}

function described({ attributes, verified, isIdBinary }: LdapSettings, person: Entry): Omit<LdapPerson, 'groups'> {
  const isVerified = (name: string) => verified.has(name.toLowerCase());
  const email = firstText(person, attributes.email);
  const phone = firstText(person, attributes.phone);
  const changedAt = secondsOf(firstText(person, attributes.changedAt));
  const id = attributes.id === undefined ? undefined : idOf(person, attributes.id, isIdBinary);
  return {
    dn: person.dn,
    ...(id === undefined ? {} : { id }),
    ...(email === undefined ? {} : { email }),
    emailVerified: email !== undefined && isVerified(attributes.email),
    ...(phone === undefined ? {} : { phone }),
    phoneVerified: phone !== undefined && isVerified(attributes.phone),
    ...(changedAt === undefined ? {} : { changedAt }),
  };
}

/** Bytes that are no text are not said. */
function firstText({ values }: Entry, attribute: string): string | undefined {
  const [first] = values.get(attribute.toLowerCase()) ?? [];
  return typeof first === 'string' && first.trim() !== '' ? first.trim() : undefined;
}

function idOf(person: Entry, attribute: string, isBinary: boolean): string | undefined {
  const [value] = person.values.get(attribute.toLowerCase()) ?? [];
  if (!isBinary) return firstText(person, attribute);
  return typeof value === 'string' ? Buffer.from(value).toString('hex') : value?.toString('hex');
}

/** GeneralizedTime (RFC 4517 §3.3.13). */
function secondsOf(text: string | undefined): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)?(\d\d)?(?:[.,]\d+)?(Z|([+-]\d\d)(\d\d)?)$/.exec(text ?? '');
  if (!parts) return undefined;
  const [, year, month, day, hour, minute = '00', second = '00', zone = '', hours = '', minutes = '00'] = parts;
  const ms = Date.parse(
    `${year}-${month}-${day}T${hour}:${minute}:${second}${zone === 'Z' ? 'Z' : `${hours}:${minutes}`}`,
  );
  return Number.isNaN(ms) ? undefined : ms / 1000;
}
