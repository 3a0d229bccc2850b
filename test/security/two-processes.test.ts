// Attack: the same right answer, or a flood of wrong ones, sent to two processes of the app at the same time.
// Rule: check, then consume: one atomic step decides, and whoever loses the race starts over from the new record.
// Answer: exactly one success, and a budget that no number of requests and processes exceeds.
import { expect } from 'chai';
import type { Response } from 'supertest';
import type { MfaRecord } from '../../src/index.js';
import { Browser, code, wrongCode } from '../support/agent.js';
import { sharedStore } from '../support/shared-store.js';
import { newRedis } from '../support/redis.js';
import { atOnce, countTogether, expectTogether, startRivals, type Rivals } from '../support/rivals.js';
import { tally } from '../support/tally.js';

describe('two processes of the app on one Redis', function () {
  let rivals: Rivals;
  let people = 0;
  let uid: string;
  let owner: { secret: string; codes: string[] };

  before(async () => {
    rivals = await startRivals(2);
  });
  after(() => rivals.close());
  after(expectTogether);
  beforeEach(async () => {
    people += 1;
    uid = `person-${people}`;
    owner = await (await new Browser(rivals.all[0]!).signIn(uid)).enrollTotp();
    await rivals.advance(60);
  });

  /** Sends `count` answers at once, every second one to the other process, from `sessions` pending sign-ins. */
  async function storm(
    count: number,
    kind: string,
    typed: (index: number) => string,
    sessions = count,
  ): Promise<Response[]> {
    const thieves = await Promise.all(
      Array.from({ length: sessions }, async (_, index) => {
        const thief = await new Browser(rivals.all[index % 2]!).signIn(uid);
        return { Cookie: thief.cookies, 'X-CSRF-Token': await thief.csrf() };
      }),
    );
    const clients = rivals.all.map((rival) => new Browser(rival));
    await Promise.all(rivals.all.map((rival) => rival.report()));
    // Each to the process that it did not sign in at.
    const answers = await atOnce(rivals, count, (index) =>
      clients[index % 2]!.postJson(`/mfa/verify/${kind}`, { code: typed(index) }, thieves[(index + 1) % sessions]),
    );
    countTogether(await Promise.all(rivals.all.map((rival) => rival.report())));
    return answers;
  }

  async function recordOf(): Promise<MfaRecord> {
    const redis = newRedis();
    const { record } = await sharedStore(redis, { namespace: rivals.namespace }).load(uid);
    redis.disconnect();
    return record!;
  }

  const statuses = (answers: Response[]) => tally(answers.map(({ status }) => status));

  it('takes one code of an app once, of fifty times at once', async () => {
    const right = code(owner.secret, rivals.clock);
    const answers = await storm(50, 'totp', () => right);
    const { 200: accepted, ...refused } = statuses(answers);
    expect(accepted).to.equal(1);
    // The others were compared and found used, until the budget of five was spent.
    expect(refused).to.deep.equal({ 422: 5, 429: 44 });
    const { authenticators } = await recordOf();
    const data = authenticators.find(({ kind }) => kind === 'totp')?.data as { lastStep: number };
    expect(data.lastStep).to.equal(Math.floor(rivals.clock.seconds / 30));
  });

  it('takes one backup code once, of fifty times at once', async () => {
    const answers = await storm(50, 'backup-codes', () => owner.codes[0]!);
    const { 200: accepted, ...refused } = statuses(answers);
    expect(accepted).to.equal(1);
    expect(refused).to.deep.equal({ 422: 5, 429: 44 });
    const { authenticators } = await recordOf();
    const set = authenticators.find(({ kind }) => kind === 'backup-codes')?.data as { codes: object[] };
    expect(set.codes.filter((each) => 'hash' in each)).to.have.length(4);
    expect(set.codes.filter((each) => 'usedAt' in each)).to.have.length(1);
  });

  it('evaluates five of two hundred wrong guesses at once', async () => {
    const wrong = wrongCode(owner.secret, rivals.clock);
    const answers = await storm(200, 'totp', () => wrong, 4);
    expect(statuses(answers)).to.deep.equal({ 422: 5, 429: 195 });
    const record = await recordOf();
    expect(record.attempts['totp/unknown']).to.deep.include({
      failures: 5,
      lockedUntil: rivals.clock.seconds + 30,
    });
    expect(record.attempts['/unknown']?.failures).to.equal(5);
  });

  it('lets each of five codes in once when all are tried at once', async () => {
    const answers = await storm(50, 'backup-codes', (index) => owner.codes[index % 5]!);
    expect(statuses(answers)[200]).to.be.within(1, 5);
    const set = (await recordOf()).authenticators.find(({ kind }) => kind === 'backup-codes')?.data;
    const left = (set as { codes: object[] }).codes.filter((each) => 'hash' in each).length;
    expect(5 - left).to.equal(statuses(answers)[200]);
  });

  it('enrols one app of ten that are confirmed at once in as many sessions', async () => {
    const clients = await Promise.all(
      Array.from({ length: 10 }, async (_, index) => {
        const person = await new Browser(rivals.all[index % 2]!).signIn(`newcomer-of-${uid}`);
        const { secret } = (await person.jsonGet('/mfa/setup/totp').expect(200)).body as { secret: string };
        return { person, secret, token: await person.csrf() };
      }),
    );
    const answers = await Promise.all(
      clients.map(({ person, secret, token }) =>
        person.postJson('/mfa/setup/totp', { code: code(secret, rivals.clock), _csrf: token }),
      ),
    );
    const { 200: confirmed, ...others } = statuses(answers);
    expect(confirmed).to.equal(1);
    for (const status of Object.keys(others)) expect(Number(status)).to.be.oneOf([403, 409]);
    uid = `newcomer-of-${uid}`;
    const { authenticators } = await recordOf();
    expect(authenticators).to.have.length(1);
    const winner = clients[answers.findIndex(({ status }) => status === 200)]!;
    await rivals.advance(30);
    const again = await new Browser(rivals.all[1]!).signIn(uid);
    expect((await again.answer('totp', code(winner.secret, rivals.clock))).status).to.equal(200);
  });

  it('confirms one set of backup codes of two that were begun at once', async () => {
    const sessions = await Promise.all(rivals.all.map(async (rival) => new Browser(rival).signIn(uid)));
    for (const session of sessions) {
      await rivals.advance(30);
      expect((await session.answer('totp', code(owner.secret, rivals.clock))).status).to.equal(200);
    }
    const begun = await Promise.all(sessions.map((session) => session.json('/mfa/backup-codes/generate')));
    const tokens = await Promise.all(sessions.map((session) => session.csrf()));
    const answers = await Promise.all(
      sessions.map((session, index) => {
        const { revealToken } = begun[index]!.body.pending as { revealToken: string };
        return session.postJson('/mfa/backup-codes/confirm', { revealToken, saved: 'yes', _csrf: tokens[index] });
      }),
    );
    expect(statuses(answers)[200]).to.equal(1);
    expect((await recordOf()).authenticators.filter(({ kind }) => kind === 'backup-codes')).to.have.length(1);
  });
});
