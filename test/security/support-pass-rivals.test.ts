// Attack: one support pass is sent to four processes at the same moment, right or among wrong ones.
// Rule: the use and each wrong try are one write of the record, and whoever loses the race starts over from the next one.
// Answer: one sign-in, and twenty tries in all.
import { expect } from 'chai';
import { createMfa, supportPass, totp } from '../../src/index.js';
import { Browser, codeIn } from '../support/agent.js';
import { appSecret } from '../support/app.js';
import { sharedStore } from '../support/shared-store.js';
import { newRedis } from '../support/redis.js';
import { startRivals, type Rivals } from '../support/rivals.js';

describe('a support pass at four processes', function () {
  let rivals: Rivals;
  const redis = newRedis();
  before(async () => {
    rivals = await startRivals(4, { passes: true });
  });
  after(async () => {
    redis.disconnect();
    await rivals.close();
  });

  async function issueTo(uid: string): Promise<string> {
    await (await new Browser(rivals.all[0]!).signIn(uid)).enrollTotp();
    const mfa = createMfa({
      appName: 'Acme',
      secrets: [appSecret],
      store: sharedStore(redis, { namespace: rivals.namespace }),
      factors: [totp(), supportPass()],
      user: () => null,
      notify: () => undefined,
      clock: rivals.clock,
    });
    return (await mfa.issuePass(uid, { by: 'helpdesk-3' })).pass;
  }

  /** As many sign-ins as answers, each with its own session. */
  async function storm(uid: string, typed: readonly string[]) {
    const senders = await Promise.all(
      typed.map(async (_, index) => {
        const thief = await new Browser(rivals.all[index % 4]!).signIn(uid);
        return { thief, token: { 'X-CSRF-Token': await thief.csrf() } };
      }),
    );
    return Promise.all(
      senders.map(({ thief, token }, index) => thief.postJson('/mfa/verify/pass', { code: typed[index] }, token)),
    );
  }

  it('signs one in', async () => {
    const pass = await issueTo('one');
    const answers = await storm('one', Array<string>(12).fill(pass));
    expect(answers.filter(({ status }) => status === 200)).to.have.length(1);
    for (const answer of answers)
      if (answer.status !== 200) expect(codeIn(answer)).to.equal('session.mfa.invalid_pass');
  });

  it('is void after twenty wrong ones, wherever they came', async () => {
    const pass = await issueTo('many');
    for (let round = 0; round < 3; round += 1) await storm('many', Array<string>(8).fill('BBBB-BBBB-BBBB'));
    const [answer] = await storm('many', [pass]);
    expect([answer!.status, codeIn(answer!)]).to.deep.equal([422, 'session.mfa.invalid_pass']);
  });
}).timeout(60_000);
