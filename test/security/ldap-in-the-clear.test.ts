// Attack: whoever listens between app and directory reads the app's password, or answers in the directory's stead.
// Rule: LDAPS or StartTLS unless the directory is on loopback; nothing is sent before TLS is there; nobody binds as nobody.
// Answer: `config.invalid_option` at start-up, `directory.unavailable` where TLS is refused or comes to nothing.
import { expect } from 'chai';
import { ldapDirectory, type LdapOptions } from '../../src/ldap.js';
import { readLdapOptions } from '../../src/ldap/options.js';
import { startLdapStandIn } from '../support/ldap-stand-in.js';

const usual = { bindDn: 'cn=app', bindPassword: 'secret of the app', base: 'dc=acme' };

describe('a directory that is asked over the network', () => {
  it('is asked by TLS, however its address is written, unless it is loopback', () => {
    const hows: [url: string, how: string][] = [
      ['ldaps://ldap.acme.example', 'ldaps'],
      ['LDAPS://127.0.0.1:1636', 'ldaps'],
      ['ldap://ldap.acme.example', 'start-tls'],
      ['ldap://10.0.0.7:389/', 'start-tls'],
      ['ldap://localhost.acme.example', 'start-tls'],
      ['ldap://127.0.0.1.acme.example', 'start-tls'],
      ['ldap://notlocalhost', 'start-tls'],
      ['ldap://LOCALHOST', 'plain'],
      ['ldap://ldap.localhost:1389', 'plain'],
      ['ldap://127.0.0.1', 'plain'],
      ['ldap://[::1]:389', 'plain'],
    ];
    for (const [url, how] of hows) expect(readLdapOptions({ ...usual, url }).how, url).to.equal(how);
    expect(readLdapOptions({ ...usual, url: 'ldap://localhost', tls: {} }).how).to.equal('start-tls');
  });

  const wrong: [what: string, given: object, says: RegExp][] = [
    ['another protocol', { url: 'http://ldap.acme.example' }, /`url` takes/],
    ['a name and password in the address', { url: 'ldap://localhost@evil.example' }, /`url` takes/],
    ['a search in the address', { url: 'ldap://evil.example?localhost' }, /`url` takes/],
    ['an address of IPv6', { url: 'ldap://[fe80::1]' }, /`url` takes/],
    ['no address', { url: undefined }, /`url` takes/],
    ['an empty password', { bindPassword: '' }, /bindPassword/],
    ['no password', { bindPassword: undefined }, /bindPassword/],
    ['an empty name', { bindDn: '' }, /bindDn/],
    ['no base', { base: undefined }, /`base`/],
    ['a TLS that believes anybody', { tls: { rejectUnauthorized: false } }, /no option `tls.rejectUnauthorized`/],
    ['a check of names that is none', { tls: { checkServerIdentity: () => undefined } }, /no option/],
    ['an unknown option', { password: 'x' }, /no option `password`/],
    ['a filter without a login', { filter: '(uid=ada)' }, /\{login\}/],
    ['a filter by the beginning of a login', { filter: '(uid={login}*)' }, /\{login\}/],
    ['a filter in which the login is an attribute', { filter: '({login}=x)' }, /\{login\}/],
    ['a filter that is not closed', { filter: '(&(uid={login})' }, /\{login\}/],
    ['a filter that closes too early', { filter: '(uid={login})))((' }, /\{login\}/],
    ['an attribute that is none', { attributes: { email: 'mail)(x=*' } }, /attributes.email/],
    ['a verified attribute that is not read', { verified: ['mial'] }, /"mial"/],
    ['inherited groups of nobody knows where', { nested: true }, /groups.base/],
    ['groups of nobody knows where', { groups: { filter: '(member={dn})' } }, /groups.base/],
    ['groups of everybody', { groups: { base: 'ou=groups', filter: '(objectClass=group)' } }, /\{dn\}/],
    ['a word for yes', { nested: 'yes' }, /nested/],
  ];
  for (const [what, given, says] of wrong)
    it(`refuses ${what} at start-up`, () => {
      const options = { url: 'ldaps://ldap.acme.example', ...usual, ...given } as LdapOptions;
      expect(() => ldapDirectory(options)).to.throw(says);
      expect(() => ldapDirectory(options)).not.to.throw(/secret of the app/);
    });

  for (const [what, startTls] of [
    ['refuses TLS', 2],
    ['says yes to TLS and goes on in the clear', 0],
  ] as const)
    it(`is sent no password where it ${what}`, async () => {
      const standIn = await startLdapStandIn(() => ({ entries: [{ dn: 'cn=ada', values: {} }] }), { startTls });
      const directory = ldapDirectory({ ...usual, url: standIn.url, tls: {} });
      const refused: unknown = await directory.get('ada').catch((error: unknown) => error);
      expect(refused).to.include({ code: 'directory.unavailable', status: 503 });
      expect(standIn.asked).to.deep.equal([]);
      expect(standIn.binds()).to.equal(0);
      standIn.close();
    });
});
