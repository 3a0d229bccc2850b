// Attack: a session left pending, with the password in it, is found days later on a shared machine.
// Rule: pending lasts fifteen minutes; then nothing can be paid, on any page, and each try is an attempt for the audit.
// Answer: the sign-in has to be begun again; leaving our cookie away, or our sign-out alone, begins nothing.
import type { Request } from 'express';
import { expect } from 'chai';
import type { User } from '../../src/index.js';
import { Browser, code, codeIn } from '../support/agent.js';
import { hostData, testApp } from '../support/app.js';
import { CookieBrowser, statelessApp } from '../support/stateless-app.js';

/** What the log-in put into the session is what the host tells. */
function userTold(req: Request): User | null {
  const { uid, told } = hostData(req) as { uid?: string; told?: object };
  return uid === undefined ? null : { id: uid, ...told };
}

describe('a sign-in that owed its factor for too long', () => {
  it('takes no code any more, on the challenge or the unlock page, and tells of each', async () => {
    const app = await testApp({ lockout: { selfUnlock: true } });
    const { secret } = await (await new Browser(app).signIn('ada')).enrollTotp();
    const late = await new Browser(app).signIn('ada');
    await late.jsonGet('/account').expect(403);
    await late.csrf();
    app.clock.advance(901);
    app.events.length = 0;
    for (const path of ['/mfa/verify/totp', '/mfa/verify/totp/unlock']) {
      const answer = await late.json(path, { code: code(secret, app.clock) });
      expect([answer.status, codeIn(answer), answer.body.hint], path).to.deep.equal([
        400,
        'session.mfa.pending_info_not_found',
        'pending.lapsed',
      ]);
    }
    const outcomes = app.events.filter(({ outcome }) => outcome !== undefined);
    expect(outcomes.map(({ name, reason }) => [name, reason])).to.deep.equal([
      ['verification-refused', 'session.mfa.pending_info_not_found'],
      ['verification-refused', 'session.mfa.pending_info_not_found'],
    ]);
    await late.jsonGet('/account').expect(403);
  });
});

describe('the time that a factor may be owed', () => {
  const late = async (person: Browser, secret: string) => {
    const answer = await person.answer('totp', code(secret, person.app.clock));
    expect([answer.status, codeIn(answer), answer.body.hint]).to.deep.equal([
      400,
      'session.mfa.pending_info_not_found',
      'pending.lapsed',
    ]);
    await person.jsonGet('/account').expect(403);
  };
  /** The sign-out at the foot of our pages, without going on to the host's. */
  const halfOut = async (person: Browser) =>
    expect((await person.form('/mfa/sign-out', {}, { Accept: 'text/html' })).status).to.equal(307);

  for (const express of [5, 4] as const) {
    describe(`on Express ${express}`, () => {
      it('does not begin anew by leaving our cookie away', async () => {
        const app = await statelessApp('cookie', { host: { express } });
        const { secret } = await (await new CookieBrowser(app).enter('ada')).enrollTotp();
        const found = await new CookieBrowser(app).enter('ada', 'left-pending');
        await found.htmlGet('/account').expect(303);
        app.clock.advance(901);
        for (let tries = 0; tries < 2; tries += 1)
          await late(await new CookieBrowser(app).enter('ada', 'left-pending'), secret);
        await (await new CookieBrowser(app).enter('ada', 'begun-anew')).proveTotp(secret);
        await app.close();
      });

      it('does not begin anew for a program that asked for the state alone', async () => {
        const app = await statelessApp('cookie', { host: { express } });
        const { secret } = await (await new CookieBrowser(app).enter('ada')).enrollTotp();
        await (await new CookieBrowser(app).enter('ada', 'left-pending')).jsonGet('/mfa').expect(200);
        app.clock.advance(901);
        await late(await new CookieBrowser(app).enter('ada', 'left-pending'), secret);
        await app.close();
      });

      for (const [what, told] of [
        ['signInId', { signInId: 'left-pending' }],
        ['signedInAt', { signedInAt: 1_800_000_000_000 }],
      ] as const) {
        it(`does not begin anew by our sign-out alone, where the host tells \`${what}\``, async () => {
          const app = await testApp({ user: userTold, host: { express } });
          const { secret } = await (await new Browser(app).signIn('ada')).enrollTotp();
          const found = await new Browser(app).signIn('ada', { told });
          await found.jsonGet('/account').expect(403);
          app.clock.advance(960);
          await halfOut(found);
          await late(found, secret);
          await halfOut(found);
          await late(found, secret);
          await app.close();
        });
      }
    });
  }

  it('begins anew with another sign-in, which the host tells by its time, its id or `signedIn`', async () => {
    const app = await testApp({
      user: userTold,
      host: {
        keepsSession: true,
        between: (host, mfa) =>
          host.post('/begun', (req, res) => void mfa.signedIn(req).then(() => res.sendStatus(204))),
      },
    });
    const { secret } = await (await new Browser(app).signIn('ada')).enrollTotp();
    const person = await new Browser(app).signIn('ada', { told: { signInId: 'one' } });
    await person.htmlGet('/account').expect(303);
    app.clock.advance(901);
    await late(person, secret);
    await person.signIn('ada', { told: { signInId: 'one', signedInAt: app.clock.now() } });
    await person.proveTotp(secret);
    await person.signIn('ada', { told: { signInId: 'two' } });
    app.clock.advance(901);
    await person.proveTotp(secret);

    await person.signIn('ada', { told: { signInId: 'three' } });
    await person.htmlGet('/account').expect(303);
    app.clock.advance(901);
    await late(person, secret);
    await person.agent.post('/begun').expect(204);
    await person.proveTotp(secret);
    await app.close();
  });

  it('is over with a right answer: what is owed later is a debt of its own', async () => {
    const app = await statelessApp('cookie');
    const { secret } = await (await new CookieBrowser(app).enter('ada')).enrollTotp();
    const person = await new CookieBrowser(app).enter('ada', 'for-days');
    await person.htmlGet('/account').expect(303);
    await person.proveTotp(secret);
    app.clock.advance(2 * 86_400);
    await person.htmlGet('/account').expect(303);
    await person.proveTotp(secret);
    await person.jsonGet('/account').expect(200);
    await app.close();
  });

  it('does not run for somebody who was signed in before their first factor was there', async () => {
    const app = await testApp({ user: userTold });
    const signedIn = await new Browser(app).signIn('ada', { told: { signedInAt: app.clock.now() } });
    app.clock.advance(7200);
    await signedIn.jsonGet('/account').expect(200);
    const { secret } = await (await new Browser(app).signIn('ada')).enrollTotp();
    await signedIn.htmlGet('/account').expect(303);
    await signedIn.proveTotp(secret);
    await app.close();
  });
});

describe('the page of a sign-in that owed its factor for too long', () => {
  it('leads to our sign-out, so that a log-in page which sends signed-in people back makes no circle', async () => {
    const app = await testApp();
    await (await new Browser(app).signIn('ada')).enrollTotp();
    const late = await new Browser(app).signIn('ada');
    await late.htmlGet('/account').expect(303);
    app.clock.advance(901);
    const page = await late.htmlGet('/mfa/verify/totp').expect(400);
    expect(page.text).not.to.include('href="/login"');
    expect(page.text).to.match(/action="\/mfa\/sign-out">[^]*Sign in/);
    await late.submit(page, '/mfa/sign-out').expect(307).expect('Location', '/logout');
    await late.post('/logout').expect(303);
    await late.jsonGet('/mfa').expect(401);
  });
});
