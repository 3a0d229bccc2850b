// Attack: a thief with the password answers the owner's challenge with anything but the owner's passkey on this site.
// Rule: WebAuthn L3 §7.2, every step, and what the record knows: whose it is, whether it may be synced, how far it counted.
// Answer: one reason with a hint of what is wrong; nothing is elevated, and nobody is ever locked out of their account.
import { expect } from 'chai';
import type { Response } from 'supertest';
import type { GetCeremony, SoftAuthenticator } from '../../src/testing/soft-authenticator.js';
import { softAuthenticator } from '../../src/testing/soft-authenticator.js';
import type { TestApp } from '../support/app.js';
import type { PasskeyBrowser } from '../support/passkeys.js';
import { failed, lapsed, origin, passkeyApp, pendingWith, said, signedIn } from '../support/passkeys.js';

describe('a challenge of the second step', () => {
  let app: TestApp;
  let phone: SoftAuthenticator;
  let thief: PasskeyBrowser;

  beforeEach(async () => {
    app = await passkeyApp();
    phone = softAuthenticator({ counter: 'growing' });
    thief = await pendingWith(app, 'ada', phone);
  });
  afterEach(() => app.close());

  async function expectRefused(answer: Response, status: number, code: string, hint?: string): Promise<void> {
    expect([answer.status, said(answer)]).to.deep.equal([status, hint === undefined ? { code } : { code, hint }]);
    await thief.jsonGet('/account').expect(403);
  }

  it('that is refused because the passkey became one of another kind says so, and what to do', async () => {
    const answer = await thief.verify(phone, { backupEligible: false, backupState: false });
    const hint = 'webauthn.backup_eligibility_changed';
    await expectRefused(answer, 422, failed, hint);
    const event = app.events.findLast(({ name }) => name === 'verification-refused');
    expect(event).to.deep.include({ reason: failed, detail: { hint } });
    const lie = { origin, backupEligible: false, backupState: false };
    const response = JSON.stringify(await phone.get(await thief.challenge(), lie));
    const page = await thief.form('/mfa/verify/webauthn', { response }, { Origin: origin });
    expect(page.text).to.include('remove it and add it again');
  });

  const lies: [what: string, lie: Partial<GetCeremony>, hint: string][] = [
    ['made for a foreign origin', { origin: 'https://acme.example.evil.example' }, 'webauthn.wrong_site'],
    ['made for a subdomain', { origin: 'https://www.acme.example' }, 'webauthn.wrong_site'],
    ['made for the site over plain http', { origin: 'http://acme.example' }, 'webauthn.wrong_site'],
    ['made for another relying party', { rpId: 'evil.example' }, 'webauthn.wrong_site'],
    ['made in a frame of who knows whom', { crossOrigin: true }, 'webauthn.embedded'],
    ['made in a frame of another site', { crossOrigin: true, topOrigin: 'https://evil.example' }, 'webauthn.embedded'],
    ['with the user handle of somebody else', { userHandle: 'AAAA' }, 'webauthn.wrong_user_handle'],
    ['by nobody who was verified', { userVerified: false }, 'webauthn.user_not_verified'],
    ['by nobody who was there', { userPresent: false }, 'webauthn.user_not_present'],
    ['with a signature of something else', { breakSignature: true }, 'webauthn.invalid_signature'],
    ['of the other ceremony', { type: 'webauthn.create' }, 'webauthn.wrong_ceremony'],
    ['to another challenge', { challenge: Buffer.alloc(32).toString('base64url') }, 'webauthn.wrong_challenge'],
    [
      'of a passkey that could be synced and suddenly cannot',
      { backupEligible: false, backupState: false },
      'webauthn.backup_eligibility_changed',
    ],
    ['that is synced and cannot be', { backupEligible: false, backupState: true }, 'webauthn.impossible_backup_state'],
  ];
  for (const [what, lie, hint] of lies) {
    it(`refuses an answer ${what}`, async () => {
      await expectRefused(await thief.verify(phone, lie), 422, failed, hint);
      expect((await thief.verify(phone)).status, 'the owner is not locked out').to.equal(200);
    });
  }

  it("refuses somebody else's passkey", async () => {
    const hers = softAuthenticator();
    const eve = await signedIn(app, 'eve');
    await eve.enrollFirst(hers);
    const [{ id }] = hers.credentials as [(typeof hers.credentials)[number]];
    const answer = await thief.verify(hers, { credentialId: id });
    await expectRefused(answer, 422, failed, 'webauthn.unknown_passkey');
    const { userHandle } = phone.credentials[0]!;
    await expectRefused(
      await thief.verify(hers, { credentialId: id, userHandle }),
      422,
      failed,
      'webauthn.unknown_passkey',
    );
  });

  it('is used up by its first answer, right or wrong', async () => {
    for (const lie of [{}, { breakSignature: true as const }]) {
      const options = await thief.challenge();
      const right = { response: await phone.get(options, { origin }) };
      await thief.json('/mfa/verify/webauthn', { response: await phone.get(options, { origin, ...lie }) });
      thief = await signedIn(app, 'ada');
      await expectRefused(await thief.json('/mfa/verify/webauthn', right), 400, lapsed);
    }
  });

  it('is answered in its own session only, by its own person only', async () => {
    const owner = await signedIn(app, 'ada');
    const response = await phone.get(await owner.challenge(), { origin });
    await thief.challenge();
    await expectRefused(
      await thief.json('/mfa/verify/webauthn', { response }),
      422,
      failed,
      'webauthn.wrong_challenge',
    );
    expect((await owner.json('/mfa/verify/webauthn', { response })).status).to.equal(200);
  });

  it('is not that of an enrolment', async () => {
    const owner = await signedIn(app, 'ada');
    await owner.verify(phone);
    const begun = await owner.json('/mfa/setup/webauthn/begin');
    const asked = { challenge: begun.body.options.challenge as string, rpId: 'acme.example' };
    const response = await phone.get(asked, { origin });
    const answer = await owner.json('/mfa/verify/webauthn', { response });
    expect([answer.status, said(answer)]).to.deep.equal([400, { code: lapsed }]);
  });

  it('refuses the copy of a key whose original has counted on, says so, and flags the passkey once', async () => {
    const copy = phone.clone();
    const owner = await signedIn(app, 'ada');
    expect((await owner.verify(phone)).status).to.equal(200);
    expect((await owner.verify(phone)).status).to.equal(200);
    app.events.length = 0;
    for (const _ of [1, 2]) {
      await expectRefused(await thief.verify(copy), 422, failed, 'webauthn.perhaps_cloned');
    }
    const flagged = app.events.filter(({ name }) => name === 'authenticator-flagged');
    expect(flagged).to.have.length(1);
    expect(flagged[0]).to.deep.include({ userId: 'ada', detail: { why: 'counter', stored: 2, received: 1 } });
    const { body } = await owner.jsonGet('/mfa').expect(200);
    expect(body.authenticators[0]).to.include({ perhapsCloned: true });
    expect((await owner.verify(phone)).status, 'the one that is ahead').to.equal(200);
  });

  it('can be failed any number of times without a lock: only the next challenges wait', async () => {
    const owner = await signedIn(app, 'ada');
    expect((await owner.verify(phone)).status).to.equal(200);
    await owner.signIn('ada');
    const { body } = await thief.json('/mfa/verify/webauthn/begin');
    const wrong = await phone.get(body.options, { origin, breakSignature: true });
    for (let tries = 0; tries < 20; tries += 1) {
      await thief.challenge();
      const answer = await thief.json('/mfa/verify/webauthn', { response: wrong });
      expect(answer.status).to.equal(422);
    }
    const waits = await thief.json('/mfa/verify/webauthn/begin');
    expect([waits.status, said(waits).code]).to.deep.equal([429, 'session.verification_blocked_too_many_attempts']);
    expect(Number(waits.headers['retry-after'])).to.be.within(1, 600);
    expect(app.events.map(({ name }) => name)).not.to.include.members(['locked']);
    await app.mfa.settled();
    expect(app.notices.filter(({ what }) => what === 'authenticator-disabled')).to.deep.equal([]);
    expect((await owner.verify(phone)).status, 'the browser that proved a factor before').to.equal(200);
    app.clock.advance(601);
    thief = await signedIn(app, 'ada');
    expect((await thief.verify(phone)).status).to.equal(200);
  });
});
