// With Redis, users, sessions and second factors outlive the app's process.
import { expect } from 'chai';
import { Browser } from '../support/agent.js';
import { freshEmail, redisOfExample, setUpApp, signedIn, signedUp, startExample, verify } from './fixture.js';

describe('the example app on Redis', () => {
  const redis = redisOfExample();

  it('knows its users, their sessions and their factors after a restart', async () => {
    const first = await startExample(redis());
    const email = freshEmail();
    const person = await signedUp(first, email);
    const { secret } = await setUpApp(person);
    await first.close();

    const second = await startExample(redis());
    const back = new Browser(second, { Cookie: person.cookies });
    expect((await back.htmlGet('/account').expect(200)).text).to.include(email);
    const elsewhere = await signedIn(second, email);
    await elsewhere.htmlGet('/account').expect(303).expect('Location', '/mfa/verify');
    await verify(elsewhere, secret).then(({ status }) => expect(status).to.equal(303));
    await elsewhere.htmlGet('/account').expect(200);
    await second.close();
  });

  it('gives an address to one of two who ask for it at once', async () => {
    const example = await startExample(redis());
    const email = freshEmail();
    const rivals = [1, 2, 3].map(() => new Browser(example).post('/signup', { email, password: 'longer than eight' }));
    const statuses = (await Promise.all(rivals)).map(({ status }) => status).sort();
    expect(statuses).to.deep.equal([303, 422, 422]);
    await example.close();
  });
});
