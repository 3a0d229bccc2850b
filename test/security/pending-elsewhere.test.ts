// Attack: with the password alone, everything but the challenge is tried: other paths, methods, spellings, headers.
// Rule: the guard gates on session state, once for the whole app; a pending person reaches an exact list of routes.
// Answer: 403 everywhere else, and nothing of the host's behind the guard runs.
import { expect } from 'chai';
import { totp } from '../../src/index.js';
import { Browser } from '../support/agent.js';
import { fewBackupCodes, testApp, type TestApp } from '../support/app.js';

describe('somebody who owes the second factor', () => {
  let app: TestApp;
  let thief: Browser;
  let reached: string[];

  beforeEach(async () => {
    reached = [];
    app = await testApp({
      factors: [totp(), fewBackupCodes()],
      host: {
        routes: (host) =>
          host.use((req, res) => {
            reached.push(`${req.method} ${req.url}`);
            res.json({ secret: 'of the host' });
          }),
      },
    });
    await (await new Browser(app).signIn('ada')).enrollTotp();
    thief = await new Browser(app).signIn('ada');
  });

  afterEach(() => expect(reached).to.deep.equal([]));

  it('reaches no route of the host by any method', async () => {
    for (const path of [
      '/',
      '/account',
      '/api/v1/me',
      '/login/../account',
      '/mfa-admin',
      '/mfaverify',
      '/MFAX',
      '/nothing',
    ]) {
      for (const method of ['get', 'post', 'put', 'patch', 'delete', 'options', 'head'] as const) {
        const { status } = await thief.agent[method](path).set('Accept', 'application/json');
        expect(status, `${method} ${path}`).to.equal(403);
      }
    }
  });

  it('reaches none by the spelling of a route that is open', async () => {
    const paths = [
      '/logout',
      '/logout/',
      '/LOGOUT',
      '/logout%2f',
      '/logout;x=1',
      '/logout/..',
      '/mfa/verify/../../account',
    ];
    for (const path of paths) {
      for (const method of ['get', 'put'] as const) {
        const { status } = await thief.agent[method](path).set('Accept', 'application/json');
        expect(status, `${method} ${path}`).to.equal(403);
      }
    }
  });

  it('reaches none by headers that override method, path or address', async () => {
    const headers = [
      { 'X-HTTP-Method-Override': 'POST' },
      { 'X-Original-URL': '/logout' },
      { 'X-Rewrite-URL': '/logout' },
      { 'X-Forwarded-For': '127.0.0.1' },
      { 'X-Forwarded-Prefix': '/mfa/verify' },
      { Referer: `${app.url}/mfa/verify` },
      { Authorization: 'Bearer anything' },
      { 'HX-Request': 'true' },
      { 'Sec-Purpose': 'prefetch' },
      { Upgrade: 'websocket', Connection: 'keep-alive' },
    ];
    for (const each of headers) {
      const { status } = await thief.jsonGet('/account', each);
      expect(status, JSON.stringify(each)).to.equal(403);
    }
  });

  it('of our own routes reaches the challenge, the way out and the static files only', async () => {
    const html: [path: string, location: string | undefined][] = [
      ['/mfa', '/mfa/verify'],
      ['/mfa/setup', '/mfa/verify'],
      ['/mfa/setup/totp', '/mfa/verify'],
      ['/mfa/setup/confirm', '/mfa/verify'],
      ['/mfa/backup-codes', '/mfa/verify'],
      ['/mfa/verify/choose', undefined],
      ['/mfa/verify/totp', undefined],
      ['/mfa/verify/backup-codes', undefined],
      ['/mfa/recover', undefined],
    ];
    for (const [path, location] of html) {
      const answer = await thief.htmlGet(path);
      expect(answer.status, path).to.equal(location === undefined ? 200 : 303);
      expect(answer.headers.location, path).to.equal(location);
    }
  });

  it('is told in JSON no more than what is owed', async () => {
    for (const path of ['/mfa/setup', '/mfa/setup/totp', '/mfa/setup/webauthn', '/mfa/backup-codes']) {
      const answer = await thief.jsonGet(path);
      expect(answer.status, path).to.be.oneOf([400, 403]);
      expect(JSON.stringify(answer.body)).not.to.match(/"(secret|uri|codes|pending|authenticators|createdAt)"/);
    }
  });

  it('gains nothing by a confirmation sent to every form', async () => {
    const id = (await app.mfa.status('ada'))!.authenticators[0]!.id;
    const forms = [
      `authenticators/${id}/rename`,
      `authenticators/${id}/remove`,
      'trusted-browsers/revoke-all',
      'preferences',
      'setup/skip',
      'setup/confirm/begin',
      'setup/totp/begin',
      'setup/totp',
      'backup-codes/generate',
      'backup-codes/download',
      'backup-codes/confirm',
      'backup-codes/remove',
    ];
    const before = await app.mfa.status('ada');
    for (const path of forms) {
      const body = { code: '123456', name: 'x', signInStep: 'off', confirmed: 'yes', saved: 'yes', revealToken: 'x' };
      expect((await thief.json(`/mfa/${path}`, body)).status, path).to.be.within(400, 499);
      expect((await thief.form(`/mfa/${path}`, body)).status, path).to.be.within(303, 499);
    }
    expect(await app.mfa.status('ada')).to.deep.equal(before);
    await thief.jsonGet('/account').expect(403);
  });

  it('is not let in by an answer for nobody: a proof counts for its own person', async () => {
    for (const body of [{ code: '' }, { code: null }, { proofs: [{ kind: 'totp' }] }, { mfa: { proofs: [] } }])
      expect((await thief.json('/mfa/verify/totp', body)).status).to.equal(400);
    await thief.jsonGet('/account').expect(403);
  });
});
