// One person in two browsers, each served by another process of the same app: what changes in one is felt in the other
// within `recordMaxAgeSeconds`, because only "elevated" is ever remembered, and not for long.
import { expect } from 'chai';
import { Browser, code, codeIn } from '../support/agent.js';
import { startRivals, type Rivals } from '../support/rivals.js';

describe('two browsers of one person, on two processes', () => {
  let rivals: Rivals;
  let here: Browser;
  let there: Browser;
  let secret: string;

  beforeEach(async () => {
    rivals = await startRivals(2);
    const [one, other] = rivals.all;
    if (!one || !other) throw new Error('There are not two processes.');
    here = await new Browser(one).signIn('ada');
    there = await new Browser(other).signIn('ada');
  });
  afterEach(() => rivals.close());

  const refusal = async () => codeIn(await there.jsonGet('/account').expect(403));

  /** Both browsers elevated, each in its own process. */
  async function bothElevated() {
    ({ secret } = await here.enrollTotp());
    await rivals.advance(30);
    await there.answer('totp', code(secret, rivals.clock));
    await there.jsonGet('/account').expect(200);
  }

  it('the first enrolment here asks there, where nothing was owed before', async () => {
    await there.jsonGet('/account').expect(200);
    await here.enrollTotp();
    expect(await refusal()).to.equal('session.mfa.require_mfa_verification');
  });

  it('a change of factors here asks there, within half a minute', async () => {
    await bothElevated();
    await here.enrollTotp();
    await rivals.advance(31);
    expect(await refusal()).to.equal('session.mfa.require_mfa_verification');
    await here.jsonGet('/account').expect(200);
  });

  it('the last app removed here leaves the backup codes there', async () => {
    await bothElevated();
    const { authenticators } = (await here.jsonGet('/mfa')).body;
    for (const { id } of authenticators as { id: string }[])
      await here.json(`/mfa/authenticators/${id}/remove`, { keepBackupCodes: 'yes' });
    await rivals.advance(31);
    // The backup codes still work, so the account stays protected and asks for one.
    expect(await refusal()).to.equal('session.mfa.require_mfa_verification');
    const { availableFactors } = (await there.jsonGet('/mfa')).body;
    expect(availableFactors).to.deep.equal(['backup-codes']);
  });
});
