// Without the package ldapts an app starts, and hears its name where a directory is asked.
import { expect } from 'chai';
import { printedWhere } from '../support/another-package.js';

describe('ldapDirectory without ldapts', () => {
  it('names the package, and finds nobody without groups', () => {
    const program = `
      const { ldapDirectory } = await import('./src/ldap.ts');
      const directory = ldapDirectory({ url: 'ldap://localhost:9', bindDn: 'cn=app', bindPassword: 'x', base: 'dc=acme' });
      await directory.get('ada').then(console.log, (error) => console.log(error.code, error.message));`;
    expect(printedWhere('ldapts', program)).to.match(/^config\.peer_missing .*npm install ldapts\n$/);
  }).timeout(60_000);
});
