// What is told of whom a guard, or our own pages, stop.
import { expect } from 'chai';
import { totp } from '../../../src/index.js';
import { Browser } from '../../support/agent.js';
import { fewBackupCodes, testApp, type TestApp } from '../../support/app.js';

describe('who is stopped', () => {
  const told = (app: TestApp) => app.events.map(({ name, detail }) => ({ name, ...(detail && { detail }) }));

  it('because a set-up is owed is told of, and which', async () => {
    const app = await testApp({ policy: 'mandatory', factors: [totp(), fewBackupCodes()] });
    const person = await new Browser(app).signIn('ada');
    await person.jsonGet('/account').expect(403);
    expect(told(app)).to.deep.equal([{ name: 'enrollment-required', detail: { step: 'enroll' } }]);
  });

  it('before a set-up or a change, for they are pending, is told of as at the guard', async () => {
    const app = await testApp({ factors: [totp()] });
    const owner = await new Browser(app).signIn('ada');
    await owner.enrollTotp();
    const [{ id }] = (await owner.jsonGet('/mfa')).body.authenticators as [{ id: string }];
    const thief = await new Browser(app).signIn('ada');
    app.events.length = 0;
    expect((await thief.json('/mfa/setup/totp/begin')).status).to.equal(403);
    expect((await thief.json(`/mfa/authenticators/${id}/remove`)).status).to.equal(403);
    expect(told(app)).to.deep.equal([
      { name: 'verification-required', detail: { at: 'set-up' } },
      { name: 'verification-required', detail: { at: 'change' } },
    ]);
  });

  it('before a change, for their proof is too old, is told of with why', async () => {
    const app = await testApp({ factors: [totp()] });
    const owner = await new Browser(app).signIn('ada');
    await owner.enrollTotp();
    const [{ id }] = (await owner.jsonGet('/mfa')).body.authenticators as [{ id: string }];
    app.clock.advance(601);
    app.events.length = 0;
    expect((await owner.json(`/mfa/authenticators/${id}/remove`)).status).to.equal(401);
    expect(told(app)).to.deep.equal([{ name: 'step-up-required', detail: { at: 'change', why: 'expired' } }]);
  });
});
