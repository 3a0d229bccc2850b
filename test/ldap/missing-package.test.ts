// Without the package ldapts an app starts, and hears its name where a directory is asked.
import { execFileSync } from 'node:child_process';
import { expect } from 'chai';

describe('ldapDirectory without ldapts', () => {
  it('names the package, and finds nobody without groups', () => {
    const hook = `export async function resolve(name, context, next) {
      if (name === 'ldapts') throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
      return next(name, context);
    }`;
    // Another process, in which it cannot be resolved.
    const program = `
      import { register } from 'node:module';
      register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(hook)}));
      const { ldapDirectory } = await import('./src/ldap.ts');
      const directory = ldapDirectory({ url: 'ldap://localhost:9', bindDn: 'cn=app', bindPassword: 'x', base: 'dc=acme' });
      await directory.get('ada').then(console.log, (error) => console.log(error.code, error.message));`;
    const args = ['--import=tsx', '--input-type=module', '-e', program];
    expect(execFileSync(process.execPath, args, { encoding: 'utf8' })).to.match(
      /^config\.peer_missing .*npm install ldapts\n$/,
    );
  }).timeout(60_000);
});
