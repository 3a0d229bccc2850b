// A run over all that `/ServiceProviderConfig` claims, and over what RFC 7643 and 7644 demand of everybody: discovery, answers and
// errors in their shape, paging, versions, what is read only.
import { expect } from 'chai';
import express from 'express';
import {
  enterpriseUrn,
  filterBy,
  ownUrn,
  patchOf,
  scimSite,
  userOf,
  userUrn,
  type Answer,
  type ScimSite,
} from '../../support/scim-site.js';
import { Browser } from '../../support/agent.js';

const errorUrn = 'urn:ietf:params:scim:api:messages:2.0:Error';
const listUrn = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

type Described = { name: string; type: string; multiValued: boolean; mutability: string; subAttributes?: Described[] };
type Shown = { [name: string]: unknown };

for (const version of [5, 4] as const)
  describe(`SCIM as it is claimed, on Express ${version}`, () => {
    let site: ScimSite;
    let ids: string[];
    before(async () => {
      let next = 0;
      site = await scimSite({ host: { express: version }, nextId: () => `person ${(next += 1)}` });
      ids = [];
      for (let at = 1; at <= 7; at += 1)
        ids.push(
          await site.make(`Person-${at}`, {
            externalId: `key-${at}`,
            emails: [{ value: `p${at}@x.example`, type: 'work' }],
          }),
        );
    });
    after(() => site.close());

    const at = (id: string) => `/Users/${encodeURIComponent(id)}`;
    function expectError({ status, body, headers }: Answer, wanted: number, scimType?: string): void {
      expect([status, body.schemas, body.status, body.scimType]).to.deep.equal([
        wanted,
        [errorUrn],
        String(wanted),
        scimType,
      ]);
      expect(body.detail).to.be.a('string');
      expect(headers.get('content-type')).to.match(/^application\/scim\+json/);
    }

    it('claims what is shown here, and nothing else', async () => {
      const { status, body } = await site.ask('GET', '/ServiceProviderConfig');
      expect(status).to.equal(200);
      const claims = Object.fromEntries(
        Object.entries(body as { [name: string]: { supported?: boolean } }).flatMap(([name, { supported }]) =>
          supported === undefined ? [] : [[name, supported]],
        ),
      );
      expect(claims).to.deep.equal({
        patch: true,
        bulk: false,
        filter: true,
        changePassword: false,
        sort: false,
        etag: true,
      });
      expect(body.filter.maxResults).to.equal(200);
      expect(body.authenticationSchemes[0].type).to.equal('oauthbearertoken');
      for (const path of ['/Bulk', '/Me', '/Groups', '/Groups/x'])
        for (const method of ['GET', 'POST', 'PATCH', 'DELETE']) expectError(await site.ask(method, path), 501);
      for (const [method, path] of [
        ['GET', '/nothing'],
        ['GET', '/'],
        ['DELETE', '/Users'],
        ['POST', at('x')],
      ] as const)
        expectError(await site.ask(method, path), 404);
    });

    it('describes users as they are shown and can be written, and no groups', async () => {
      const types = await site.ask('GET', '/ResourceTypes');
      expect(types.body.Resources.map(({ name }: { name: string }) => name)).to.deep.equal(['User']);
      expect((await site.ask('GET', '/ResourceTypes/User')).body.endpoint).to.equal('/Users');
      expectError(await site.ask('GET', '/ResourceTypes/Group'), 404);
      const { body } = await site.ask('GET', '/Schemas');
      expect(body).to.include({ totalResults: 3, itemsPerPage: 3, startIndex: 1 });
      expect(body.Resources.map(({ id }: { id: string }) => id)).to.deep.equal([userUrn, enterpriseUrn, ownUrn]);
      for (const schema of body.Resources as { id: string; attributes: Described[]; meta: { location: string } }[]) {
        expect((await site.ask('GET', `/Schemas/${schema.id}`)).body).to.deep.equal(schema);
        expect(schema.meta.location).to.equal(`${site.url}/scim/v2/Schemas/${schema.id}`);
        // Every attribute that may be written is taken, shown, found and taken away again.
        for (const attribute of schema.attributes) await expectAttribute(schema.id, attribute);
      }
    });

    const sampleOf = ({ name, type, multiValued, subAttributes = [] }: Described): unknown => {
      const one =
        type === 'boolean'
          ? true
          : type === 'complex'
            ? Object.fromEntries(subAttributes.map((sub) => [sub.name, sampleOf(sub)]))
            : `a ${name}`;
      return multiValued ? [one] : one;
    };

    async function expectAttribute(schema: string, attribute: Described): Promise<void> {
      const { name, mutability } = attribute;
      const path = `${schema}:${name}`;
      const value = sampleOf(attribute);
      const answer = await site.ask('PATCH', at(ids[6]!), { body: patchOf({ op: 'replace', path, value }) });
      if (mutability === 'readOnly') return expectError(answer, 400, schema === ownUrn ? 'invalidPath' : 'mutability');
      expect(answer.status, path).to.equal(200);
      const shown = (whole: Shown) => (schema === userUrn ? whole : (whole[schema] as Shown))[name];
      expect(shown(answer.body), path).to.deep.equal(value);
      if (schema === userUrn && ['userName', 'active'].includes(name)) return;
      const found = await site.ask('GET', filterBy(`${path} pr and id eq "${ids[6]}"`));
      expect(found.body.totalResults, path).to.equal(1);
      const gone = await site.ask('PATCH', at(ids[6]!), { body: patchOf({ op: 'remove', path }) });
      expect(shown({ [schema]: {}, ...gone.body }), path).to.equal(undefined);
    }

    it('pages, from one on, as many as are asked for', async () => {
      const page = async (query: string) => {
        const { status, body } = await site.ask('GET', `/Users?${query}`);
        expect([status, body.schemas, body.totalResults]).to.deep.equal([200, [listUrn], 7]);
        expect(body.itemsPerPage).to.equal(body.Resources.length);
        return [body.startIndex, body.Resources.map(({ id }: { id: string }) => ids.indexOf(id) + 1)];
      };
      expect(await page('')).to.deep.equal([1, [1, 2, 3, 4, 5, 6, 7]]);
      expect(await page('startIndex=3&count=2')).to.deep.equal([3, [3, 4]]);
      expect(await page('startIndex=7&count=200')).to.deep.equal([7, [7]]);
      expect(await page('startIndex=8')).to.deep.equal([8, []]);
      expect(await page('count=0')).to.deep.equal([1, []]);
      expect(await page('startIndex=0&count=1')).to.deep.equal([1, [1]]);
      expect(await page('startIndex=-4&count=-4')).to.deep.equal([1, []]);
      for (const wrong of ['count=ten', 'startIndex=1.5', 'count=', 'count=1&count=2'])
        expectError(await site.ask('GET', `/Users?${wrong}`), 400, 'invalidValue');
      let asked = 0;
      site.instead.find = ({ count }) => ({ users: [], total: (asked = count) });
      await site.ask('GET', '/Users?count=100000');
      delete site.instead.find;
      expect(asked).to.equal(200);
    });

    it('finds by filter, by GET and by search, and takes no odd one for everybody', async () => {
      const filter = 'userName eq "person-3" or externalId sw "key-5" or not (emails pr)';
      const body = { schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'], filter, count: 10 };
      for (const found of [await site.ask('GET', filterBy(filter)), await site.ask('POST', '/Users/.search', { body })])
        expect(found.body.Resources.map(({ userName }: { userName: string }) => userName).slice(0, 2)).to.deep.equal([
          'Person-3',
          'Person-5',
        ]);
      for (const wrong of ['', 'userName', 'userName is "x"', 'nothing eq "x"', 'userName eq "x', '*'])
        expectError(await site.ask('GET', filterBy(wrong)), 400, 'invalidFilter');
      expectError(await site.ask('GET', `${filterBy('userName pr')}&filter=x`), 400, 'invalidFilter');
      expectError(await site.ask('POST', '/Users/.search', { body: { filter: '' } }), 400, 'invalidFilter');
      expectError(await site.ask('POST', '/Users/.search', { body: { filter: {} } }), 400, 'invalidValue');
    });

    it('shows what is asked for, id and schemas always', async () => {
      const keys = async (query: string) =>
        Object.keys((await site.ask('GET', `${at(ids[0]!)}?${query}`)).body as Shown).sort();
      expect(await keys('attributes=userName,emails.value')).to.deep.equal(['emails', 'id', 'schemas', 'userName']);
      const { body } = await site.ask('GET', `${at(ids[0]!)}?attributes=emails.VALUE,emails.type`);
      expect(body.emails).to.deep.equal([{ value: 'p1@x.example', type: 'work' }]);
      expect(await keys('excludedAttributes=emails,meta,id'))
        .to.include('id')
        .and.not.include.members(['emails', 'meta']);
      const list = await site.ask('GET', '/Users?count=1&attributes=userName');
      expect(Object.keys(list.body.Resources[0] as Shown).sort()).to.deep.equal(['id', 'schemas', 'userName']);
    });

    it('has a version of each user, by which nothing is read or written twice', async () => {
      const first = await site.ask('GET', at(ids[1]!));
      const version = first.headers.get('etag')!;
      expect(version).to.match(/^W\/"[\w-]{22}"$/);
      expect(first.body.meta).to.include({
        version,
        resourceType: 'User',
        location: `${site.url}/scim/v2${at(ids[1]!)}`,
      });
      for (const match of [version, version.slice(2), `"x", ${version}`, '*']) {
        const again = await site.ask('GET', at(ids[1]!), { headers: { 'if-none-match': match } });
        expect([again.status, again.body, again.headers.get('etag')], match).to.deep.equal([304, undefined, version]);
      }
      const change = (match: string, title: string) =>
        site.ask('PATCH', at(ids[1]!), {
          body: patchOf({ op: 'replace', path: 'title', value: title }),
          headers: { 'if-match': match },
        });
      const changed = await change(version, 'one');
      expect(changed.status).to.equal(200);
      expect(changed.headers.get('etag')).to.equal(changed.body.meta.version).and.not.equal(version);
      expectError(await change(version, 'two'), 412);
      expectError(
        await site.ask('PUT', at(ids[1]!), {
          body: userOf('Person-2', { title: 'two' }),
          headers: { 'if-match': version },
        }),
        412,
      );
      expectError(await site.ask('DELETE', at(ids[1]!), { headers: { 'if-match': version } }), 412);
      expect((await change('*', 'three')).body.title).to.equal('three');
      expect((await site.ask('GET', at(ids[1]!), { headers: { 'if-none-match': version } })).status).to.equal(200);
    });

    it('shows, and lets nobody write, how somebody is protected', async () => {
      const id = ids[2]!;
      const own = async () => (await site.ask('GET', at(id))).body[ownUrn] as Shown;
      expect(await own()).to.deep.equal({ protected: false });
      await (await new Browser(site).signIn(id)).enrollTotp();
      const enrolledAt = new Date(site.clock.now()).toISOString().replace(/\.\d+/, '.000');
      expect(await own()).to.deep.equal({ protected: true, factors: ['totp'], enrolledAt });
      await site.ask('PUT', at(id), {
        body: userOf('Person-3', { [ownUrn]: { protected: false }, groups: [{ value: 'admins' }] }),
      });
      expect(await own()).to.include({ protected: true });
      expect((await site.ask('GET', at(id))).body).to.not.have.property('groups');
    });

    it('reads bodies of both names, with a charset, and of no other kind', async () => {
      const body = userOf('Person-4', { displayName: 'Zoë' });
      for (const type of [
        'application/scim+json',
        'application/json',
        'Application/SCIM+JSON; charset=UTF-8',
        'application/json;charset="utf-8"',
      ])
        expect((await site.ask('PUT', at(ids[3]!), { body, type })).body.displayName, type).to.equal('Zoë');
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml', ''])
        expectError(await site.ask('PUT', at(ids[3]!), { body: JSON.stringify(body), type }), 415);
      for (const broken of ['{', '[]', '"x"', 'null', ' ', '{}'])
        expectError(await site.ask('PUT', at(ids[3]!), { body: broken }), 400, 'invalidSyntax');
      expectError(await site.ask('PUT', at(ids[3]!), { body: { ...body, title: 'x'.repeat(300_000) } }), 413);
    });

    it('answers an unknown id 404, whatever it is asked, and a name that is none 400', async () => {
      for (const id of ['nobody', 'x'.repeat(300), '..', '__proto__']) {
        expectError(await site.ask('GET', at(id)), 404);
        for (const [method, body] of [
          ['PUT', userOf('x')],
          ['PATCH', patchOf({ op: 'add', path: 'title', value: 'x' })],
          ['DELETE'],
        ] as const)
          expectError(await site.ask(method, at(id), { body }), 404);
      }
      for (const userName of [undefined, '', ' ', 5, null])
        expectError(await site.ask('POST', '/Users', { body: { schemas: [userUrn], userName } }), 400, 'invalidValue');
    });

    it('keeps nothing of an answer in a cache', async () => {
      const { headers } = await site.ask('GET', '/Users');
      expect(headers.get('cache-control')).to.equal('no-store');
    });
  });

describe('SCIM behind an app that parses bodies', () => {
  it('takes what the app has parsed', async () => {
    const parsers = [
      express.json(),
      express.json({ type: ['application/json', 'application/scim+json'] }),
      express.text({ type: '*/*' }),
    ];
    for (const parser of parsers) {
      const site = await scimSite({ host: { before: (app) => void app.use(parser) } });
      for (const type of ['application/json', 'application/scim+json; charset=utf-8'])
        expect((await site.ask('POST', '/Users', { body: userOf(type), type })).status).to.equal(201);
      await site.close();
    }
  });
});
