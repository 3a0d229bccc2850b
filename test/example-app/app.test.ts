// The example app as a person meets it, and as another site would like to.
import { expect } from 'chai';
import { Browser } from '../support/agent.js';
import { freshEmail, password, setUpApp, signedIn, signedUp, startExample, verify, type Example } from './fixture.js';

describe('the example app', () => {
  let example: Example;
  before(async () => {
    example = await startExample();
  });
  after(() => example.close());

  it('shows its start to anybody, and its account to nobody', async () => {
    const visitor = new Browser(example);
    const home = await visitor.htmlGet('/').expect(200);
    expect(home.text).to.include('href="/signup"').and.include('href="/login"');
    await visitor.htmlGet('/account').expect(303).expect('Location', '/login');
    await visitor.htmlGet('/transfer').expect(303).expect('Location', '/login');
    await visitor.htmlGet('/admin').expect(303).expect('Location', '/login');
    await visitor.htmlGet('/mfa').expect(303).expect('Location', '/login');
    await visitor.jsonGet('/account').expect(401);
    await visitor.htmlGet('/nowhere').expect(404);
    for (const path of ['/mfa/verify/%zz', '/mfa/setup/%', '/%c0'])
      expect((await visitor.htmlGet(path)).status, path).to.be.oneOf([400, 404]);
    const unreadable = await visitor.htmlGet('/mfa/verify/%zz').expect(400);
    expect(unreadable.text).to.include('cannot be read').and.not.include('The mistake is ours');
  });

  it('has an icon for every page, those of express-mfa too, which ask for it beside', async () => {
    const answer = await fetch(`${example.url}/favicon.ico`);
    expect(answer.status).to.equal(200);
    expect(answer.headers.get('content-type')).to.match(/^image\//);
  });

  it('refuses sign-ups that cannot work, and keeps what was typed but the password', async () => {
    const visitor = new Browser(example);
    const email = freshEmail();
    const short = await visitor.post('/signup', { email, password: 'short' }).expect(422);
    expect(short.text).to.include(`value="${email}"`).and.include('at least 8 characters').and.not.include('short');
    const strange = await visitor.post('/signup', { email: '"><script>', password }).expect(422);
    expect(strange.text).to.include('not an e-mail address').and.not.include('<script>');
    await signedUp(example, email);
    const taken = await visitor.post('/signup', { email: email.toUpperCase(), password }).expect(422);
    expect(taken.text).to.include('an account with this address already');
    await visitor.post('/signup', { 'email[]': email, 'password[]': password }).expect(422);
  });

  it('says the same of a wrong password and an unknown address', async () => {
    const email = freshEmail();
    await signedUp(example, email);
    const visitor = new Browser(example);
    const wrong = await visitor.post('/login', { email, password: `${password}!` }).expect(422);
    const unknown = await visitor.post('/login', { email: freshEmail(), password }).expect(422);
    for (const { text } of [wrong, unknown]) expect(text).to.include('Address or password is wrong.');
    await visitor.htmlGet('/account').expect(303).expect('Location', '/login');
    await signedIn(example, ` ${email.toUpperCase()} `);
  });

  it('offers the passkey first, and recommends it alone', async () => {
    const person = await signedUp(example, freshEmail());
    const { text } = await person.htmlGet('/mfa/setup').expect(200);
    const ways = [...text.matchAll(/class="mfa-choice" href="\/mfa\/setup\/([a-z]+)"/g)].map(([, kind]) => kind);
    expect(ways).to.deep.equal(['webauthn', 'totp', 'sms', 'email']);
    expect(text.match(/Recommended/g)).to.have.length(1);
    expect(text.indexOf('Recommended')).to.be.below(text.indexOf('href="/mfa/setup/totp"'));
  });

  it('suggests a second factor after sign-up, once', async () => {
    const person = await signedUp(example, freshEmail());
    await person.htmlGet('/account').expect(303).expect('Location', '/mfa/setup');
    await person.htmlGet('/mfa/setup').expect(200);
    const account = await person.htmlGet('/account').expect(200);
    expect(account.text).to.include('href="/mfa/setup"').and.include('href="/mfa"');
  });

  it('asks for the second factor at the next sign-in, everywhere but at its own pages', async () => {
    const email = freshEmail();
    const { secret, done } = await setUpApp(await signedUp(example, email));
    expect(done.headers.location).to.equal('/mfa/setup/done');
    const person = await signedIn(example, email);
    for (const path of ['/', '/account', '/transfer', '/admin', '/nowhere']) {
      await person.htmlGet(path).expect(303).expect('Location', '/mfa/verify');
    }
    await person.jsonGet('/account').expect(403);
    await person.htmlGet('/style.css').expect(200);
    await verify(person, secret).then(({ status }) => expect(status).to.equal(303));
    expect((await person.htmlGet('/account').expect(200)).text).to.include('authenticator app');
    expect((await person.htmlGet('/transfer').expect(200)).text).to.include('just now');
  });

  it('asks for a proof before a transfer, though none is asked for at sign-in', async () => {
    const email = freshEmail();
    const person = await signedUp(example, email);
    await person.htmlGet('/transfer').expect(303).expect('Location', '/mfa/setup');
    const { secret } = await setUpApp(person);
    const manage = await person.htmlGet('/mfa').expect(200);
    await person.submit(manage, '/preferences', { signInStep: 'off' }).expect(303);
    const again = await signedIn(example, email);
    await again.htmlGet('/account').expect(200);
    await again.post('/transfer').expect(401);
    await again.htmlGet('/transfer').expect(303).expect('Location', '/mfa/verify');
    await verify(again, secret).then(({ headers }) => expect(headers.location).to.equal('/transfer'));
    const form = await again.htmlGet('/transfer').expect(200);
    expect(form.text).to.include('<form method="post">');
    expect((await again.post('/transfer').expect(200)).text).to.include('nothing was moved');
  });

  it('lets administrators do nothing without a second factor, and nobody else administer', async () => {
    const admin = await signedUp(example, freshEmail('admin.example'));
    for (const path of ['/', '/account', '/admin']) {
      await admin.htmlGet(path).expect(303).expect('Location', '/mfa/setup');
    }
    await setUpApp(admin);
    expect((await admin.htmlGet('/admin').expect(200)).text).to.include('Only administrators');
    const person = await signedUp(example, freshEmail());
    await person.htmlGet('/account').expect(303);
    await person.htmlGet('/admin').expect(403);
  });

  it('signs out by its own form and by that of the MFA pages', async () => {
    const email = freshEmail();
    const person = await signedUp(example, email);
    await person.post('/logout').expect(303).expect('Location', '/');
    await person.htmlGet('/account').expect(303).expect('Location', '/login');
    const again = await signedIn(example, email);
    const manage = await again.htmlGet('/mfa').expect(200);
    const handedOn = await again.submit(manage, '/sign-out').expect(307).expect('Location', '/logout');
    await again.post(handedOn.headers.location as string, { _csrf: 'of the MFA pages' }).expect(303);
    await again.htmlGet('/account').expect(303).expect('Location', '/login');
  });

  it('refuses forms of other sites', async () => {
    const email = freshEmail();
    const person = await signedUp(example, email);
    const foreign = { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' };
    for (const path of ['/login', '/signup', '/logout']) {
      await person.post(path, { email, password }, foreign).expect(403);
      await person.agent.post(path).type('form').set('Origin', 'https://evil.example').send({ email }).expect(403);
    }
    await person.htmlGet('/mfa').expect(200);
  });

  it('gives the session a new id at sign-up and log-in', async () => {
    const email = freshEmail();
    const sid = (person: Browser) => /example\.sid=([^;]*)/.exec(person.cookies)?.[1];
    const person = await signedUp(example, email);
    const before = sid(person);
    await person.post('/login', { email, password }).expect(303);
    expect(before).to.be.a('string').and.not.equal(sid(person));
  });
});
