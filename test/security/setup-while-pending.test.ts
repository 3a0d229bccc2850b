// Attack: a thief with the password enrols a phone of their own, sees the secret of the owner's, or confirms what another
// session began.
// Rule: a protected person adds, sees, changes nothing before being elevated and fresh; a confirmed secret is shown to
// nobody; a ceremony belongs to one user and one session.
// Answer: 403 or 401 before anything is begun; what is foreign is not there.
import { expect } from 'chai';
import { Browser, code, codeIn } from '../support/agent.js';
import { testApp, type TestApp } from '../support/app.js';

describe('set-up', () => {
  let app: TestApp;
  let owner: Browser;
  let secret: string;

  beforeEach(async () => {
    app = await testApp();
    owner = await new Browser(app).signIn('ada');
    ({ secret } = await owner.enrollTotp());
  });

  it('is closed to a pending person', async () => {
    const thief = await new Browser(app).signIn('ada');
    for (const answer of [
      await thief.jsonGet('/mfa/setup/totp'),
      await thief.json('/mfa/setup/totp/begin'),
      await thief.json('/mfa/setup/totp', { code: '123456' }),
    ]) {
      expect({ status: answer.status, code: codeIn(answer) }).to.deep.equal({
        status: 403,
        code: 'session.mfa.require_mfa_verification',
      });
    }
  });

  it('is closed to a proof that is not fresh', async () => {
    app.clock.advance(601);
    for (const answer of [await owner.jsonGet('/mfa/setup/totp'), await owner.json('/mfa/setup/totp/begin')])
      expect({ status: answer.status, code: codeIn(answer) }).to.deep.equal({
        status: 401,
        code: 'session.mfa.step_up_required',
      });
    await owner.htmlGet('/mfa/setup/totp').expect(303).expect('Location', '/mfa/verify');
  });

  it('that was begun while fresh is not confirmed when that is over', async () => {
    const next = (await owner.jsonGet('/mfa/setup/totp').expect(200)).body.secret as string;
    app.clock.advance(601);
    const late = await owner.json('/mfa/setup/totp', { code: code(next, app.clock) });
    expect(codeIn(late)).to.equal('session.mfa.step_up_required');
  });

  it('that was begun before the account became protected elsewhere is void', async () => {
    const thief = await new Browser(app).signIn('bob');
    const begun = (await thief.jsonGet('/mfa/setup/totp').expect(200)).body.secret as string;
    await (await new Browser(app).signIn('bob')).enrollTotp();
    const late = await thief.json('/mfa/setup/totp', { code: code(begun, app.clock) });
    expect(late.status).to.be.oneOf([403, 409]);
    expect((await app.mfa.status('bob'))!.authenticators).to.have.length(1);
  });

  it('of one session is unknown to another, of the same person', async () => {
    const one = await new Browser(app).signIn('bob');
    const other = await new Browser(app).signIn('bob');
    const begun = (await one.jsonGet('/mfa/setup/totp')).body.secret as string;
    const foreign = await other.json('/mfa/setup/totp', { code: code(begun, app.clock) });
    expect(codeIn(foreign)).to.equal('session.mfa.pending_info_not_found');
    expect((await other.jsonGet('/mfa/setup/totp')).body.secret).to.not.equal(begun);
  });

  it('ends with the sign-in: whoever signs in next in the same browser starts at zero', async () => {
    const keeps = await testApp({ host: { keepsSession: true } });
    const person = await new Browser(keeps).signIn('bob');
    const begun = (await person.jsonGet('/mfa/setup/totp')).body.secret as string;
    await person.signIn('eve');
    expect((await person.jsonGet('/mfa/setup/totp')).body.secret).to.not.equal(begun);
    expect((await person.json('/mfa/setup/totp', { code: code(begun, keeps.clock) })).status).to.equal(422);
  });

  it('never shows a confirmed secret again, on any route, to anybody', async () => {
    const groups = secret.match(/.{4}/g)!.join(' ');
    const [{ id }] = (await owner.jsonGet('/mfa')).body.authenticators;
    const paths = ['', '/setup', '/setup/totp', '/verify', '/verify/choose', '/verify/totp', '/recover'];
    for (const who of [owner, await new Browser(app).signIn('ada')]) {
      for (const path of paths) {
        for (const answer of [await who.htmlGet(`/mfa${path}`), await who.jsonGet(`/mfa${path}`)])
          expect(answer.text, path).not.to.include(secret).and.not.to.include(groups);
      }
      for (const path of [`authenticators/${id}/rename`, 'setup/totp', 'verify/totp', 'preferences']) {
        const { text } = await who.json(`/mfa/${path}`, { code: '1', name: '' });
        expect(text, path).not.to.include(secret);
      }
    }
    expect(JSON.stringify(await app.mfa.status('ada'))).not.to.include(secret);
  });

  it('keeps the old factor until the new one is confirmed', async () => {
    const next = (await owner.jsonGet('/mfa/setup/totp').expect(200)).body.secret as string;
    const again = await new Browser(app).signIn('ada');
    app.clock.advance(30);
    expect((await again.answer('totp', code(next, app.clock))).status).to.equal(422);
    expect((await again.answer('totp', code(secret, app.clock))).status).to.equal(200);
  });
});
