// Attack: whoever knows the password comes again and again, guesses wrong, and so makes their network, country and browser
// ones that the account has seen before.
// Rule: the history is written with what was accepted, and with nothing else; a cleared cookie is another unknown browser.
// Answer: the hundredth visit looks as risky as the first, and riskier for every wrong answer.
import { expect } from 'chai';
import { Browser, wrongCode } from '../support/agent.js';
import type { TestApp } from '../support/app.js';
import { rawRecord } from '../support/raw-record.js';
import { abroad, forget, home, riskApp, scores } from '../support/risk.js';

for (const riskMode of ['report', 'enforce'] as const)
  describe(`a history that is taught by refusals (${riskMode})`, () => {
    let app: TestApp;
    let secret: string;

    beforeEach(async () => {
      app = await riskApp({ riskMode });
      ({ secret } = await (await new Browser(app, home).signIn('ada')).enrollTotp());
      await forget(app);
    });
    afterEach(() => app.close());

    it('learns nothing from wrong, malformed, used and locked answers', async () => {
      const before = (await rawRecord(app.mfa, 'ada')).history;
      const thief = await new Browser(app, abroad).signIn('ada');
      for (const typed of [wrongCode(secret, app.clock), 'x', '', ...Array.from({ length: 6 }, () => '000000')])
        expect((await thief.answer('totp', typed)).status).not.to.equal(200);
      await thief.answer('backup-codes', 'ZZZZ-ZZZZ');
      await thief.htmlGet('/mfa/setup/totp');
      await thief.json('/mfa/setup/totp', { code: '000000' });
      expect((await rawRecord(app.mfa, 'ada')).history).to.deep.equal(before);
    });

    it('finds each further visit as risky as the first, whatever cookies are cleared', async () => {
      for (let visit = 0; visit < 4; visit += 1) {
        const thief = await new Browser(app, abroad).signIn('ada');
        await thief.jsonGet('/account').expect(403);
        await thief.answer('totp', wrongCode(secret, app.clock));
      }
      // Of the fourth visit on, three wrong answers are known of that lane.
      expect(await scores(app)).to.deep.equal([65, 65, 65, 85]);
    });

    it('is not made to forget by asking from many places', async () => {
      for (let visit = 0; visit < 25; visit += 1) {
        const from = { ...abroad, 'X-Forwarded-For': `198.18.${visit}.1` };
        await (await new Browser(app, from).signIn('ada')).jsonGet('/account').expect(403);
      }
      await forget(app);
      await (await new Browser(app, home).signIn('ada')).jsonGet('/account').expect(403);
      expect(await scores(app)).to.deep.equal([0]);
    });
  });
