// Every entry of people's journeys, and one of every event there is, has the shape that `auditEntrySchema` says.
import { isIPv4, isIPv6 } from 'node:net';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { auditEntrySchema, auditLog, memoryAuditStore, type AuditEntry, type AuditLog } from '../../src/audit.js';
import { eventNames } from '../../src/core/words/events.js';
import { softAuthenticator } from '../../src/testing/soft-authenticator.js';
import { Browser, code, wrongCode } from '../support/agent.js';
import { codesApp, elevated, known, send, signUp, bind } from '../support/codes.js';
import { addresses, otherAddresses, wrongFor } from '../support/addresses.js';
import { fewBackupCodes, testApp } from '../support/app.js';
import { totp } from '../../src/index.js';
import { passkeyApp, PasskeyBrowser, pendingWith } from '../support/passkeys.js';
import { openLog } from './open-log.js';

const ajv = new Ajv2020({
  strict: true,
  allErrors: true,
  formats: { ipv4: isIPv4, ipv6: isIPv6, uuid: true, 'date-time': (time: string) => !Number.isNaN(Date.parse(time)) },
});
const fits = ajv.compile(auditEntrySchema);

async function entriesOf(audit: AuditLog): Promise<AuditEntry[]> {
  await audit.settled();
  const { entries } = await audit.read({ limit: 500 });
  for (const entry of entries) expect(fits(entry), `${entry.name}: ${ajv.errorsText(fits.errors)}`).to.equal(true);
  return entries;
}

/** Checks every entry, and that the journey went by these events. */
async function expectJourney(audit: AuditLog, ...names: AuditEntry['name'][]): Promise<void> {
  const entries = await entriesOf(audit);
  expect(entries.map(({ name }) => name)).to.include.members(names);
}

const newLog = () => auditLog({ store: memoryAuditStore() });
const agent = { 'User-Agent': `Mozilla/5.0 ${'x'.repeat(2000)}` };

describe('the schema of an entry', () => {
  it('fits a day with an authenticator app, backup codes and a trusted browser', async () => {
    const audit = newLog();
    const app = await testApp({ factors: [totp(), fewBackupCodes()], trustBrowser: { days: 30 }, audit });
    const { secret, codes } = await (await new Browser(app, agent).signIn('ada')).enrollTotp();
    app.clock.advance(60);
    const other = await new Browser(app, agent).signIn('ada');
    await other.htmlGet('/account');
    for (const typed of ['', 'letters', 12, wrongCode(secret, app.clock)]) await other.answer('totp', typed);
    await other.json('/mfa/verify/totp', { code: code(secret, app.clock), trustBrowser: 'yes' });
    const third = await new Browser(app).signIn('ada');
    for (const typed of ['no-code', ...codes.slice(0, 4)]) {
      const again = await new Browser(app).signIn('ada');
      await again.answer('backup-codes', typed);
    }
    await third.postJson('/mfa/verify/totp', { code: '123456' });
    await third.postJson('/mfa/verify/totp', { code: '123456' }, { Origin: 'https://evil.example' });
    await other.json('/mfa/backup-codes/generate');
    for (let i = 0; i < 12; i += 1) await third.answer('totp', wrongCode(secret, app.clock));
    await app.mfa.unlock('ada', { by: 'Ana' });
    await app.mfa.reset('ada', { by: 'Ana', reason: 'lost '.repeat(200) });
    await app.mfa.settled();
    await expectJourney(
      audit,
      ...(['verification-required', 'enrollment-begun', 'authenticator-enrolled', 'backup-codes-confirmed'] as const),
      ...(['verification-accepted', 'verification-refused', 'browser-trusted', 'backup-code-used'] as const),
      ...(['backup-codes-low', 'request-refused', 'backup-codes-generated', 'locked', 'unlocked', 'reset'] as const),
    );
  });

  it('fits codes by e-mail and SMS, and a person who objects', async () => {
    const audit = newLog();
    const app = await codesApp({
      people: { ada: known('email') },
      factors: (made) => [made.totp, made.email, made.sms, made.backupCodes],
      delivers: true,
      origin: 'https://acme.example',
      audit,
    });
    await (await signUp(app, 'ada')).saveCodes();
    app.clock.advance(60);
    const person = await elevated(app, 'email');
    app.clock.advance(60);
    await bind(app, person, 'sms', otherAddresses.sms);
    await app.mfa.settled();
    const path = /https:\/\/acme\.example(\/mfa\/object\/\S+)/.exec(app.notes('email').at(-1)?.text ?? '')?.[1];
    await new Browser(app).post(path ?? '', {}, { Origin: 'https://acme.example' }).expect(200);
    const later = await new Browser(app).signIn('ada');
    await send(later, 'email');
    await send(later, 'email');
    await later.answer('email', wrongFor(app.lastCode('email')));
    await app.mfa.settled();
    const entries = await entriesOf(audit);
    await expectJourney(
      audit,
      ...(['code-sent', 'notice-sent', 'notice-objected', 'authenticator-enrolled', 'send-limited'] as const),
    );
    for (const address of [addresses.email, otherAddresses.sms])
      expect(JSON.stringify(entries)).to.not.include(address);
  });

  it('fits passkeys, as a second step and alone', async () => {
    const audit = newLog();
    const app = await passkeyApp({ audit });
    const authenticator = softAuthenticator();
    const person = await pendingWith(app, 'ada', authenticator);
    await person.verify(authenticator, { origin: 'https://evil.example' });
    await person.verify(authenticator);
    await new PasskeyBrowser(app).enter(authenticator);
    await new PasskeyBrowser(app).enter(authenticator, { userVerified: false });
    await app.mfa.deprovision('ada');
    await app.mfa.settled();
    await expectJourney(
      audit,
      ...(['authenticator-enrolled', 'verification-accepted', 'verification-refused', 'user-deprovisioned'] as const),
    );
  });

  it('fits every event there is, with whatever an app and its clients say, and after it was erased', async () => {
    const { log, tell } = openLog(memoryAuditStore());
    for (const name of eventNames) {
      const detail = {
        text: 'x'.repeat(1000),
        count: 3,
        is: true,
        reason: 'r'.repeat(1000),
        risk: 'high',
        place: 'Bern',
      };
      const request = { userAgent: 'x'.repeat(9000), ip: '2001:db8::1', method: 'POST', path: `/${'p'.repeat(999)}` };
      tell(name, { ...request, detail, tenant: 't', kind: 'totp', authenticatorId: 'a', actor: 'admin', by: 'Ana' });
      tell(name, { userId: undefined as never, ip: 'unknown', method: 'no method', actor: 'cli' });
    }
    expect(await entriesOf(log)).to.have.length(eventNames.length * 2);
    await log.erase('u1', { by: 'Ana', reason: 'asked' });
    await entriesOf(log);
  });

  it('has no room for what no entry may hold', async () => {
    const { log, tell } = openLog(memoryAuditStore());
    tell('reset');
    const [entry] = await entriesOf(log);
    for (const wrong of [
      { ...entry, cookie: 'x' },
      { ...entry, detail: { nested: { code: '1' } } },
      { ...entry, personal: { email: 'ada@example.com' } },
      { ...entry, personal: { ip: '1.2.3.4|drop' } },
      { ...entry, seq: 0 },
      { ...entry, name: 'unheard-of' },
    ])
      expect(fits(wrong), JSON.stringify(wrong)).to.equal(false);
  });
}).timeout(60_000);
