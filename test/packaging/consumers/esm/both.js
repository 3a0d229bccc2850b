// Says whether `import` and `require` give the same classes and functions, for each entry that has any.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
for (const entry of ['', '/admin', '/audit', '/ldap', '/passport', '/risk', '/scim', '/sql', '/testing', '/upstream']) {
  const imported = await import(`express-mfa${entry}`);
  const required = require(`express-mfa${entry}`);
  for (const name of Object.keys(required)) {
    if (imported[name] !== required[name]) throw new Error(`two copies of ${name} of express-mfa${entry}`);
  }
}
console.log('one copy of each');
