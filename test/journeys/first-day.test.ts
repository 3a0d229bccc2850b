// The first day: sign up, set up, save the codes, sign out, sign in, a slip of the finger, and the page asked for. By
// the forms of the pages, as a browser without scripts sends them.
import { expect } from 'chai';
import { Browser, code, codeIn, formsOf, wrongCode } from '../support/agent.js';
import { fewBackupCodes, testApp } from '../support/app.js';
import { totp } from '../../src/index.js';

describe('the first day of somebody with an authenticator app', () => {
  it('goes from sign-up to the page first asked for', async () => {
    const app = await testApp({ factors: [totp(), fewBackupCodes()] });
    const { clock } = app;
    const person = await new Browser(app).signIn('ada');

    const interrupted = await person.htmlGet('/account?tab=money').expect(303);
    expect(interrupted.headers.location).to.equal('/mfa/setup');
    const suggestion = await person.htmlGet('/mfa/setup').expect(200);
    expect(formsOf(suggestion.text).map(({ action }) => action)).to.include('/mfa/setup/skip');

    const page = await person.htmlGet('/mfa/setup/totp').expect(200);
    const secret = /<code class="mfa-secret" id="key" dir="ltr">([^<]*)</.exec(page.text)![1]!.replaceAll(' ', '');
    const confirmed = await person.submit(page, '/setup/totp', { code: code(secret, clock) }).expect(303);
    expect(confirmed.headers.location).to.equal('/mfa/backup-codes');
    await person.htmlGet('/account').expect(303).expect('Location', '/mfa/backup-codes');

    const shown = await person.htmlGet('/mfa/backup-codes').expect(200);
    const codes = [...shown.text.matchAll(/<li><span>([^<]*)<\/span>/g)].map(([, each]) => each);
    expect(codes).to.have.length(5);
    const untouched = await person.submit(shown, '/confirm').expect(400);
    expect(untouched.text).to.include(codes[0]!);
    const saved = await person.submit(shown, '/confirm', { saved: 'yes' }).expect(303);
    expect(saved.headers.location).to.equal('/mfa/setup/done');
    const done = await person.htmlGet('/mfa/setup/done').expect(200);
    expect(done.text).to.include('verification is on</h1>').and.include('href="/account?tab=money"');
    // Once more is the same page, for whoever comes back by the history; the account page says it no more.
    await person.htmlGet('/mfa/setup/done').expect(200);
    await person.htmlGet('/account?tab=money').expect(200);

    expect((await person.htmlGet('/mfa').expect(200)).text).not.to.include('role="status"');
    await person.htmlGet('/mfa/setup/done').expect(303).expect('Location', '/mfa');
    const signOut = await person.submit(await person.htmlGet('/mfa').expect(200), '/sign-out').expect(307);
    expect(signOut.headers.location).to.equal('/logout');
    await person.post('/logout').expect(303);

    await person.signIn('ada');
    await person.htmlGet('/account/invoices?year=2026&page=2').expect(303).expect('Location', '/mfa/verify');
    await person.htmlGet('/mfa/verify').expect(303).expect('Location', '/mfa/verify/totp');
    const challenge = await person.htmlGet('/mfa/verify/totp').expect(200);
    const wrong = await person.submit(challenge, '/verify/totp', { code: wrongCode(secret, clock) }).expect(422);
    expect(wrong.text).to.include('<title>Error: ').and.include('aria-invalid');
    clock.advance(30);
    const right = await person.submit(wrong, '/verify/totp', { code: code(secret, clock) }).expect(303);
    expect(right.headers.location).to.equal('/account/invoices?year=2026&page=2');
    const { body } = await person.htmlGet('/account/invoices?year=2026&page=2').expect(200);
    expect(body.mfa.state).to.equal('elevated');
    expect(body.mfa.amr).to.deep.equal(['otp', 'mfa']);
  });

  it('ends where the second factor is owed for a quarter of an hour, with the way out and in again', async () => {
    const app = await testApp();
    const { secret } = await (await new Browser(app).signIn('ada')).enrollTotp();
    const person = await new Browser(app).signIn('ada');
    await person.htmlGet('/account/invoices').expect(303);
    const challenge = await person.htmlGet('/mfa/verify/totp').expect(200);
    app.clock.advance(901);
    const late = await person.submit(challenge, '/verify/totp', { code: code(secret, app.clock) }).expect(400);
    expect(late.text).to.match(
      /<form method="post" action="\/mfa\/sign-out">[^<]*<input[^>]*>[^<]*<button class="mfa-button">Sign in</,
    );
    const lapsed = await person.htmlGet('/mfa/verify/totp').expect(400);
    expect(codeIn(await person.json('/mfa/verify/totp', { code: code(secret, app.clock) }))).to.equal(
      'session.mfa.pending_info_not_found',
    );
    await person.submit(lapsed, '/sign-out').expect(307);
    await person.post('/logout').expect(303);
    await person.signIn('ada');
    const answer = await person.form('/mfa/verify/totp', { code: code(secret, app.clock) });
    expect({ status: answer.status, to: answer.headers.location }).to.deep.equal({ status: 303, to: '/' });
  });
});
