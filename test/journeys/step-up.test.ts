// A transfer asks for a fresh proof: a page resumes after it, a form says "verify, then submit again", a program is told
// by RFC 9470.
import { expect } from 'chai';
import { requireMfa, totp } from '../../src/index.js';
import { Browser, code, codeIn, wrongCode } from '../support/agent.js';
import { fewBackupCodes, testApp, type TestApp } from '../support/app.js';

describe('somebody at a page that wants a fresh proof', () => {
  let app: TestApp;
  let person: Browser;
  let secret: string;
  let codes: string[];
  let transfers: number;

  beforeEach(async () => {
    transfers = 0;
    app = await testApp({
      factors: [totp(), fewBackupCodes()],
      host: {
        routes: (host, mfa) => {
          const guard = requireMfa(mfa, { maxAgeSeconds: 300 });
          host.get('/transfer', guard, (req, res) => void res.json({ form: req.url }));
          host.post('/transfer', guard, (_req, res) => void res.json({ done: (transfers += 1) }));
          host.get(
            '/vault',
            requireMfa(mfa, { maxAgeSeconds: 300, factors: ['totp'] }),
            (_q, res) => void res.json({}),
          );
        },
      },
    });
    person = await new Browser(app).signIn('ada');
    ({ secret, codes } = await person.enrollTotp());
    app.clock.advance(301);
  });

  it('proves again and comes back, query included', async () => {
    await person.htmlGet('/transfer?to=bob&amount=5').expect(303).expect('Location', '/mfa/verify');
    await person.htmlGet('/mfa/verify').expect(303).expect('Location', '/mfa/verify/totp');
    const page = await person.htmlGet('/mfa/verify/totp').expect(200);
    const answer = await person.submit(page, '/verify/totp', { code: code(secret, app.clock) }).expect(303);
    expect(answer.headers.location).to.equal('/transfer?to=bob&amount=5');
    await person.htmlGet('/transfer?to=bob&amount=5').expect(200);
    await person.htmlGet('/mfa/verify').expect(303).expect('Location', '/mfa');
  });

  it('loses nothing silently when a form was sent', async () => {
    const stopped = await person.post('/transfer', { amount: '5' }).expect(401);
    expect(stopped.text).to.include('href="/mfa/verify"');
    expect(transfers).to.equal(0);
    await person.proveTotp(secret);
    await person.post('/transfer', { amount: '5' }).expect(200);
    expect(transfers).to.equal(1);
  });

  it('is told what was stopped and why, and, verified, to go back to the form', async () => {
    const headers = { Referer: `${app.url}/transfer?to=bob` };
    const stopped = await person.post('/transfer', { amount: '5' }, headers).expect(401);
    expect(stopped.text).to.include('you last verified too long ago').and.include('/transfer</bdi>');
    expect(stopped.text).to.include('go back and submit it again').and.include('href="/transfer?to=bob"');
    const page = await person.htmlGet('/mfa/verify/totp').expect(200);
    app.clock.advance(30);
    await person
      .submit(page, '/verify/totp', { code: code(secret, app.clock) })
      .expect(303)
      .expect('Location', '/mfa/repeat');
    const back = await person.htmlGet('/mfa/repeat').expect(200);
    expect(back.text).to.include('Go back and submit it again').and.include('href="/transfer?to=bob"');
    expect(transfers).to.equal(0);
  });

  it('stays elevated for everything else meanwhile', async () => {
    await person.jsonGet('/transfer').expect(401);
    await person.jsonGet('/account').expect(200);
    await person.htmlGet('/mfa').expect(200);
  });

  it('is told by the standard when it is a program', async () => {
    const answer = await person.jsonGet('/transfer').expect(401);
    expect(answer.headers['www-authenticate']).to.equal(
      'Bearer error="insufficient_user_authentication", ' +
        'error_description="A fresh second factor is required", max_age=300',
    );
    expect(answer.body).to.deep.include({
      code: 'session.mfa.step_up_required',
      availableFactors: ['totp', 'backup-codes'],
      stepUp: { why: 'expired', maxAgeSeconds: 300 },
    });
    expect((await person.proveTotp(secret)).body.next.step).to.equal('done');
    await person.jsonGet('/transfer').expect(200);
  });

  it('is offered only the factors that count', async () => {
    expect((await person.jsonGet('/vault').expect(401)).body.availableFactors).to.deep.equal(['totp']);
    await person.htmlGet('/vault').expect(303);
    const page = await person.htmlGet('/mfa/verify/totp').expect(200);
    expect(page.text).not.to.include('/mfa/verify/choose');
    const other = await person.answer('backup-codes', codes[0]);
    expect(other.body.next).to.deep.equal({ step: 'step-up', url: '/mfa/verify' });
    expect((await person.jsonGet('/vault').expect(401)).body.stepUp.why).to.equal('expired');
    await person.proveTotp(secret);
    await person.jsonGet('/vault').expect(200);
  });

  it('may fail as often as the budget allows, and stays elevated', async () => {
    await person.jsonGet('/transfer').expect(401);

    const statuses = [];
    for (let tries = 0; tries < 6; tries += 1)
      statuses.push((await person.answer('totp', wrongCode(secret, app.clock))).status);
    expect(statuses).to.deep.equal([422, 422, 422, 422, 422, 429]);
    await person.jsonGet('/account').expect(200);
  });

  it('comes back to the account page after managing asked for it', async () => {
    app.clock.advance(600);
    const { body } = await person.jsonGet('/mfa');
    const stopped = await person.form(`/mfa/authenticators/${body.authenticators[0].id}/remove`, { confirmed: 'yes' });
    expect({ status: stopped.status, page: stopped.text.includes('/mfa/verify') }).to.deep.equal({
      status: 401,
      page: true,
    });
    const page = await person.htmlGet('/mfa/verify/totp').expect(200);
    await person
      .submit(page, '/verify/totp', { code: code(secret, app.clock) })
      .expect(303)
      .expect('Location', '/mfa');
  });

  it('with the sign-in step turned off proves for the step-up, whenever it comes', async () => {
    await person.proveTotp(secret);
    await person.json('/mfa/preferences', { signInStep: 'off' });
    const again = await new Browser(app).signIn('ada');
    await again.htmlGet('/account').expect(200);
    await again.csrf();
    app.clock.advance(3600);
    expect(codeIn(await again.jsonGet('/transfer').expect(401))).to.equal('session.mfa.step_up_required');
    await again.proveTotp(secret);
    await again.jsonGet('/transfer').expect(200);
  });
});
