// A person's day as the audit log tells it: each answer is one outcome entry, one sign-in is one flow, and nothing of it
// is a secret.
import { expect } from 'chai';
import { auditLog } from '../../src/audit/create-audit-log.js';
import { memoryAuditStore } from '../../src/audit/stores/memory-audit-store.js';
import { totp } from '../../src/index.js';
import { Browser, code, wrongCode } from '../support/agent.js';
import { appSecret, fewBackupCodes, testApp } from '../support/app.js';

describe('the audit log of a day', () => {
  it('has one outcome for every answer, wherever it was given', async () => {
    const audit = auditLog({ store: memoryAuditStore() });
    const app = await testApp({ factors: [totp(), fewBackupCodes()], audit });
    const agent = { 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' };
    const { secret, codes } = await (await new Browser(app, agent).signIn('ada')).enrollTotp();
    app.clock.advance(60);
    const other = await new Browser(app, agent).signIn('ada');
    const typed = { wrong: wrongCode(secret, app.clock), right: code(secret, app.clock) };
    await app.mfa.settled();
    const before = (await audit.read({ limit: 500 })).entries.length;
    const answers = ['12', typed.wrong, 'letters', typed.right];
    for (const each of answers) await other.form('/mfa/verify/totp', { code: each });
    await app.mfa.settled();
    const { entries } = await audit.read({ userId: 'ada', limit: 500 });
    const answered = entries.filter(({ name }) => /^verification-(accepted|refused)$/.test(name)).reverse();
    expect(answered.map(({ outcome }) => outcome)).to.deep.equal(['failure', 'failure', 'failure', 'success']);
    expect(new Set(answered.map(({ flow }) => flow)).size).to.equal(1);
    expect(answered[0]?.flow).to.match(/^[\w-]{22}$/);
    for (const { personal, time } of answered) {
      expect(personal).to.include({ userAgent: agent['User-Agent'], method: 'POST', path: '/mfa/verify/totp' });
      expect(personal.ip).to.match(/127\.0\.0\.1/);
      expect(time).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    }
    expect(before).to.be.greaterThan(0);
    const enrolled = entries.filter(({ name }) => name === 'authenticator-enrolled');
    expect(enrolled.map(({ factor, outcome }) => [factor?.kind, outcome])).to.deep.include(['totp', 'success']);
    const told = JSON.stringify(entries);
    for (const each of [secret, appSecret, ...codes, typed.right, typed.wrong]) expect(told).to.not.include(each);
    expect((await audit.verify()).sound).to.equal(true);
  });

  it('tells of a request from another site, and of what an administrator did', async () => {
    const audit = auditLog({ store: memoryAuditStore() });
    const app = await testApp({ factors: [totp(), fewBackupCodes()], audit });
    const person = await new Browser(app).signIn('ada');
    await person.enrollTotp();
    await person.postJson('/mfa/verify/totp', { code: '123456' }, { Origin: 'https://evil.example' });
    await app.mfa.reset('ada', { by: 'root', reason: 'lost everything' });
    await app.mfa.settled();
    const { entries } = await audit.read({ limit: 500 });
    const refused = entries.find(({ name }) => name === 'request-refused');
    expect(refused).to.deep.include({ outcome: 'failure', reason: 'request.csrf', detail: { by: 'origin' } });
    const reset = entries.find(({ name }) => name === 'reset');
    expect(reset?.actor).to.deep.equal({ type: 'admin', id: 'root' });
    expect(reset?.personal.reasonText).to.equal('lost everything');
    expect(reset?.detail).to.equal(undefined);
    expect(await audit.erase('ada', { by: 'root', reason: 'asked' }))
      .to.have.property('entries')
      .greaterThan(2);
    const after = await audit.read({ userId: 'ada', limit: 500 });
    for (const { personal } of after.entries) expect(personal).to.deep.equal({});
    expect((await audit.verify()).sound).to.equal(true);
  });
});
