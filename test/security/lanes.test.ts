// Attack: whoever knows the password floods the challenge, to lock the owner out or to guess for months.
// Rule: a browser that once passed a factor counts in a lane of its own; 20 failures tell the person, 50 close the lane of
// unknown browsers, 100 in a row on one authenticator disable it.
// Answer: the owner gets through from a known browser; the flood ends; nobody becomes unprotected.
import { expect } from 'chai';
import { totp } from '../../src/index.js';
import { Browser, codeIn, wrongCode } from '../support/agent.js';
import { fewBackupCodes, testApp, type TestApp } from '../support/app.js';

describe('a flood of wrong answers', () => {
  let app: TestApp;
  let secret: string;
  let owner: Browser;

  beforeEach(async () => {
    app = await testApp({ factors: [totp(), fewBackupCodes()] });
    owner = await new Browser(app).signIn('ada');
    ({ secret } = await owner.enrollTotp());
  });

  /** Wrong answers from unknown browsers, each as soon as it is evaluated. */
  async function flood(count: number): Promise<void> {
    for (let tries = 0; tries < count; tries += 1) {
      const thief = await new Browser(app).signIn('ada');
      const { status } = await thief.answer('totp', wrongCode(secret, app.clock));
      expect(status).to.equal(422);
      app.clock.advance(3600);
    }
  }

  async function notices(what: string) {
    await app.mfa.settled();
    return app.notices.filter((notice) => notice.what === what);
  }

  it('does not stop the owner in a browser that is known', async () => {
    await flood(6);
    const thief = await new Browser(app).signIn('ada');
    app.clock.advance(-3599);
    expect((await thief.answer('totp', wrongCode(secret, app.clock))).status).to.equal(429);
    await owner.signIn('ada');
    await owner.jsonGet('/account').expect(403);
    await owner.proveTotp(secret);
    await owner.jsonGet('/account').expect(200);
  });

  it("is not helped by the owner's success: each lane clears itself only", async () => {
    await flood(6);
    app.clock.advance(-3570);
    await owner.signIn('ada');
    await owner.proveTotp(secret);
    app.clock.advance(-30);
    const thief = await new Browser(app).signIn('ada');
    expect((await thief.answer('totp', wrongCode(secret, app.clock))).status).to.equal(429);
  });

  it('counts a known browser in its own lane, not outside every budget', async () => {
    await owner.signIn('ada');
    const statuses = [];
    for (let tries = 0; tries < 6; tries += 1)
      statuses.push((await owner.answer('totp', wrongCode(secret, app.clock))).status);
    expect(statuses).to.deep.equal([422, 422, 422, 422, 422, 429]);
  });

  it('is not let into a known lane by a forged, another person’s or an old cookie', async () => {
    const [, name, value] = /(mfa-known-[^=]+)=([^;]+)/.exec(owner.cookies)!;
    const [person, id, token] = value!.split('.');
    await flood(5);
    app.clock.advance(-3590);
    const bob = await new Browser(app).signIn('bob');
    await bob.enrollTotp();
    const theirs = /mfa-known-[^=]+=[^.]+\.([^;]+)/.exec(bob.cookies)![1]!;
    const other = `${token!.startsWith('A') ? 'B' : 'A'}${token!.slice(1)}`;
    const entries = [`${id}.x`, `${id}.`, `${id}`, `.${token}`, theirs, '', '..', `${id}.${token}x`, `${id}.${other}`];
    for (const forged of entries.map((entry) => `${person}.${entry}`)) {
      const thief = await new Browser(app).signIn('ada');
      const headers = { Cookie: `${thief.cookies}; ${name}=${forged}` };
      const token = (await new Browser(app).jsonGet('/mfa', headers)).body.csrfToken as string;
      const answer = await new Browser(app).postJson(
        '/mfa/verify/totp',
        { code: wrongCode(secret, app.clock), _csrf: token },
        headers,
      );
      expect(answer.status, forged).to.equal(429);
    }
  });

  it('gives the known-browser cookie no other worth', async () => {
    const cookie = /mfa-known-[^=]+=[^;]+/.exec(owner.cookies)![0];
    const thief = await new Browser(app).signIn('ada');
    const { status } = await new Browser(app).jsonGet('/account', { Cookie: `${thief.cookies}; ${cookie}` });
    expect(status).to.equal(403);
  });

  it('tells the person after twenty, once', async () => {
    await flood(19);
    expect(await notices('failures')).to.have.length(0);
    await flood(2);
    expect(await notices('failures')).to.have.length(1);
    expect((await notices('failures'))[0]).to.include({ userId: 'ada', left: 20 });
  });

  it('closes the lane of unknown browsers after fifty, and waiting does not help', async () => {
    await flood(50);
    app.clock.advance(30 * 86_400);
    const thief = await new Browser(app).signIn('ada');
    const answer = await thief.answer('totp', wrongCode(secret, app.clock));
    expect({ status: answer.status, code: codeIn(answer) }).to.deep.equal({
      status: 429,
      code: 'session.verification_blocked_too_many_attempts',
    });
    expect(answer.body.retryAfterSeconds).to.equal(null);
    expect(answer.headers).not.to.have.property('retry-after');
    expect(await notices('lane-closed')).to.have.length(1);
    expect(app.events.filter(({ name }) => name === 'lane-closed')).to.have.length(1);
    const page = await thief.form('/mfa/verify/totp', { code: '123456' });
    expect(page.status).to.equal(429);
    await owner.signIn('ada');
    await owner.proveTotp(secret);
  });

  for (const [who, open] of [
    [
      'the owner from a known browser',
      async () => {
        await owner.signIn('ada');
        await owner.proveTotp(secret);
        expect((await owner.json('/mfa/preferences', { openLane: 'yes' })).status).to.equal(200);
      },
    ],
    ['an admin', () => app.mfa.unlock('ada', { by: 'root' })],
    ['a new password', () => app.mfa.passwordChanged('ada')],
  ] as const) {
    it(`has its lane opened again by ${who}`, async () => {
      await flood(50);
      await open();
      app.clock.advance(3600);
      const other = await new Browser(app).signIn('ada');
      expect((await other.answer('totp', wrongCode(secret, app.clock))).status).to.equal(422);
    });
  }

  it('disables the authenticator after a hundred in a row, and its owner stays protected', async () => {
    await flood(50);
    await app.mfa.unlock('ada', { by: 'root' });
    await flood(50);
    expect(app.events.filter(({ name }) => name === 'authenticator-disabled')).to.have.length(1);
    expect(await notices('authenticator-disabled')).to.have.length(1);
    await app.mfa.unlock('ada', { by: 'root' });
    const status = (await app.mfa.status('ada'))!;
    expect(status.protected).to.equal(true);
    expect(status.authenticators.find(({ kind }) => kind === 'totp')!.state).to.equal('disabled');
    const person = await new Browser(app).signIn('ada');
    expect((await person.jsonGet('/mfa')).body.availableFactors).to.deep.equal(['backup-codes']);
  });
});
