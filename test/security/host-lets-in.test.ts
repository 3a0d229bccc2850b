// Attack: none; a host's own callback that decides who comes in, and on some way out of it returns nothing, null, a text
// or an error in place of a decision.
// Rule: callbacks fail closed: only the documented value lets in.
import { expect } from 'chai';
import type { Response } from 'supertest';
import type { PasskeySignInOptions } from '../../src/index.js';
import { softAuthenticator, type SoftAuthenticator } from '../../src/testing/soft-authenticator.js';
import type { TestApp } from '../support/app.js';
import { Browser } from '../support/agent.js';
import { hostData, testApp } from '../support/app.js';
import { failed, hostSignIn, passkeyApp, PasskeyBrowser, said, signedIn } from '../support/passkeys.js';

const undecided: [what: string, value: unknown][] = [
  ['undefined', undefined],
  ['null', null],
  ['0', 0],
  ['1', 1],
  ['an empty text', ''],
  ['"false"', 'false'],
  ['an error', new Error('no')],
  ['a user', { id: 'ada' }],
];

describe('a callback that decides who comes in', () => {
  let app: TestApp;
  let key: SoftAuthenticator;
  afterEach(() => app.close());

  async function open(signIn: PasskeySignInOptions['signIn']): Promise<PasskeyBrowser> {
    app = await passkeyApp({ signIn });
    key = softAuthenticator();
    await (await signedIn(app, 'ada')).enrollFirst(key);
    return new PasskeyBrowser(app);
  }

  /** Sends a token, for without one a host is not asked. */
  async function skip(verified: unknown): Promise<Response> {
    app = await testApp({ csrf: { token: () => 'token', verify: () => verified as boolean } });
    const person = await new Browser(app).signIn('ada');
    return person.json('/mfa/setup/skip');
  }

  for (const [what, value] of undecided) {
    it(`signIn of passkey sign-in: ${what} lets nobody in`, async () => {
      const browser = await open((req, userId) => {
        hostData(req).uid = userId;
        return value as boolean;
      });
      const answer = await browser.enter(key);
      expect([answer.status, said(answer)]).to.deep.equal([422, { code: failed }]);
      expect((await browser.account()).account).to.equal(null);
    });

    it(`csrf.verify: ${what} is no token`, async () => {
      const answer = await skip(value);
      expect([answer.status, said(answer).code]).to.deep.equal([403, 'request.csrf']);
    });
  }

  it('lets in by what is documented', async () => {
    const browser = await open(hostSignIn());
    expect((await browser.enter(key)).status).to.equal(200);
    expect((await browser.account()).account).to.equal('ada');
    await app.close();
    expect((await skip(true)).status).to.equal(200);
  });
});
