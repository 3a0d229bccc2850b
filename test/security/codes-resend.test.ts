// Attack: asking for another code, signing in again, changing browser or address, so that guessing starts anew.
// Rule: the budget belongs to the user's record; a resend, a new session and a right password reset nothing.
// Answer: after five wrong codes in all, everything waits; each further one doubles the wait.
import { expect } from 'chai';
import { boundPerson, codesApp, said, send, signIn } from '../support/codes.js';
import { kinds, wrongFor } from '../support/addresses.js';

const blocked = '429 session.verification_blocked_too_many_attempts';

for (const kind of kinds) {
  describe(`the budget of guesses at codes by ${kind}`, () => {
    it('is not reset by a new code in the same session', async () => {
      const app = await codesApp();
      await boundPerson(app, kind);
      const thief = await signIn(app, 'ada');
      const left: number[] = [];
      for (let wrong = 0; wrong < 5; wrong += 1) {
        expect(said(await send(thief, kind))).to.equal('200');
        left.push((await thief.answer(kind, wrongFor(app.lastCode(kind)))).body.remainingAttempts);
        if (wrong < 4) app.clock.advance(150);
      }
      expect(left).to.deep.equal([4, 3, 2, 1, 0]);
      expect(said(await thief.answer(kind, app.lastCode(kind)))).to.equal(blocked);
    });

    it('is not reset by signing in again with the right password, nor by another browser', async () => {
      const app = await codesApp();
      await boundPerson(app, kind);
      for (let wrong = 0; wrong < 5; wrong += 1) {
        const thief = await signIn(app, 'ada');
        expect(said(await send(thief, kind))).to.equal('200');
        await thief.answer(kind, wrongFor(app.lastCode(kind)));
        app.clock.advance(wrong < 4 ? 150 : 0);
      }
      const next = await signIn(app, 'ada');
      const refused = await send(next, kind);
      expect(said(refused)).to.equal(blocked);
      expect(refused.body.retryAfterSeconds).to.equal(30);
    });

    it('gives one guess after each wait, which doubles up to an hour', async () => {
      const app = await codesApp({ pendingMaxAgeSeconds: 86_400 * 7 });
      await boundPerson(app, kind);
      const thief = await signIn(app, 'ada');
      await send(thief, kind);
      for (let wrong = 0; wrong < 4; wrong += 1) await thief.answer(kind, wrongFor(app.lastCode(kind)));
      const waits: number[] = [];
      for (let round = 0; round < 9; round += 1) {
        const answer = await thief.answer(kind, wrongFor(app.lastCode(kind)));
        expect(answer.status, answer.text).to.equal(422);
        const wait = answer.body.retryAfterSeconds as number;
        waits.push(wait);
        expect(said(await thief.answer(kind, app.lastCode(kind))), 'unevaluated').to.equal(blocked);
        app.clock.advance(wait);
        await send(thief, kind);
      }
      expect(waits).to.deep.equal([30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
    });

    it('of the owner’s own browser is another one: a thief cannot lock them out of it', async () => {
      const app = await codesApp();
      await boundPerson(app, kind);
      const owner = await signIn(app, 'ada');
      await send(owner, kind);
      await owner.answer(kind, app.lastCode(kind));
      app.clock.advance(60);
      const thief = await signIn(app, 'ada');
      await send(thief, kind);
      for (let wrong = 0; wrong < 5; wrong += 1) await thief.answer(kind, wrongFor(app.lastCode(kind)));
      await owner.signIn('ada');
      app.clock.advance(1);
      expect(said(await send(owner, kind))).to.equal('200');
      expect(said(await owner.answer(kind, app.lastCode(kind)))).to.equal('200');
      expect(said(await thief.answer(kind, '123456'))).to.equal(blocked);
    });
  });
}
