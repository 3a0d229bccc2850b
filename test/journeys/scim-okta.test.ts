// Okta provisions somebody, by the requests that its documentation shows, in its order and its dialect: the test of the
// connection, the search before each assignment, whole profiles by PUT, `active` by PATCH without a path.
import { expect } from 'chai';
import { Browser, codeIn } from '../support/agent.js';
import { filterBy, patchOf, scimSite, userUrn, type ScimSite } from '../support/scim-site.js';

const suspended = 'session.mfa.suspended';

describe('Okta', () => {
  let site: ScimSite;
  before(async () => (site = await scimSite({ nextId: () => '23a35c27' })));
  after(() => site.close());

  const profile = {
    schemas: [userUrn],
    userName: 'test.user@okta.local',
    name: { givenName: 'Test', familyName: 'User' },
    emails: [{ primary: true, value: 'test.user@okta.local', type: 'work' }],
    displayName: 'Test User',
    locale: 'en-US',
    externalId: '00ujl29u0le5T6Aj10h7',
    groups: [],
    password: '1mz050nq',
    active: true,
  };

  it('tests the connection by a page of people, and hears that there are no groups', async () => {
    const { status, body } = await site.ask('GET', '/Users?startIndex=1&count=2');
    expect([status, body.totalResults, body.Resources]).to.deep.equal([200, 0, []]);
    const groups = await site.ask('GET', '/Groups?startIndex=1&count=100');
    expect([groups.status, groups.body.status]).to.deep.equal([501, '501']);
    expect(groups.body.schemas).to.deep.equal(['urn:ietf:params:scim:api:messages:2.0:Error']);
  });

  it('looks for somebody and makes them; their password goes nowhere', async () => {
    const page = `${filterBy('userName eq "test.user@okta.local"')}&startIndex=1&count=100`;
    expect((await site.ask('GET', page)).body.totalResults).to.equal(0);
    const { status, body } = await site.ask('POST', '/Users', {
      body: profile,
      type: 'application/scim+json; charset=utf-8',
    });
    expect([status, body.id]).to.deep.equal([201, '23a35c27']);
    expect(JSON.stringify([...site.people.map.values(), body])).to.not.include('1mz050nq');
    expect((await site.ask('GET', page)).body.Resources.map(({ id }: { id: string }) => id)).to.deep.equal([
      '23a35c27',
    ]);
  });

  it('is told of a conflict where it makes them once more', async () => {
    const { status, body } = await site.ask('POST', '/Users', {
      body: { ...profile, userName: 'TEST.USER@okta.local' },
    });
    expect([status, body.status, body.scimType]).to.deep.equal([409, '409', 'uniqueness']);
    expect(site.people.map.size).to.equal(1);
  });

  it('reads them and writes the whole profile; what it leaves out stays', async () => {
    const { body: before } = await site.ask('GET', '/Users/23a35c27');
    const { emails: _kept, active: _stays, ...rest } = before;
    const body = { ...rest, id: '23a35c27', name: { givenName: 'Another', familyName: 'User' }, title: 'Engineer' };
    const { status, body: after } = await site.ask('PUT', '/Users/23a35c27', { body });
    expect(status).to.equal(200);
    expect(after).to.deep.include({ title: 'Engineer', active: true, emails: profile.emails, id: '23a35c27' });
    expect(after.name).to.deep.equal({ givenName: 'Another', familyName: 'User' });
  });

  it('deactivates without a path, and activates again', async () => {
    const person = await new Browser(site).signIn('23a35c27');
    await person.jsonGet('/mfa').expect(200);
    const off = await site.ask('PATCH', '/Users/23a35c27', {
      body: patchOf({ op: 'replace', value: { active: false } }),
    });
    expect([off.status, off.body.active]).to.deep.equal([200, false]);
    expect(off.body.userName).to.equal('test.user@okta.local');
    expect(codeIn(await person.jsonGet('/mfa').expect(403))).to.equal(suspended);
    const on = await site.ask('PATCH', '/Users/23a35c27', {
      body: patchOf({ op: 'replace', value: { active: true } }),
    });
    expect([on.status, on.body.active]).to.deep.equal([200, true]);
    await person.jsonGet('/mfa').expect(200);
  });

  it('deactivates by PUT, as apps of its wizard do', async () => {
    const person = await new Browser(site).signIn('23a35c27');
    const off = await site.ask('PUT', '/Users/23a35c27', { body: { ...profile, active: false } });
    expect([off.status, off.body.active]).to.deep.equal([200, false]);
    expect(codeIn(await person.jsonGet('/mfa').expect(403))).to.equal(suspended);
    // A profile that is pushed meanwhile says nothing of it.
    const { active: _unsaid, ...silent } = profile;
    const pushed = await site.ask('PUT', '/Users/23a35c27', { body: { ...silent, displayName: 'T. User' } });
    expect(pushed.body).to.deep.include({ active: false, displayName: 'T. User' });
    expect(codeIn(await person.jsonGet('/mfa').expect(403))).to.equal(suspended);
    expect((await site.ask('PUT', '/Users/23a35c27', { body: profile })).body.active).to.equal(true);
    await person.jsonGet('/mfa').expect(200);
  });
});
