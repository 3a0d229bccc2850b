// A person's way through two-step verification by the client alone, against the app that our pages are served by. What is typed
// stands in bodies, and nowhere else.
import { expect } from 'chai';
import { auditLog, memoryAuditStore } from '../../src/audit.js';
import { emailCode, outboxSender, totp } from '../../src/index.js';
import { code, wrongCode } from '../support/agent.js';
import { fewBackupCodes, type TestApp } from '../support/app.js';
import { openSite, openTab, refusalOf, signIn, type Tab } from './site.js';

describe('the client', () => {
  let app: TestApp;
  let tab: Tab;
  const email = outboxSender('email');

  before(async () => {
    ({ app, tab } = await openSite({
      factors: [totp(), emailCode({ sender: email }), fewBackupCodes()],
      audit: auditLog({ store: memoryAuditStore() }),
      policy: 'no-prompt',
      trustBrowser: { days: 30 },
    }));
  });
  after(() => app.close());

  it('leads a person from the set-up of an app to backup codes, a sign-in and the end of it', async () => {
    const { client } = tab;
    expect(await client.state()).to.include({ state: 'none' });
    const begun = await client.pendingSetup('totp');
    expect(await client.pendingSetup('totp')).to.include({ secret: begun.secret });
    expect(begun.qr).to.match(/^<svg/);
    const wrong = await refusalOf(client.confirm('totp', { code: wrongCode(begun.secret, app.clock) }));
    expect(wrong).to.include({ code: 'session.mfa.invalid_totp_code', status: 422 });
    expect(wrong.title).to.match(/incorrect/);
    const { next } = await client.confirm('totp', { code: code(begun.secret, app.clock), name: 'Phone' });
    expect(next.step).to.equal('save-backup-codes');

    const { pending } = await client.backupCodes.status();
    expect(pending).to.include({ confirm: 'checkbox', extendable: true });
    expect(pending!.codes).to.have.length(5);
    const extended = await client.backupCodes.extend(pending!.revealToken);
    expect(extended.pending).to.include({ extendable: false });
    const file = await client.backupCodes.download(pending!.revealToken);
    expect(file.name).to.equal('acme-backup-codes.txt');
    expect(await file.content.text()).to.include(pending!.codes[4]);
    await client.backupCodes.confirm({ revealToken: pending!.revealToken, saved: 'yes' });
    const { total, remaining, codes, pending: none } = await client.backupCodes.status();
    expect({ total, remaining, none }).to.deep.equal({ total: 5, remaining: 5, none: undefined });
    expect(codes[0]).to.have.keys('index', 'createdAt', 'expiresAt');

    const other = openTab(app);
    await signIn(app, other, 'anna');
    const { state, availableFactors } = await other.client.state();
    expect({ state, availableFactors }).to.deep.equal({ state: 'pending', availableFactors: ['totp', 'backup-codes'] });
    expect(await refusalOf(other.client.backupCodes.status())).to.include({
      code: 'session.mfa.require_mfa_verification',
      status: 403,
    });
    const passed = await other.client.verify('backup-codes', { code: pending!.codes[0]!, trustBrowser: true });
    expect(passed.backupCodes).to.deep.equal({ remaining: 4 });
    await refusalOf(other.client.verify('totp', { code: 'abc' }));

    app.clock.advance(30);
    await client.verify('totp', { code: code(begun.secret, app.clock) });
    const [own] = (await client.state()).authenticators!;
    await client.authenticators.rename(own!.id, 'Work phone');
    expect((await client.state()).authenticators![0]).to.include({ name: 'Work phone' });
    await client.preferences({ preferred: 'totp' });
    await client.trustedBrowsers.revokeAll();
    await client.endOthers();
    await app.mfa.settled();
    expect((await client.activity()).activity.map(({ what }) => what)).to.include('authenticator-enrolled');
    await client.backupCodes.remove();
    await client.turnOff();
    expect(await client.state()).to.include({ state: 'none' });
    expect(await refusalOf(client.turnOff())).to.have.property('code');
    expect(await refusalOf(client.trustedBrowsers.revoke('none'))).to.have.property('status', 404);

    const typed = [...pending!.codes, begun.secret];
    const elsewhere = [...tab.asked, ...other.asked]
      .map(({ url, headers }) => `${url} ${[...headers].join()}`)
      .join('\n');
    expect(typed.filter((each) => elsewhere.includes(each))).to.deep.equal([]);
  });

  it('binds an address by a code, and says how long another one takes', async () => {
    const bob = openTab(app);
    await signIn(app, bob, 'bob');
    const sent = await bob.client.setup('email', { address: 'bob@home.example' });
    expect(sent).to.include({ masked: 'b***@home.example', number: 1, digits: 6 });
    expect(await refusalOf(bob.client.setup('email', { address: 'no address' }))).to.include({
      code: 'request.invalid',
    });
    const again = await refusalOf(bob.client.setup('email', { address: 'bob@home.example' }));
    expect(again.code).to.equal('connector.rate_limit_exceeded');
    expect(again.details.retryAfterSeconds).to.be.greaterThan(0);
    const typed = /\b\d{6}\b/.exec(email.messages.at(-1)!.text)![0];
    const { next } = await bob.client.confirm('email', { code: typed });
    expect(next.step).to.equal('save-backup-codes');
  });

  it('tells the sentences in force, and asks again only whether they changed', async () => {
    const { client } = tab;
    const { locale, messages } = await client.messages('de-AT');
    expect(locale).to.equal('de');
    expect(messages['codes.saved']).to.be.a('string');
  });
});
