// How an address becomes a factor: at sign-up, when set-up begins, or by a code; and what follows it. By the forms of
// the pages, as a browser without scripts sends them.
import { expect } from 'chai';
import type { Response } from 'supertest';
import { formsOf, type Browser } from '../support/agent.js';
import { codesApp, known, masks, signIn, signUp } from '../support/codes.js';
import { addresses, kinds, otherAddresses } from '../support/addresses.js';

const titleOf = ({ text }: Response) => /<h1[^>]*>([^<]*)</.exec(text)?.[1]?.replaceAll('\u2060', '');
const actionsOf = ({ text }: Response) => formsOf(text).map(({ action }) => action);

/** From the page of the pending set of backup codes to the page after it. */
async function saveCodes(person: Browser): Promise<Response> {
  const shown = await person.htmlGet('/mfa/backup-codes').expect(200);
  return person.submit(shown, '/confirm', { saved: 'yes' }).expect(303);
}

for (const kind of kinds) {
  describe(`an address for codes by ${kind}`, () => {
    it('that was verified at sign-up is bound without a code, counts as proved, and another way is suggested', async () => {
      const app = await codesApp({ people: { ada: known(kind) } });
      const person = await signUp(app, 'ada');
      const { body } = await person.jsonGet('/mfa').expect(200);
      expect(body).to.deep.include({
        state: 'elevated',
        next: { step: 'save-backup-codes', url: '/mfa/backup-codes' },
      });
      expect(body.authenticators[0]).to.deep.include({ kind, masked: masks[kind] });
      expect(app.codes()).to.have.length(0);

      await person.htmlGet('/account').expect(303).expect('Location', '/mfa/backup-codes');
      // What is owed is not skipped by skipping a suggestion.
      await person.form('/mfa/setup/skip').then(({ status }) => expect(status).to.equal(422));
      await person.htmlGet('/account').expect(303).expect('Location', '/mfa/backup-codes');
      await saveCodes(person).then(({ headers }) => expect(headers.location).to.equal('/account'));

      const suggestion = await person.htmlGet('/mfa/setup').expect(200);
      expect(titleOf(suggestion)).to.equal('Add another method');
      expect(suggestion.text).to.include('Two-\u2060step verification is on for your account');
      await person.submit(suggestion, '/setup/skip').expect(303);
      await person.htmlGet('/account').expect(200);

      const later = await signIn(app, 'ada');
      await later.htmlGet('/account').expect(303).expect('Location', '/mfa/verify');
      await later.htmlGet(`/mfa/verify/${kind}`).expect(200);
      const page = await later.htmlGet(`/mfa/verify/${kind}`).expect(200);
      await later
        .submit(page, `/verify/${kind}`, { code: app.lastCode(kind) })
        .expect(303)
        .expect('Location', '/account');
      await later.htmlGet('/account').expect(200);
      expect((await later.jsonGet('/mfa')).body.next.step, 'the skip is remembered').to.equal('done');
    });

    it('that was verified at sign-up is followed by nothing where there is no other way', async () => {
      const app = await codesApp({ people: { ada: known(kind) }, factors: (made) => [made[kind]] });
      const person = await signUp(app, 'ada');
      await person.htmlGet('/account').expect(200);
      expect((await person.jsonGet('/mfa')).body.next.step).to.equal('done');
    });

    it('that was not verified at sign-up is bound by a code only', async () => {
      const app = await codesApp({ people: { ada: known(kind, addresses[kind], false) } });
      const person = await signUp(app, 'ada');
      expect((await person.jsonGet('/mfa')).body).to.deep.include({ state: 'none', authenticators: [] });
      const page = await person.htmlGet(`/mfa/setup/${kind}`).expect(200);
      expect(page.text, 'filled in').to.include(`value="${addresses[kind]}"`);
      await person
        .submit(page, '/begin', { address: addresses[kind] })
        .expect(303)
        .expect('Location', `/mfa/setup/${kind}`);
      expect(app.codes()).to.have.length(1);
      expect(app.codes()[0]).to.include({ usage: 'BindMFA', to: addresses[kind] });
      const typed = await person.htmlGet(`/mfa/setup/${kind}`).expect(200);
      expect(typed.text).to.include(addresses[kind]);
      await person
        .submit(typed, `/setup/${kind}`, { code: app.lastCode(kind) })
        .expect(303)
        .expect('Location', '/mfa/backup-codes');
      await saveCodes(person);
      expect((await person.jsonGet('/mfa')).body.state).to.equal('elevated');
    });

    it('is bound by nothing at sign-up where autoBind is off, nor when set-up begins', async () => {
      const app = await codesApp({ people: { ada: known(kind) }, autoBind: false });
      const person = await signUp(app, 'ada');
      expect((await person.jsonGet('/mfa')).body.authenticators).to.deep.equal([]);
      const begun = await person.json(`/mfa/setup/${kind}/begin`, { address: addresses[kind] });
      expect(begun.body).to.include({ masked: masks[kind] });
      expect(app.codes()).to.have.length(1);
    });

    it('that the host verified before is bound when set-up begins, and its code is asked for at once', async () => {
      const app = await codesApp({ people: { ada: known(kind) } });
      const person = await signIn(app, 'ada');
      expect((await person.jsonGet('/mfa')).body.authenticators, 'never silently at a sign-in').to.deep.equal([]);
      await person.htmlGet('/account').expect(303).expect('Location', '/mfa/setup');
      const page = await person.htmlGet(`/mfa/setup/${kind}`).expect(200);
      const bound = await person.submit(page, '/begin', { address: addresses[kind] }).expect(303);
      expect(bound.headers.location).to.equal('/mfa/verify');
      expect((await person.jsonGet('/mfa')).body).to.include({ state: 'pending' });
      await person.htmlGet('/account').expect(303).expect('Location', '/mfa/verify');
      const challenge = await person.htmlGet(`/mfa/verify/${kind}`).expect(200);
      expect(app.codes()).to.have.length(1);
      expect(app.codes()[0]).to.include({ usage: 'MfaVerification', to: addresses[kind] });
      await person
        .submit(challenge, `/verify/${kind}`, { code: app.lastCode(kind) })
        .expect(303)
        .expect('Location', '/mfa/backup-codes');
      await saveCodes(person).then(({ headers }) => expect(headers.location).to.equal('/mfa/setup/done'));
      expect((await person.htmlGet('/mfa/setup/done').expect(200)).text).to.include('href="/account"');
      expect(titleOf(await person.htmlGet('/mfa/setup'))).to.equal('Add another method');
    });

    it('that somebody types instead of the verified one is bound by a code', async () => {
      const app = await codesApp({ people: { ada: known(kind) }, confirmFirstEnrollment: 'open' });
      const person = await signIn(app, 'ada');
      const begun = await person.json(`/mfa/setup/${kind}/begin`, { address: otherAddresses[kind] });
      expect(begun.status).to.equal(200);
      expect(app.codes().map(({ to }) => to)).to.deep.equal([otherAddresses[kind]]);
      expect((await person.jsonGet('/mfa')).body.authenticators).to.deep.equal([]);
      await person
        .json(`/mfa/setup/${kind}`, { code: app.lastCode(kind) })
        .then(({ status }) => expect(status).to.equal(200));
      expect((await person.jsonGet('/mfa')).body).to.deep.include({ state: 'elevated' });
    });

    it('that is malformed is answered on the page, beside its field, and costs nothing', async () => {
      const app = await codesApp();
      const person = await signIn(app, 'ada');
      const page = await person.htmlGet(`/mfa/setup/${kind}`).expect(200);
      const wrong = await person.submit(page, '/begin', { address: 'nobody' }).expect(400);
      expect(wrong.text).to.include('id="address-error"').and.include('aria-invalid');
      const answer = await person.json(`/mfa/setup/${kind}/begin`, { address: 'nobody' });
      expect(answer.body).to.include({ code: 'request.invalid', field: 'address' });
      expect(app.codes()).to.have.length(0);
    });

    it('replaces the one before only when it is confirmed', async () => {
      const app = await codesApp({ people: { ada: known(kind) } });
      const person = await signUp(app, 'ada');
      await person.saveCodes();
      await person.json(`/mfa/setup/${kind}/begin`, { address: otherAddresses[kind] });
      expect((await person.jsonGet('/mfa')).body.authenticators[0].masked).to.equal(masks[kind]);
      await person.json(`/mfa/setup/${kind}`, { code: app.lastCode(kind) });
      const { authenticators } = (await person.jsonGet('/mfa')).body;
      expect(authenticators).to.have.length(1);
      expect(authenticators[0].masked).to.not.equal(masks[kind]);
    });
  });
}

