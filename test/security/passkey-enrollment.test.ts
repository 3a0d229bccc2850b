// Attack: enrolling what is not the attacker's own passkey of this site: somebody's credential id, a key that was not
// asked for, an answer made elsewhere.
// Rule: WebAuthn L3 §7.1, every step; a credential id belongs to one person for all time, whoever comes first.
// Answer: one reason with a hint of what is wrong, and no authenticator in the record.
import { expect } from 'chai';
import type { Response } from 'supertest';
import type { CreateCeremony } from '../../src/testing/soft-authenticator.js';
import { softAuthenticator } from '../../src/testing/soft-authenticator.js';
import type { TestApp } from '../support/app.js';
import { webauthn } from '../../src/index.js';
import { fewBackupCodes } from '../support/app.js';
import type { PasskeyBrowser } from '../support/passkeys.js';
import { failed, lapsed, origin, passkeyApp, said, signedIn } from '../support/passkeys.js';

describe('an enrolment of a passkey', () => {
  let app: TestApp;
  let eve: PasskeyBrowser;

  beforeEach(async () => {
    app = await passkeyApp();
    eve = await signedIn(app, 'eve');
  });
  afterEach(() => app.close());

  async function expectRefused(answer: Response, status: number, code: string, hint?: string): Promise<void> {
    expect([answer.status, said(answer)]).to.deep.equal([status, hint === undefined ? { code } : { code, hint }]);
    const { body } = await eve.jsonGet('/mfa').expect(200);
    expect(body.authenticators).to.deep.equal([]);
  }

  const lies: [what: string, lie: Partial<CreateCeremony>, hint: string][] = [
    ['made for a foreign origin', { origin: 'https://evil.example' }, 'webauthn.wrong_site'],
    ['made for another relying party', { rpId: 'evil.example' }, 'webauthn.wrong_site'],
    ['made in a frame of who knows whom', { crossOrigin: true }, 'webauthn.embedded'],
    ['by nobody who was verified', { userVerified: false }, 'webauthn.user_not_verified'],
    ['of the other ceremony', { type: 'webauthn.get' }, 'webauthn.wrong_ceremony'],
    ['to another challenge', { challenge: Buffer.alloc(32).toString('base64url') }, 'webauthn.wrong_challenge'],
    ['with a credential id of 1024 bytes', { credentialIdBytes: 1024 }, 'webauthn.credential_id_too_long'],
    ['that is synced and cannot be', { backupEligible: false, backupState: true }, 'webauthn.impossible_backup_state'],
  ];
  for (const [what, lie, hint] of lies) {
    it(`refuses an answer ${what}`, async () => {
      await expectRefused(await eve.enroll(softAuthenticator(), lie), 422, failed, hint);
    });
  }

  it('takes a credential id of 1023 bytes', async () => {
    expect((await eve.enroll(softAuthenticator(), { credentialIdBytes: 1023 })).status).to.equal(200);
  });

  it('refuses a key of an algorithm that was not offered', async () => {
    await app.close();
    app = await passkeyApp({ factors: [webauthn({ algorithms: [-7] }), fewBackupCodes()] });
    eve = await signedIn(app, 'eve');
    for (const algorithm of [-8, -257]) {
      const answer = await eve.enroll(softAuthenticator(), { algorithm });
      await expectRefused(answer, 422, failed, 'webauthn.unsupported_algorithm');
    }
  });

  it('refuses the credential id of somebody else, even after they removed it', async () => {
    const ada = await signedIn(app, 'ada');
    const phone = softAuthenticator();
    await ada.enrollFirst(phone);
    await ada.enroll(softAuthenticator());
    const credentialId = phone.credentials[0]!.id;
    const taken = 'user.passkey_already_registered';
    await expectRefused(await eve.enroll(softAuthenticator(), { credentialId }), 409, taken);
    const { body } = await ada.jsonGet('/mfa');
    expect((await ada.json(`/mfa/authenticators/${body.authenticators[0].id}/remove`)).status).to.equal(200);
    await expectRefused(await eve.enroll(softAuthenticator(), { credentialId }), 409, taken);
  });

  it('refuses a passkey that the same person has already', async () => {
    const key = softAuthenticator();
    await eve.enrollFirst(key);
    const credentialId = key.credentials[0]!.id;
    const again = await eve.enroll(softAuthenticator(), { credentialId });
    expect([again.status, said(again).code]).to.deep.equal([409, 'user.passkey_already_registered']);
  });

  it('is used up by its first answer, right or wrong', async () => {
    const begun = await eve.json('/mfa/setup/webauthn/begin');
    const key = softAuthenticator();
    const wrong = await key.create(begun.body.options, { origin: 'https://evil.example' });
    const right = await key.create(begun.body.options, { origin });
    await expectRefused(await eve.json('/mfa/setup/webauthn', { response: wrong }), 422, failed, 'webauthn.wrong_site');
    await expectRefused(await eve.json('/mfa/setup/webauthn', { response: right }), 400, lapsed);
  });

  it('begun in one session is not confirmed in another, nor by another person', async () => {
    const begun = await eve.json('/mfa/setup/webauthn/begin');
    const response = await softAuthenticator().create(begun.body.options, { origin });
    for (const other of [await signedIn(app, 'eve'), await signedIn(app, 'ada')]) {
      const answer = await other.json('/mfa/setup/webauthn', { response });
      expect([answer.status, said(answer)]).to.deep.equal([400, { code: lapsed }]);
    }
    expect((await eve.json('/mfa/setup/webauthn', { response })).status).to.equal(200);
  });
});
