// A person and their passkeys: made after sign-up, used instead of a password, a second one for the day that the first
// is lost, and that day.
import { expect } from 'chai';
import { softAuthenticator } from '../../src/testing/soft-authenticator.js';
import { origin, passkeyApp, PasskeyBrowser, said, signedIn } from '../support/passkeys.js';

describe('somebody with passkeys', () => {
  it('loses one, and never their account', async () => {
    const app = await passkeyApp({ policy: 'prompt-at-sign-in-and-sign-up' });
    const [phone, key] = [softAuthenticator(), softAuthenticator({ counter: 'growing', backupEligible: false })];

    const desk = await signedIn(app, 'ada');
    await desk.htmlGet('/account').expect(303).expect('Location', '/mfa/setup');
    await desk.enrollFirst(phone, 'Phone');
    const added = await desk.enroll(key, { name: 'Key' });
    expect(added.body.next).to.deep.equal({ step: 'done', url: '/mfa' });
    await desk.postJson('/logout').expect(303);

    const morning = new PasskeyBrowser(app);
    expect((await morning.enter(phone)).body.next).to.deep.equal({ step: 'done', url: '/' });
    expect((await morning.account()).mfa).to.deep.include({ state: 'elevated', amr: ['pop', 'mfa'] });

    // The phone is stolen, unlocked, by somebody who knows the password: the passkey asks for its owner.
    const thief = await signedIn(app, 'ada');
    expect(said(await thief.verify(phone, { userVerified: false })).hint).to.equal('webauthn.user_not_verified');
    expect((await thief.enter(phone, { userVerified: false })).status).to.equal(422);
    await thief.jsonGet('/account').expect(403);

    const evening = await signedIn(app, 'ada');
    await evening.htmlGet('/account?tab=safety').expect(303);
    const verified = await evening.verify(key);
    expect(verified.body.next).to.deep.equal({ step: 'done', url: '/account?tab=safety' });
    const { body } = await evening.jsonGet('/mfa').expect(200);
    const lost = (body.authenticators as { id: string; name: string }[]).find(({ name }) => name === 'Phone');
    const page = await evening.htmlGet('/mfa').expect(200);
    const sure = await evening.submit(page, `/authenticators/${lost!.id}/remove`).set('Origin', origin);
    expect(sure.status, sure.text).to.equal(200);
    await evening
      .submit(sure, `/authenticators/${lost!.id}/remove`)
      .set('Origin', origin)
      .expect(303)
      .expect('Location', '/mfa');

    // The other session of that day is asked again, and the stolen phone opens nothing.
    await morning.jsonGet('/account').expect(403);
    expect((await new PasskeyBrowser(app).enter(phone)).status).to.equal(422);
    expect((await new PasskeyBrowser(app).enter(key)).status).to.equal(200);
    expect(app.notices.map(({ what, name }) => [what, name])).to.deep.include(['factor-removed', 'Phone']);
    await app.close();
  });
});
