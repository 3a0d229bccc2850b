// Attack: using up what may be sent to somebody, so that they get no code: binding their address, or asking with their password.
// Rule: binding and signing in have budgets of their own, and so has each browser in which the person passed a factor.
// Answer: neither a stranger nor a thief stops the owner's codes in a known browser; each budget is as strict as before.
import { expect } from 'chai';
import type { Browser } from '../support/agent.js';
import { bind, codesApp, said, send, signIn, type CodesApp, type CodesOptions } from '../support/codes.js';
import { addresses, kinds, type Kind } from '../support/addresses.js';

const limited = '429 connector.rate_limit_exceeded';

for (const kind of kinds) {
  describe(`using up what may be sent by ${kind}`, () => {
    let app: CodesApp;
    let owner: Browser;

    async function start(options: CodesOptions = {}) {
      app = await codesApp(options);
      owner = await signIn(app, 'ada');
      await bind(app, owner, kind);
      app.clock.advance(86_400);
    }

    async function ownerGetsIn() {
      await owner.signIn('ada');
      expect(said(await send(owner, kind))).to.equal('200');
      expect(said(await owner.answer(kind, app.lastCode(kind)))).to.equal('200');
    }

    it('by binding the address from other accounts stops no sign-in of its owner, in any browser', async () => {
      await start();
      const told: string[] = [];
      for (let index = 0; index < 7; index += 1) {
        const stranger = await signIn(app, `stranger-${index}`);
        told.push(said(await stranger.json(`/mfa/setup/${kind}/begin`, { address: addresses[kind] })));
      }
      expect(told).to.deep.equal([...Array<string>(5).fill('200'), limited, limited]);
      expect(said(await send(await signIn(app, 'ada'), kind)), 'in a new browser').to.equal('200');
      await ownerGetsIn();
    });

    it('with the password, five times at once or thirty a day, stops no sign-in in a known browser', async () => {
      await start();
      let sent = 0;
      for (let round = 0; round < 12; round += 1) {
        for (let index = 0; index < 5; index += 1) {
          if (said(await send(await signIn(app, 'ada'), kind)) === '200') sent += 1;
        }
        if (round === 0) await ownerGetsIn();
        app.clock.advance(900);
      }
      // What the owner proved begins the day anew.
      expect(sent).to.equal(5 + 30);
      expect(said(await send(await signIn(app, 'ada'), kind))).to.equal(limited);
      await ownerGetsIn();
    });

    it('from the same network stops nobody in a known browser, and each budget of the network is a limit', async () => {
      await start({ [kind satisfies Kind]: { maxPerNetworkPerHour: 3 } });
      const told: string[] = [];
      for (let index = 0; index < 5; index += 1) {
        const stranger = await signIn(app, `stranger-${index}`);
        const address = kind === 'email' ? `s${index}@example.com` : `+4179123450${index}`;
        told.push(said(await stranger.json(`/mfa/setup/${kind}/begin`, { address })));
      }
      expect(told).to.deep.equal(['200', '200', '200', limited, limited]);
      for (let index = 0; index < 3; index += 1)
        expect(said(await send(await signIn(app, 'ada'), kind))).to.equal('200');
      expect(said(await send(await signIn(app, 'ada'), kind))).to.equal(limited);
      await ownerGetsIn();
    });
  });
}
