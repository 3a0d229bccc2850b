// Policies by the groups of a directory: the strictest of a person's groups, `otherwise` for whoever is in none of them.
import { expect } from 'chai';
import { policyByGroup } from '../../src/ldap.js';
import { Browser } from '../support/agent.js';
import { hostData, testApp } from '../support/app.js';
import { standingOf } from '../support/upstream-site.js';

const groups = {
  'cn=admins,ou=groups,dc=acme,dc=example': 'mandatory',
  'cn=staff,ou=groups,dc=acme,dc=example': 'prompt-at-sign-in-and-sign-up',
  'cn=kiosks,ou=groups,dc=acme,dc=example': 'no-prompt',
} as const;

describe('a policy by group', () => {
  it('is the strictest of those that somebody is in, in any spelling', () => {
    const policy = policyByGroup(groups, { otherwise: 'mandatory' });
    const [admins, staff, kiosks] = Object.keys(groups) as [string, string, string];
    expect(policy({ groups: [kiosks, staff] })).to.equal('prompt-at-sign-in-and-sign-up');
    expect(policy({ groups: [kiosks, 'CN=Admins, OU=Groups, DC=acme, DC=example', staff] })).to.equal('mandatory');
    expect(policy({ groups: [kiosks] })).to.equal('no-prompt');
    expect(policy({ groups: ['kiosks', `${kiosks},dc=more`, `cn=x,${admins}`] })).to.equal('mandatory');
  });

  it('is decided for each person, as the option of the app', async () => {
    const app = await testApp({
      policy: policyByGroup(groups, { otherwise: 'no-prompt' }),
      user: (req) => {
        const { uid, groups: own } = hostData(req);
        return uid === undefined ? null : { id: uid as string, groups: own };
      },
    });
    const come = async (more: object) => standingOf(await new Browser(app).signIn('ada', more));
    expect(await come({ groups: ['CN=Admins,OU=Groups,DC=acme,DC=example'] })).to.equal('user.missing_mfa');
    expect(await come({ groups: [] })).to.equal(200);
    expect(await come({})).to.equal('user.missing_mfa');
    await app.close();
  });

  const wrong: [what: string, named: object, more: object | undefined, says: RegExp][] = [
    [
      'a name that is no distinguished one',
      { admins: 'mandatory' },
      { otherwise: 'no-prompt' },
      /no distinguished name/,
    ],
    ['the name of the root', { '': 'mandatory' }, { otherwise: 'no-prompt' }, /no distinguished name/],
    ['a policy that is none', { 'cn=a': 'always' }, { otherwise: 'no-prompt' }, /takes one of/],
    ['no policy for all others', { 'cn=a': 'mandatory' }, {}, /`otherwise`/],
    [
      'one group with two policies',
      { 'cn=a': 'mandatory', 'CN = A': 'no-prompt' },
      { otherwise: 'no-prompt' },
      /twice/,
    ],
  ];
  for (const [what, named, more, says] of wrong)
    it(`refuses ${what}`, () => {
      expect(() => policyByGroup(named as never, more as never)).to.throw(says);
    });
});
