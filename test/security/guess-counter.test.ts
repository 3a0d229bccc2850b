// Attack: guess on, and reset or dodge the counter: a new session, the right password again, another address, another
// route, another factor, a resend, a restart of the ceremony.
// Rule: the budget belongs to the user's record; the 5th failure in a row waits 30 s, each later one twice as long, up to
// 1 h; locked answers are refused unevaluated and unspent; only a right answer clears its own lane.
// Answer: 429 with the wait, however the request comes.
import { expect } from 'chai';
import { memoryStore, totp } from '../../src/index.js';
import { Browser, code, codeIn, wrongCode } from '../support/agent.js';
import { fewBackupCodes, testApp, type TestApp } from '../support/app.js';

const blocked = 'session.verification_blocked_too_many_attempts';

describe('the budget of wrong answers', () => {
  let app: TestApp;
  let secret: string;
  let codes: string[];

  beforeEach(async () => {
    app = await testApp({ factors: [totp(), fewBackupCodes()], store: memoryStore() });
    ({ secret, codes } = await (await new Browser(app).signIn('ada')).enrollTotp());
    app.clock.advance(60);
  });

  const thief = (): Promise<Browser> => new Browser(app).signIn('ada');
  const wrong = () => wrongCode(secret, app.clock);

  /** Spends the budget of an app's codes; the lock is on afterwards. */
  async function lock(who?: Browser): Promise<void> {
    const guesser = who ?? (await thief());
    for (let tries = 0; tries < 5; tries += 1) expect((await guesser.answer('totp', wrong())).status).to.equal(422);
  }

  it('is told with each wrong answer, then the wait', async () => {
    const guesser = await thief();
    const told = [];
    for (let tries = 0; tries < 6; tries += 1) {
      const { status, body, headers } = await guesser.answer('totp', wrong());
      told.push([status, body.remainingAttempts, body.retryAfterSeconds, headers['retry-after']]);
    }
    expect(told).to.deep.equal([
      [422, 4, null, undefined],
      [422, 3, null, undefined],
      [422, 2, null, undefined],
      [422, 1, null, undefined],
      [422, 0, 30, '30'],
      [429, 0, 30, '30'],
    ]);
  });

  it('doubles the wait with each further failure, up to an hour', async () => {
    await lock();
    const guesser = await thief();
    const waits = [];
    for (let wait = 30, round = 0; round < 9; round += 1) {
      app.clock.advance(wait - 1);
      await guesser.signIn('ada');
      expect((await guesser.answer('totp', wrong())).status).to.equal(429);
      app.clock.advance(1);
      const { body } = await guesser.answer('totp', wrong());
      wait = body.retryAfterSeconds as number;
      waits.push(wait);
    }
    expect(waits).to.deep.equal([60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]);
  });

  it('refuses the right code unevaluated and unspent while locked', async () => {
    await lock();
    const guesser = await thief();
    app.clock.advance(29);
    const right = code(secret, app.clock);
    const refused = await guesser.answer('totp', right);
    expect({ status: refused.status, code: codeIn(refused) }).to.deep.equal({ status: 429, code: blocked });
    expect(refused.body.retryAfterSeconds).to.equal(1);
    app.clock.advance(1);
    expect((await guesser.answer('totp', right)).status).to.equal(200);
  });

  it('is not dodged by a new session, the right password, another address, browser or language', async () => {
    await lock();
    const others = [
      await thief(),
      await new Browser(app, { 'X-Forwarded-For': '203.0.113.9', 'User-Agent': 'another' }).signIn('ada'),
      await new Browser(app, { 'Accept-Language': 'de' }).signIn('ada'),
    ];
    for (const other of others) {
      expect((await other.answer('totp', wrong())).status).to.equal(429);
      expect((await other.form('/mfa/verify/totp', { code: wrong() })).status).to.equal(429);
    }
  });

  it('is one for all sessions together', async () => {
    const guessers = [await thief(), await thief(), await thief()];
    const statuses = [];
    for (let tries = 0; tries < 6; tries += 1)
      statuses.push((await guessers[tries % 3]!.answer('totp', wrong())).status);
    expect(statuses).to.deep.equal([422, 422, 422, 422, 422, 429]);
  });

  it('survives the end of the sign-in and a long rest', async () => {
    await lock();
    app.clock.advance(86_400);
    const guesser = await thief();
    expect((await guesser.answer('totp', wrong())).body).to.include({ status: 422, retryAfterSeconds: 60 });
  });

  it('is not spent by what is malformed', async () => {
    const guesser = await thief();
    for (const typed of ['', '12345', 'abcdef', 123456, ['123456'], '١٢٣٤٥', '1'.repeat(50)])
      expect((await guesser.answer('totp', typed)).status, String(typed)).to.equal(400);
    for (const typed of ['', '0000-0000', 'LLLL-IIII', 'ABCD', 5])
      expect((await guesser.answer('backup-codes', typed)).status).to.equal(400);
    expect((await app.mfa.status('ada'))!.locked).to.deep.equal([]);
    expect((await guesser.answer('totp', wrong())).body.remainingAttempts).to.equal(4);
  });

  it('leaves the other factors usable', async () => {
    await lock();
    const owner = await thief();
    expect((await owner.jsonGet('/mfa')).body.availableFactors).to.deep.equal(['totp', 'backup-codes']);
    expect((await owner.answer('backup-codes', codes[0])).status).to.equal(200);
  });

  it('of one factor is not cleared by a right answer of another', async () => {
    await lock();
    await (await thief()).answer('backup-codes', codes[0]);
    expect((await (await thief()).answer('totp', wrong())).status).to.equal(429);
  });

  it('covers backup codes alike', async () => {
    const guesser = await thief();
    const statuses = [];
    for (let tries = 0; tries < 6; tries += 1)
      statuses.push((await guesser.answer('backup-codes', 'ABCD-EFGH')).status);
    expect(statuses).to.deep.equal([422, 422, 422, 422, 422, 429]);
    expect((await guesser.answer('backup-codes', codes[0])).status).to.equal(429);
  });

  it('covers enrolment, without a lever against the account', async () => {
    const owner = await thief();
    await owner.proveTotp(secret);
    const next = (await owner.jsonGet('/mfa/setup/totp')).body.secret as string;
    const confirm = (typed: string) => owner.json('/mfa/setup/totp', { code: typed });
    const statuses = [];
    for (let tries = 0; tries < 6; tries += 1) statuses.push((await confirm(wrongCode(next, app.clock))).status);
    expect(statuses).to.deep.equal([422, 422, 422, 422, 422, 429]);
    expect((await owner.json('/mfa/setup/totp/begin')).status).to.equal(429);
    app.clock.advance(1);
    expect((await owner.answer('totp', code(secret, app.clock, 0))).status).to.not.equal(429);
  });

  it('is opened by an admin, and told by events', async () => {
    await lock();
    await app.mfa.unlock('ada', { by: 'root' });
    expect((await (await thief()).answer('totp', wrong())).body.remainingAttempts).to.equal(4);
    const names = app.events.map(({ name }) => name);
    expect(names.filter((name) => name === 'locked')).to.have.length(1);
    expect(app.events.find(({ name }) => name === 'unlocked')).to.include({ actor: 'admin', by: 'root' });
  });

  it('is kept by `passwordChanged`: the wait ends, and the next wrong code waits twice as long', async () => {
    await lock();
    await app.mfa.passwordChanged('ada');
    expect((await (await thief()).answer('totp', wrong())).body.retryAfterSeconds).to.equal(60);
  });
});
