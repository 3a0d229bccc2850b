// Attack: the clock is wrong, or is made to be: a server ahead of the others, a clock set back.
// Rule: proofs from the future are stale; a lock never ends later than now + 1 h; an accepted step stays accepted.
// Answer: whoever proved "tomorrow" is asked again; nobody is locked out for a day; no code works twice.
import { expect } from 'chai';
import { requireMfa } from '../../src/index.js';
import { totpCode } from '../../src/testing.js';
import { Browser, code, wrongCode } from '../support/agent.js';
import { testApp, type TestApp } from '../support/app.js';

describe('a clock that is wrong', () => {
  let app: TestApp;
  let person: Browser;
  let secret: string;

  beforeEach(async () => {
    app = await testApp({
      host: {
        routes: (host, mfa) =>
          host.get('/vault', requireMfa(mfa, { maxAgeSeconds: 60 }), (_req, res) => void res.json({})),
      },
    });
    person = await new Browser(app).signIn('ada');
    ({ secret } = await person.enrollTotp());
  });

  it('set back makes proofs stale, beyond the minute that servers may differ by', async () => {
    app.clock.advance(-60);
    await person.jsonGet('/account').expect(200);
    await person.jsonGet('/vault').expect(200);
    app.clock.advance(-1);
    await person.jsonGet('/account').expect(403);
    await person.jsonGet('/vault').expect(403);
    app.clock.advance(-86_400 * 365);
    await person.jsonGet('/account').expect(403);
  });

  it('of a phone that is seconds ahead or behind refuses nobody, and counts nothing against them', async () => {
    app.clock.advance(3600);
    // At each second of a step, as a phone that is 6 s off shows it.
    for (let second = 0; second < 30; second += 1) {
      for (const off of [6, -6]) {
        app.clock.advance(91);
        const phone = { now: () => app.clock.now() + off * 1000 };
        const answer = await (await new Browser(app).signIn('ada')).answer('totp', totpCode(secret, { clock: phone }));
        expect(answer.status, `${second} ${off}`).to.equal(200);
      }
    }
    expect(app.events.filter(({ name }) => name === 'verification-refused')).to.deep.equal([]);
  });

  it('of a phone that is minutes off is named by the refusal', async () => {
    const refused = await (await new Browser(app).signIn('ada')).answer('totp', code(secret, app.clock, 10));
    expect(refused.body.title).to.contain('check that your phone sets its time by itself');
  });

  it('set back does not make a code work twice', async () => {
    app.clock.advance(90);
    const used = code(secret, app.clock);
    const other = await new Browser(app).signIn('ada');
    expect((await other.answer('totp', used)).status).to.equal(200);
    for (const back of [0, 30, 60, 3600]) {
      app.clock.advance(-back);
      const again = await new Browser(app).signIn('ada');
      expect((await again.answer('totp', code(secret, app.clock))).status).to.equal(422);
    }
  });

  it('set back locks nobody out for longer than an hour', async () => {
    const guesser = await new Browser(app).signIn('ada');
    for (let tries = 0; tries < 5; tries += 1) await guesser.answer('totp', wrongCode(secret, app.clock));
    app.clock.advance(-86_400);
    const later = await new Browser(app).signIn('ada');
    const { status, body } = await later.answer('totp', wrongCode(secret, app.clock));
    expect(status).to.equal(422);
    expect(body.retryAfterSeconds).to.be.at.most(3600);
  });

  it('set forward makes proofs old, and elevation ends after a day', async () => {
    app.clock.advance(86_400);
    await person.jsonGet('/account').expect(200);
    app.clock.advance(1);
    await person.jsonGet('/account').expect(403);
    await person.htmlGet('/mfa/verify/totp').expect(200);
    await person.proveTotp(secret);
    await person.jsonGet('/account').expect(200);
  });
});
