// How the guard stops people, beyond its first table: where nobody is led anywhere, and what a step-up leaves behind, for
// each method and for programs.
import { expect } from 'chai';
import { requireMfa, supportPass, totp, webauthn, type RequireMfaOptions } from '../../../src/index.js';
import { Browser, code } from '../../support/agent.js';
import { fewBackupCodes, testApp, userOfSession, type TestApp } from '../../support/app.js';
import { enrolled, levelsApp, looking, signedIn, type LevelsApp } from '../../support/risk-levels.js';
import { claimsOf, comeBy, enforced, upstreamSite } from '../../support/upstream-site.js';

/** One after the other, as a page, its head, a form and a program. */
async function ask(person: Browser, path: string) {
  const html = await person.htmlGet(path);
  const head = await person.agent.head(path).set('Accept', 'text/html');
  return { html, head, post: await person.post(path), json: await person.jsonGet(path) };
}

async function eventsOf(app: TestApp): Promise<unknown[]> {
  await app.mfa.settled();
  return app.events.splice(0).map(({ name, reason, detail: { count: _, ...detail } = {} }) => [name, reason, detail]);
}

describe('whoever can do nothing', () => {
  let app: LevelsApp;
  beforeEach(async () => {
    app = await levelsApp({ riskActions: { signIn: { high: 'block' } } });
  });
  afterEach(() => app.close());

  async function expectShut(person: Browser, reason: string, why: string) {
    await eventsOf(app);
    for (const [how, { status, headers, text }] of Object.entries(await ask(person, '/account'))) {
      expect(status, how).to.equal(403);
      expect(headers, how).to.include({ 'cache-control': 'no-store', 'x-frame-options': 'DENY' });
      expect(headers, how).not.to.have.property('location');
      if (how === 'html' || how === 'post')
        expect(text).to.include('action="/mfa/sign-out"').and.not.include('/verify');
      if (how === 'json') expect(JSON.parse(text)).to.include({ code: reason, url: '/mfa' });
    }
    expect(await eventsOf(app)).to.deep.include(['session-refused', reason, { why }]);
    const icon = await person.htmlGet('/favicon.ico').expect(204);
    expect(icon.headers['cache-control']).to.equal('no-store');
    expect(await eventsOf(app)).to.deep.equal([]);
  }

  it('since they are suspended is led nowhere but out', async () => {
    const { browser } = await enrolled(app, 'ada');
    await app.mfa.suspend('ada', { by: 'root', reason: 'stolen laptop' });
    await expectShut(browser, 'session.mfa.suspended', 'suspended');
  });

  it('since their sign-in looks too risky is led nowhere but out', async () => {
    await enrolled(app, 'ada');
    await expectShut(await signedIn(app, 'high', 'ada'), 'session.mfa.blocked', 'risk');
  });

  it('and is asked to verify hears that their sign-in looks unusual, and no more; nobody else hears it', async () => {
    await enrolled(app, 'ada');
    const hintOf = async (person: Browser) => (await person.jsonGet('/account')).body.hint as unknown;
    expect(await hintOf(await signedIn(app, 'low', 'ada'))).to.equal(undefined);
    expect(await hintOf(await signedIn(app, 'medium', 'ada'))).to.equal('sign_in.unusual');
    const strict = await levelsApp({ policy: 'mandatory', riskActions: { enrollment: { high: 'confirm' } } });
    const { body } = await (await signedIn(strict, 'high', 'bob')).jsonGet('/account').expect(403);
    expect(body).to.include({ code: 'user.missing_mfa', url: '/mfa/setup' }).and.not.have.property('hint');
    await strict.close();
  });

  it('by a program that keeps cookies is assessed once, however often it asks', async () => {
    await enrolled(app, 'ada');
    const person = await signedIn(app, 'medium', 'ada');
    await eventsOf(app);
    for (let time = 0; time < 3; time += 1) await person.jsonGet('/account').expect(403);
    const assessed = (await eventsOf(app)).filter((event) => (event as unknown[])[0] === 'risk-assessed');
    expect(assessed).to.have.length(1);
  });

  it('since a provider must vouch for them is sent there once, as a page; its icon is not', async () => {
    const site = await upstreamSite();
    const person = await comeBy(site, 'ada', claimsOf(site, enforced, 'ada@idp', { amr: ['pwd'] }));
    await person.htmlGet('/favicon.ico').expect(204);
    const sent = await person.htmlGet('/account').expect(303);
    expect(sent.headers.location).to.match(/^https:\/\/idp\.partner\.example/);
    for (const each of [sent, await person.jsonGet('/account').expect(403)])
      expect(each.headers).to.include({ 'cache-control': 'no-store', 'x-frame-options': 'DENY' });
    await site.close();
  });
});

