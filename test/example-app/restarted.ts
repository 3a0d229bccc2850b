// What outlives a restart of the example app, wherever it keeps its data: users, sessions, methods and what is sealed.
import { once } from 'node:events';
import { expect } from 'chai';
import { Browser } from '../support/agent.js';
import { testClock } from '../support/app.js';
import { addressOf, endServer, startCompiled } from './server-process.js';

/** Ended as an operator ends it, and once more without a word. */
export async function expectKeptAcrossRestarts(env: NodeJS.ProcessEnv = {}): Promise<void> {
  const email = 'early@example.com';
  const password = 'longer than eight';
  const first = startCompiled(env);
  const url = await addressOf(first);
  const person = new Browser({ url, base: '/mfa', clock: testClock(Date.now()) }, { Origin: url });
  await person.post('/signup', { email, password }).expect(303);
  await person.enrollTotp();
  expect(await endServer(first)).to.equal(0);

  for (const last of [false, true]) {
    const later = startCompiled(env);
    const again = await addressOf(later);
    const site = { url: again, base: '/mfa', clock: testClock(Date.now()) };
    const back = new Browser(site, { Origin: again, Cookie: person.cookies });
    expect((await back.htmlGet('/account').expect(200)).text).to.include(email);
    const elsewhere = new Browser(site, { Origin: again });
    await elsewhere.post('/login', { email, password }).expect(303);
    await elsewhere.htmlGet('/account').expect(303).expect('Location', '/mfa/verify');
    if (last) expect(await endServer(later)).to.equal(0);
    else {
      const ended = once(later.child, 'exit');
      later.child.kill('SIGKILL');
      await ended;
    }
  }
}
