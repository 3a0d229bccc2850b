// The guard beyond its table: allow-list, order of mounting, token requests, failing look-ups, step-up of other methods,
// headers of what it answers itself.
import { expect } from 'chai';
import { requireMfa, totp, webauthn, type RequireMfaOptions, type User } from '../../../src/index.js';
import { Browser, codeIn } from '../../support/agent.js';
import { hostData, testApp, userOfSession } from '../../support/app.js';

describe('the guard', () => {
  it('lets a pending person reach what the host allows, by exact path and method', async () => {
    const app = await testApp({
      policy: 'mandatory',
      allow: ['/account/help', { method: 'get', path: '/account/terms' }],
    });
    const person = await new Browser(app).signIn('ada');
    await person.jsonGet('/account/help?topic=mfa').expect(200);
    await person.post('/account/help').expect(200);
    await person.jsonGet('/account/terms').expect(200);
    for (const path of [
      '/account/terms/',
      '/account/help/more',
      '/account/HELP',
      '/account/help%2F..',
      '//account/help',
    ])
      await person.jsonGet(path).expect(403);
    await person.post('/account/terms').expect(403);
  });

  it('lets a pending person sign out by the method of the sign-out only', async () => {
    const signOut = { method: 'POST', path: '/account/leave' } as const;
    const app = await testApp({ policy: 'mandatory', signOut });
    const person = await new Browser(app).signIn('ada');
    await person.post('/account/leave').expect(200);
    await person.jsonGet('/account/leave').expect(403);
  });

  it('passes a visitor on at once, and waits only for the session that owes a factor', async () => {
    const atOnce: boolean[] = [];
    let isNobody = false;
    const app = await testApp({
      policy: 'mandatory',
      user: (req) => (isNobody ? null : userOfSession(req)),
      host: {
        between(host, mfa) {
          const guard = requireMfa(mfa, { anonymous: 'pass' });
          host.get('/account', (req, res, next) => {
            let passed = false;
            guard(req, res, (error?: unknown) => {
              passed = true;
              next(error);
            });
            atOnce.push(passed);
          });
        },
      },
    });
    await new Browser(app).jsonGet('/account').expect(200);
    const person = await new Browser(app).signIn('ada');
    await person.jsonGet('/account').expect(403);
    isNobody = true;
    await person.jsonGet('/account');
    expect(atOnce).to.deep.equal([true, false, false]);
    await app.close();
  });

  it('answers 500 where the host cannot say who is signed in', async () => {
    const broken = { user: () => Promise.reject(new Error('the database of the host is away')) };
    const app = await testApp(broken);
    for (const path of ['/account', '/mfa', '/mfa/verify']) {
      const answer = await new Browser(app).jsonGet(path).expect(500);
      expect(codeIn(answer)).to.equal('host.user_failed');
      expect(answer.headers).not.to.have.property('retry-after');
      expect(answer.text).not.to.include('database');
      expect((await new Browser(app).htmlGet(path).expect(500)).text).not.to.include('database');
    }
  });

  it('sets the headers of our pages on whatever it answers itself', async () => {
    const app = await testApp({ policy: 'mandatory', user: (req) => failingUser(hostData(req)) });
    const person = await new Browser(app).signIn('ada');
    const answers = [
      await person.htmlGet('/account'),
      await person.jsonGet('/account'),
      await person.post('/account'),
      await (await new Browser(app).signIn('fails')).htmlGet('/account').expect(500),
    ];
    for (const { headers } of answers) {
      expect(headers['cache-control']).to.equal('no-store');
      expect(headers['content-security-policy']).to.include("default-src 'none'");
    }
  });

  it('hands a request other than GET that owes a step-up to the host where the host says so', async () => {
    const app = await testApp({
      host: {
        routes: (host, mfa) =>
          host.all(
            '/transfer',
            requireMfa(mfa, {
              maxAgeSeconds: 60,
              onStepUp: (_req, res) => void res.status(409).json({ draft: 'kept' }),
            }),
            (_req, res) => void res.json({}),
          ),
      },
    });
    const person = await new Browser(app).signIn('ada');
    await person.enrollTotp();
    app.clock.advance(61);
    expect((await person.post('/transfer').expect(409)).body).to.deep.equal({ draft: 'kept' });
    await person.htmlGet('/transfer').expect(303);
  });

  it('never hands over a request of somebody who has nothing to step up with', async () => {
    let asked = 0;
    const onStepUp: RequireMfaOptions['onStepUp'] = (_req, res) => {
      asked += 1;
      res.json({ draft: 'kept' });
    };
    const app = await testApp({
      host: {
        routes: (host, mfa) =>
          host.post('/transfer', requireMfa(mfa, { maxAgeSeconds: 60, onStepUp }), (_req, res) => void res.json({})),
      },
    });
    const person = await new Browser(app).signIn('ada');
    const answer = await person.postJson('/transfer').expect(403);
    expect({ code: codeIn(answer), asked }).to.deep.equal({ code: 'user.missing_mfa', asked: 0 });
  });

  it('asks for a factor of a kind that counts, and says which', async () => {
    const app = await testApp({
      factors: [totp(), webauthn()],
      host: {
        routes: (host, mfa) =>
          host.get('/vault', requireMfa(mfa, { factors: ['webauthn'] }), (_req, res) => void res.json({})),
      },
    });
    const person = await new Browser(app).signIn('ada');
    await person.enrollTotp();
    const answer = await person.jsonGet('/vault');
    expect({ status: answer.status, code: codeIn(answer), url: answer.body.url }).to.deep.equal({
      status: 403,
      code: 'user.missing_mfa',
      url: '/mfa/setup',
    });
  });

  it('takes no kind that the app does not offer, and says which one may be meant', async () => {
    const { mfa } = await testApp({ factors: [totp(), webauthn()] });
    expect(() => requireMfa(mfa, { factors: ['webautn'] })).to.throw('Did you mean "webauthn"?');
  });

  it('demands an enrolment of whoever has nothing to step up with, under every policy', async () => {
    const app = await testApp({
      policy: 'no-prompt',
      host: {
        routes: (host, mfa) =>
          host.all('/transfer', requireMfa(mfa, { maxAgeSeconds: 60 }), (_req, res) => void res.json({})),
      },
    });
    const person = await new Browser(app).signIn('ada');
    expect(codeIn(await person.jsonGet('/transfer').expect(403))).to.equal('user.missing_mfa');
    await person.post('/transfer').expect(403);
    await person.htmlGet('/transfer').expect(303).expect('Location', '/mfa/setup');
    await person.enrollTotp();
    await person.htmlGet('/transfer').expect(200);
  });

  it('leads programs of other methods to our routes, never to a server error', async () => {
    const app = await testApp({ policy: 'mandatory' });
    const person = await new Browser(app).signIn('ada');
    for (const path of ['/mfa/verify', '/mfa/nothing', '/mfa/verify/']) {
      const { status } = await person.post(path, { a: '1' });
      expect(status, path).to.be.within(400, 499);
    }
    const put = await person.agent.put('/mfa/verify').send({ code: '1' });
    expect(put.status).to.be.within(400, 499);
  });
});

/** The host's look-up breaks down for one person. */
function failingUser({ uid }: { uid?: unknown }): User | null {
  if (uid === 'fails') throw new Error('away');
  return uid === undefined ? null : { id: uid as string };
}
