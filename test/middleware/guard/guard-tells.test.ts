// What the guard does beside refusing: which stops are told of, and what browsers ask for by themselves.
import { expect } from 'chai';
import { Browser } from '../../support/agent.js';
import { testApp } from '../../support/app.js';

describe('what the guard tells of', () => {
  it('is no icon, which browsers ask for beside each page, our own included', async () => {
    const app = await testApp();
    await (await new Browser(app).signIn('ada')).enrollTotp();
    const pending = await new Browser(app).signIn('ada');
    await pending.htmlGet('/account').expect(303);
    app.events.length = 0;
    const icon = { Accept: 'image/*', 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'image' };
    for (let time = 0; time < 3; time += 1) await pending.htmlGet('/favicon.ico', icon).expect(204);
    expect(app.events).to.deep.equal([]);
    await pending.htmlGet('/favicon.ico/').expect(303);
    await pending.post('/favicon.ico').expect(403);
    await app.mfa.settled();
    expect(app.events.map(({ name, detail }) => [name, detail?.['count']])).to.deep.equal([
      ['verification-required', 2],
    ]);
  });

  it('is somebody who must set a factor up first', async () => {
    const app = await testApp({ policy: 'mandatory' });
    await (await new Browser(app).signIn('ada')).jsonGet('/account').expect(403);
    expect(app.events.map(({ name, userId }) => [name, userId])).to.deep.equal([['enrollment-required', 'ada']]);
  });
});
