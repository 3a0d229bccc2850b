// One person at two desks, or with a thief at the other: a change of factors in one browser is felt in the other, in this
// process at once, in another within `recordMaxAgeSeconds`.
import { expect } from 'chai';
import { totp } from '../../src/index.js';
import { Browser, code, codeIn } from '../support/agent.js';
import { fewBackupCodes, testApp, type TestApp } from '../support/app.js';
import { openRedisStore } from '../support/redis.js';

describe('two browsers of one person', () => {
  let app: TestApp;
  let here: Browser;
  let there: Browser;
  let secret: string;

  beforeEach(async () => {
    app = await testApp();
    here = await new Browser(app).signIn('ada');
    ({ secret } = await here.enrollTotp());
    there = await new Browser(app).signIn('ada');
    await there.proveTotp(secret);
    await there.jsonGet('/account').expect(200);
  });

  it('a new app set up here asks again there, for the new one', async () => {
    const { secret: next } = await here.enrollTotp();
    await here.jsonGet('/account').expect(200);
    expect(codeIn(await there.jsonGet('/account').expect(403))).to.equal('session.mfa.require_mfa_verification');
    await there.proveTotp(next);
    await there.jsonGet('/account').expect(200);
  });

  it('is asked again long after the sign-in too, on a page that takes the answer', async () => {
    app.clock.advance(3600);
    await here.proveTotp(secret);
    const { secret: next } = await here.enrollTotp();
    await there.htmlGet('/account').expect(303).expect('Location', '/mfa/verify');
    const page = await there.htmlGet('/mfa/verify/totp').expect(200);
    app.clock.advance(30);

    await there
      .submit(page, '/verify/totp', { code: code(next, app.clock) })
      .expect(303)
      .expect('Location', '/account');
  });

  it('the last factor removed here frees the other there', async () => {
    const [{ id }] = (await here.jsonGet('/mfa')).body.authenticators;
    expect((await here.json(`/mfa/authenticators/${id}/remove`)).status).to.equal(200);
    const { body } = await there.jsonGet('/account').expect(200);
    expect(body.mfa.state).to.equal('none');
  });

  it('what was begun there before is void', async () => {
    const { secret: begunThere } = (await there.jsonGet('/mfa/setup/totp').expect(200)).body;
    const { secret: next } = await here.enrollTotp();
    await there.proveTotp(next);

    const late = await there.json('/mfa/setup/totp', { code: code(begunThere as string, app.clock) });
    expect({ status: late.status, code: codeIn(late) }).to.deep.equal({
      status: 409,
      code: 'user.totp_already_in_use',
    });
  });

  it('an admin reset ends both, and demands nothing of an unprotected person', async () => {
    await app.mfa.reset('ada', { by: 'root', reason: 'lost everything' });
    for (const browser of [here, there]) {
      const { body } = await browser.jsonGet('/account').expect(200);
      expect(body.mfa).to.deep.include({ state: 'none', proofs: [] });
    }
    expect(app.events.find(({ name }) => name === 'reset')).to.deep.include({
      actor: 'admin',
      by: 'root',
      userId: 'ada',
    });
    expect(app.notices.map(({ what }) => what)).to.include('reset');
    await here.enrollTotp();
    await there.jsonGet('/account').expect(403);
  });
});

describe('two browsers at two servers', () => {
  it('feel a change of the other within `recordMaxAgeSeconds`', async () => {
    const { store, close } = await openRedisStore({ warn: () => undefined });
    const one = await testApp({ store, factors: [totp(), fewBackupCodes()] });
    const two = await testApp({ store, factors: [totp(), fewBackupCodes()], clock: one.clock });
    const here = await new Browser(one).signIn('ada');
    const { secret } = await here.enrollTotp();
    const there = await new Browser(two).signIn('ada');
    await there.proveTotp(secret);
    await here.enrollTotp();
    one.clock.advance(29);
    await there.jsonGet('/account').expect(200);
    one.clock.advance(1);
    await there.jsonGet('/account').expect(403);
    await close();
  });

  it('feel it at once where nothing is remembered', async () => {
    const { store, close } = await openRedisStore({ warn: () => undefined });
    const one = await testApp({ store, recordMaxAgeSeconds: 0 });
    const two = await testApp({ store, recordMaxAgeSeconds: 0, clock: one.clock });
    const here = await new Browser(one).signIn('ada');
    const { secret } = await here.enrollTotp();
    const there = await new Browser(two).signIn('ada');
    await there.proveTotp(secret);
    await here.enrollTotp();
    await there.jsonGet('/account').expect(403);
    await close();
  });
});
