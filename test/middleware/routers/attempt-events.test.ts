// Every attempt to enrol is told exactly once, whatever it failed of, and a replacement names what it replaced.
import { expect } from 'chai';
import { totp } from '../../../src/index.js';
import { Browser } from '../../support/agent.js';
import { fewBackupCodes, testApp } from '../../support/app.js';

describe('the audit of enrolments', () => {
  it('hears of a name that is too long, and of codes confirmed by somebody who owes the factor', async () => {
    const app = await testApp({ factors: [totp(), fewBackupCodes()] });
    const person = await new Browser(app).signIn('ada');
    await person.json('/mfa/setup/totp/begin');
    app.events.length = 0;
    const named = await person.json('/mfa/setup/totp', { code: '123456', name: 'x'.repeat(65) });
    expect([named.status, named.body.field]).to.deep.equal([400, 'name']);
    await person.enrollTotp();
    const pending = await new Browser(app).signIn('ada');
    app.events.splice(1);
    const confirmed = await pending.json('/mfa/backup-codes/confirm', { revealToken: 'x', saved: 'yes' });
    expect(confirmed.status).to.equal(403);
    const refused = app.events.filter(({ name }) => name === 'enrollment-refused');
    expect(refused.map(({ kind, reason }) => [kind, reason])).to.deep.equal([
      ['totp', 'request.invalid'],
      ['backup-codes', 'session.mfa.require_mfa_verification'],
    ]);
  });

  it('learns which authenticator gave way to another', async () => {
    const app = await testApp();
    const person = await new Browser(app).signIn('ada');
    await person.enrollTotp();
    app.clock.advance(60);
    await person.enrollTotp();
    const [first, second] = app.events.filter(({ name }) => name === 'authenticator-enrolled');
    expect(first!.authenticatorId).to.be.a('string');
    expect(second!.detail).to.deep.equal({ replaced: first!.authenticatorId });
  });
});
