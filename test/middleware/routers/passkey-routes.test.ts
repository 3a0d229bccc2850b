// Passkeys over HTTP, by the routes that every factor has: two and more, with names, for their owner only; and what a
// verification costs.
import { expect } from 'chai';
import { memoryStore, totp, webauthn } from '../../../src/index.js';
import { softAuthenticator } from '../../../src/testing/soft-authenticator.js';
import { codeIn } from '../../support/agent.js';
import type { TestApp } from '../../support/app.js';
import { fewBackupCodes } from '../../support/app.js';
import { countingStore } from '../../support/counting-store.js';
import type { PasskeyAppOptions } from '../../support/passkeys.js';
import { origin, passkeyApp, passkeyFactors, pendingWith, signedIn } from '../../support/passkeys.js';

describe('passkeys over HTTP', () => {
  let app: TestApp;
  const open = async (options: PasskeyAppOptions = {}) => (app = await passkeyApp(options));
  afterEach(() => app.close());

  const listed = async (browser: Awaited<ReturnType<typeof signedIn>>) => {
    const { body } = await browser.jsonGet('/mfa').expect(200);
    return body.authenticators as { id: string; name?: string; kind: string; signal: { credentialId: string } }[];
  };

  it('are enrolled and verified as JSON, and count as a second factor at once', async () => {
    await open();
    const phone = softAuthenticator();
    const ada = await signedIn(app, 'ada');
    await ada.enrollFirst(phone, 'Phone');
    expect((await ada.account()).mfa).to.include({ state: 'elevated' });

    const later = await signedIn(app, 'ada');
    await later.jsonGet('/account').expect(403);
    const verified = await later.verify(phone);
    expect(verified.body).to.deep.equal({ next: { step: 'done', url: '/' } });
    expect((await later.account()).mfa).to.deep.include({ state: 'elevated', amr: ['pop', 'mfa'] });
    expect(app.events.filter(({ outcome }) => outcome).map(({ name }) => name)).to.deep.equal([
      'authenticator-enrolled',
      'backup-codes-confirmed',
      'verification-accepted',
    ]);
  });

  it('are enrolled and verified by the forms of the pages, filled by the script', async () => {
    await open();
    const phone = softAuthenticator();
    const headers = { Origin: origin };
    const ada = await signedIn(app, 'ada');
    const page = await ada.htmlGet('/mfa/setup/webauthn').expect(200);
    const [, token = ''] = /name="_csrf" value="([^"]+)"/.exec(page.text) ?? [];
    const begun = await ada.postJson('/mfa/setup/webauthn/begin', {}, { 'X-CSRF-Token': token }).expect(200);
    const made = JSON.stringify(await phone.create(begun.body.options, { origin }));
    await ada
      .post('/mfa/setup/webauthn', { _csrf: token, response: made, name: 'Phone' }, headers)
      .expect(303)
      .expect('Location', '/mfa/backup-codes');
    await ada.saveCodes();

    const later = await signedIn(app, 'ada');
    await later.htmlGet('/account?tab=money').expect(303).expect('Location', '/mfa/verify');
    await later.htmlGet('/mfa/verify').expect(303).expect('Location', '/mfa/verify/webauthn');
    const wrong = await later.form('/mfa/verify/webauthn', { response: 'nonsense' }, headers);
    expect(wrong.status).to.equal(400);
    expect(wrong.text).to.include('The passkey gave no usable answer.').and.include('data-mfa-webauthn="verify"');
    const signed = JSON.stringify(await phone.get(await later.challenge(), { origin }));
    const right = await later.form('/mfa/verify/webauthn', { response: signed }, headers);
    expect(right.headers.location).to.equal('/account?tab=money');
  });

  it('keep the name that was entered when the answer of the device is refused', async () => {
    await open();
    const ada = await signedIn(app, 'ada');
    const fields = { name: 'Work <key>', response: '{}' };
    const refused = await ada.form('/mfa/setup/webauthn', fields, { Origin: origin });
    expect(refused.status).to.equal(400);
    expect(refused.text).to.include('name="name" value="Work &lt;key&gt;"');
  });

  it('are several, each with a name, renamed and removed by their owner only', async () => {
    await open();
    const ada = await signedIn(app, 'ada');
    const [phone, key] = [softAuthenticator(), softAuthenticator({ transports: ['usb'] })];
    await ada.enrollFirst(phone, 'Phone');
    expect((await ada.enroll(key, { name: 'Key' })).body.next).to.deep.equal({ step: 'done', url: '/mfa' });
    expect((await listed(ada)).map(({ name }) => name)).to.deep.equal(['Phone', 'Key']);

    const eve = await signedIn(app, 'eve');
    await eve.enrollFirst(softAuthenticator());
    const { id } = (await listed(ada))[0]!;
    for (const what of ['rename', 'remove']) {
      const tried = await eve.json(`/mfa/authenticators/${id}/${what}`, { name: 'Mine' });
      expect([tried.status, codeIn(tried)]).to.deep.equal([404, 'session.verification_session_not_found']);
    }
    expect((await ada.json(`/mfa/authenticators/${id}/rename`, { name: 'Old phone' })).status).to.equal(200);
    expect((await listed(ada)).map(({ name }) => name)).to.deep.equal(['Old phone', 'Key']);
    expect((await ada.json(`/mfa/authenticators/${id}/remove`)).status).to.equal(200);
    expect((await listed(ada)).map(({ name }) => name)).to.deep.equal(['Key']);

    const later = await signedIn(app, 'ada');
    const options = (await later.challenge()) as { allowCredentials: { id: string }[] };
    expect(options.allowCredentials.map((each) => each.id)).to.deep.equal([key.credentials[0]!.id]);
    expect((await later.verify(key)).status).to.equal(200);
  });

  it('are at most as many as the option says', async () => {
    await open({ factors: [webauthn({ maxAuthenticators: 2 }), fewBackupCodes()] });
    const ada = await signedIn(app, 'ada');
    await ada.enrollFirst(softAuthenticator());
    await ada.enroll(softAuthenticator());
    const third = await ada.enroll(softAuthenticator());
    expect([third.status, codeIn(third)]).to.deep.equal([409, 'user.too_many_authenticators']);
    expect(await listed(ada)).to.have.length(2);
  });

  it('are followed by backup codes once, after the first', async () => {
    await open();
    const ada = await signedIn(app, 'ada');
    const first = await ada.enroll(softAuthenticator());
    expect(first.body.next).to.deep.equal({ step: 'save-backup-codes', url: '/mfa/backup-codes' });
    expect(codeIn(await ada.jsonGet('/account').expect(403))).to.equal('session.mfa.backup_code_required');
    await ada.saveCodes();
    expect((await ada.enroll(softAuthenticator())).body.next.step).to.equal('done');
  });

  it('are neither added nor seen while the second step is owed', async () => {
    await open();
    const phone = softAuthenticator();
    const thief = await pendingWith(app, 'ada', phone);
    for (const path of ['/mfa/setup/webauthn/begin', '/mfa/setup/webauthn']) {
      const tried = await thief.json(path, { response: 'x' });
      expect([path, tried.status]).to.deep.equal([path, path.endsWith('begin') ? 403 : 400]);
    }
    const answer = await softAuthenticator().create(
      { challenge: 'AAAA', rp: { id: 'acme.example' }, user: { id: 'AAAA' }, pubKeyCredParams: [{ alg: -7 }] },
      { origin },
    );
    const tried = await thief.json('/mfa/setup/webauthn', { response: answer });
    expect([tried.status, codeIn(tried)]).to.deep.equal([403, 'session.mfa.require_mfa_verification']);
    expect(await listed(thief)).to.equal(undefined);
  });

  it('are added after a fresh proof only', async () => {
    await open();
    const phone = softAuthenticator();
    const ada = await pendingWith(app, 'ada', phone);
    await ada.verify(phone);
    app.clock.advance(601);
    const stale = await ada.enroll(softAuthenticator());
    expect([stale.status, codeIn(stale)]).to.deep.equal([401, 'session.mfa.step_up_required']);
    await ada.verify(phone);
    expect((await ada.enroll(softAuthenticator())).status).to.equal(200);
  });

  it('are no way for a person without one, and say so', async () => {
    await open({ factors: [webauthn(), totp(), fewBackupCodes()] });
    await (await signedIn(app, 'bob')).enrollTotp();
    const begun = await (await signedIn(app, 'bob')).json('/mfa/verify/webauthn/begin');
    expect([begun.status, codeIn(begun)]).to.deep.equal([400, 'session.mfa.webauthn_verification_not_found']);
  });

  it('cost two trips to the store at verification, of three commands', async () => {
    const counted = countingStore(memoryStore());
    await open({ factors: passkeyFactors(), store: counted.store });
    const phone = softAuthenticator();
    const ada = await pendingWith(app, 'ada', phone);
    const response = await phone.get(await ada.challenge(), { origin });
    const token = await ada.csrf();
    counted.reset();
    await ada.postJson('/mfa/verify/webauthn', { response }, { 'X-CSRF-Token': token }).expect(200);
    expect(counted.log).to.deep.equal([['load', 'take'], ['save']]);
  });

  it('are told to the account page for its signals, under a value that says nothing of the person', async () => {
    await open();
    const phone = softAuthenticator();
    const ada = await signedIn(app, 'ada');
    await ada.enrollFirst(phone);
    const { text } = await ada.htmlGet('/mfa').expect(200);
    expect(text).to.include('data-mfa-passkey-name="ada@example.com"');
    const [, account = ''] = /<ul[^>]* data-mfa-passkeys="([^"]*)"/.exec(text) ?? [];
    expect(account).to.match(/^[\w-]{16,}$/);
    const { id, userHandle } = phone.credentials[0]!;
    expect(text)
      .to.include(`data-credential-id="${id}"`)
      .and.include('data-rp-id="acme.example"')
      .and.include(`data-user-handle="${userHandle}"`)
      .and.match(/<script type="module" src="\/mfa\/assets\/passkey-signals-[0-9a-f]{12}\.js">/);
    const other = await (await signedIn(app, 'eve')).htmlGet('/mfa').expect(200);
    expect(other.text)
      .to.match(/data-mfa-passkeys="/)
      .and.not.include(account);
  });
});
