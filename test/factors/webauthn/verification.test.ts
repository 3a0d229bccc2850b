// Passkey verification: what is asked, what is accepted, and every lie that one answer can tell.
import { expect } from 'chai';
import { webauthn } from '../../../src/factors/webauthn/webauthn.js';
import type { GetCeremony } from '../../../src/testing/soft-authenticator.js';
import { softAuthenticator } from '../../../src/testing/soft-authenticator.js';
import { createPerson, creationOptions, origin, requestOptions } from '../../support/webauthn-person.js';

const failed = 'session.mfa.webauthn_verification_failed';

describe('verification with a passkey', () => {
  it("asks for the person's own passkeys, with transports, and for the person to be verified", async () => {
    const person = createPerson();
    await person.enroll(softAuthenticator({ transports: ['usb', 'nfc'] }));
    await person.enroll(softAuthenticator());
    const options = requestOptions(await person.issue());
    expect(options).to.include({ rpId: 'example.org', userVerification: 'required', timeout: 300_000 });
    expect(Buffer.from(options.challenge, 'base64url')).to.have.length(32);
    expect(options.allowCredentials).to.have.deep.members([
      { id: person.passkey(0).credentialId, type: 'public-key', transports: ['usb', 'nfc'] },
      { id: person.passkey(1).credentialId, type: 'public-key', transports: ['internal', 'hybrid'] },
    ]);
  });

  it('asks a new question each time', async () => {
    const person = createPerson();
    await person.enroll(softAuthenticator());
    const challenges = [await person.issue(), await person.issue()].map((begun) => requestOptions(begun).challenge);
    expect(new Set(challenges)).to.have.length(2);
  });

  for (const [name, algorithm] of [
    ['EdDSA', -8],
    ['ES256', -7],
    ['RS256', -257],
  ] as const) {
    it(`accepts the signature of an ${name} key made in an earlier ceremony`, async () => {
      const authenticator = softAuthenticator({ algorithms: [algorithm] });
      const person = createPerson();
      expect(await person.enroll(authenticator)).to.deep.equal({ is: 'right', userVerified: true });
      expect(await person.verify(authenticator)).to.deep.equal({ is: 'right', userVerified: true });
      expect(await person.verify(authenticator)).to.deep.equal({ is: 'right', userVerified: true });
    });
  }

  it('accepts either of two passkeys, and an answer without a user handle', async () => {
    const [phone, key] = [softAuthenticator(), softAuthenticator()];
    const person = createPerson();
    await person.enroll(phone);
    await person.enroll(key);
    expect(await person.verify(key)).to.include({ is: 'right' });
    expect(await person.verify(phone, { userHandle: null })).to.include({ is: 'right' });
  });

  it('refuses a person without a passkey in those words', async () => {
    const person = createPerson();
    const error = await person.issue().catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: 'session.mfa.webauthn_verification_not_found', status: 400 });
    expect(person.factor.absent).to.equal('session.mfa.webauthn_verification_not_found');
  });

  const lies: [lie: string, ceremony: Partial<GetCeremony>, hint: string][] = [
    ['made on another origin', { origin: 'https://example.net' }, 'wrong_site'],
    ['made on a subdomain', { origin: 'https://app.example.org' }, 'wrong_site'],
    ['made on another port', { origin: 'https://example.org:8443' }, 'wrong_site'],
    ['made without TLS', { origin: 'http://example.org' }, 'wrong_site'],
    ['for another relying party', { rpId: 'example.net' }, 'wrong_site'],
    ['made in the frame of somebody who is not named', { crossOrigin: true }, 'embedded'],
    ['made in a frame of another site', { crossOrigin: true, topOrigin: 'https://evil.example' }, 'embedded'],
    ['with a top origin and yet not in a frame', { topOrigin: origin }, 'embedded'],
    ['to another challenge', { challenge: Buffer.alloc(32, 7).toString('base64url') }, 'wrong_challenge'],
    ['to an empty challenge', { challenge: '' }, 'wrong_challenge'],
    ['of the other ceremony', { type: 'webauthn.create' }, 'wrong_ceremony'],
    ['without the person', { userPresent: false }, 'user_not_present'],
    ['of an unverified person', { userVerified: false }, 'user_not_verified'],
    ['synced and not syncable at once', { backupEligible: false, backupState: true }, 'impossible_backup_state'],
    [
      'from a passkey that ceased to be syncable',
      { backupEligible: false, backupState: false },
      'backup_eligibility_changed',
    ],
    [
      "with another person's user handle",
      { userHandle: Buffer.alloc(32, 1).toString('base64url') },
      'wrong_user_handle',
    ],
    ['whose signature is of something else', { breakSignature: true }, 'invalid_signature'],
  ];
  for (const [lie, ceremony, hint] of lies) {
    it(`refuses an answer ${lie}, and writes nothing`, async () => {
      const authenticator = softAuthenticator();
      const person = createPerson();
      await person.enroll(authenticator);
      const before = structuredClone(person.own);
      expect(await person.verify(authenticator, ceremony)).to.include({ is: failed, hint: `webauthn.${hint}` });
      expect(person.own).to.deep.equal(before);
    });
  }

  it('says which origin it expected, and not which it received', async () => {
    const authenticator = softAuthenticator();
    const person = createPerson({ origins: [origin, 'https://www.example.org'] });
    await person.enroll(authenticator);
    const refused = await person.verify(authenticator, { origin: 'https://evil.example' });
    expect(refused).to.include({ expected: 'https://example.org, https://www.example.org' });
    expect(JSON.stringify(refused)).not.to.include('evil');
  });

  it("refuses another person's passkey, even with a good signature", async () => {
    const [ada, eve] = [createPerson(), createPerson({ userId: 'eve' })];
    const [hers, his] = [softAuthenticator(), softAuthenticator()];
    await ada.enroll(hers);
    await eve.enroll(his);
    const refused = await ada.verify(his, { credentialId: his.credentials[0]!.id });
    expect(refused).to.include({ is: failed, hint: 'webauthn.unknown_passkey' });
  });

  it('refuses the answer to an enrolment challenge, and to a challenge that was begun anew', async () => {
    const authenticator = softAuthenticator();
    const person = createPerson();
    await person.enroll(authenticator);
    const enrollment = await person.begin();
    const { challenge } = creationOptions(enrollment);
    const response = await authenticator.get({ challenge, rpId: 'example.org' }, { origin });
    expect(await person.answer(response, enrollment)).to.include({ is: failed, hint: 'webauthn.wrong_ceremony' });

    const first = await person.issue();
    const late = await authenticator.get(requestOptions(first), { origin });
    const refused = await person.answer(late, await person.issue());
    expect(refused).to.include({ is: failed, hint: 'webauthn.wrong_challenge' });
  });

  it('refuses a passkey that was removed while the person answered', async () => {
    const [removed, kept] = [softAuthenticator(), softAuthenticator()];
    const person = createPerson();
    await person.enroll(removed);
    await person.enroll(kept);
    const { factor, context, own } = person;
    const begun = await person.issue();
    const response = await removed.get(requestOptions(begun), { origin });
    const answer = factor.parse({ response: JSON.stringify(response) });
    const evidence = await factor.weigh(context, own, answer as never, begun);
    expect(factor.judge(context, own, evidence).is).to.equal('right');
    expect(factor.judge(context, own.slice(1), evidence)).to.deep.include({
      is: 'wrong',
      details: { hint: 'webauthn.unknown_passkey' },
    });
  });

  it('lets a page of an allowed top origin embed it, and no other', async () => {
    const factor = webauthn({ allowedTopOrigins: ['https://portal.example'] });
    const authenticator = softAuthenticator();
    const person = createPerson({ factor });
    const framed = { crossOrigin: true, topOrigin: 'https://portal.example' };
    expect(await person.enroll(authenticator, framed)).to.include({ is: 'right' });
    expect(await person.verify(authenticator, framed)).to.include({ is: 'right' });
    const elsewhere = await person.verify(authenticator, { ...framed, topOrigin: 'https://evil.example' });
    expect(elsewhere).to.include({ hint: 'webauthn.embedded' });
    expect(await person.verify(authenticator, { crossOrigin: true })).to.include({ hint: 'webauthn.embedded' });
  });

  it('counts nobody as verified whose passkey was made without that', async () => {
    const authenticator = softAuthenticator();
    const person = createPerson({ factor: webauthn({ userVerification: 'preferred' }) });
    expect(await person.enroll(authenticator, { userVerified: false })).to.include({
      is: 'right',
      userVerified: false,
    });
    expect(await person.verify(authenticator, { userVerified: false })).to.include({
      is: 'right',
      userVerified: false,
    });
    expect(await person.verify(authenticator, { userVerified: true })).to.include({ is: 'right', userVerified: false });
  });
});

describe('a passkey and the relying party id', () => {
  it('outlives a change of the option: it is asked for under its own', async () => {
    const authenticator = softAuthenticator();
    const before = createPerson({ factor: webauthn({ rpId: 'example.org' }), origins: ['https://login.example.org'] });
    const at = { origin: 'https://login.example.org' };
    await before.enroll(authenticator, at);
    const after = createPerson({ factor: webauthn(), origins: ['https://login.example.org'] });
    after.own.push(...before.own);
    expect(requestOptions(await after.issue()).rpId).to.equal('example.org');
    expect(await after.verify(authenticator, at)).to.include({ is: 'right' });

    await after.enroll(softAuthenticator(), at);
    const options = requestOptions(await after.issue());
    expect(options.rpId).to.equal('login.example.org');
    expect(options.allowCredentials).to.have.length(1);
    const old = await after.verify(authenticator, { ...at, credentialId: authenticator.credentials[0]!.id });
    expect(old).to.include({ hint: 'webauthn.unknown_passkey' });
  });
});
