// Attack: a session left pending, with the password in it, is found days later on a shared machine.
// Rule: pending lasts fifteen minutes; then nothing can be paid, on any page, and each try is an attempt for the audit.
// Answer: the sign-in has to be begun again.
import { expect } from 'chai';
import { Browser, code, codeIn } from '../support/agent.js';
import { testApp } from '../support/app.js';

describe('a sign-in that owed its factor for too long', () => {
  it('takes no code any more, on the challenge or the unlock page, and tells of each', async () => {
    const app = await testApp({ lockout: { selfUnlock: true } });
    const { secret } = await (await new Browser(app).signIn('ada')).enrollTotp();
    const late = await new Browser(app).signIn('ada');
    await late.jsonGet('/account').expect(403);
    await late.csrf();
    app.clock.advance(901);
    app.events.length = 0;
    for (const path of ['/mfa/verify/totp', '/mfa/verify/totp/unlock']) {
      const answer = await late.json(path, { code: code(secret, app.clock) });
      expect([answer.status, codeIn(answer), answer.body.hint], path).to.deep.equal([
        400,
        'session.mfa.pending_info_not_found',
        'pending.lapsed',
      ]);
    }
    const outcomes = app.events.filter(({ outcome }) => outcome !== undefined);
    expect(outcomes.map(({ name, reason }) => [name, reason])).to.deep.equal([
      ['verification-refused', 'session.mfa.pending_info_not_found'],
      ['verification-refused', 'session.mfa.pending_info_not_found'],
    ]);
    await late.jsonGet('/account').expect(403);
  });
});
