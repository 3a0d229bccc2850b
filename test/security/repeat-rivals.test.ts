// Attack: press "Submit again" many times at once, at two servers of one app that share nothing but Redis.
// Rule: what was kept is taken by one write of the store, so exactly one press is let through, whichever process it came to.
// Answer: one is sent on to the route with the form; to the others nothing is kept any more, at once and later.
import { expect } from 'chai';
import { Browser } from '../support/agent.js';
import { atOnce, countTogether, expectTogether, startRivals, type Rival, type Rivals } from '../support/rivals.js';

const sent = { iban: 'GB82', note: 'one\r\ntwo' };
const presses = 20;

describe('presses of "Submit again" at once, in two processes', () => {
  let rivals: Rivals;
  let person: Browser;
  let secret: string;

  beforeEach(async () => {
    rivals = await startRivals(2, { form: true });
    person = await new Browser(rivals.all[0]!).signIn('ada');
    ({ secret } = await person.enrollTotp());
  });
  afterEach(() => rivals.close());
  after(expectTogether);

  /** The same browser, at another server of the app. */
  const at = (rival: Rival) => new Browser(rival, { Cookie: person.cookies });

  /** Stops the form and does the step; says where the button goes. */
  async function offered(): Promise<string> {
    await rivals.advance(331);
    await person.post('/payouts', sent).expect(401);
    await person.proveTotp(secret);
    await rivals.advance(0);
    const { text } = await person.htmlGet('/mfa/repeat').expect(200);
    return /action="(\/mfa\/repeat\?id=[^"]+)"/.exec(text)?.[1] ?? '';
  }

  it('let exactly one through, whichever process it came to', async () => {
    // On a busy machine one process may be done before the other begins: such a round proves nothing, and there is another.
    let together = 0;
    for (let round = 1; together < 3 && round <= 12; round += 1) {
      const action = await offered();
      await Promise.all(rivals.all.map((rival) => rival.report()));
      const answers = await atOnce(rivals, presses, (index) => at(rivals.all[index % 2]!).post(action, sent));
      if (countTogether(await Promise.all(rivals.all.map((rival) => rival.report()))) > 5) together += 1;
      const passed = answers.filter(({ status }) => status === 307);
      expect(
        passed.map(({ headers }) => headers.location as string),
        `round ${round}`,
      ).to.deep.equal(['/payouts']);
      expect(answers.filter(({ status }) => status === 404)).to.have.length(presses - 1);
      for (const rival of rivals.all) await at(rival).post(action, sent).expect(404);
    }
    expect(together, 'rounds with requests of one process during one of the other').to.be.above(0);
  });

  it('let none through that brings other fields, and spend what was kept', async () => {
    const action = await offered();
    const altered = { ...sent, iban: 'XX99' };
    const answers = await Promise.all(
      Array.from({ length: presses }, (_, index) => at(rivals.all[index % 2]!).post(action, altered)),
    );
    expect(answers.map(({ status }) => status)).to.deep.equal(Array.from({ length: presses }, () => 404));
    await person.post(action, sent).expect(404);
  });
});
