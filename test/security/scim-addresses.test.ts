// Attack: whoever can change somebody's entry in a directory, perhaps the person's own colleague, writes another mail address or number
// there and reads the security codes that go to it; or does so while letting the person go.
// Rule: a bound address follows only what the directory has verified, as the app says; what ends access changes nothing else.
// Answer: codes go where they went, and the person hears of it at that address.
import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { scimRouter } from '../../src/scim.js';
import { codesApp, known, send, signIn, signUp, type CodesApp } from '../support/codes.js';
import { addresses, kinds, otherAddresses, type Kind } from '../support/addresses.js';
import { ask, base, hostUsers, patchOf, peopleInMemory, siteTokens } from '../support/scim-site.js';

const attributes = { email: 'emails', sms: 'phoneNumbers' } as const;
const types = { email: 'work', sms: 'mobile' } as const;

type Verified = readonly ('emails' | 'phoneNumbers')[];

async function provisioned(kind: Kind, verified: Verified): Promise<CodesApp> {
  const people = peopleInMemory();
  const own = { value: addresses[kind], type: types[kind] };
  people.map.set('ada', { tenant: 'acme', user: { id: 'ada', userName: 'ada', [attributes[kind]]: [own] } });
  const app = await codesApp({
    people: { ada: known(kind) },
    delivers: true,
    origin: 'https://acme.example',
    host: {
      between: (host, mfa) =>
        void host.use(base, scimRouter(mfa, { users: hostUsers(people), tokens: siteTokens, verified })),
    },
  });
  await (await signUp(app, 'ada')).saveCodes();
  app.clock.advance(60);
  return app;
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex');

for (const kind of kinds)
  describe(`an address for codes by ${kind} that changes in a directory`, () => {
    let app: CodesApp;
    afterEach(() => app.close());

    const name = attributes[kind];
    const moved = { op: 'Replace', path: `${name}[type eq "${types[kind]}"].value`, value: otherAddresses[kind] };
    const change = (...operations: object[]) => ask(app, 'PATCH', '/Users/ada', { body: patchOf(...operations) });
    /** Where the next code goes; the host says nothing of the new address. */
    async function nextCode(): Promise<string | undefined> {
      app.clock.advance(60);
      await send(await signIn(app, 'ada'), kind);
      return app.codes(kind).at(-1)?.to;
    }

    it('is not followed, and the person hears of it where their codes go', async () => {
      app = await provisioned(kind, kind === 'email' ? ['phoneNumbers'] : ['emails']);
      expect((await change(moved)).status).to.equal(200);
      // Pushed again it is no news.
      expect((await change(moved)).status).to.equal(200);
      await app.mfa.settled();
      const told = app.codes(kind).filter(({ text }) => text.includes('Another address was entered for you'));
      expect(told.map(({ to }) => digest(to))).to.deep.equal([digest(addresses[kind])]);
      expect(JSON.stringify(told)).to.not.include(otherAddresses[kind]);
      expect(app.events.some(({ name: what }) => what === 'address-changed')).to.equal(false);
      app.people.ada = known(kind, otherAddresses[kind], false);
      expect(await nextCode()).to.equal(addresses[kind]);
    });

    it('is followed where the directory has verified it, once, and both hear of it', async () => {
      app = await provisioned(kind, [name]);
      await change({ op: 'add', path: 'title', value: 'x' });
      expect(app.events.some(({ name: what }) => what === 'address-changed')).to.equal(false);
      expect((await change(moved)).status).to.equal(200);
      expect((await change(moved)).status).to.equal(200);
      expect(app.events.filter(({ name: what }) => what === 'address-changed')).to.have.length(1);
      await app.mfa.settled();
      const notes = app
        .notes(kind)
        .filter(({ text }) => text.includes('The address for your security codes was changed'));
      expect(notes.map(({ to }) => to).sort()).to.deep.equal([addresses[kind], otherAddresses[kind]].sort());
      app.people.ada = known(kind, otherAddresses[kind]);
      expect(await nextCode()).to.equal(otherAddresses[kind]);
    });

    it('is left alone by what lets the person go, and by what is no address', async () => {
      app = await provisioned(kind, [name]);
      expect((await change({ ...moved, value: 'no address' })).status).to.equal(200);
      expect((await change(moved, { op: 'replace', path: 'active', value: false })).status).to.equal(200);
      expect(app.events.some(({ name: what }) => what === 'address-changed')).to.equal(false);
      app.people.ada = {};
      expect((await change({ op: 'replace', path: 'active', value: true })).status).to.equal(200);
      expect(await nextCode()).to.equal(addresses[kind]);
    });
  });
