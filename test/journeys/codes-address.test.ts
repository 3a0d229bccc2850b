// The host's verified address changes: a bound one that came from the host follows, with an event and a notice to both;
// one that the person bound for themselves stays.
import { expect } from 'chai';
import { bind, codesApp, elevated, known, said, send, signIn, signUp, type CodesApp } from '../support/codes.js';
import { addresses, kinds, otherAddresses } from '../support/addresses.js';

for (const kind of kinds) {
  describe(`a verified address for codes by ${kind} that changes at the host`, () => {
    let app: CodesApp;
    const masked = async (session: Awaited<ReturnType<typeof signIn>>) =>
      (await session.jsonGet('/account')).body.maskedIdentifiers?.[kind] as string;

    beforeEach(async () => {
      app = await codesApp({ people: { ada: known(kind) }, delivers: true, origin: 'https://acme.example' });
      await (await signUp(app, 'ada')).saveCodes();
      app.clock.advance(60);
      app.people.ada = known(kind, otherAddresses[kind]);
    });

    it('takes its place before the next code is sent, and both hear of it', async () => {
      await app.mfa.settled();
      const before = app.notes(kind).length;
      const person = await signIn(app, 'ada');
      await person.htmlGet(`/mfa/verify/${kind}`).expect(200);
      expect(app.codes(kind).map(({ to }) => to)).to.deep.equal([otherAddresses[kind]]);
      const changed = app.events.filter(({ name }) => name === 'address-changed');
      expect(changed).to.have.length(1);
      expect(changed[0]).to.include({ kind, userId: 'ada', actor: 'system' });
      expect(JSON.stringify(app.events)).to.not.include(otherAddresses[kind]).and.not.include(addresses[kind]);
      await app.mfa.settled();
      const notes = app.notes(kind).slice(before);
      expect(notes.map(({ to }) => to).sort()).to.deep.equal([addresses[kind], otherAddresses[kind]].sort());
      for (const { text } of notes) expect(text).to.include('The address for your security codes was changed');
    });

    it('asks every session again, and ends trusted browsers', async () => {
      const there = await codesApp({ people: { ada: known(kind) }, trustBrowser: { days: 30 } });
      await (await signUp(there, 'ada')).saveCodes();
      const trusting = await signIn(there, 'ada');
      await send(trusting, kind);
      await trusting.json(`/mfa/verify/${kind}`, { code: there.lastCode(kind), trustBrowser: 'yes' });
      expect((await trusting.jsonGet('/mfa')).body.trustedBrowsers).to.have.length(1);
      there.people.ada = known(kind, otherAddresses[kind]);
      expect((await trusting.jsonGet('/mfa')).body.state).to.equal('pending');
      expect((await trusting.signIn('ada').then((again) => again.jsonGet('/account'))).status).to.equal(403);
    });

    it('is not followed where the host only says so without having verified it', async () => {
      app.people.ada = known(kind, otherAddresses[kind], false);
      const person = await signIn(app, 'ada');
      await send(person, kind);
      expect(app.codes(kind).at(-1)?.to).to.equal(addresses[kind]);
    });

    it('is not followed by an address that the person bound for themselves', async () => {
      app.people.ada = known(kind);
      const person = await elevated(app, kind);
      const own = kind === 'email' ? 'own@example.org' : '+41791234533';
      app.clock.advance(60);
      await bind(app, person, kind, own);
      app.people.ada = known(kind, otherAddresses[kind]);
      const next = await signIn(app, 'ada');
      await send(next, kind);
      expect(app.codes(kind).at(-1)?.to).to.equal(own);
      expect(await masked(next)).to.equal(kind === 'email' ? 'o***@example.org' : '***33');
    });

    it('changes once, however many requests meet it at the same time', async () => {
      const sessions = await Promise.all(Array.from({ length: 8 }, () => signIn(app, 'ada')));
      const states = await Promise.all(sessions.map((each) => each.jsonGet('/mfa')));
      expect(states.map(said)).to.deep.equal(Array.from({ length: 8 }, () => '200'));
      expect(app.events.filter(({ name }) => name === 'address-changed')).to.have.length(1);
    });
  });
}
