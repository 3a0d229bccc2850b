// Notices of the example app: whoever reads one can say that it was not them, on a page of the app.
import { expect } from 'chai';
import { originOf } from '../../example-app/origin.js';
import { Browser } from '../support/agent.js';
import { addApp, freshEmail, password, startExample, type Example } from './fixture.js';

const origin = 'http://localhost:3000';

describe('notices of the example app', () => {
  let example: Example;
  before(async () => {
    example = await startExample(undefined, origin);
  });
  after(() => example.close());

  const browser = () => new Browser(example, { Origin: origin, 'Sec-Fetch-Site': 'same-origin' });

  it('have a link, which says what it will do and does it', async () => {
    const email = freshEmail();
    const person = browser();
    await person.post('/signup', { email, password }).expect(303);
    const sent = async () => {
      await example.mfa.settled();
      const { body } = await person.jsonGet('/dev/outbox').expect(200);
      return (body.messages as { to: string; text: string }[]).filter(({ to }) => to === email);
    };
    await person.form('/mfa/setup/email/begin', { address: email });
    const code = /\b\d{6}\b/.exec((await sent())[0]!.text)![0];
    expect((await person.form('/mfa/setup/email', { code })).status).to.equal(303);
    await person.saveCodes();
    await addApp(person);

    const link = (await sent()).map(({ text }) => /http:\/\/localhost:3000(\/mfa\/object\/\S+)/.exec(text)?.[1]);
    const path = link.find((each) => each !== undefined)!;
    const asked = await browser().htmlGet(path).expect(200);
    expect(asked.text).to.include('<h1>Did you add a method?</h1>').and.include('What was added is taken away');
    const done = await browser().submit(asked, path).expect(200);
    expect(done.text).to.include('<h1>The method is removed</h1>').and.include('href="/login">Sign in<');
  });

  it('lead to the name of this machine, as does its number', async () => {
    for (const host of ['127.0.0.1:3000', '[::1]:3000'])
      await browser().htmlGet('/login?a=b', { Host: host }).expect(302).expect('Location', `${origin}/login?a=b`);
    for (const host of ['localhost:3000', '127.0.0.1:3001', '192.0.2.7:3000'])
      await browser().htmlGet('/login', { Host: host }).expect(200);
  });

  it('lead to where the environment says that it is, and else nowhere in production', () => {
    expect(originOf({})).to.equal('http://localhost:3000');
    expect(originOf({ PORT: '8080', NODE_ENV: 'development' })).to.equal('http://localhost:8080');
    expect(originOf({ PORT: '0' })).to.equal(undefined);
    expect(originOf({ NODE_ENV: 'production' })).to.equal(undefined);
    expect(originOf({ NODE_ENV: 'production', ORIGIN: 'https://example.com' })).to.equal('https://example.com');
  });
});
