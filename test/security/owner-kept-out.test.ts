// Attack: whoever has, or had, the password keeps the owner out: by waits that outlive it, by guesses at a granted code.
// Rule: a new password ends sessions, trust, waits and the closed lane, never known browsers, granted codes or counts.
// Answer: the owner gets in at once after it; a granted code works after any number of wrong guesses in another lane.
import { expect } from 'chai';
import { totp } from '../../src/index.js';
import { Browser, code, codeIn, wrongCode } from '../support/agent.js';
import { fewBackupCodes, testApp, type TestApp } from '../support/app.js';

describe('keeping the owner out', () => {
  let app: TestApp;
  let owner: Browser;
  let secret: string;

  const factors = () => [totp(), fewBackupCodes()];

  beforeEach(async () => {
    app = await testApp({ factors: factors() });
    owner = await new Browser(app).signIn('ada');
    ({ secret } = await owner.enrollTotp());
  });

  const guess = async () => {
    const thief = await new Browser(app).signIn('ada');
    return thief.answer('totp', wrongCode(secret, app.clock));
  };

  it('ends with the password: the wait of an hour is over, and the next wrong code waits as long again', async () => {
    for (let tries = 0; tries < 13; tries += 1) {
      expect((await guess()).status).to.equal(422);
      app.clock.advance(3600);
    }
    app.clock.advance(-3599);
    expect((await guess()).status).to.equal(429);
    await app.mfa.passwordChanged('ada');
    const elsewhere = await new Browser(app).signIn('ada');
    expect((await elsewhere.answer('totp', code(secret, app.clock))).status).to.equal(200);
    expect((await guess()).status).to.equal(422);
    await app.mfa.passwordChanged('ada');
    expect((await guess()).body.remainingAttempts).to.be.a('number');
  });

  it('keeps no count low for a guesser: a new password is no new budget', async () => {
    for (let tries = 0; tries < 5; tries += 1) expect((await guess()).status).to.equal(422);
    await app.mfa.passwordChanged('ada');
    expect((await guess()).body.retryAfterSeconds).to.equal(60);
  });

  it('leaves nobody elevated after a new password, and the known browser its lane', async () => {
    const thief = await new Browser(app).signIn('ada');
    await thief.proveTotp(secret);
    await app.mfa.passwordChanged('ada');
    expect(codeIn(await thief.jsonGet('/account'))).to.equal('session.mfa.require_mfa_verification');
    expect(codeIn(await owner.jsonGet('/account'))).to.equal('session.mfa.require_mfa_verification');
    app.clock.advance(30);
    for (let tries = 0; tries < 5; tries += 1) await guess();
    expect((await guess()).status).to.equal(429);
    await owner.signIn('ada');
    // At this very moment: half a minute later the strangers' wait is over as well.
    expect((await owner.answer('totp', code(secret, app.clock))).status).to.equal(200);
    await owner.jsonGet('/account').expect(200);
  });

  describe('from a first enrolment', () => {
    let open: TestApp;
    let granted: string;

    beforeEach(async () => {
      open = await testApp({ factors: factors(), confirmFirstEnrollment: 'required' });
      granted = await open.mfa.grantEnrollment('bob', 'root');
    });

    const confirm = async (typed: string) => {
      const browser = await new Browser(open).signIn('bob');
      return browser.json('/mfa/setup/confirm', { code: typed });
    };

    it('is not done by wrong guesses at the granted code: they wait, and void nothing', async () => {
      for (let tries = 0; tries < 12; tries += 1) {
        expect((await confirm('AAAA-AAAA')).status).to.equal(422);
        open.clock.advance(3600);
      }
      expect((await confirm(granted)).status).to.equal(200);
    });

    it('is over with a new password, which leaves the granted code as it is', async () => {
      for (let tries = 0; tries < 5; tries += 1) await confirm('AAAA-AAAA');
      expect((await confirm(granted)).status).to.equal(429);
      await open.mfa.passwordChanged('bob');
      expect((await confirm(granted)).status).to.equal(200);
      expect((await confirm(granted)).status).to.equal(400);
    });
  });
});
