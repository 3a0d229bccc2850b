// Entra ID provisions somebody, by the requests that its documentation shows, in its order and its dialect: the test of the
// connection, who is there already, made, changed, disabled, enabled and removed.
import { expect } from 'chai';
import { Browser, codeIn } from '../support/agent.js';
import { enterpriseUrn, filterBy, patchOf, scimSite, userUrn, type ScimSite } from '../support/scim-site.js';

const suspended = 'session.mfa.suspended';

describe('Entra ID', () => {
  let site: ScimSite;
  before(async () => (site = await scimSite({ nextId: () => 'ada' })));
  after(() => site.close());

  const ada = {
    schemas: [userUrn, enterpriseUrn],
    externalId: '0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef',
    userName: 'Test_User_ab6490ee-1e48-479e-a20b-2d77186b5dd1',
    active: true,
    emails: [{ primary: true, type: 'work', value: 'Test_User_fd0ea19b@testuser.com' }],
    meta: { resourceType: 'User' },
    name: { formatted: 'givenName familyName', familyName: 'familyName', givenName: 'givenName' },
    roles: [],
  };

  it('finds nobody under a name that it makes up, which is how it tests the connection', async () => {
    const { status, body, headers } = await site.ask('GET', filterBy('userName eq "7a2c5b1e-non-existent"'));
    expect(status).to.equal(200);
    expect(headers.get('content-type')).to.equal('application/scim+json; charset=utf-8');
    expect(body).to.deep.equal({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
      totalResults: 0,
      startIndex: 1,
      itemsPerPage: 0,
      Resources: [],
    });
  });

  it('makes somebody, and finds them by name in any case, by mail and by its own key', async () => {
    const type = 'application/scim+json; charset=utf-8';
    const { status, body, headers } = await site.ask('POST', '/Users', { body: ada, type });
    expect(status).to.equal(201);
    expect(headers.get('location')).to.equal(`${site.url}/scim/v2/Users/ada`);
    expect(body).to.deep.include({ id: 'ada', userName: ada.userName, externalId: ada.externalId, active: true });
    expect(body).to.not.have.property('roles');
    for (const filter of [
      `userName eq "${ada.userName.toUpperCase()}"`,
      `externalId eq "${ada.externalId}"`,
      'emails[type eq "work"].value eq "test_user_fd0ea19b@testuser.com"',
    ]) {
      const found = await site.ask('GET', filterBy(filter));
      expect(found.body, filter).to.include({ totalResults: 1, itemsPerPage: 1 });
      expect(found.body.Resources[0].userName, filter).to.equal(ada.userName);
    }
    expect((await site.ask('GET', '/Users/ada')).body).to.deep.equal(body);
  });

  it('changes mail, name and department, by paths with filters and with the URN of a schema', async () => {
    const { status, body } = await site.ask('PATCH', '/Users/ada', {
      body: patchOf(
        { op: 'Replace', path: 'emails[type eq "work"].value', value: 'updatedEmail@microsoft.com' },
        { op: 'Replace', path: 'name.familyName', value: 'updatedFamilyName' },
        { op: 'Add', path: `${enterpriseUrn}:department`, value: 'Engines' },
        { op: 'Add', path: `${enterpriseUrn}:manager`, value: 'bob' },
        { op: 'Add', path: 'phoneNumbers[type eq "mobile"].value', value: '+1 555 0100' },
        { op: 'Add', path: 'roles', value: [{ value: 'admin', primary: 'True' }] },
      ),
    });
    expect(status).to.equal(200);
    expect(body.emails).to.deep.equal([{ value: 'updatedEmail@microsoft.com', type: 'work', primary: true }]);
    expect(body.name).to.deep.equal({ ...ada.name, familyName: 'updatedFamilyName' });
    expect(body[enterpriseUrn]).to.deep.equal({ department: 'Engines', manager: { value: 'bob' } });
    expect(body.phoneNumbers).to.deep.equal([{ value: '+1 555 0100', type: 'mobile' }]);
    expect(body.roles).to.deep.equal([{ value: 'admin', primary: true }]);
    expect(body.schemas).to.include(enterpriseUrn);
    // As it wrote several values of old.
    const old = { displayName: 'Ada L.', 'name.givenName': 'Ada', [`${enterpriseUrn}:department`]: 'Sales' };
    const again = await site.ask('PATCH', '/Users/ada', { body: patchOf({ op: 'replace', value: old }) });
    expect(again.body).to.deep.include({ displayName: 'Ada L.' });
    expect(again.body.name.givenName).to.equal('Ada');
    expect(again.body[enterpriseUrn].department).to.equal('Sales');
    const renamed = await site.ask('PATCH', '/Users/ada', {
      body: patchOf({ op: 'Replace', path: 'userName', value: '5b50642d@testuser.com' }),
    });
    expect(renamed.body.userName).to.equal('5b50642d@testuser.com');
  });

  for (const no of [false, 'False'] as const)
    it(`disables with ${JSON.stringify(no)}, which ends everything that is open, and enables again`, async () => {
      const person = await new Browser(site).signIn('ada');
      await person.jsonGet('/mfa').expect(200);
      const { status, body } = await site.ask('PATCH', '/Users/ada', {
        body: patchOf({ op: 'Replace', path: 'active', value: no }),
      });
      expect([status, body.active]).to.deep.equal([200, false]);
      expect(codeIn(await person.jsonGet('/account').expect(403))).to.equal(suspended);
      expect(codeIn(await (await new Browser(site).signIn('ada')).jsonGet('/mfa').expect(403))).to.equal(suspended);
      expect((await site.ask('GET', '/Users/ada')).body.active).to.equal(false);
      const yes = typeof no === 'string' ? 'True' : true;
      const on = await site.ask('PATCH', '/Users/ada', {
        body: patchOf({ op: 'Replace', path: 'active', value: yes }),
      });
      expect([on.status, on.body.active]).to.deep.equal([200, true]);
      await person.jsonGet('/mfa').expect(200);
    });

  it('removes them for good thirty days later', async () => {
    expect((await site.ask('DELETE', '/Users/ada')).status).to.equal(204);
    for (const method of ['GET', 'DELETE']) expect((await site.ask(method, '/Users/ada')).status, method).to.equal(404);
    expect((await site.ask('GET', filterBy('userName eq "5b50642d@testuser.com"'))).body.totalResults).to.equal(0);
    expect(codeIn(await (await new Browser(site).signIn('ada')).jsonGet('/mfa').expect(403))).to.equal(suspended);
  });
});
