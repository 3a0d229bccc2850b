// Samples of apps whose people come by SCIM: whoever has no token gets nowhere, and whoever is let go is out.
import { expect } from 'chai';
import { parseFilter } from '../../../src/scim/filter.js';
import { Browser, codeIn } from '../../support/agent.js';
import { ask, filterBy, hostUsers, patchOf, peopleInMemory, sha256, userOf } from '../../support/scim-site.js';
import type { Block } from '../markdown.js';
import type { Line } from '../sample-attacks.js';
import { openSample } from '../sample-host.js';

const attack = 'no token, a guessed one, a filter that is none, a second one of a name, somebody who was let go';
const token = 'token-of-this-directory';

async function provisions(block: Block, variable: string): Promise<void> {
  const people = peopleInMemory();
  const site = await openSample(block, {
    as: 'before',
    around: {
      process: { env: { [variable]: sha256(token) } },
      directoryUsers: hostUsers(people),
    },
  });
  const asked = (method: string, path: string, body?: object) => ask(site, method, path, { token, body });
  for (const wrong of ['', 'guess']) expect((await ask(site, 'GET', '/Users', { token: wrong })).status).to.equal(401);
  const made = await asked('POST', '/Users', userOf('ada'));
  expect(made.status).to.equal(201);
  expect((await asked('POST', '/Users', userOf('ADA'))).status).to.equal(409);
  const found = await asked('GET', filterBy('userName eq "Ada" and active eq true'));
  expect(found.body).to.deep.include({ totalResults: 1 });
  expect((await asked('GET', filterBy('userName is "Ada"'))).status).to.equal(400);
  const id = made.body.id as string;
  site.rows.set(id, { ...site.rows.get('ada')!, id });
  const person = await new Browser(site).signIn(id);
  await person.jsonGet('/account').expect(200);
  const off = await asked('PATCH', `/Users/${id}`, patchOf({ op: 'Replace', path: 'active', value: 'False' }));
  expect(off.body).to.include({ active: false });
  expect(codeIn(await person.jsonGet('/account').expect(403))).to.equal('session.mfa.suspended');
  expect((await asked('PUT', `/Users/${id}`, userOf('ada', { displayName: 'Ada' }))).body).to.include({
    active: false,
  });
  expect((await asked('DELETE', `/Users/${id}`)).status).to.equal(204);
  expect((await asked('GET', `/Users/${id}`)).status).to.equal(404);
}

export const directories: Line[] = [
  {
    page: 'docs/scim.md',
    heading: 'Directories by SCIM',
    attack,
    holds: (block) => provisions(block, 'SCIM_TOKEN_SHA256'),
  },
  {
    page: 'docs/scim.md',
    heading: 'Your functions',
    attack: 'SQL in a value, what a column cannot answer',
    once: true,
    async holds(block) {
      const { names } = await openSample(block, { as: 'before' });
      const whereOf = names['whereOf'] as (filter?: object) => { sql: string; values: string[] };
      const evil = parseFilter('userName eq "\' OR 1=1 --" and emails.value eq "Ada@x"');
      expect(whereOf(evil)).to.deep.equal({
        sql: '(LOWER(user_name) = ? AND LOWER(email) = ?)',
        values: ["' or 1=1 --", 'ada@x'],
      });
      for (const filter of ['userName pr', 'title eq "x"', 'not (userName eq "x")', 'userName eq null'])
        expect(() => whereOf(parseFilter(filter)), filter).to.throw('cannot be asked');
    },
  },
  {
    page: 'docs/guides/scim-entra-id.md',
    heading: 'Entra ID provisions my users',
    attack,
    holds: (block) => provisions(block, 'ENTRA_TOKEN_SHA256'),
  },
  {
    page: 'docs/guides/scim-okta.md',
    heading: 'Okta provisions my users',
    attack,
    holds: (block) => provisions(block, 'OKTA_TOKEN_SHA256'),
  },
];
