// Attack: a right code where it was not made for: of another purpose, session, person, address or factor; or once more.
// Rule: a code is bound to all of these by its digest and by the sealed ceremony of one user and one session.
// Answer: it is wrong or not there, like any other, and costs an attempt where it was compared.
import { expect } from 'chai';
import { Browser } from '../support/agent.js';
import {
  bind,
  boundPerson,
  codesApp,
  elevated,
  known,
  mismatches,
  said,
  send,
  signIn,
  type CodesApp,
} from '../support/codes.js';
import { addresses, kinds, otherAddresses } from '../support/addresses.js';

const notFound = '400 verification_code.not_found';
const mismatch = '422 verification_code.code_mismatch';

for (const kind of kinds) {
  describe(`a right code by ${kind}`, () => {
    let app: CodesApp;
    let session: Browser;
    const other = kind === 'email' ? 'sms' : 'email';
    const right = () => app.lastCode(kind);

    beforeEach(async () => {
      app = await codesApp({ people: { eve: {}, ada: known(other) }, confirmFirstEnrollment: 'open', autoBind: false });
      await boundPerson(app, kind);
      session = await signIn(app, 'ada');
    });

    it('of one session is no code in another of the same person, nor once both have one', async () => {
      await send(session, kind);
      const mine = right();
      const thief = await signIn(app, 'ada');
      expect(said(await thief.answer(kind, mine))).to.equal(notFound);
      await send(thief, kind);
      if (right() !== mine) expect(said(await thief.answer(kind, mine))).to.equal(mismatch);
      expect(said(await session.answer(kind, mine)), 'not voided by the other session').to.equal('200');
    });

    it('of one sign-in is no code in the next one of the same browser', async () => {
      await send(session, kind);
      const mine = right();
      await session.signIn('ada');
      expect(said(await session.answer(kind, mine))).to.equal(notFound);
    });

    it('of one person is no code of another, in another browser or the same', async () => {
      await boundPerson(app, kind, 'eve', otherAddresses[kind]);
      await send(session, kind);
      const theirs = right();
      const eve = await signIn(app, 'eve');
      expect(said(await eve.answer(kind, theirs))).to.equal(notFound);
      await send(eve, kind);
      if (right() !== theirs) expect(said(await eve.answer(kind, theirs))).to.equal(mismatch);
      await session.signIn('eve');
      expect(said(await session.answer(kind, theirs))).to.equal(notFound);
    });

    it('of one factor is no code of the other', async () => {
      await bind(app, await elevated(app, kind), other);
      const fresh = await signIn(app, 'ada');
      await send(fresh, kind);
      expect(said(await fresh.answer(other, right()))).to.equal(notFound);
      await send(fresh, other);
      if (app.lastCode(other) !== right()) expect(said(await fresh.answer(other, right()))).to.equal(mismatch);
      expect(said(await fresh.answer(kind, right()))).to.equal('200');
    });

    it('for signing in does not bind an address, and one for binding does not sign in', async () => {
      const owner = await elevated(app, kind);
      expect(said(await owner.json(`/mfa/setup/${kind}`, { code: right() }))).to.equal(notFound);
      app.clock.advance(30);
      expect((await owner.json(`/mfa/setup/${kind}/begin`, { address: otherAddresses[kind] })).status).to.equal(200);
      const binding = right();
      const pending = await signIn(app, 'ada');
      expect(said(await pending.answer(kind, binding))).to.equal(notFound);
      expect(said(await owner.answer(kind, binding))).to.equal(notFound);
      expect(said(await owner.json(`/mfa/setup/${kind}`, { code: binding }))).to.equal('200');
    });

    it('for confirming a first enrolment neither binds nor proves', async () => {
      const careful = await codesApp({ people: { bob: known(kind) }, autoBind: false });
      const bob = await signIn(careful, 'bob');
      expect((await bob.json('/mfa/setup/confirm/begin')).status).to.equal(200);
      const code = careful.lastCode(kind);
      expect(said(await bob.json(`/mfa/setup/${kind}`, { code }))).to.match(/first_enrollment_unconfirmed|not_found/);
      expect(said(await bob.answer(kind, code))).to.match(/^400 /);
      expect((await bob.jsonGet('/mfa')).body.authenticators).to.deep.equal([]);
      expect(said(await bob.json('/mfa/setup/confirm', { code }))).to.equal('200');
      expect(said(await bob.json('/mfa/setup/confirm', { code })), 'once').to.equal(notFound);
    });

    it('to an address that was replaced meanwhile is one to another address, even when it comes back', async () => {
      const owner = await elevated(app, kind);
      app.clock.advance(30);
      await send(session, kind);
      const old = right();
      await bind(app, owner, kind, otherAddresses[kind]);
      expect(said(await session.answer(kind, old))).to.equal(`422 ${mismatches[kind]}`);
      await bind(app, owner, kind, addresses[kind]);
      expect(said(await session.answer(kind, old))).to.equal(`422 ${mismatches[kind]}`);
    });

    it('is void after any other change of authenticators', async () => {
      const owner = await elevated(app, kind);
      app.clock.advance(30);
      await send(session, kind);
      const old = right();
      await bind(app, owner, other);
      expect(said(await session.answer(kind, old))).to.equal(notFound);
    });

    it('works once: replayed in its session, in the elevated one, and after signing out', async () => {
      await send(session, kind);
      const code = right();
      const cookie = session.cookies;
      expect(said(await session.answer(kind, code))).to.equal('200');
      for (let replay = 0; replay < 3; replay += 1) {
        expect(said(await session.answer(kind, code))).to.equal(notFound);
      }
      const stale = new Browser(app, { Cookie: cookie });
      expect((await stale.jsonGet('/account')).body, 'the session before is nobody’s').to.include({ account: null });
    });

    it('is ended by the next one of its session', async () => {
      await send(session, kind);
      const first = right();
      app.clock.advance(30);
      await send(session, kind);
      if (right() !== first) expect(said(await session.answer(kind, first))).to.equal(mismatch);
      expect(said(await session.answer(kind, right()))).to.equal('200');
    });
  });
}
