// Attack: a stranger who knows the password guesses wrong until the owner's own sign-in looks risky, and the owner is asked for
// more than they have at hand.
// Rule: wrong answers are weighed in the lane they came in; a browser that passed before has a lane of its own.
// Answer: the owner's known browser scores nothing for a stranger's flood; the stranger does; success in one lane clears that one.
import { expect } from 'chai';
import { Browser, wrongCode } from '../support/agent.js';
import type { TestApp } from '../support/app.js';
import { abroad, assessments, forget, home, riskApp } from '../support/risk.js';

for (const riskMode of ['report', 'enforce'] as const)
  describe(`wrong answers of strangers, weighed (${riskMode})`, () => {
    let app: TestApp;
    let secret: string;
    let owner: Browser;

    beforeEach(async () => {
      app = await riskApp({ riskMode });
      owner = await new Browser(app, home).signIn('ada');
      ({ secret } = await owner.enrollTotp());
    });
    afterEach(() => app.close());

    const signalsOf = async (browser: Browser) => {
      await forget(app);
      await browser.signIn('ada');
      await browser.jsonGet('/account').expect(403);
      return String((await assessments(app))[0]?.detail?.['risk']);
    };
    async function flood(browser: Browser, count: number): Promise<void> {
      await browser.signIn('ada');
      for (let tries = 0; tries < count; tries += 1) {
        expect((await browser.answer('totp', wrongCode(secret, app.clock))).status).to.equal(422);
        app.clock.advance(tries < 4 ? 1 : 60);
      }
    }

    it('raise nothing in the known browser of the owner, and much in the next unknown one', async () => {
      await flood(new Browser(app, abroad), 5);
      expect(await signalsOf(owner)).to.equal('');
      expect(await signalsOf(new Browser(app, abroad))).to.include('failures.some');
    });

    it('count in the known browser where they came from it', async () => {
      await flood(owner, 3);
      expect(await signalsOf(owner)).to.equal('failures.some');
      // Cookies that are cleared make nobody look more harmless.
      expect(await signalsOf(new Browser(app, home))).to.equal('failures.some');
    });

    it('are forgotten a quarter of an hour after the last of them', async () => {
      await flood(owner, 3);
      app.clock.advance(15 * 60);
      expect(await signalsOf(owner)).to.equal('');
    });

    it('are cleared by success in their own lane alone', async () => {
      await flood(new Browser(app, abroad), 4);
      await owner.signIn('ada');
      await owner.proveTotp(secret);
      expect(await signalsOf(new Browser(app, abroad))).to.include('failures.some');
    });
  });
