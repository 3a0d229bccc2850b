// Passkey enrolment: what the browser is asked to make, what is kept of it, and what is refused.
import { expect } from 'chai';
import type { CreateCeremony } from '../../../src/testing/soft-authenticator.js';
import { softAuthenticator } from '../../../src/testing/soft-authenticator.js';
import { webauthn } from '../../../src/factors/webauthn/webauthn.js';
import { memoryStore } from '../../../src/stores/memory-store.js';
import { createPerson, creationOptions, origin, requestOptions } from '../../support/webauthn-person.js';

const failed = 'session.mfa.webauthn_verification_failed';
const yubiKey = '2fc0579f-8113-47ea-b116-bb5a8db9202a';

describe('enrolment of a passkey', () => {
  it('asks for no attestation, for the pinned algorithms, and for a verified person', async () => {
    const options = creationOptions(await createPerson().begin());
    expect(options).to.deep.include({
      rp: { id: 'example.org', name: 'Acme' },
      pubKeyCredParams: [-8, -7, -257].map((alg) => ({ alg, type: 'public-key' })),
      timeout: 300_000,
      attestation: 'none',
      authenticatorSelection: { residentKey: 'preferred', requireResidentKey: false, userVerification: 'required' },
      excludeCredentials: [],
      hints: [],
    });
    expect(Buffer.from(options.challenge, 'base64url')).to.have.length(32);
  });

  it('names the person to the browser, but has 32 random bytes for their handle', async () => {
    const { user } = creationOptions(await createPerson().begin());
    expect(user).to.include({ name: 'ada@example.org', displayName: 'ada@example.org' });
    expect(Buffer.from(user.id, 'base64url')).to.have.length(32);
    expect(creationOptions(await createPerson().begin()).user.id).not.to.equal(user.id);
  });

  it('keeps one handle for all passkeys of a person, and excludes those they have', async () => {
    const person = createPerson();
    await person.enroll(softAuthenticator());
    const { user, excludeCredentials } = creationOptions(await person.begin());
    expect(user.id).to.equal(person.passkey().userHandle);
    expect(excludeCredentials!.map(({ id }) => id)).to.deep.equal([person.passkey().credentialId]);
  });

  it('takes the options of the app', async () => {
    const factor = webauthn({
      rpId: 'example.org',
      rpName: 'The Acme',
      residentKey: 'required',
      userVerification: 'preferred',
      algorithms: [-7],
      timeoutSeconds: 120,
      hints: ['security-key', 'hybrid'],
      maxAuthenticators: 3,
    });
    const options = creationOptions(await createPerson({ factor, origins: ['https://app.example.org'] }).begin());
    expect(options).to.deep.include({
      rp: { id: 'example.org', name: 'The Acme' },
      pubKeyCredParams: [{ alg: -7, type: 'public-key' }],
      timeout: 120_000,
      hints: ['security-key', 'hybrid'],
    });
    expect(options['authenticatorSelection']).to.deep.equal({
      residentKey: 'required',
      requireResidentKey: true,
      userVerification: 'preferred',
      authenticatorAttachment: 'cross-platform',
    });
    expect(factor.enrollment).to.include({ limit: 3, ttlSeconds: 120, ceremony: 'once' });
  });

  it('keeps what later answers are held against, and no more', async () => {
    const authenticator = softAuthenticator({ aaguid: yubiKey, backupEligible: false, transports: ['usb'] });
    const person = createPerson();
    await person.enroll(authenticator, { counter: 4 });
    const { publicKey, ...rest } = person.passkey();
    const [made] = authenticator.credentials;
    expect(Buffer.from(publicKey, 'base64url')).to.deep.equal(Buffer.from(made!.keys.cosePublicKey));
    expect(rest).to.deep.equal({
      credentialId: made!.id,
      counter: 4,
      transports: ['usb'],
      aaguid: yubiKey,
      backupEligible: false,
      backedUp: false,
      rpId: 'example.org',
      userHandle: made!.userHandle,
      uvInitialized: true,
    });
  });

  it('names a passkey after its well-known provider, and shows of it what a person can use', async () => {
    const person = createPerson();
    await person.enroll(softAuthenticator({ aaguid: yubiKey, transports: ['usb'] }));
    await person.enroll(softAuthenticator());
    const { factor, context, own } = person;
    expect(own.map(({ name }) => name)).to.deep.equal(['YubiKey 5 NFC', undefined]);
    const { credentialId, userHandle } = person.passkey();
    expect(factor.describe!(context, own[0]!)).to.deep.equal({
      name: 'YubiKey 5 NFC',
      provider: 'YubiKey 5 NFC',
      synced: true,
      syncable: true,
      transports: ['usb'],
      perhapsCloned: false,
      signal: { rpId: 'example.org', credentialId, userHandle },
    });
    expect(JSON.stringify(factor.describe!(context, own[1]!))).not.to.include(person.passkey(1).publicKey);
  });

  const lies: [lie: string, ceremony: Partial<CreateCeremony>, hint: string][] = [
    ['made on another origin', { origin: 'https://evil.example' }, 'wrong_site'],
    ['for another relying party', { rpId: 'evil.example' }, 'wrong_site'],
    ['made in the frame of somebody who is not named', { crossOrigin: true }, 'embedded'],
    ['made in a frame of another site', { crossOrigin: true, topOrigin: 'https://evil.example' }, 'embedded'],
    ['with a top origin and yet not in a frame', { topOrigin: origin }, 'embedded'],
    ['to another challenge', { challenge: Buffer.alloc(32).toString('base64url') }, 'wrong_challenge'],
    ['of the other ceremony', { type: 'webauthn.get' }, 'wrong_ceremony'],
    ['without the person', { userPresent: false }, 'user_not_present'],
    ['of an unverified person', { userVerified: false }, 'user_not_verified'],
    ['synced and not syncable at once', { backupEligible: false, backupState: true }, 'impossible_backup_state'],
    ['with a credential id of 1024 bytes', { credentialIdBytes: 1024 }, 'credential_id_too_long'],
  ];
  for (const [lie, ceremony, hint] of lies) {
    it(`refuses a passkey ${lie}`, async () => {
      const person = createPerson();
      expect(await person.enroll(softAuthenticator(), ceremony)).to.include({ is: failed, hint: `webauthn.${hint}` });
      expect(person.own).to.deep.equal([]);
    });
  }

  it('takes a credential id of 1023 bytes', async () => {
    const authenticator = softAuthenticator();
    const person = createPerson();
    expect(await person.enroll(authenticator, { credentialIdBytes: 1023 })).to.include({ is: 'right' });
    expect(await person.verify(authenticator)).to.include({ is: 'right' });
  });

  it('refuses a key of an algorithm that this ceremony did not offer', async () => {
    const person = createPerson({ factor: webauthn({ algorithms: [-7] }) });
    const refused = await person.enroll(softAuthenticator(), { algorithm: -257 });
    expect(refused).to.include({ is: failed, hint: 'webauthn.unsupported_algorithm' });
  });

  it('refuses an answer whose id is not that of the signed bytes', async () => {
    const person = createPerson();
    const begun = await person.begin();
    const response = await softAuthenticator().create(creationOptions(begun), { origin });
    const other = Buffer.alloc(32, 5).toString('base64url');
    const refused = await person.confirm({ ...response, id: other, rawId: other }, begun);
    expect(refused).to.include({ is: failed, hint: 'webauthn.unreadable' });
  });

  it('refuses the answer to a verification challenge', async () => {
    const authenticator = softAuthenticator();
    const person = createPerson();
    await person.enroll(authenticator);
    const begun = await person.issue();
    const { challenge } = requestOptions(begun);
    const asked = { ...creationOptions(await person.begin()), challenge };
    const response = await softAuthenticator().create(asked, { origin });
    expect(await person.confirm(response, begun)).to.include({ is: failed, hint: 'webauthn.wrong_ceremony' });
  });

  it('refuses a passkey that the person has already', async () => {
    const authenticator = softAuthenticator();
    const person = createPerson();
    await person.enroll(authenticator);
    const again = await person.enroll(softAuthenticator(), { credentialId: authenticator.credentials[0]!.id });
    expect(again).to.deep.equal({ is: 'user.passkey_already_registered' });
    expect(person.own).to.have.length(1);
  });

  it('refuses a credential id that somebody else has enrolled, even after they removed it', async () => {
    const store = memoryStore();
    const [ada, eve] = [createPerson({ store }), createPerson({ store, userId: 'eve' })];
    const hers = softAuthenticator();
    await ada.enroll(hers);
    const { id: credentialId } = hers.credentials[0]!;
    expect(await eve.enroll(softAuthenticator(), { credentialId })).to.deep.equal({
      is: 'user.passkey_already_registered',
    });
    ada.own.pop();
    expect((await eve.enroll(softAuthenticator(), { credentialId })).is).to.equal('user.passkey_already_registered');
    expect((await ada.enroll(hers, { credentialId })).is).to.equal('right');
  });

  it('takes both of two first enrolments that made a handle each', async () => {
    const [phone, key] = [softAuthenticator(), softAuthenticator()];
    const person = createPerson();
    const [first, second] = [await person.begin(), await person.begin()];
    await person.confirm(await phone.create(creationOptions(first), { origin }), first);
    await person.confirm(await key.create(creationOptions(second), { origin }), second);
    expect(person.passkey(0).userHandle).not.to.equal(person.passkey(1).userHandle);
    for (const authenticator of [phone, key]) expect(await person.verify(authenticator)).to.include({ is: 'right' });
    for (const { data } of person.own) {
      const { userHandle } = data as { userHandle: string };
      expect(await person.store.claim(`webauthn:user-handle:${userHandle}`)).to.equal('ada');
    }
  });
});
