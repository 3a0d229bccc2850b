// Attack: getting in with a passkey alone that is not one's own, or getting a victim's browser in as the attacker
// (login CSRF), or filling the store by asking.
// Rule: challenges and their flow are bound to the browser and kept by nobody; Origin and token before everything;
// what is told to somebody unknown is one and the same.
// Answer: nobody signed in, nothing written, and Redis no larger than before.
import { expect } from 'chai';
import { RedisStore } from 'connect-redis';
import { Redis } from 'ioredis';
import type { Response } from 'supertest';
import type { GetCeremony, SoftAuthenticator } from '../../src/testing/soft-authenticator.js';
import { softAuthenticator } from '../../src/testing/soft-authenticator.js';
import type { TestApp } from '../support/app.js';
import type { Question } from '../support/passkeys.js';
import { failed, lapsed, origin, passkeyApp, PasskeyBrowser, said, signedIn } from '../support/passkeys.js';
import { patientStore } from '../support/patience.js';
import { startRedisServer } from '../support/redis.js';

describe('sign-in with a passkey alone', () => {
  let app: TestApp;
  let phone: SoftAuthenticator;
  let victim: PasskeyBrowser;

  beforeEach(async () => {
    app = await passkeyApp();
    phone = softAuthenticator({ counter: 'growing' });
    await (await signedIn(app, 'ada')).enrollFirst(phone);
    victim = new PasskeyBrowser(app);
  });
  afterEach(() => app.close());

  async function expectNobody(browser: PasskeyBrowser, answer: Response, status: number, told: object): Promise<void> {
    expect([answer.status, said(answer)]).to.deep.equal([status, told]);
    expect((await browser.account()).account).to.equal(null);
    expect(browser.sessionCookie, 'no session was begun').to.equal('');
  }

  it('tells nobody whether there is such a passkey, or whose it is', async () => {
    const hers = softAuthenticator();
    await (await signedIn(app, 'eve')).enrollFirst(hers);
    const unknown = softAuthenticator();
    await unknown.create(
      { challenge: 'AAAA', rp: { id: 'acme.example' }, user: { id: 'AAAA' }, pubKeyCredParams: [{ alg: -7 }] },
      { origin },
    );
    const lies: [SoftAuthenticator, Partial<GetCeremony>][] = [
      [unknown, {}],
      [phone, { breakSignature: true }],
      [phone, { userHandle: hers.credentials[0]!.userHandle }],
      [phone, { userHandle: null }],
      [phone, { challenge: Buffer.alloc(32).toString('base64url') }],
    ];
    const bodies: object[] = [];
    for (const [authenticator, lie] of lies) {
      const answer = await victim.enter(authenticator, lie);
      await expectNobody(victim, answer, 422, { code: failed });
      const { requestId: _own, ...rest } = answer.body as { requestId: string };
      bodies.push(rest);
    }
    for (const body of bodies) expect(body).to.deep.equal(bodies[0]);
  });

  it('refuses a foreign site, a frame, and a person who was not verified', async () => {
    const lies: [Partial<GetCeremony>, string][] = [
      [{ origin: 'https://evil.example' }, 'webauthn.wrong_site'],
      [{ crossOrigin: true }, 'webauthn.embedded'],
      [{ userVerified: false }, 'webauthn.user_not_verified'],
    ];
    for (const [lie, hint] of lies) {
      await expectNobody(victim, await victim.enter(phone, lie), 422, { code: failed, hint });
    }
  });

  it('refuses a copied key whose original has counted on, and flags the passkey', async () => {
    const copy = phone.clone();
    await new PasskeyBrowser(app).enter(phone);
    await new PasskeyBrowser(app).enter(phone);
    const told = { code: failed, hint: 'webauthn.perhaps_cloned' };
    await expectNobody(victim, await victim.enter(copy), 422, told);
    expect(app.events.map(({ name }) => name)).to.include('authenticator-flagged');
  });

  it('takes a challenge once, for five minutes, in the browser that asked for it', async () => {
    const told = { code: lapsed, hint: 'webauthn.challenge_lapsed' };
    const used = await victim.question();
    expect((await victim.enter(phone, {}, used)).status).to.equal(200);
    const other = new PasskeyBrowser(app);
    const fresh = await other.question();
    await expectNobody(other, await other.enter(phone, {}, { ...fresh, challenge: used.challenge }), 400, told);
    app.clock.advance(301);
    await expectNobody(other, await other.enter(phone, {}, fresh), 400, told);
  });

  it('takes no challenge of the second step, and gives none to it', async () => {
    const pending = await signedIn(app, 'ada');
    const options = await pending.challenge();
    const question = await victim.question();
    await expectNobody(victim, await victim.enter(phone, {}, { ...question, options }), 422, { code: failed });
    const response = await phone.get(question.options, { origin });
    const answer = await pending.json('/mfa/verify/webauthn', { response });
    expect([answer.status, said(answer)]).to.deep.equal([422, { code: failed, hint: 'webauthn.wrong_challenge' }]);
  });

  describe('of a victim as the attacker (login CSRF)', () => {
    let attacker: PasskeyBrowser;
    let question: Question;
    let body: object;
    const csrf = { code: 'request.csrf' };

    beforeEach(async () => {
      attacker = new PasskeyBrowser(app);
      question = await attacker.question();
      const { options, challenge } = question;
      body = { response: await phone.get(options, { origin }), challenge };
    });
    const sent = (headers: { [name: string]: string }) => victim.postJson('/mfa/passkey-sign-in', body, headers);

    it('fails from another site, whatever it brings along', async () => {
      const right = { 'X-CSRF-Token': question.csrfToken, Cookie: attacker.cookies };
      for (const from of [
        { Origin: 'https://evil.example' },
        { Origin: 'null' },
        { 'Sec-Fetch-Site': 'cross-site' },
        { 'Sec-Fetch-Site': 'same-site' },
      ]) {
        await expectNobody(victim, await sent({ ...right, ...from }), 403, csrf);
      }
    });

    it("fails without a token, with the attacker's, and with an empty one", async () => {
      const own = await victim.question();
      for (const token of ['', question.csrfToken, own.csrfToken.slice(1)]) {
        await expectNobody(victim, await sent({ 'X-CSRF-Token': token }), 403, csrf);
      }
      await expectNobody(victim, await sent({}), 403, csrf);
      const without = new PasskeyBrowser(app);
      for (const token of ['', question.csrfToken]) {
        const answer = await without.postJson('/mfa/passkey-sign-in', body, { 'X-CSRF-Token': token });
        await expectNobody(without, answer, 403, csrf);
      }
    });

    it("fails with the victim's own token: the challenge is of another browser", async () => {
      const { csrfToken } = await victim.question();
      const told = { code: lapsed, hint: 'webauthn.challenge_lapsed' };
      await expectNobody(victim, await sent({ 'X-CSRF-Token': csrfToken }), 400, told);
    });

    it('was possible for whoever holds cookie and token, so the refusals above are what stops it', async () => {
      const answer = await attacker.postJson('/mfa/passkey-sign-in', body, { 'X-CSRF-Token': question.csrfToken });
      expect(answer.status).to.equal(200);
    });
  });

  it('is a 400 for every body that is no answer', async () => {
    const { csrfToken, challenge, options } = await victim.question();
    const response = await phone.get(options, { origin });
    const bodies = [{}, { challenge }, { response }, { response, challenge: [challenge] }, { response: 7, challenge }];
    for (const body of bodies) {
      const answer = await victim.postJson('/mfa/passkey-sign-in', body, { 'X-CSRF-Token': csrfToken });
      await expectNobody(victim, answer, 400, { code: 'request.invalid' });
    }
    await victim.agent
      .post('/mfa/passkey-sign-in')
      .set({ 'X-CSRF-Token': csrfToken, 'Content-Type': 'text/plain', Accept: 'application/json' })
      .send(JSON.stringify({ response, challenge }))
      .expect(400);
  });

  it('leaves nothing in Redis for a flood of challenges and of wrong answers', async () => {
    const server = await startRedisServer();
    const redis = new Redis(server.url);
    const flooded = await passkeyApp({
      store: patientStore(redis, { namespace: 'flood' }),
      host: { session: { store: new RedisStore({ client: redis, prefix: 'flood:session:' }) } },
    });
    try {
      const key = softAuthenticator();
      await (await signedIn(flooded, 'ada')).enrollFirst(key);
      const before = await redis.dbsize();
      expect(before).to.be.above(0);
      const one = new PasskeyBrowser(flooded);
      const question = await one.question();
      for (let round = 0; round < 20; round += 1) {
        const asked = Array.from({ length: 10 }, () => new PasskeyBrowser(flooded).question());
        const answered = [
          one.enter(key, { breakSignature: true }, question),
          one.enter(key, { userVerified: false }, question),
          one.postJson('/mfa/passkey-sign-in', {}, {}),
        ];
        await Promise.all([...asked, ...answered]);
      }
      expect(await redis.dbsize()).to.equal(before);
      expect((await one.enter(key, {}, question)).status, 'the flooded challenge still works').to.equal(200);
      expect(await redis.dbsize(), 'a session and a used challenge').to.equal(before + 2);
    } finally {
      await flooded.close();
      redis.disconnect();
      await server.close();
    }
  });
});
