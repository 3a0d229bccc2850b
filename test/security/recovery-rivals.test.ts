// Attack: one backup code in many risky sign-ins at once, one approval collected many times, and passwords guessed as the further
// proof as fast as two processes take them.
// Rule: spending, collecting and each guess are one write of the record, and the guess is charged before the host is asked.
// Answer: one stage, one sign-in, and never more questions to the host than the budget has.
import { expect } from 'chai';
import type { Response } from 'supertest';
import { createMfa, totp, type Mfa } from '../../src/index.js';
import { Browser, codeIn } from '../support/agent.js';
import { appSecret, fewBackupCodes, testClock } from '../support/app.js';
import { during } from '../support/during.js';
import { patientCaseStore } from '../support/patience.js';
import { sharedStore } from '../support/shared-store.js';
import { admin, levels, reason } from '../support/recovering.js';
import { newRedis } from '../support/redis.js';
import { startRivals, type Rivals } from '../support/rivals.js';

const rivalsOf = (approves: boolean) => during(() => startRivals(2, { approves } as object, 'recovery-rival.ts'));

/** Somebody who is known at home for two days, with codes. */
async function ownerIn(rivals: Rivals, uid: string): Promise<string[]> {
  const { codes } = await (await new Browser(rivals.all[0]!, levels.low).signIn(uid)).enrollTotp();
  await rivals.advance(2 * 86_400);
  return codes;
}

/** As many sign-ins as answers, in turn at each process; all are sent at once. */
async function atOnce(browsers: readonly Browser[], path: string, bodies: readonly object[]): Promise<Response[]> {
  const tokens = await Promise.all(browsers.map((each) => each.csrf()));
  return Promise.all(
    bodies.map((body, index) => {
      const at = index % browsers.length;
      return browsers[at]!.postJson(path, body, { 'X-CSRF-Token': tokens[at]! });
    }),
  );
}

const signIns = (rivals: Rivals, count: number, uid: string, level: keyof typeof levels, more: object = {}) =>
  Promise.all(
    Array.from({ length: count }, (_, index) =>
      new Browser(rivals.all[index % rivals.all.length]!, levels[level]).signIn(uid, more),
    ),
  );

const right = (answers: readonly Response[]) => answers.filter(({ status }) => status === 200);

