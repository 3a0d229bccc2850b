// Attack: the service that knows addresses is taken away, or slowed down, so that sign-ins look harmless, or nobody gets in.
// Rule: all look-ups together have half a second; what gives no answer makes the level at least `fallbackLevel`.
// Answer: no error, no waiting; at least medium, with the signal `unavailable`; the next sign-in asks anew.
import { expect } from 'chai';
import { emailCode, outboxSender, totp } from '../../src/index.js';
import { riskByHistory, type RiskAssessor, type Reputation } from '../../src/risk.js';
import { Browser } from '../support/agent.js';
import { fewBackupCodes, type TestApp } from '../support/app.js';
import { abroad, assessments, forget, home, riskApp } from '../support/risk.js';

describe('a provider that fails', () => {
  let app: TestApp;
  afterEach(() => app.close());

  async function told(risk: RiskAssessor, from = home) {
    app = await riskApp({ risk });
    const { secret } = await (await new Browser(app, home).signIn('ada')).enrollTotp();
    await forget(app);
    const browser = await new Browser(app, from).signIn('ada');
    await browser.jsonGet('/account').expect(403);
    await browser.htmlGet('/mfa/verify/totp').expect(200);
    await browser.proveTotp(secret);
    await browser.jsonGet('/account').expect(200);
    return (await assessments(app)).map(({ detail }) => detail);
  }

  it('that hangs makes it medium, half a second later', async () => {
    const hangs = () => new Promise<Reputation>(() => undefined);
    expect(await told(riskByHistory({ reputation: hangs }))).to.deep.equal([
      { level: 'medium', score: 30, risk: 'unavailable.reputation' },
    ]);
  });

  it('that throws makes it what the app chose', async () => {
    const throws = () => {
      throw new Error('down');
    };
    expect(await told(riskByHistory({ geo: { lookUp: throws }, fallbackLevel: 'high' }))).to.deep.equal([
      { level: 'high', score: 60, risk: 'unavailable.place' },
    ]);
  });

  it('that rejects lowers nothing that was found', async () => {
    const rejects = async () => Promise.reject(new Error('down'));
    const risk = riskByHistory({ reputation: rejects, denyList: ['198.51.100.0/24'] });
    expect(await told(risk, abroad)).to.deep.equal([
      { level: 'high', score: 95, risk: 'device.no_match network.unseen address.deny_list unavailable.reputation' },
    ]);
  });

  it('makes an enforcing app ask as at that level, and shuts nobody out', async () => {
    const throws = () => {
      throw new Error('down');
    };
    let isDown = false;
    const geo = { lookUp: () => (isDown ? throws() : undefined) };
    const factors = [totp(), emailCode({ sender: outboxSender('email') }), fewBackupCodes()];
    app = await riskApp({ risk: riskByHistory({ geo, fallbackLevel: 'high' }), riskMode: 'enforce', factors });
    const { secret } = await (await new Browser(app, home).signIn('ada')).enrollTotp();
    isDown = true;
    const browser = await new Browser(app, home).signIn('ada');
    const { body } = await browser.jsonGet('/account').expect(403);
    expect(body.hint).to.equal('sign_in.unusual');
    await browser.proveTotp(secret);
    await browser.jsonGet('/account').expect(200);
    const hangs = riskByHistory({ reputation: () => new Promise<Reputation>(() => undefined) });
    await app.close();
    app = await riskApp({ risk: hangs, riskMode: 'enforce', policy: 'mandatory' });
    const bob = await new Browser(app, home).signIn('bob');
    // Medium: a first set-up is confirmed, here by a granted code, and no more.
    expect((await bob.json('/mfa/setup/totp/begin')).body.code).to.equal('session.mfa.first_enrollment_unconfirmed');
    await bob.json('/mfa/setup/confirm', { code: await app.mfa.grantEnrollment('bob') });
    await bob.enrollTotp();
    await bob.jsonGet('/account').expect(200);
  });

  it("in an assessor of the host's own is no error of the request", async () => {
    const broken: RiskAssessor = {
      lookUp: async () => Promise.reject(new Error('down')),
      assess: () => {
        throw new Error('broken');
      },
    };
    expect(await told(broken)).to.deep.equal([{ level: 'medium', score: 30, risk: 'unavailable.assessor' }]);
    const hangs: RiskAssessor = {
      lookUp: () => new Promise(() => undefined),
      assess: ({ unavailable = [] }) => ({
        score: 0,
        level: 'low',
        signals: unavailable.map((code) => ({ id: 'unavailable', code, points: 0 })),
      }),
    };
    await app.close();
    expect(await told(hangs)).to.deep.equal([{ level: 'low', score: 0, risk: 'unavailable.assessor' }]);
  });
});
