// Attack: a pending session is used while the app's look-up of its user finds nothing (a replica that lags, a row that is
// gone): the guard sees nobody, and lets the visitor pass.
// Rule: "nobody" is not believed of a session that names somebody who owes a factor; a log-out takes the name away.
import { expect } from 'chai';
import { readMfa } from '../../src/index.js';
import { Browser, codeIn } from '../support/agent.js';
import { testApp, userOfSession } from '../support/app.js';

for (const version of [4, 5] as const)
  it(`a pending session of nobody is refused, and is believed after a log-out, on Express ${version}`, async () => {
    let away = false;
    const app = await testApp({
      policy: 'no-prompt',
      user: (req) => (away ? null : userOfSession(req)),
      host: {
        express: version,
        keepsSession: true,
        between: (host, mfa) =>
          host.get('/upgrade', (req, res, next) => {
            readMfa(mfa, req, { anonymous: 'pass' }).then((read) => void res.json(read), next);
          }),
      },
    });
    await (await new Browser(app).signIn('ada')).enrollTotp();
    const thief = await new Browser(app).signIn('ada');
    await thief.jsonGet('/account').expect(403);
    away = true;
    for (let time = 1; time <= 2; time += 1)
      expect(codeIn(await thief.jsonGet('/account').expect(401))).to.equal('session.not_signed_in');
    expect(app.events.at(-1)?.detail).to.deep.equal({ why: 'pending-and-nobody' });
    const upgrade = async () => (await thief.jsonGet('/upgrade').expect(200)).body as object;
    expect(await upgrade()).to.deep.equal({ passes: false, reason: 'session.not_signed_in' });
    const told = () => app.events.filter(({ detail }) => detail?.['why'] === 'pending-and-nobody');
    expect(told(), 'the others of this minute are counted').to.have.length(1);
    app.clock.advance(61);
    await thief.jsonGet('/account').expect(401);
    // The one of now stands in a minute that runs.
    expect(told().map(({ detail }) => detail?.['count'])).to.deep.equal([undefined, 2]);
    await new Browser(app).jsonGet('/account').expect(200);
    await thief.agent.post('/logout').expect(303);
    await thief.jsonGet('/account').expect(200);
    expect(await upgrade()).to.deep.equal({ passes: true });
  });