describe('a step-up', () => {
  let app: TestApp;
  let person: Browser;
  let secret: string;

  before(async () => {
    const guards: { [path: string]: RequireMfaOptions } = {
      '/plain': { maxAgeSeconds: 60 },
      '/named': { maxAgeSeconds: 60, label: 'Change the payout account', repeat: true },
      '/made': { maxAgeSeconds: 60, label: ({ originalUrl }) => `Pay ${originalUrl.split('=')[1]}` },
      '/keys': { factors: ['webauthn'] },
      '/quiet': { whileHeld: 'refuse' },
    };
    app = await testApp({
      factors: [totp(), webauthn(), supportPass(), fewBackupCodes()],
      lockout: { selfUnlock: false },
      recordMaxAgeSeconds: 300,
      user: (req) => (req.headers['x-program'] ? { id: req.headers['x-program'] as string } : userOfSession(req)),
      host: {
        before: (host) =>
          host.use((_req, res, next) => {
            res.set('Access-Control-Allow-Origin', '*');
            next();
          }),
        routes: (host, mfa) => {
          for (const [path, options] of Object.entries(guards))
            host.all(path, requireMfa(mfa, options), (_req, res) => void res.json({ passed: true }));
        },
      },
    });
    person = await new Browser(app).signIn('ada');
    ({ secret } = await person.enrollTotp());
  });
  beforeEach(() => {
    app.clock.advance(90);
    app.events.length = 0;
  });
  after(() => app.close());

  /** Where somebody who verifies now is led. */
  async function leadsTo(): Promise<string> {
    app.clock.advance(30);
    const page = await person.htmlGet('/mfa/verify/totp').expect(200);
    const { headers } = await person.submit(page, '/verify/totp', { code: code(secret, app.clock) }).expect(303);
    return headers.location!;
  }

  it('leads a page and its head on, and answers a form and a program, closed to other sites but for programs', async () => {
    const { html, head, post, json } = await ask(person, '/plain');
    for (const each of [html, head]) {
      expect(each.status).to.equal(303);
      expect(each.headers.location).to.equal('/mfa/verify');
    }
    expect([post.status, json.status]).to.deep.equal([401, 401]);
    for (const { headers } of [html, head, post]) expect(headers).not.to.have.property('access-control-allow-origin');
    expect(json.headers).to.have.property('access-control-allow-origin', '*');
    expect(json.body).to.deep.include({
      availableFactors: ['totp', 'backup-codes'],
      stepUp: { why: 'expired', maxAgeSeconds: 60 },
      url: '/mfa/verify',
    });
    expect(await eventsOf(app)).to.deep.include(['step-up-required', undefined, { why: 'expired' }]);
  });

  const page = '/plain?page=1';
  const here = { 'Sec-Fetch-Site': 'same-origin' };
  const behind = () => ({ Referer: `${app.url}/account/list?n=2` });
  const asks: { [how: string]: () => PromiseLike<unknown> } = {
    page: () => person.htmlGet(page),
    head: () => person.agent.head('/plain?head').set('Accept', 'text/html'),
    program: () => person.jsonGet('/plain?json'),
    form: () => person.post('/plain', {}, behind()),
    'form from nowhere': () => person.post('/plain', {}, { Origin: 'https://evil.example' }),
    'form of the log-in page': () => person.postJson('/plain', {}, { Referer: `${app.url}/login?again` }),
    'post of a program': () => person.postJson('/plain', {}, behind()),
    'post of a program from nowhere': () => person.postJson('/plain'),
    // As browsers send them from a page of this very app: nothing of them is a form all the same.
    'page by a link of ours': () => person.htmlGet(page, here),
    'head of ours': () => person.agent.head('/plain?head').set({ Accept: 'text/html', ...here }),
    'post of a script of ours': () => person.postJson('/plain', {}, { ...behind(), ...here }),
  };
  const rows: [asked: string[], to: string][] = [
    [['page'], page],
    [['page', 'head'], page],
    [['page', 'program'], page],
    [['page', 'form'], '/mfa/repeat'],
    [['page', 'form from nowhere'], '/'],
    [['page', 'form of the log-in page'], '/'],
    [['page', 'post of a program'], '/account/list?n=2'],
    [['page', 'post of a program from nowhere'], '/'],
    [['form', 'page'], page],
    [['page by a link of ours'], page],
    [['page', 'head of ours'], page],
    [['post of a script of ours'], '/account/list?n=2'],
  ];
  for (const [asked, to] of rows) {
    it(`after a ${asked.join(', then a ')} leads to ${to}`, async () => {
      for (const how of asked) await asks[how]!();
      expect(await leadsTo()).to.equal(to);
    });
  }

  it('says what it stopped, whether one press sends it again, and where else to go', async () => {
    const named = await person.post('/named', { amount: '5' }, behind()).expect(401);
    expect(named.text).to.include('Change the payout account').and.include('with one press');
    expect(named.text).to.include('href="/account/list?n=2"');
    const made = await person.post('/made?n=5', {}, behind()).expect(401);
    expect(made.text).to.include('Pay 5');
    const plain = await person.post('/plain', { amount: '5' }).expect(401);
    expect(plain.text).to.include('/plain</bdi>').and.not.include('Change the payout').and.not.include('one press');
    expect(plain.text).to.include('href="/"').and.include('go back and submit it again');
    await leadsTo();
  });

  it('that only another method satisfies leads to its set-up, for each way of asking, and names the methods', async () => {
    const { html, head, post, json } = await ask(person, '/keys');
    for (const each of [html, head]) expect(each.headers.location).to.equal('/mfa/setup');
    expect([post.status, json.status]).to.deep.equal([403, 403]);
    expect(json.body).to.include({ code: 'user.missing_mfa', url: '/mfa/setup' });
    expect(json.body.stepUp).to.deep.equal({ why: 'kind', factors: ['webauthn'] });
    expect((await person.htmlGet('/mfa/setup').expect(200)).text).to.include('/mfa/setup/webauthn');
    expect(await eventsOf(app)).to.deep.include(['step-up-required', undefined, { why: 'kind' }]);
  });

  it('keeps nothing for a program that brings no cookie, nor of what only a set-up would satisfy', async () => {
    await person.jsonGet('/plain');
    await leadsTo();
    await person.json('/mfa/preferences', { signInStep: 'off' });
    const program = new Browser(app, { 'X-Program': 'ada' });
    for (const [path, status] of [
      ['/plain', 401],
      ['/keys', 403],
    ] as const) {
      for (const asked of [program.jsonGet(path), program.postJson(path)])
        expect((await asked.expect(status)).headers, path).not.to.have.property('set-cookie');
    }
    await person.json('/mfa/preferences', { signInStep: 'on' });
  });

  it('of a kind that whoever has none is led to set up alone, once they asked for it', async () => {
    const page = async (who: Browser) => (await who.htmlGet('/mfa/setup').expect(200)).text;
    const other = await new Browser(app).signIn('bob');
    await other.htmlGet('/keys').expect(303).expect('Location', '/mfa/setup');
    const unasked = await page(other);
    await other.enrollTotp();
    const before = await page(other);
    await other.htmlGet('/keys').expect(303);
    expect(await page(other))
      .to.include('/mfa/setup/webauthn')
      .and.not.include('/mfa/setup/totp');
    expect(before).to.include('/mfa/setup/totp');
    expect(unasked).to.include('/mfa/setup/totp').and.include('/mfa/setup/webauthn');
  });

  it('of a sign-in that is held says until when, and leads nowhere where no method is from before', async () => {
    const { pass } = await app.mfa.issuePass('ada', { by: 'desk', reason: 'lost phone' });
    const held = await new Browser(app).signIn('ada');
    await held.answer('pass', pass);
    await held.enrollTotp();
    await eventsOf(app);
    const { html, head, post, json } = await ask(held, '/plain');
    for (const { status, headers } of [html, head, post, json]) {
      expect(status).to.equal(403);
      expect(headers).to.include({ 'cache-control': 'no-store', 'x-frame-options': 'DENY' });
    }
    expect(html.text).to.include('href="/mfa"').and.not.include('href="/mfa/verify"');
    expect(json.body).to.include({ code: 'session.mfa.on_hold', url: '/mfa' });
    expect(await eventsOf(app)).to.deep.include(['step-up-required', undefined, { why: 'on-hold' }]);
    // What is remembered of the one route is nothing to the other.
    for (let time = 0; time < 2; time += 1) {
      await held.jsonGet('/account').expect(200);
      expect((await held.jsonGet('/quiet').expect(403)).body).to.include({ code: 'session.mfa.on_hold' });
    }
  });
});

describe('a suggestion', () => {
  it('is made to a page and to a part of HTMX, never to what is fetched beforehand, nor to a form', async () => {
    const app = await testApp();
    const person = await new Browser(app, looking('low')).signIn('bob');
    const htmx = { 'HX-Request': 'true', Accept: '*/*' };
    for (const purpose of ['prefetch', 'prefetch;prerender']) {
      await person.htmlGet('/account', { 'Sec-Purpose': purpose }).expect(200);
      await person.jsonGet('/account', { ...htmx, 'Sec-Purpose': purpose }).expect(200);
    }
    await person.post('/account', {}, htmx).expect(200);
    await person.htmlGet('/account').expect(303).expect('Location', '/mfa/setup');
    await app.close();
  });
});
