// Attack: the routes of a directory are tried without a token, with a guessed one, with one that may only read, or with that of another
// tenant, who reads, changes, renames, lets go or removes people that are not theirs; or a flood of guesses is to shut the owner out.
// Rule: the token alone says whose people there are, it is compared whole and in constant time, and a wrong one costs the owner nothing.
// Answer: 401, 403, or 404 as if there were nobody, and one event for all of a minute.
import { expect } from 'chai';
import { scimRouter, type ScimUsers } from '../../src/scim.js';
import { Browser } from '../support/agent.js';
import { filterBy, patchOf, scimSite, sha256, tokens, userOf, type ScimSite } from '../support/scim-site.js';

for (const express of [5, 4] as const)
  describe(`tokens of directories, on Express ${express}`, () => {
    let site: ScimSite;
    before(async () => (site = await scimSite({ host: { express } })));
    after(() => site.close());
    beforeEach(() => void (site.events.length = 0));

    const off = { body: patchOf({ op: 'replace', value: { active: false } }) };
    const requests: [method: string, path: string, body?: object][] = [
      ...['/Users', '/Users/x', '/ServiceProviderConfig', '/Schemas', '/ResourceTypes', '/Groups', '/nothing'].map(
        (path) => ['GET', path] as [string, string],
      ),
      ['POST', '/Users', userOf('eve')],
      ['POST', '/Users/.search', { filter: 'userName pr' }],
      ['PUT', '/Users/x', userOf('eve')],
      ['PATCH', '/Users/x', off.body],
      ['DELETE', '/Users/x'],
    ];

    it('are needed by every route, whole and as they are', async () => {
      const wrong = [
        '',
        'guess',
        `${tokens.acme}x`,
        tokens.acme.slice(0, -1),
        sha256(tokens.acme),
        tokens.acme.toUpperCase(),
      ];
      for (const [method, path, body] of requests)
        for (const token of method === 'GET' && path !== '/Users' ? [''] : wrong) {
          const answer = await site.ask(method, path, { token, body });
          expect(answer.status, `${method} ${path} ${token}`).to.equal(401);
          expect(answer.headers.get('www-authenticate')).to.equal('Bearer');
          expect(answer.body).to.include({ status: '401' }).and.not.have.property('Resources');
        }
      const basic = { authorization: `Basic ${Buffer.from(`x:${tokens.acme}`).toString('base64')}` };
      expect((await site.ask('GET', '/Users', { token: '', headers: basic })).status).to.equal(401);
      expect((await site.ask('GET', `/Users?access_token=${tokens.acme}`, { token: '' })).status).to.equal(401);
    });

    it('are told of by one event for all that fail in a minute, and shut nobody out', async () => {
      for (let tried = 0; tried < 30; tried += 1) await site.ask('GET', '/Users', { token: `guess-${tried}` });
      expect((await site.ask('GET', '/Users')).status).to.equal(200);
      await site.mfa.settled();
      const told = site.events.filter(({ name }) => name === 'scim-token-refused');
      expect(told.length).to.be.at.most(3);
      expect(told.at(-1)).to.deep.include({ outcome: 'refused', actor: 'system' });
      expect(told.every(({ userId }) => userId === undefined)).to.equal(true);
      expect(JSON.stringify(told)).to.not.include('guess-');
    });

    it('that may read change nothing', async () => {
      const id = await site.make(`bea-${express}`);
      const before = structuredClone(site.people.map);
      for (const [method, path, body] of requests) {
        const { status } = await site.ask(method, path.replace('/x', `/${id}`), { token: tokens.reader, body });
        const reads = method === 'GET' || path.endsWith('.search');
        expect(status, `${method} ${path}`).to.satisfy((code: number) => (reads ? code !== 403 : code === 403));
      }
      expect(site.people.map).to.deep.equal(before);
      expect(await site.mfa.status(id)).to.equal(undefined);
    });

    it('of one tenant know nobody of another, nor change, bar or end them', async () => {
      const id = await site.make(`ada-${express}`, {
        externalId: 'key-of-ada',
        emails: [{ value: 'ada@acme.example' }],
      });
      const before = structuredClone(site.people.map);
      const theirs = { token: tokens.globex };
      for (const filter of [
        'userName pr',
        `userName eq "ada-${express}"`,
        'externalId eq "key-of-ada"',
        `id eq "${id}"`,
      ])
        expect((await site.ask('GET', filterBy(filter), theirs)).body.totalResults, filter).to.equal(0);
      expect((await site.ask('GET', '/Users', theirs)).body.totalResults).to.equal(0);
      for (const [method, body] of [['GET'], ['PUT', userOf('eve')], ['PATCH', off.body], ['DELETE']] as const) {
        const [there, nowhere] = await Promise.all(
          [id, 'nobody'].map((one) => site.ask(method, `/Users/${one}`, { ...theirs, body })),
        );
        expect(there!.status, method).to.equal(404);
        expect(there!.body, `${method}: as of nobody`).to.deep.equal(nowhere!.body);
      }
      expect(site.people.map).to.deep.equal(before);
      expect(await site.mfa.status(id), 'nothing was written').to.equal(undefined);
      await (await new Browser(site).signIn(id)).jsonGet('/account').expect(200);
      // Somebody of theirs may have the name that somebody of another has.
      const other = await site.make(`ada-${express}`, { externalId: 'key-of-ada' }, tokens.globex);
      expect(other).to.not.equal(id);
      expect((await site.ask('GET', `/Users/${id}`)).body.userName).to.equal(`ada-${express}`);
    });

    it('that follow one another work both, until the older is taken away', async () => {
      for (const token of [tokens.acme, tokens.next])
        expect((await site.ask('GET', '/Users', { token })).status).to.equal(200);
    });
  });

describe('tokens of directories, at start-up', () => {
  it('are refused where they are no digests, stand twice, or say no right', async () => {
    const site = await scimSite();
    const users: ScimUsers = {
      find: () => ({ users: [], total: 0 }),
      get: () => null,
      create: () => 'taken',
      update: () => 'taken',
      remove: () => undefined,
    };
    const one = { sha256: sha256('a'), tenant: 'acme', may: 'write' as const };
    const wrong: object[] = [
      { users },
      { users, tokens: [] },
      { users, tokens: [{ ...one, sha256: 'the token itself' }] },
      { users, tokens: [{ ...one, may: undefined }] },
      { users, tokens: [one, { ...one, tenant: 'globex', sha256: one.sha256.toUpperCase() }] },
      { users, tokens: [one], verified: ['mail'] },
      { users: { ...users, remove: undefined }, tokens: [one] },
      { users, tokens: [one], maxDeactivations: 5 },
    ];
    for (const options of wrong)
      expect(() => scimRouter(site.mfa, options as never), JSON.stringify(options)).to.throw(/scimRouter: /);
    scimRouter(site.mfa, { users, tokens: [one] });
    await site.close();
  });
});
