// Attack: a form or script of another site sends a request with the person's cookies.
// Rule: Origin and Fetch Metadata first, then the synchroniser token of this very session; no GET changes anything.
// Answer: 403 `request.csrf`, nothing spent, nothing changed.
import { expect } from 'chai';
import { mfaSetupRouter } from '../../src/index.js';
import { Browser, code, codeIn } from '../support/agent.js';
import { testApp, type TestApp } from '../support/app.js';
import { rawRecord } from '../support/raw-record.js';

describe('a request from another site', () => {
  let app: TestApp;
  let secret: string;
  let person: Browser;
  let token: string;

  beforeEach(async () => {
    app = await testApp();
    ({ secret } = await (await new Browser(app).signIn('ada')).enrollTotp());
    person = await new Browser(app).signIn('ada');
    token = await person.csrf();
    app.clock.advance(30);
  });

  const right = () => ({ code: code(secret, app.clock) });

  it('refuses a form without a token, and spends nothing', async () => {
    const page = await person.post('/mfa/verify/totp', right()).expect(403);
    expect(page.type).to.equal('text/html');
    expect(codeIn(await person.postJson('/mfa/verify/totp', right()).expect(403))).to.equal('request.csrf');
    await person.post('/mfa/verify/totp', { ...right(), _csrf: token }).expect(303);
  });

  it('refuses a wrong token', async () => {
    const wrong = [`${token}x`, token.slice(1), token.toUpperCase(), '', ' ', 'undefined', '0'.repeat(token.length)];
    for (const _csrf of wrong) await person.post('/mfa/verify/totp', { ...right(), _csrf }).expect(403);
    await person.post('/mfa/verify/totp', { ...right(), _csrf: [token, token] }).expect(403);
    for (const _csrf of [null, 0, true, [token], { token }])
      await person.postJson('/mfa/verify/totp', { ...right(), _csrf }).expect(403);
  });

  it('refuses the token of another session, of the same person too', async () => {
    const other = await new Browser(app).signIn('ada');
    await person.post('/mfa/verify/totp', { ...right(), _csrf: await other.csrf() }).expect(403);
  });

  it('refuses the token of before the elevation', async () => {
    await person.post('/mfa/verify/totp', { ...right(), _csrf: token }).expect(303);
    await person.post('/mfa/preferences', { _csrf: token, signInStep: 'off' }).expect(403);
    await person.post('/mfa/preferences', { _csrf: await person.csrf(), signInStep: 'off' }).expect(303);
  });

  it('takes the token from the header as well', async () => {
    await person.post('/mfa/verify/totp', right(), { 'X-CSRF-Token': token }).expect(303);
  });

  it('takes the token in no URL', async () => {
    await person.post(`/mfa/verify/totp?_csrf=${token}`, right()).expect(403);
  });

  it('refuses other origins before it looks at the token', async () => {
    const foreign = [
      { Origin: 'https://evil.example' },
      { Origin: 'null', 'Sec-Fetch-Site': '' },
      { Origin: 'null', 'Sec-Fetch-Site': 'cross-site' },
      { Origin: 'null', 'Sec-Fetch-Site': 'same-site' },
      { Origin: 'null', 'Sec-Fetch-Site': 'none' },
      { Origin: app.url.replace('127.0.0.1', 'localhost') },
      { Origin: `${app.url}0` },
      { Origin: app.url, 'Sec-Fetch-Site': 'cross-site' },
      { Origin: app.url, 'Sec-Fetch-Site': 'same-site' },
    ];
    for (const headers of foreign) {
      const answer = await person.post('/mfa/verify/totp', { ...right(), _csrf: token }, headers);
      expect(answer.status, JSON.stringify(headers)).to.equal(403);
    }
    await person.agent
      .post('/mfa/verify/totp')
      .type('form')
      .set({ 'Sec-Fetch-Site': 'same-site' })
      .send({ ...right(), _csrf: token })
      .expect(403);
  });

  it('of no name is ours where the browser says so, and the token is right: pages with `Referrer-Policy: no-referrer`', async () => {
    const nameless = { Origin: 'null', 'Sec-Fetch-Site': 'same-origin' };
    for (const fields of [right(), { ...right(), _csrf: `${token}x` }])
      await person.post('/mfa/verify/totp', fields, nameless).expect(403);
    await person.post('/mfa/verify/totp', { ...right(), _csrf: token }, nameless).expect(303);
  });

  it('is looked at in one order: who, from where, body, token', async () => {
    const send = (who: Browser, headers: { [name: string]: string }, body: string) =>
      who.agent
        .post('/mfa/verify/totp')
        .set({ Accept: 'application/json', 'Content-Type': 'application/json', ...headers })
        .send(body);
    const evil = { Origin: 'https://evil.example', 'X-CSRF-Token': token };
    expect((await send(new Browser(app), evil, '{')).status).to.equal(401);
    expect(codeIn(await send(person, evil, '{'))).to.equal('request.csrf');
    expect(codeIn(await send(person, { Origin: app.url }, '{'))).to.equal('request.invalid');
    expect(codeIn(await send(person, { Origin: app.url }, '{"code":"1"}'))).to.equal('request.csrf');
    expect(codeIn(await send(person, { Origin: app.url, 'X-CSRF-Token': token }, '{"code":"1"}'))).to.equal(
      'request.invalid',
    );
  });

  it('lets the token decide where a browser sends neither header', async () => {
    const send = (_csrf: string) =>
      person.agent
        .post('/mfa/verify/totp')
        .type('form')
        .send({ ...right(), _csrf });
    await send('wrong').expect(403);
    await send(token).expect(200);
  });

  it('takes what the host lists in `origins`, and nothing else then', async () => {
    const listed = await testApp({ origins: ['https://app.example', 'https://admin.app.example'] });
    const ada = await new Browser(listed).signIn('ada');
    const from = async (headers: { [name: string]: string }) => (await ada.form('/mfa/setup/skip', {}, headers)).status;
    expect(await from({ Origin: 'https://admin.app.example', 'Sec-Fetch-Site': 'same-site' })).to.equal(303);
    expect(await from({ Origin: listed.url })).to.equal(403);
    expect(await from({ Origin: 'null', 'Sec-Fetch-Site': 'cross-site' })).to.equal(403);
    expect(await from({ Origin: 'https://app.example.evil' })).to.equal(403);
  });

  it('asks the host where the host brings its own token, and keeps the Origin check', async () => {
    const csrf = {
      token: () => 'the token of the host',
      verify: (_req: unknown, given: unknown) => given === 'the token of the host',
    };
    const hosted = await testApp({ csrf });
    const ada = await new Browser(hosted).signIn('ada');
    expect(await ada.csrf()).to.equal('the token of the host');
    expect((await ada.htmlGet('/mfa/setup')).text).to.include('value="the token of the host"');
    await ada.post('/mfa/setup/skip', {}).expect(403);
    const right = { _csrf: 'the token of the host' };
    await ada.post('/mfa/setup/skip', { _csrf: 'another' }).expect(403);
    await ada.post('/mfa/setup/skip', right, { Origin: 'https://evil.example' }).expect(403);
    await ada.post('/mfa/setup/skip', right).expect(303);
  });

  it('guards every router that is mounted alone', async () => {
    const alone = await testApp({
      host: { between: (host, mfa) => host.use('/alone', mfaSetupRouter(mfa)) },
    });
    const ada = await new Browser(alone).signIn('ada');
    await ada.post('/alone/setup/skip').expect(403);
    await ada.form('/alone/setup/skip').then(({ status }) => expect(status).to.equal(303));
  });

  it('answers no GET that changes something', async () => {
    const elevated = await new Browser(app).signIn('ada');
    await elevated.proveTotp(secret);
    const { body } = await elevated.jsonGet('/mfa');
    const before = await rawRecord(app.mfa, 'ada');
    const [{ id }] = body.authenticators;
    for (const path of ['preferences?signInStep=off', `authenticators/${id}/remove`, 'setup/skip', 'sign-out'])
      await elevated.htmlGet(`/mfa/${path}`);
    expect((await elevated.jsonGet('/mfa').expect(200)).body).to.deep.equal(body);
    expect(await rawRecord(app.mfa, 'ada')).to.deep.equal(before);
  });
});
