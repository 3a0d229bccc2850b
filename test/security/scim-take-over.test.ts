// Attack: a directory, perhaps another tenant's, makes or renames somebody so that they are taken for a person who is there: the same
// mail address, the same name in other letters, the same id; or an app links them by itself.
// Rule: whom a request concerns is decided by path and tenant alone; a conflict changes nothing and tells of nobody.
// Answer: a new person, or 409 `uniqueness` with the same words whoever has the name.
import { expect } from 'chai';
import { Browser } from '../support/agent.js';
import { patchOf, scimSite, tokens, userOf, type ScimSite } from '../support/scim-site.js';

const mail = { emails: [{ value: 'ada@acme.example', type: 'work', primary: true }] };

describe('a person of a directory', () => {
  let site: ScimSite;
  let ada: string;
  beforeEach(async () => {
    let next = 0;
    site = await scimSite({ nextId: () => `person-${(next += 1)}` });
    ada = await site.make('Ada', { ...mail, externalId: 'key', displayName: 'Ada' });
    await (await new Browser(site).signIn(ada)).enrollTotp();
  });
  afterEach(() => site.close());

  it('is another one where their mail address or key is that of somebody else', async () => {
    for (const token of [tokens.acme, tokens.globex]) {
      const other = await site.make(`eve of ${token}`, { ...mail, externalId: 'key' }, token);
      expect(other).to.not.equal(ada);
      expect(await site.mfa.status(other)).to.equal(undefined);
    }
    expect((await site.ask('GET', `/Users/${ada}`)).body).to.include({ userName: 'Ada', displayName: 'Ada' });
  });

  it('has a name of their own: a conflict tells nothing and changes nothing', async () => {
    const eve = await site.make('eve');
    const before = structuredClone(site.people.map);
    const record = await site.mfa.status(ada);
    const answers = [
      await site.ask('POST', '/Users', { body: userOf('ADA', { active: false, displayName: 'Eve' }) }),
      await site.ask('PUT', `/Users/${eve}`, { body: userOf('aDa', { active: false }) }),
      await site.ask('PATCH', `/Users/${eve}`, {
        body: patchOf({ op: 'replace', value: { active: false, userName: 'ada' } }),
      }),
    ];
    for (const { status, body } of answers) {
      expect([status, body.scimType]).to.deep.equal([409, 'uniqueness']);
      expect(body).to.deep.equal(answers[0]!.body);
      expect(JSON.stringify(body)).to.not.match(/ada|person-1|acme/i);
    }
    expect(site.people.map).to.deep.equal(before);
    expect(await site.mfa.status(ada)).to.deep.equal(record);
    expect(await site.mfa.status(eve), 'not suspended').to.equal(undefined);
    // Written anew in other letters it is still theirs.
    expect((await site.ask('PUT', `/Users/${ada}`, { body: userOf('ADA') })).body.userName).to.equal('ADA');
  });

  it('says the same of a name that is taken where this token sees nobody, and bars nobody by it', async () => {
    site.instead.create = site.instead.update = () => 'taken';
    const eve = 'eve-of-globex';
    site.people.map.set(eve, { tenant: 'globex', user: { id: eve, userName: 'eve' } });
    const theirs = { token: tokens.globex };
    const made = await site.ask('POST', '/Users', { ...theirs, body: userOf('Ada') });
    const renamed = await site.ask('PUT', `/Users/${eve}`, { ...theirs, body: userOf('Ada', { active: false }) });
    const own = await site.ask('POST', '/Users', { body: userOf('Ada') });
    for (const { status, body } of [made, renamed]) expect([status, body]).to.deep.equal([409, own.body]);
    expect((await site.mfa.status(eve))?.suspended, 'as it was').to.equal(undefined);
  });

  it('is nobody who is there already, although the app links them by their mail address', async () => {
    site.instead.create = (attributes) => ({ ...attributes, id: ada });
    const before = await site.mfa.status(ada);
    expect((await site.ask('POST', '/Users', { body: userOf('eve', { ...mail, active: false }) })).status).to.equal(
      503,
    );
    expect(await site.mfa.status(ada)).to.deep.equal(before);
  });

  it('is whom the path names: an id within the body moves nothing to somebody else', async () => {
    const eve = await site.make('eve');
    const whole = { ...userOf('eve', { displayName: 'Eve' }), id: ada, meta: { location: `/Users/${ada}` } };
    expect((await site.ask('PUT', `/Users/${eve}`, { body: whole })).body).to.include({ id: eve, displayName: 'Eve' });
    const { status, body } = await site.ask('PATCH', `/Users/${eve}`, {
      body: patchOf({ op: 'replace', value: { id: ada } }),
    });
    expect([status, body.scimType]).to.deep.equal([400, 'mutability']);
    expect((await site.ask('GET', `/Users/${ada}`)).body.displayName).to.equal('Ada');
  });

  it('is never somebody whom the app found without being asked for them', async () => {
    site.instead.find = () => ({ users: [site.people.map.get(ada)!.user], total: 1 });
    const { status, body } = await site.ask('GET', '/Users?filter=userName%20eq%20%22eve%22');
    expect(status).to.equal(503);
    expect(JSON.stringify(body)).to.not.include(ada);
    site.instead.get = () => site.people.map.get(ada)!.user;
    expect(
      (await site.ask('PATCH', '/Users/eve', { body: patchOf({ op: 'replace', value: { active: false } }) })).status,
    ).to.equal(503);
    expect((await site.mfa.status(ada))?.suspended).to.equal(undefined);
  });

  it('may be a row of an object mapper, whose fields are getters', async () => {
    class Row {
      constructor(private readonly own: { id: string; userName: string; active: boolean; passwordHash: string }) {}
      get id() {
        return this.own.id;
      }
      get userName() {
        return this.own.userName;
      }
      get active() {
        return this.own.active;
      }
    }
    const row = new Row({ id: 'row', userName: 'Row', active: false, passwordHash: '$2b$' });
    site.instead.get = () => row as never;
    const { body } = await site.ask('GET', '/Users/row');
    expect(body).to.include({ id: 'row', userName: 'Row', active: false });
    expect(JSON.stringify(body)).to.not.include('2b');
  });

  it('is never shown as active by a number of a database, nor with a column of the app', async () => {
    Object.assign(site.people.map.get(ada)!.user, { passwordHash: '$2b$', password: 'x', locked: null, title: null });
    const { body } = await site.ask('GET', `/Users/${ada}`);
    expect(JSON.stringify(body)).to.not.match(/2b|password|locked|null/);
    Object.assign(site.people.map.get(ada)!.user, { active: 0 });
    expect((await site.ask('GET', `/Users/${ada}`)).status).to.equal(503);
  });
});
