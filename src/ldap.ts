// The front door of LDAP: `express-mfa/ldap`. Needs the package ldapts.
export { ldapDirectory, type LdapDirectory, type LdapPerson } from './ldap/directory.js';
export type { LdapOptions } from './ldap/options.js';
export { policyByGroup } from './ldap/policy-by-group.js';
