// A provider of SAML signs its answers with a key of its own; the app takes them by @node-saml/passport-saml, as the guide says.
import { expect } from 'chai';
import { Browser } from '../support/agent.js';
import { mfaClass, passwordClass, samlAnswer, type Says } from '../support/saml-answer.js';
import { samlSite, type SamlSite } from '../support/saml-host.js';
import { standingOf, whysOf } from '../support/upstream-site.js';

describe('a signed answer of SAML, by passport-saml', () => {
  let app: SamlSite;
  beforeEach(async () => {
    app = await samlSite();
  });
  afterEach(() => app.close());

  const answer = (says: Says = {}) => samlAnswer(app.at, '/saml', says);
  const send = (browser: Browser, SAMLResponse: string) =>
    browser.agent.post('/saml').type('form').send({ SAMLResponse });

  async function come(says: Says, browser = new Browser(app)): Promise<Browser> {
    await send(browser, answer(says)).expect(302);
    return browser;
  }

  it('vouches for its subject', async () => {
    expect(await standingOf(await come({}))).to.equal(200);
  });

  it('does not, where it claims less than was asked for, or of long ago; and leads back once', async () => {
    const browser = await come({ classRef: passwordClass });
    expect((await browser.htmlGet('/account').expect(303)).headers['location']).to.equal('/again');
    await browser.htmlGet('/account').expect(403);
    expect(await standingOf(await come({ at: Date.now() - 3_700_000 }))).to.equal('session.mfa.upstream_insufficient');
    expect(whysOf(app)).to.deep.equal(['too-little', 'too-old']);
  });

  it('does not, by two statements, or a session that is over or ends meanwhile', async () => {
    const now = app.clock.now();
    for (const says of [{ statements: 2 }, { endsAt: now - 1000 }])
      expect(await standingOf(await come(says))).to.equal('session.mfa.upstream_insufficient');
    expect(whysOf(app)).to.deep.equal(['several-statements', 'session-over']);
    const browser = await come({ endsAt: now + 600_000 });
    expect(await standingOf(browser)).to.equal(200);
    app.clock.advance(601);
    expect(await standingOf(browser)).to.equal('session.mfa.upstream_insufficient');
  });

  it('vouches for nobody else: the session of the person before, and an account that another has', async () => {
    const browser = await come({ subject: 'ada' });
    await come({ subject: 'bob', classRef: passwordClass }, browser);
    expect(await standingOf(browser)).to.equal('session.mfa.upstream_insufficient');
    await come({ subject: 'bob' }, browser);
    expect((await browser.jsonGet('/account').expect(200)).body.account).to.equal('bob');
  });

  it('is none at all where it was changed after it was signed', async () => {
    const forged = Buffer.from(answer({ classRef: passwordClass }), 'base64')
      .toString()
      .replace(passwordClass, mfaClass);
    const browser = new Browser(app);
    await send(browser, Buffer.from(forged).toString('base64')).expect(401);
    expect((await browser.jsonGet('/account')).body.account ?? null).to.equal(null);
  });
});
