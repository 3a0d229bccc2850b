// Attack: one person's proof, authenticator, ceremony or session data is used for another.
// Rule: every look-up is by the signed-in user's record; ids from the request are only matched inside it; signing in as
// another person in the same browser starts at zero.
// Answer: what belongs to somebody else is not there.
import { expect } from 'chai';
import { totp } from '../../src/index.js';
import { Browser, code, codeIn } from '../support/agent.js';
import { fewBackupCodes, hostData, testApp, type TestApp } from '../support/app.js';

describe('another person', () => {
  let app: TestApp;
  let ada: Browser;
  let eve: Browser;
  let adas: { secret: string; codes: string[] };
  let eves: { secret: string; codes: string[] };

  beforeEach(async () => {
    app = await testApp({
      factors: [totp(), fewBackupCodes()],
      host: { keepsSession: true },
    });
    ada = await new Browser(app).signIn('ada');
    adas = await ada.enrollTotp();
    eve = await new Browser(app).signIn('eve');
    eves = await eve.enrollTotp();
    app.clock.advance(60);
  });

  const idOf = async (uid: string, kind = 'totp') =>
    (await app.mfa.status(uid))!.authenticators.find((own) => own.kind === kind)!.id;

  it("'s authenticators are neither renamed nor removed", async () => {
    const before = await app.mfa.status('ada');
    for (const kind of ['totp', 'backup-codes']) {
      const id = await idOf('ada', kind);
      for (const [path, body] of [
        ['rename', { name: 'mine' }],
        ['remove', { confirmed: 'yes' }],
      ] as const) {
        const answer = await eve.json(`/mfa/authenticators/${id}/${path}`, body);
        expect({ status: answer.status, code: codeIn(answer) }).to.deep.equal({
          status: 404,
          code: 'session.verification_session_not_found',
        });
        expect((await eve.form(`/mfa/authenticators/${id}/${path}`, body)).status).to.equal(404);
      }
    }
    expect(await app.mfa.status('ada')).to.deep.equal(before);
  });

  it("'s codes prove nothing", async () => {
    const pending = await new Browser(app).signIn('ada');
    expect((await pending.answer('totp', code(eves.secret, app.clock))).status).to.equal(422);
    expect((await pending.answer('backup-codes', eves.codes[0])).status).to.equal(422);
    await pending.jsonGet('/account').expect(403);
  });

  it("'s session that is signed in to by somebody else starts at zero", async () => {
    await eve.signIn('ada');
    expect((await eve.jsonGet('/account').expect(403)).body.code).to.equal('session.mfa.require_mfa_verification');
    expect((await eve.jsonGet('/mfa')).body.state).to.equal('pending');
    await eve.signIn('eve');
    await eve.jsonGet('/account').expect(403);
  });

  it("'s visit in between ends the first one's elevation, though nothing was asked of the visitor", async () => {
    await ada.jsonGet('/account').expect(200);
    await ada.signIn('guest');
    const { body } = await ada.jsonGet('/account').expect(200);
    expect(body.account).to.equal('guest');
    await ada.signIn('ada');
    await ada.jsonGet('/account').expect(403);
  });

  it("'s session data that a log-in carries over (keepSessionInfo) is not believed", async () => {
    const carried = await testApp({
      host: {
        keepsSession: true,
        between: (host) => host.get('/mine', (req, res) => void res.json(hostData(req))),
      },
    });
    const person = await new Browser(carried).signIn('eve');
    await person.enrollTotp();
    const { mfa } = (await person.jsonGet('/mine')).body;
    await (await new Browser(carried).signIn('ada')).enrollTotp();
    const thief = await new Browser(carried).signIn('ada', { mfa });
    await thief.jsonGet('/account').expect(403);
    await thief.json('/mfa/verify/totp', { code: '123456' });
    await thief.jsonGet('/account').expect(403);
  });

  it('whose proofs name another user id, epoch or authenticator is not believed', async () => {
    const app2 = await testApp({
      host: { keepsSession: true, between: (host) => host.get('/mine', (req, res) => void res.json(hostData(req))) },
    });
    const person = await new Browser(app2).signIn('eve');
    await person.enrollTotp();
    await (await new Browser(app2).signIn('ada')).enrollTotp();
    const kept = (await person.jsonGet('/mine')).body.mfa as { [app: string]: { proofs: object[]; userId: string } };
    const [app, mfa] = Object.entries(kept)[0]!;
    for (const forged of [
      { ...mfa, userId: 'ada' },
      { ...mfa, userId: 'ada', epoch: undefined },
      { ...mfa, userId: 'ada', epoch: '' },
      { ...mfa, userId: 'ada', proofs: mfa.proofs.map((proof) => ({ ...proof, kind: 'webauthn' })) },
    ]) {
      const thief = await new Browser(app2).signIn('ada', { mfa: { [app]: forged } });
      await thief.jsonGet('/account').expect(403);
    }
  });

  it("'s reveal token downloads and confirms nothing", async () => {
    const { revealToken } = (await ada.json('/mfa/backup-codes/generate')).body.pending;
    for (const path of ['download', 'confirm']) {
      const answer = await eve.json(`/mfa/backup-codes/${path}`, { revealToken, saved: 'yes' });
      expect(answer.status, path).to.be.oneOf([400, 404]);
    }
    expect((await ada.json('/mfa/backup-codes/confirm', { revealToken, saved: 'yes' })).status).to.equal(200);
  });

  it('is not locked out, nor freed, by what happens to the first', async () => {
    const guesser = await new Browser(app).signIn('ada');
    for (let tries = 0; tries < 6; tries += 1) await guesser.answer('backup-codes', 'ABCD-EFGH');
    const other = await new Browser(app).signIn('eve');
    expect((await other.answer('backup-codes', eves.codes[0])).status).to.equal(200);
    expect((await (await new Browser(app).signIn('ada')).answer('backup-codes', adas.codes[0])).status).to.equal(429);
  });
});
