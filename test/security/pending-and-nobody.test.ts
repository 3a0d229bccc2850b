// Attack: a pending session is used while the app's look-up of its user finds nothing (a replica that lags, a row that is
// gone): the guard sees nobody, and lets the visitor pass.
// Rule: "nobody" is not believed of a session that names somebody who owes a factor; a log-out takes the name away.
import { expect } from 'chai';
import { Browser, codeIn } from '../support/agent.js';
import { hostData, testApp } from '../support/app.js';

for (const version of [4, 5] as const)
  it(`a pending session of nobody is refused, and is believed after a log-out, on Express ${version}`, async () => {
    let away = false;
    const app = await testApp({
      policy: 'no-prompt',
      user: (req) => (away || hostData(req).uid === undefined ? null : { id: String(hostData(req).uid) }),
      host: { express: version, keepsSession: true },
    });
    await (await new Browser(app).signIn('ada')).enrollTotp();
    const thief = await new Browser(app).signIn('ada');
    await thief.jsonGet('/account').expect(403);
    away = true;
    for (let time = 1; time <= 2; time += 1)
      expect(codeIn(await thief.jsonGet('/account').expect(401))).to.equal('session.not_signed_in');
    expect(app.events.at(-1)?.detail).to.deep.equal({ why: 'pending-and-nobody' });
    await new Browser(app).jsonGet('/account').expect(200);
    await thief.agent.post('/logout').expect(303);
    await thief.jsonGet('/account').expect(200);
  });
