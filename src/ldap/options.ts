// The options of `ldapDirectory`, checked, with every default filled in. Whatever would send a password in the clear, or sign in
// as nobody, is refused here.
import { isIP } from 'node:net';
import { MfaError } from '../core/words/errors.js';

/** The options of `ldapDirectory`. */
export type LdapOptions = {
  /** `ldaps://host` or `ldap://host`, with a port if need be. The second is used with StartTLS, unless it is loopback. */
  url: string;
  /** As whom people are looked up: an account that may read, and nothing else. */
  bindDn: string;
  /** Its password, never empty: with an empty one a directory lets anybody in as nobody (RFC 4513 §5.1.2). */
  bindPassword: string;
  /** Under which name people are found. */
  base: string;
  /** How a person is found: `{login}` is what was typed, escaped. Default `(uid={login})`. */
  filter?: string;
  /** Attributes of a person by what they are here. Of several values of an address the first counts. */
  attributes?: {
    /** Default `mail`. */
    email?: string;
    /** Default `mobile`. */
    phone?: string;
    /** Names of groups. Default `memberOf`. */
    groups?: string;
    /** A time (RFC 4517 §3.3.13). Default `modifyTimestamp`. */
    changedAt?: string;
    /** What is the person's for ever, as `entryUUID`; bytes, as those of `objectGUID`, are told in hex. Default: none. */
    id?: string | { binary: string };
  };
  /** The attributes, of those above, that say a verified address. Never one that people may write themselves. Default: none. */
  verified?: readonly string[];
  /**
   * PEM: who signed the directory's certificate, where the system does not know them; a certificate of the app's own, and its key.
   * `servername`: which name the directory's has, if not that of `url`.
   */
  tls?: { ca?: string | readonly string[]; servername?: string; cert?: string; key?: string };
  /** Also groups that are inherited, and Active Directory's primary group; needs `groups.base`. Default false. */
  nested?: boolean;
  /**
   * `base`: where groups are. `filter`: what finds those of a person, such as `(member={dn})` or `(memberUid={login})`, in a directory
   * whose people do not name their groups.
   */
  groups?: { base: string; filter?: string };
};

/** The options as they are used. */
export type LdapSettings = {
  url: string;
  host: string;
  how: 'ldaps' | 'start-tls' | 'plain';
  tls: NonNullable<LdapOptions['tls']>;
  bindDn: string;
  bindPassword: string;
  base: string;
  filter: string;
  attributes: { email: string; phone: string; groups: string; changedAt: string; id: string | undefined };
  /** Whether `id` is bytes. */
  isIdBinary: boolean;
  verified: ReadonlySet<string>;
  nested: boolean;
  groupBase: string;
  /** `undefined`: people name their groups. */
  groupFilter: string | undefined;
};

const known = ['url', 'bindDn', 'bindPassword', 'base', 'filter', 'attributes', 'verified', 'tls', 'nested', 'groups'];
const knownWithin: { readonly [option: string]: readonly string[] } = {
  attributes: ['email', 'phone', 'groups', 'changedAt', 'id'],
  tls: ['ca', 'servername', 'cert', 'key'],
  groups: ['base', 'filter'],
};