describe('a risky backup code at two processes', function () {
  const rivals = rivalsOf(false);

  it('is spent once', async () => {
    const codes = await ownerIn(rivals(), 'one');
    const browsers = await signIns(rivals(), 8, 'one', 'high');
    const answers = await atOnce(browsers, '/mfa/verify/backup-codes', Array<object>(8).fill({ code: codes[0] }));
    expect(right(answers).map(({ body }) => body.next.step)).to.deep.equal(['confirm-recovery']);
    for (const browser of browsers) await browser.jsonGet('/account').expect(403);
  });

  it('is confirmed by no more passwords than the budget has, however many come at once, in whichever sign-in', async () => {
    const codes = await ownerIn(rivals(), 'two');
    const browsers = await signIns(rivals(), 2, 'two', 'medium', { signedInBy: 'sso' });
    for (const [index, browser] of browsers.entries())
      expect((await browser.answer('backup-codes', codes[index])).body.next?.step).to.equal('confirm-recovery');
    const guess = (password: string) => ({ factor: 'password', password });
    const guesses = Array.from({ length: 16 }, (_, index) => guess(`guess ${index}`));
    const answers = await atOnce(browsers, '/mfa/confirm', guesses);
    const askedOf = async () => {
      const all = await Promise.all(browsers.map((browser) => browser.agent.get('/asked').expect(200)));
      return all.flatMap(({ body }) => body as string[]);
    };
    const counts = (reason: string) => answers.filter((answer) => codeIn(answer) === reason).length;
    expect(await askedOf()).to.have.length(5);
    expect(counts('session.mfa.password_mismatch')).to.equal(5);
    expect(right(answers)).to.deep.equal([]);
    // The right one is not looked at meanwhile, nor in a sign-in that is new, with another code.
    const [fresh] = await signIns(rivals(), 1, 'two', 'medium', { signedInBy: 'sso' });
    expect((await fresh!.answer('backup-codes', codes[2])).body.next?.step).to.equal('confirm-recovery');
    for (const browser of [...browsers, fresh!])
      expect(codeIn(await browser.json('/mfa/confirm', guess('correct horse')))).to.equal(
        'session.verification_blocked_too_many_attempts',
      );
    expect(await askedOf()).to.have.length(5);
    await rivals().advance(31);
    const late = await atOnce([browsers[0]!], '/mfa/confirm', Array<object>(4).fill(guess('correct horse')));
    expect(right(late)).to.have.length(1);
  });

  it('is never confirmed by a password where the sign-in began with one, at high risk, or where nobody says', async () => {
    const codes = await ownerIn(rivals(), 'three');
    const before = await Promise.all(rivals().all.map((rival) => new Browser(rival).agent.get('/asked')));
    for (const [level, more] of [
      ['medium', { signedInBy: 'password' }],
      ['medium', {}],
      ['high', { signedInBy: 'sso' }],
    ] as const) {
      const browsers = await signIns(rivals(), 1, 'three', level, more);
      await browsers[0]!.answer('backup-codes', codes.shift());
      const answers = await atOnce(
        browsers,
        '/mfa/confirm',
        Array<object>(4).fill({ factor: 'password', password: 'correct horse' }),
      );
      for (const answer of answers) expect(codeIn(answer)).to.equal('session.mfa.mfa_factor_not_enabled');
    }
    const after = await Promise.all(rivals().all.map((rival) => new Browser(rival).agent.get('/asked')));
    expect(after.map(({ body }) => body as unknown)).to.deep.equal(before.map(({ body }) => body as unknown));
  });
}).timeout(60_000);

describe('a backup code that awaits an approval at two processes', function () {
  const rivals = rivalsOf(true);
  const redis = newRedis();
  after(() => redis.disconnect());

  /** A third process of the same app: that of the administrators. */
  const desk = (): Mfa =>
    createMfa({
      appName: 'Acme',
      secrets: [appSecret],
      store: sharedStore(redis, { namespace: rivals().namespace }),
      administration: { cases: patientCaseStore(redis, { namespace: rivals().namespace }) },
      factors: [totp(), fewBackupCodes()],
      user: () => null,
      notify: () => undefined,
      clock: testClock(rivals().clock.now()),
    });

  it('opens one case, is answered once, and is collected once', async () => {
    const codes = await ownerIn(rivals(), 'one');
    const browsers = await signIns(rivals(), 4, 'one', 'high');
    const spent = await atOnce(
      browsers,
      '/mfa/verify/backup-codes',
      codes.slice(0, 4).map((typed) => ({ code: typed })),
    );
    expect(right(spent)).to.have.length(1);
    const winner = browsers[spent.findIndex(({ status }) => status === 200)]!;
    const mfa = desk();
    const cases = await mfa.cases();
    expect(cases).to.have.length(1);
    const by = { by: admin as never, reason };
    const answers = await Promise.allSettled([
      ...Array.from({ length: 4 }, () => mfa.approve(cases[0]!.id, by)),
      ...Array.from({ length: 2 }, () => mfa.approve(cases[0]!.id, { by: { ...admin, id: 'ben' }, reason })),
    ]);
    expect(answers.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
    const token = await winner.csrf();
    const { cookies } = winner;
    const presses = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        new Browser(rivals().all[index % 2]!, winner.headers).postJson(
          '/mfa/wait',
          {},
          { 'X-CSRF-Token': token, Cookie: cookies },
        ),
      ),
    );
    expect(right(presses)).to.have.length(1);
    expect(await mfa.cases()).to.deep.equal([]);
    for (const other of browsers.filter((each) => each !== winner)) await other.jsonGet('/account').expect(403);
  });
}).timeout(60_000);
