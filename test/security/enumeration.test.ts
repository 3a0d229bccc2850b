// Attack: tell apart wrong, used, unknown and not enrolled; learn who has which factor without the password's session.
// Rule: the same words, status and kind of timing where telling helps a guesser; available factors and masked addresses
// only in `require_mfa_verification` and `step_up_required`.
// Answer: one sentence for all.
import { expect } from 'chai';
import type { Response } from 'supertest';
import { totp } from '../../src/index.js';
import { hashCode } from '../../src/factors/backup-codes/hash-code.js';
import { Browser, code, wrongCode } from '../support/agent.js';
import { fewBackupCodes, testApp, type TestApp } from '../support/app.js';

describe('answers that must not differ', () => {
  let app: TestApp;
  let secret: string;
  let codes: string[];

  beforeEach(async () => {
    app = await testApp({ factors: [totp(), fewBackupCodes()] });
    const owner = await new Browser(app).signIn('ada');
    ({ secret, codes } = await owner.enrollTotp());
    const without = await new Browser(app).signIn('bob');
    await without.enrollTotp();
    expect((await without.json('/mfa/backup-codes/remove')).status).to.equal(200);
    app.clock.advance(60);
  });

  const pending = (uid = 'ada') => new Browser(app).signIn(uid);
  const plain = ({ status, body }: Response) => ({ ...(body as object), status, requestId: '' });

  it('are the same for a wrong backup code, a used one, and nobody’s set', async () => {
    await (await pending()).answer('backup-codes', codes[0]);
    // Each is the first failure of its lane, so that the tries left are the same.
    const used = await (await pending()).answer('backup-codes', codes[0]);
    await app.mfa.unlock('ada');
    const wrong = await (await pending()).answer('backup-codes', 'ABCD-EFGH');
    const none = await (await pending('bob')).answer('backup-codes', 'ABCD-EFGH');
    expect(plain(used)).to.deep.equal(plain(wrong));
    expect(plain(none)).to.deep.equal(plain(wrong));
    expect(wrong.body.code).to.equal('session.mfa.invalid_backup_code');
  });

  it('take a derivation each, a set or none', async () => {
    // The time of the processor, all threads together: that of the clock depends on who else is at work here.
    const timeOf = async (once: () => Promise<unknown>): Promise<number> => {
      const times = [];
      for (let tries = 0; tries < 4; tries += 1) {
        const began = process.cpuUsage();
        await once();
        const { user, system } = process.cpuUsage(began);
        times.push((user + system) / 1000);
      }
      return Math.min(...times);
    };
    const guess = async (uid: string) => {
      const guesser = await pending(uid);
      const typed = { code: 'ABCD-EFGH', _csrf: await guesser.csrf() };
      return () => guesser.postJson('/mfa/verify/backup-codes', typed).expect(422);
    };
    const { sealer } = app.mfa.kernel;
    const hashing = { salt: 'x'.repeat(22), keyId: sealer.keyId };
    const derivation = await timeOf(() => hashCode(sealer, 'ada', 'ABCDEFGH', hashing));
    for (const uid of ['ada', 'bob'])
      expect(await timeOf(await guess(uid)), `ms for ${uid}`)
        .to.be.above(derivation / 2)
        .and.below(derivation * 3);
  });

  it('are the same for a wrong code of an app and a used one', async () => {
    await (await pending()).proveTotp(secret);
    const used = await (await pending()).answer('totp', code(secret, app.clock));
    await app.mfa.unlock('ada');
    const wrong = await (await pending()).answer('totp', wrongCode(secret, app.clock));
    expect(plain(used)).to.deep.equal(plain(wrong));
  });

  it('tell nobody without a sign-in anything of anybody', async () => {
    const stranger = new Browser(app);
    const answers = await Promise.all(
      ['ada', 'bob', 'nobody'].map((uid) =>
        stranger.postJson('/mfa/verify/totp', { code: '123456', userId: uid, uid }),
      ),
    );
    for (const answer of answers) expect(plain(answer)).to.deep.equal(plain(answers[0]!));
  });

  it('name the factors where the factor is owed only, and no address in full', async () => {
    const thief = await pending();
    const named = [];
    for (const path of ['/account', '/mfa/setup', '/mfa/backup-codes'])
      named.push(await thief.jsonGet(path).expect(403));
    for (const { body } of named) expect(body.availableFactors).to.deep.equal(['totp', 'backup-codes']);
    const others = [
      await thief.answer('totp', '1'),
      await thief.answer('totp', wrongCode(secret, app.clock)),
      await thief.postJson('/mfa/verify/totp', { code: '1' }),
      await thief.json('/mfa/verify/webauthn', {}),
    ];
    for (const { body } of others) {
      expect(body).not.to.have.property('availableFactors');
      expect(body).not.to.have.property('maskedIdentifiers');
    }
    expect((await thief.htmlGet('/mfa/verify/totp')).text).not.to.include('ada@example.com');
  });
});
