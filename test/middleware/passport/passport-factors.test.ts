// The strategies of passkeys and of codes by e-mail and SMS, in routes and forms of the host's own: asked for at our
// routes, answered at the host's. With every Passport that hosts have.
import { expect } from 'chai';
import type { RequestHandler } from 'express';
import { emailCode, outboxSender, smsCode, webauthn } from '../../../src/index.js';
import { softAuthenticator, type SoftAuthenticator } from '../../../src/testing/soft-authenticator.js';
import { fewBackupCodes } from '../../support/app.js';
import { addresses, wrongFor, type Kind } from '../../support/addresses.js';
import { origin, PasskeyBrowser } from '../../support/passkeys.js';
import {
  passportApp,
  passportVersions,
  type PassportApp,
  type PassportAppOptions,
  type PassportVersion,
} from '../../support/passport-app.js';

const mount: NonNullable<PassportAppOptions['mount']> = (app, passport) => {
  for (const kind of ['webauthn', 'email', 'sms']) {
    const to = { successRedirect: '/in', failureRedirect: `/again/${kind}` };
    app.post(`/${kind}`, passport.authenticate(`mfa-${kind}`, to));
    app.post(`/told/${kind}`, (req, res, next) => {
      const told = (error: unknown, user: unknown, info: unknown, status?: number) => {
        if (error) next(error);
        else res.json({ user, info, status });
      };
      (passport.authenticate(`mfa-${kind}`, told) as RequestHandler)(req, res, next);
    });
  }
};

/** RFC 8176 has no value for e-mail. */
// A mailbox opens with a password, too: beside one it makes no second factor.
const amr = { email: [], sms: ['sms', 'mfa'] };

class Person extends PasskeyBrowser {
  async enterAs(name = 'ada'): Promise<this> {
    await this.agent.post('/enter').send({ name }).expect(200);
    return this;
  }

  /** Posts a form of the host's, which carries our token. */
  async fill(path: string, fields: { [name: string]: string }) {
    return this.post(path, { _csrf: await this.csrf(), ...fields }, { Origin: origin });
  }
}

describe('the Passport strategies', () => {
  let app: PassportApp;
  let outboxes: { [kind in Kind]: ReturnType<typeof outboxSender> };
  const open = async (version: PassportVersion = 'passport') => {
    outboxes = { email: outboxSender('email'), sms: outboxSender('sms') };
    const codes = [emailCode({ sender: outboxes.email }), smsCode({ sender: outboxes.sms })];
    app = await passportApp({ version, origin, factors: [webauthn(), ...codes, fewBackupCodes()], mount });
  };
  afterEach(() => app.close());
  const lastCode = (kind: Kind) => outboxes[kind].messages.findLast(({ usage }) => usage !== 'Notice')!.code!;

  /** Somebody who has confirmed an address, and has signed in anew since. */
  async function pendingWithCodes(kind: Kind): Promise<Person> {
    const person = await new Person(app).enterAs();
    await person.json(`/mfa/setup/${kind}/begin`, { address: addresses[kind] });
    const confirmed = await person.json(`/mfa/setup/${kind}`, { code: lastCode(kind) });
    expect(confirmed.status, confirmed.text).to.equal(200);
    await person.saveCodes();
    app.clock.advance(60);
    return new Person(app).enterAs();
  }

  async function pendingWithPasskey(): Promise<{ person: Person; key: SoftAuthenticator }> {
    const key = softAuthenticator();
    await (await new Person(app).enterAs()).enrollFirst(key);
    return { person: await new Person(app).enterAs(), key };
  }

  for (const version of passportVersions) {
    for (const kind of ['email', 'sms'] as const)
      it(`take a code by ${kind} once, and a wrong one never, with ${version}`, async () => {
        await open(version);
        const person = await pendingWithCodes(kind);
        const begun = await person.json(`/mfa/verify/${kind}/begin`);
        expect(begun.status, begun.text).to.equal(200);
        const code = lastCode(kind);
        const wrong = await person.fill(`/${kind}`, { code: wrongFor(code) });
        expect([wrong.status, wrong.headers.location]).to.deep.equal([302, `/again/${kind}`]);
        await person.jsonGet('/account').expect(403);
        const [before, logIns] = [person.sessionCookie, app.logIns.count];
        const right = await person.fill(`/${kind}`, { code });
        expect([right.status, right.headers.location]).to.deep.equal([302, '/in']);
        expect((await person.account()).mfa).to.deep.include({ state: 'elevated', amr: amr[kind] });
        expect(person.sessionCookie).to.not.equal(before);
        expect(app.logIns.count).to.equal(logIns);
        const again = await (await new Person(app).enterAs()).fill(`/told/${kind}`, { code });
        expect(again.body.user).to.equal(false);
      });

    it(`take a passkey, as JSON or in a form, once, with ${version}`, async () => {
      await open(version);
      const { person, key } = await pendingWithPasskey();
      const response = await key.get(await person.challenge(), { origin });
      const logIns = app.logIns.count;
      const right = await person.json('/told/webauthn', { response });
      expect(right.body).to.deep.equal({
        user: { id: 1, name: 'ada' },
        info: { next: { step: 'done', url: '/' }, amr: ['pop', 'mfa'] },
      });
      expect((await person.account()).mfa).to.include({ state: 'elevated' });
      expect(app.logIns.count).to.equal(logIns);
      const other = await new Person(app).enterAs();
      expect((await other.json('/told/webauthn', { response })).body.user).to.equal(false);
      const filled = JSON.stringify(await key.get(await other.challenge(), { origin }));
      const form = await other.fill('/webauthn', { response: filled });
      expect([form.status, form.headers.location]).to.deep.equal([302, '/in']);
      expect((await other.account()).mfa).to.include({ state: 'elevated' });
    });
  }

  it("refuse a passkey of somebody else's, in words, and a code of the other channel", async () => {
    await open();
    const { person } = await pendingWithPasskey();
    const stranger = softAuthenticator();
    await (await new Person(app).enterAs('bob')).enrollFirst(stranger);
    const options = await person.challenge();
    const response = await stranger.get({ ...(options as object), allowCredentials: [] } as never, { origin });
    const refused = await person.json('/told/webauthn', { response });
    expect(refused.body).to.deep.include({ user: false, status: 422 });
    expect(refused.body.info.code).to.equal('session.mfa.webauthn_verification_failed');
    expect(refused.body.info.message)
      .to.be.a('string')
      .and.match(/passkey/i);
    await person.jsonGet('/account').expect(403);
    const codes = await (await new Person(app).enterAs('eve')).json('/told/sms', { code: '123456' });
    expect(codes.body).to.deep.include({ user: false });
    expect(outboxes.sms.messages).to.deep.equal([]);
  });
});