/** @throws MfaError `config.unknown_option`, `config.invalid_option` */
export function readLdapOptions(options: LdapOptions): LdapSettings {
  checkNames(options, known, '');
  for (const [name, names] of Object.entries(knownWithin)) {
    const given = (options as { [name: string]: unknown })[name];
    if (given !== undefined) checkNames(given, names, `${name}.`);
  }
  for (const name of ['bindDn', 'bindPassword', 'base'] as const)
    if (!isText(options[name]))
      refuse(`\`${name}\` is missing or empty. A directory takes an empty password for nobody's, and lets it in.`);
  const { bindDn, bindPassword, base, filter = '(uid={login})', tls = {}, nested = false, groups } = options;
  const { id, ...names } = {
    email: 'mail',
    phone: 'mobile',
    groups: 'memberOf',
    changedAt: 'modifyTimestamp',
    ...options.attributes,
  };
  const attributes = { ...names, id: typeof id === 'object' ? id.binary : id };
  for (const [name, attribute] of Object.entries(attributes))
    if (attribute !== undefined && !/^([a-z][a-z0-9-]*|\d+(\.\d+)+)$/i.test(attribute))
      refuse(`\`attributes.${name}\` is no name of an attribute.`);
  if (typeof (nested as unknown) !== 'boolean') refuse('`nested` takes true or false.');
  checkFilter('filter', filter, '{login}');
  // Those that are elsewhere would not be found, and be fewer.
  if ((nested || groups) && !isText(groups?.base)) refuse('`groups.base` is missing: under which name all groups are.');
  const groupFilter = groups?.filter;
  if (groupFilter !== undefined) checkFilter('groups.filter', groupFilter, '{dn}', '{login}');
  return {
    ...readUrl(options.url, options.tls !== undefined),
    tls,
    bindDn,
    bindPassword,
    base,
    filter,
    attributes,
    isIdBinary: typeof id === 'object',
    verified: readVerified(options.verified ?? [], attributes),
    nested,
    groupBase: groups?.base ?? base,
    groupFilter,
  };
}

function readVerified(verified: readonly string[], { email, phone }: { email: string; phone: string }): Set<string> {
  const addresses = [email, phone].map((name) => name.toLowerCase());
  const stray = verified.find((name) => !addresses.includes(name.toLowerCase()));
  if (stray !== undefined)
    refuse(`\`verified\` lists "${stray}", which is neither \`attributes.email\` nor \`attributes.phone\`.`);
  return new Set(verified.map((name) => name.toLowerCase()));
}

function readUrl(text: string, hasTls: boolean): Pick<LdapSettings, 'url' | 'host' | 'how'> {
  const parts = /^(ldaps?):\/\/([a-z0-9.-]+|\[::1\])(?::(\d{1,5}))?\/?$/i.exec(text);
  const [, scheme = '', host = ''] = parts ?? [];
  if (!parts) refuse('`url` takes `ldaps://host` or `ldap://host`, a port if need be, and nothing else.');
  const isLoopback = host === '[::1]' || /^(localhost|([a-z0-9-]+\.)*localhost|127(\.\d{1,3}){3})$/i.test(host);
  const url = text.toLowerCase().replace(/\/$/, '');
  if (scheme.toLowerCase() === 'ldaps') return { url, host, how: 'ldaps' };
  return { url, host, how: hasTls || !isLoopback ? 'start-tls' : 'plain' };
}

/** The name that its certificate must have; an address has none to ask for (RFC 6066 §3). */
export function serverName({ host, tls }: LdapSettings): string | undefined {
  return tls.servername ?? (isIP(host.replace(/^\[|\]$/g, '')) === 0 ? host : undefined);
}

function checkFilter(name: string, filter: unknown, ...slots: string[]): void {
  const told = `\`${name}\` takes a filter with ${slots.join(' or ')} as a value in it, such as (uid={login}).`;
  if (typeof filter !== 'string' || !/^\(.*\)$/s.test(filter) || !slots.some((slot) => filter.includes(slot)))
    refuse(told);
  // Somebody would be found by the beginning of a name.
  if (/\}\*|\*\{|\{\w+\}[^)]*[=~<>:]/.test(filter)) refuse(told);
  let depth = 0;
  for (const character of filter) {
    depth += character === '(' ? 1 : character === ')' ? -1 : 0;
    if (depth < 0) refuse(told);
  }
  if (depth !== 0) refuse(told);
}

function checkNames(given: unknown, names: readonly string[], within: string): void {
  if (typeof given !== 'object' || given === null) refuse('takes `url`, `bindDn`, `bindPassword`, `base` and more.');
  const stray = Object.keys(given).find((name) => !names.includes(name));
  if (stray !== undefined)
    throw new MfaError(
      'config.unknown_option',
      `ldapDirectory has no option \`${within}${stray}\`: ${names.join(', ')}.`,
    );
}

function isText(given: unknown): boolean {
  return typeof given === 'string' && given !== '';
}

function refuse(sentence: string): never {
  throw new MfaError('config.invalid_option', `ldapDirectory: ${sentence}`);
}
