// Samples of apps that ask a directory, which is made up here.
import { expect } from 'chai';
import express, { type RequestHandler } from 'express';
import { ldapDirectory, policyByGroup, type LdapOptions } from '../../../src/ldap.js';
import { Browser, codeIn } from '../../support/agent.js';
import { startLdapStandIn, type Answered } from '../../support/ldap-stand-in.js';
import type { Line } from '../sample-attacks.js';
import { openSample } from '../sample-host.js';

const groups: { [uid: string]: string[] } = {
  ada: ['CN = Admins,OU=Groups,DC=acme,DC=example'],
  tom: ['cn=staff,ou=groups,dc=acme,dc=example'],
  eve: [],
};

export const ldap: Line[] = [
  {
    page: 'docs/guides/ldap-groups.md',
    heading: 'Policies by LDAP group',
    attack: 'a name with a wildcard, a directory that is down, a session from before, the group in another spelling',
    async holds(block) {
      const found: { code?: number } = {};
      const standIn = await startLdapStandIn(({ filter }): Answered => {
        const [uid, own] = Object.entries(groups).find(([name]) => filter === `(uid=${name})`) ?? [];
        if (!own) return found;
        return { ...found, entries: [{ dn: `uid=${uid}`, values: { memberOf: own, mail: [`${uid}@acme.example`] } }] };
      });
      const logIn: RequestHandler = (req, res, next) => {
        const { uid } = req.body as { uid: string };
        req.session.regenerate(() => {
          Object.assign(surroundings.req, { session: req.session });
          const keepPerson = site.names['keepPerson'] as (id: string, login: string) => Promise<void>;
          keepPerson(uid, uid).then(() => void res.json({}), next);
        });
      };
      const surroundings = { req: {}, process: { env: { LDAP_PASSWORD: 'of the app' } } };
      const site = await openSample(block, {
        as: 'before',
        guard: { anonymous: 'refuse' },
        around: surroundings,
        modules: {
          'express-mfa/ldap': {
            policyByGroup,
            ldapDirectory: (options: LdapOptions) => ldapDirectory({ ...options, url: standIn.url }),
          },
        },
        beforeSample: (app) => app.post('/by-directory', express.json(), logIn),
      });
      const come = async (uid: string) => {
        const browser = new Browser(site);
        await browser.agent.post('/by-directory').send({ uid });
        const told = await browser.jsonGet('/account');
        return told.status === 200 ? 200 : codeIn(told);
      };
      try {
        expect(await come('ada')).to.equal('user.missing_mfa');
        expect(await come('eve')).to.equal('user.missing_mfa');
        expect(await come('tom')).to.equal(200);
        for (const name of ['*', 'to*', 'tom)(uid=*']) expect(await come(name)).to.equal('session.not_signed_in');
        found.code = 52;
        expect(await come('tom')).to.equal('session.not_signed_in');
      } finally {
        standIn.close();
      }
    },
  },
];
