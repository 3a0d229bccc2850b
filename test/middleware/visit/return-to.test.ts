// Where a person wanted to go: kept by the guard with its query, used once, gone with the
// pending state.
import { expect } from 'chai';
import { requireMfa } from '../../../src/index.js';
import { Browser, code } from '../../support/agent.js';
import { testApp, type TestApp } from '../../support/app.js';

describe('the page first asked for', () => {
  let app: TestApp;
  let secret: string;
  let person: Browser;

  beforeEach(async () => {
    app = await testApp({
      host: {
        routes: (host, mfa) => {
          host.all('/transfer', requireMfa(mfa, { maxAgeSeconds: 60 }), (_req, res) => void res.send('transfer'));
        },
      },
    });
    ({ secret } = await (await new Browser(app).signIn('ada')).enrollTotp());
    person = await new Browser(app).signIn('ada');
  });

  /** Answers by the form and tells where that leads. */
  async function verify(): Promise<string> {
    app.clock.advance(30);
    const answer = await person.form('/mfa/verify/totp', { code: code(secret, app.clock) });
    expect(answer.status, answer.text).to.equal(303);
    return answer.headers.location!;
  }

  it('is led to after the answer, query included', async () => {
    await person.htmlGet('/account?q=a%20b&next=/x').expect(303);
    expect(await verify()).to.equal('/account?q=a%20b&next=/x');
  });

  it('is led to once', async () => {
    await person.htmlGet('/account/one').expect(303);
    expect(await verify()).to.equal('/account/one');
    expect(await verify()).to.equal('/');
  });

  it('is the first of several, not the last', async () => {
    await person.htmlGet('/account/first').expect(303);
    await person.htmlGet('/account/second').expect(303);
    expect(await verify()).to.equal('/account/first');
  });

  it('is not the log-in form, which a log-in may redirect back to', async () => {
    await person.htmlGet('/login?error=none').expect(303).expect('Location', '/mfa/verify');
    expect(await verify()).to.equal('/');
    person = await new Browser(app).signIn('ada');
    await person.htmlGet('/login').expect(303);
    await person.htmlGet('/account/one').expect(303);
    expect(await verify()).to.equal('/account/one');
    const bob = await new Browser(app).signIn('bob');
    await bob.htmlGet('/login').expect(303).expect('Location', '/mfa/setup');
    const skipped = await bob.form('/mfa/setup/skip');
    expect(skipped.headers.location).to.equal('/');
  });

  it('is a page, not a picture, a script, a form or JSON', async () => {
    await person.htmlGet('/account/pixel', { 'Sec-Fetch-Dest': 'image' }).expect(303);
    await person.htmlGet('/account/frame', { 'Sec-Fetch-Dest': 'iframe' }).expect(303);
    await person.jsonGet('/account/data').expect(403);
    await person.htmlGet('/account/part', { 'HX-Request': 'true' }).expect(403);
    await person.post('/account/form').expect(403);
    expect(await verify()).to.equal('/');
  });

  it('is told to programs as `next.url`', async () => {
    await person.htmlGet('/account/one').expect(303);
    const { body } = await person.proveTotp(secret);
    expect(body).to.deep.equal({ next: { step: 'done', url: '/account/one' } });
  });

  it('of a step-up is that of the step-up', async () => {
    await person.htmlGet('/account/one').expect(303);
    await verify();
    app.clock.advance(61);
    await person.htmlGet('/transfer?to=bob').expect(303).expect('Location', '/mfa/verify');
    expect(await verify()).to.equal('/transfer?to=bob');
  });

  describe('of a form that a step-up stopped', () => {
    beforeEach(async () => {
      await person.proveTotp(secret);
      app.clock.advance(61);
      await person.htmlGet('/transfer?to=carol').expect(303);
    });

    /** By a page that says that nothing was sent. */
    async function expectLeadsBackTo(url: string): Promise<void> {
      expect(await verify()).to.equal('/mfa/repeat');
      const { text } = await person.htmlGet('/mfa/repeat').expect(200);
      expect(text).to.include(`href="${url}"`).and.not.include('carol');
    }

    it('is the one where the form stood, not one that was asked for earlier', async () => {
      await person.post('/transfer', {}, { Referer: `${app.url}/account/new-transfer?to=bob` }).expect(401);
      await expectLeadsBackTo('/account/new-transfer?to=bob');
    });

    for (const [what, referer] of [
      ['nobody tells where it stood', undefined],
      ['it stood on another site', 'https://evil.example/account'],
      ['it says that it stood on no page', 'about:blank'],
    ] as const)
      it(`is the start of the app where ${what}`, async () => {
        await person.post('/transfer', {}, referer === undefined ? {} : { Referer: referer }).expect(401);
        await expectLeadsBackTo('/');
      });
  });

  for (const [name, value] of [
    ['Sec-Purpose', 'prefetch;prerender'],
    ['Purpose', 'prefetch'],
    ['X-Purpose', 'preview'],
    ['X-Moz', 'prefetch'],
  ] as const)
    it(`is none that a browser fetched beforehand, by ${name}, and no offer is spent by it`, async () => {
      await person.htmlGet('/account/guessed', { [name]: value }).expect(303);
      expect(await verify()).to.equal('/');
      const bob = await new Browser(app).signIn('bob');
      await bob.htmlGet('/account/guessed', { [name]: value }).expect(200);
      await bob.htmlGet('/mfa/setup', { [name]: value }).expect(200);
      await bob.htmlGet('/account/one').expect(303).expect('Location', '/mfa/setup');
      expect((await bob.form('/mfa/setup/skip')).headers.location).to.equal('/account/one');
    });

  it('is forgotten with the sign-in that it belonged to', async () => {
    await person.htmlGet('/account/of-ada').expect(303);
    const other = await person.signIn('bob');
    await other.htmlGet('/account').expect(303);
    const { body } = await other.jsonGet('/mfa');
    expect(body.next.url).not.to.include('of-ada');
    await person.signIn('ada');
    expect(await verify()).to.equal('/');
  });

  it('is never one that the request names', async () => {
    await person.htmlGet('/mfa/verify?returnTo=/evil&next=/evil&redirect=/evil').expect(303);
    app.clock.advance(30);
    const named = { returnTo: '/evil', next: '/evil', url: '/evil' };
    const answer = await person.form('/mfa/verify/totp', { code: code(secret, app.clock), ...named });
    expect(answer.headers.location).to.equal('/');
  });
});