describe('where set-up begins', () => {
  it('is the page of the only factor, and a list where there are several', async () => {
    const one = await codesApp({ policy: 'mandatory', factors: ({ email, backupCodes }) => [email, backupCodes] });
    const person = await signIn(one, 'ada');
    await person.htmlGet('/account').expect(303).expect('Location', '/mfa/setup');
    await person.htmlGet('/mfa/setup').expect(303).expect('Location', '/mfa/setup/email');

    const two = await codesApp({ policy: 'mandatory' });
    const other = await signIn(two, 'ada');
    const list = await other.htmlGet('/mfa/setup').expect(200);
    expect(titleOf(list)).to.equal('Set up two-step verification');
    expect(list.text).to.include('href="/mfa/setup/email"').and.include('href="/mfa/setup/sms"');
    expect(actionsOf(list), 'mandatory').to.not.include('/mfa/setup/skip');
  });

  it('binds both addresses that were verified at sign-up, and suggests no third way', async () => {
    const app = await codesApp({ people: { ada: { ...known('email'), ...known('sms') } } });
    const person = await signUp(app, 'ada');
    await person.saveCodes();
    const { body } = await person.jsonGet('/mfa');
    expect(body.authenticators.map(({ kind }: { kind: string }) => kind)).to.deep.equal(['email', 'sms']);
    expect(body).to.deep.include({ state: 'elevated' });
    expect(body.next.step).to.equal('done');
  });

  for (const policy of ['no-prompt', 'prompt-only-at-sign-in'] as const) {
    it(`binds nothing at sign-up under the policy ${policy}`, async () => {
      const app = await codesApp({ people: { ada: known('email') }, policy });
      const person = await signUp(app, 'ada');
      expect((await person.jsonGet('/mfa')).body).to.deep.include({ state: 'none', authenticators: [] });
      await person.htmlGet('/account').expect(200);
    });
  }
});
