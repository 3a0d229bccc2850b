// Attack: an app calls `mfa.signedUp` at a sign-in too, and whoever has the password of somebody known has a factor proved by
// what the app vouches for.
// Rule: whoever has, or had, a record is no newcomer: it counts as a sign-in, with a warning.
import { expect } from 'chai';
import { emailCode, outboxSender, totp } from '../../src/index.js';
import { Browser } from '../support/agent.js';
import { hostData, testApp } from '../support/app.js';

it('signedUp binds the address of a newcomer, and nothing for somebody known', async () => {
  const app = await testApp({
    factors: [totp(), emailCode({ sender: outboxSender('email') })],
    user: (req) => {
      const uid = hostData(req).uid as string | undefined;
      return uid === undefined ? null : { id: uid, email: `${uid}@example.com`, emailVerified: true };
    },
    host: {
      between: (host, mfa) =>
        host.post('/joined', (req, res, next) => {
          mfa.signedUp(req).then(() => res.json({}), next);
        }),
    },
  });
  const newcomer = await new Browser(app).signIn('new');
  await newcomer.postJson('/joined').expect(200);
  expect((await newcomer.jsonGet('/mfa')).body.state).to.equal('elevated');
  const known = await new Browser(app).signIn('ada');
  await known.json('/mfa/setup/skip');
  expect(await app.mfa.status('ada')).to.include({ protected: false });
  const thief = await new Browser(app).signIn('ada');
  await thief.postJson('/joined').expect(200);
  expect((await thief.jsonGet('/mfa')).body.state).to.equal('none');
  expect(await app.mfa.status('ada')).to.include({ protected: false });
});
