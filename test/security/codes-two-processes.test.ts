// Attack: 200 guesses at once to two processes of the app, from one session and from many; one right code fifty times.
// Rule: wrong tries, single use and the budget stand in the record, which is saved by compare-and-set.
// Answer: never more than the budget is evaluated, and a code is accepted once.
import { expect } from 'chai';
import { Browser } from '../support/agent.js';
import { wrongFor, type Kind } from '../support/addresses.js';
import {
  bindIn,
  counted,
  lastCodeOf,
  sentBy,
  startCodesRivals,
  storm,
  stormed,
  type Sent,
} from '../support/codes-rivals.js';
import { expectTogether, type Rivals } from '../support/rivals.js';

const mismatch = '422 verification_code.code_mismatch';
const blocked = '429 session.verification_blocked_too_many_attempts';
const spent = '429 verification_code.exceed_max_try';

describe('guesses at codes in two processes', function () {
  this.timeout(120_000);
  let rivals: Rivals;
  let people = 0;
  let uid: string;

  // By e-mail a code has more tries than the person, by SMS fewer.
  before(async () => {
    rivals = await startCodesRivals({ email: { tries: 10 }, sms: { tries: 3 } });
  });
  after(() => rivals.close());
  after(expectTogether);

  async function person(kind: Kind): Promise<void> {
    people += 1;
    uid = `person-${people}`;
    await bindIn(rivals, kind, uid, addressOf(kind));
  }
  const addressOf = (kind: Kind) => (kind === 'email' ? `${uid}@example.com` : `+417912345${10 + people}`);

  /** A pending sign-in with a code on its way. */
  async function pending(kind: Kind, index: number): Promise<{ sent: Sent; code: string }> {
    const rival = rivals.all[index % 2]!;
    const sent = await sentBy(await new Browser(rival).signIn(uid));
    await new Browser(rival).postJson(`/mfa/verify/${kind}/begin`, {}, sent).expect(200);
    return { sent, code: await lastCodeOf(rival, kind) };
  }

  it('are evaluated five times of two hundred, from one session', async () => {
    await person('email');
    const { sent, code } = await pending('email', 0);
    const guess = { path: '/mfa/verify/email', body: { code: wrongFor(code) }, headers: sent };
    const answers = await storm(
      rivals,
      Array.from({ length: 200 }, () => guess),
    );
    expect(counted(answers)).to.deep.equal({ [mismatch]: 5, [blocked]: 195 });
  });

  it('are evaluated five times of two hundred, from four sessions with a code each', async () => {
    await person('email');
    const sessions: { sent: Sent; code: string }[] = [];
    for (const index of [0, 1, 2, 3]) sessions.push(await pending('email', index));
    const answers = await storm(
      rivals,
      Array.from({ length: 200 }, (_, index) => {
        const { sent, code } = sessions[index % 4]!;
        return { path: '/mfa/verify/email', body: { code: wrongFor(code) }, headers: sent };
      }),
    );
    expect(counted(answers)).to.deep.equal({ [mismatch]: 5, [blocked]: 195 });
  });

  it('are evaluated as often as the code has tries, where the person has more', async () => {
    await person('sms');
    const { sent, code } = await pending('sms', 1);
    const guess = { path: '/mfa/verify/sms', body: { code: wrongFor(code) }, headers: sent };
    const answers = await storm(
      rivals,
      Array.from({ length: 200 }, () => guess),
    );
    expect(counted(answers)).to.deep.equal({ [mismatch]: 3, [spent]: 197 });
  });

  it('are evaluated as often at binding, where nothing is in the record yet', async () => {
    people += 1;
    uid = `person-${people}`;
    const newcomer = await new Browser(rivals.all[0]!).signIn(uid);
    const begun = await newcomer.json('/mfa/setup/sms/begin', { address: addressOf('sms') });
    expect(begun.status, begun.text).to.equal(200);
    const code = wrongFor(await lastCodeOf(rivals.all[0]!, 'sms'));
    const guess = { path: '/mfa/setup/sms', body: { code }, headers: await sentBy(newcomer) };
    const answers = counted(
      await storm(
        rivals,
        Array.from({ length: 200 }, () => guess),
      ),
    );
    expect(answers).to.deep.equal({ [mismatch]: 3, [spent]: 197 });
  });

  for (const kind of ['email', 'sms'] as const) {
    it(`and one right answer by ${kind} fifty times: accepted once`, async () => {
      // On a busy machine one process may be done before the other begins: such a round proves nothing, and there is another.
      let together = 0;
      for (let round = 1; together <= 5 && round <= 12; round += 1) {
        await person(kind);
        const { sent, code } = await pending(kind, 0);
        const answer = { path: `/mfa/verify/${kind}`, body: { code }, headers: sent };
        const { answers: all, met } = await stormed(
          rivals,
          Array.from({ length: 50 }, () => answer),
        );
        together = met;
        const answers = counted(all);
        expect(answers['200']).to.equal(1);
        // The winner's session gets a new id: whoever comes later with the old one is nobody.
        const told = ['200', '400 verification_code.not_found', '401 session.not_signed_in'];
        for (const word of Object.keys(answers)) expect(word).to.be.oneOf(told);
      }
      expect(together, 'requests of one process during one of the other').to.be.above(5);
    });
  }
});
