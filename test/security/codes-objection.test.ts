// Attack: guessing, altering, swapping or reusing the link of a notice; using it to weaken an account or to learn of one.
// Rule: a link is a sealed token of one user for one stored notice, taken once; it takes away and never opens anything.
// Answer: what is not exactly such a token is 404, and whoever holds one gets nobody in.
import { expect } from 'chai';
import { Browser } from '../support/agent.js';
import { codesApp, elevated, known, said, signIn, signUp, type CodesApp } from '../support/codes.js';

describe('the link of a notice, attacked', () => {
  let app: CodesApp;
  let token: string;

  beforeEach(async () => {
    app = await codesApp({ people: { ada: known('email'), eve: known('email', 'eve@example.com') } });
    await (await signUp(app, 'ada')).saveCodes();
    app.clock.advance(60);
    await app.mfa.settled();
    token = app.notices.find(({ what }) => what === 'factor-added')!.objectToken!;
  });

  const press = (guess: string) => new Browser(app).post(`/mfa/object/${guess}`);
  const look = (guess: string) => new Browser(app).htmlGet(`/mfa/object/${guess}`);

  it('is found by no guess, and by no altered token', async () => {
    const [version, key, nonce, sealed] = token.split('.') as [string, string, string, string];
    const flipped = sealed.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'));
    const guesses = [
      'x',
      '..%2f..',
      '%00',
      token.slice(0, -1),
      `${token}A`,
      [version, key, nonce, flipped].join('.'),
      [version, 'nokey', nonce, sealed].join('.'),
      ['v2', key, nonce, sealed].join('.'),
      `${version}..${nonce}.${sealed}`,
      'A'.repeat(4000),
      Buffer.from(JSON.stringify({ userId: 'ada', id: 'x' })).toString('base64url'),
      encodeURIComponent(JSON.stringify({ userId: 'ada' })),
      '__proto__',
    ];
    for (const guess of guesses) {
      expect((await press(guess)).status, guess.slice(0, 40)).to.equal(404);
      expect((await look(guess)).status, guess.slice(0, 40)).to.equal(404);
    }
    expect((await app.mfa.status('ada'))!.authenticators.map(({ kind }) => kind)).to.include('email');
    expect(app.events.some(({ name }) => name === 'notice-objected')).to.equal(false);
  });

  it('is no token of another sealed value, nor one of an app with another secret or namespace', async () => {
    const other = await codesApp({ people: app.people, secrets: ['another secret of thirty-two bytes and more'] });
    await (await signUp(other, 'ada')).saveCodes();
    await other.mfa.settled();
    const theirs = other.notices[0]!.objectToken!;
    expect((await press(theirs)).status).to.equal(404);
    const { kernel } = app.mfa;
    const belongsTo = { userId: 'ada', authenticatorId: 'x', purpose: 'address:email' };
    expect((await press(kernel.sealer.seal(JSON.stringify({ userId: 'ada', id: 'x' }), belongsTo))).status).to.equal(
      404,
    );
  });

  /** Of a set that took the place of the first one. */
  async function newSet(): Promise<string> {
    const person = await elevated(app, 'email');
    await person.json('/mfa/backup-codes/generate');
    await person.saveCodes();
    await app.mfa.settled();
    return app.notices.find(({ what }) => what === 'backup-codes-renewed')!.objectToken!;
  }

  it('says the same of a lapsed and an invented one, and of a used one no more than the notice and what was done', async () => {
    const told: object[] = [];
    const ask = async (guess: string) => {
      const { status, body } = await new Browser(app).jsonGet(`/mfa/object/${guess}`);
      const { requestId: _id, ...rest } = body as { requestId?: string };
      told.push({ status, ...rest });
    };
    const lapsed = await newSet();
    await press(token).expect(200);
    await ask(token);
    await ask('invented');
    app.clock.advance(7 * 86_400);
    await ask(lapsed);
    expect(told[2]).to.deep.equal(told[1]);
    expect(told[0]).to.have.all.keys('status', 'what', 'at', 'kind', 'objectedAt', 'did', 'next');
  });

  it('acts on the account that it is of, whoever is signed in where it is pressed', async () => {
    await (await signUp(app, 'eve')).saveCodes();
    const eve = await elevated(app, 'email', 'eve');
    const before = await app.mfa.status('eve');
    await eve.post(`/mfa/object/${token}`).expect(200);
    expect(await app.mfa.status('eve')).to.deep.equal(before);
    expect((await eve.jsonGet('/mfa')).body.state).to.equal('elevated');
    expect((await app.mfa.status('ada'))!.authenticators.map(({ kind }) => kind)).to.deep.equal(['email']);
  });

  it('gets nobody in: the thief who reads the mailbox and knows the password is asked for what is left', async () => {
    const codes = await newSet();
    await press(token).expect(200);
    const thief = await signIn(app, 'ada');
    expect(said(await thief.jsonGet('/account'))).to.equal('403 session.mfa.require_mfa_verification');
    expect((await thief.jsonGet('/mfa')).body.availableFactors).to.deep.equal(['email']);
    await press(codes).expect(200);
    const again = await signIn(app, 'ada');
    expect(said(await again.jsonGet('/account'))).to.equal('403 session.mfa.require_mfa_verification');
    for (const kind of ['email', 'sms']) {
      expect(said(await again.json(`/mfa/setup/${kind}/begin`, { address: 'x@example.com' }))).to.match(/^40/);
    }
    expect((await app.mfa.status('ada'))!.protected).to.equal(true);
  });

  it('stands in no event, and its page sends no referrer elsewhere and says nothing of the person', async () => {
    const page = await look(token);
    expect(page.headers['referrer-policy']).to.equal('same-origin');
    expect(page.headers['cache-control']).to.equal('no-store');
    expect(page.headers['content-security-policy']).to.include("default-src 'none'");
    expect(page.text).to.not.match(/(?<![\w-])ada(?![\w-])|alexandra|\*\*\*/);
    expect(JSON.stringify(app.events)).to.not.include(token);
  });
});
