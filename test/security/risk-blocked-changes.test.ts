// Attack: whoever took the cookies and the token of somebody who is in and fresh posts changes from where a sign-in looks so risky that
// the app lets nobody go on: renames, removes, adds a factor, ends the owner's sign-ins, turns everything off.
// Rule: a sign-in that goes no further changes nothing, whatever it proved before it looked so. Answer: 403 to each, nothing changed.
import { expect } from 'chai';
import { rawRecord } from '../support/raw-record.js';
import { enrolled, levelsApp, looking, type LevelsApp } from '../support/risk-levels.js';

describe('changes in a sign-in that goes no further', () => {
  let app: LevelsApp;
  before(async () => {
    app = await levelsApp({ riskActions: { signIn: { high: 'block' } } });
  });
  after(() => app.close());

  it('are refused, whatever was proved before it looked so', async () => {
    const { browser } = await enrolled(app, 'ada');
    const token = { 'X-CSRF-Token': await browser.csrf() };
    const { id } = (await browser.jsonGet('/mfa').expect(200)).body.authenticators[0];
    const own = await browser.postJson(`/mfa/authenticators/${id}/rename`, { name: 'Mine' }, token);
    expect(own.status, own.text).to.equal(200);
    const before = await rawRecord(app.mfa, 'ada');
    app.clock.advance(5);
    Object.assign(browser.headers, looking('high'));
    const changes: [path: string, body: object][] = [
      [`authenticators/${id}/rename`, { name: 'Thief' }],
      ['setup/email/begin', { address: 'thief@example.com' }],
      ['setup/totp/begin', {}],
      ['backup-codes/generate', {}],
      ['preferences', { signInStep: 'off' }],
      ['preferences', { preferred: 'email' }],
      ['trusted-browsers/revoke-all', {}],
      ['sign-ins/end-others', {}],
      ['backup-codes/remove', { confirmed: 'yes' }],
      [`authenticators/${id}/remove`, { confirmed: 'yes', keepBackupCodes: 'no' }],
      ['turn-off', { confirmed: 'yes' }],
    ];
    for (const [path, body] of changes) {
      const answer = await browser.postJson(`/mfa/${path}`, body, token);
      expect([answer.status, answer.body.code], path).to.deep.equal([403, 'session.mfa.blocked']);
    }
    const after = await rawRecord(app.mfa, 'ada');
    expect([after.authenticators, after.epoch]).to.deep.equal([before.authenticators, before.epoch]);
  });
});
