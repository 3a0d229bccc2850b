// Attack: a program that signs in with each request (basic auth) and brings no cookie is refused over and over, and fills
// the host's session store, or ours.
// Rule: a refusal to a program without cookies stores nothing. Answer: as many sessions as before.
import { expect } from 'chai';
import session from 'express-session';
import { memoryStore } from '../../src/index.js';
import { Browser } from '../support/agent.js';
import { hostData, testApp, testClock } from '../support/app.js';
import { countingStore } from '../support/counting-store.js';

const userOf = (authorization: string | undefined) => /^Basic (\w+)$/.exec(authorization ?? '')?.[1];

for (const express of [5, 4] as const) {
  for (const proofs of ['session', 'cookie'] as const) {
    it(`a program that is refused leaves nothing behind, on Express ${express} with proofs: '${proofs}'`, async () => {
      const clock = testClock();
      const counted = countingStore(memoryStore({ clock }));
      const sessions = new session.MemoryStore();
      const app = await testApp({
        clock,
        store: counted.store,
        proofs,
        user: (req) => {
          const id = userOf(req.headers.authorization) ?? hostData(req).uid;
          return id === undefined ? null : { id: id as string, signInId: 's' };
        },
        host: { express, session: { store: sessions } },
      });
      await (await new Browser(app).signIn('ada')).enrollTotp();
      const kept = () => new Promise((resolve) => sessions.length((_error, count) => resolve(count)));
      const before = await kept();
      counted.reset();
      for (let n = 0; n < 10; n += 1) {
        const program = new Browser(app, { Authorization: 'Basic ada' });
        const refused = await program.jsonGet('/account').expect(403);
        expect(refused.headers['set-cookie']).to.equal(undefined);
        await program.jsonGet('/mfa/setup/totp').expect(403);
        await program.postJson('/mfa/verify/totp', { code: '123456' }).expect(403);
      }
      expect(await kept()).to.equal(before);
      expect(counted.log.flat().filter((name) => name !== 'load' && name !== 'get')).to.deep.equal([]);
    });
  }
}
