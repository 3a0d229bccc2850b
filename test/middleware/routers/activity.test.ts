// "All activity": what the audit log tells people of their own account, page by page, and nobody of anybody else's.
import { expect } from 'chai';
import { auditLog } from '../../../src/audit/create-audit-log.js';
import { memoryAuditStore } from '../../../src/audit/stores/memory-audit-store.js';
import { totp } from '../../../src/index.js';
import { Browser, code, wrongCode } from '../../support/agent.js';
import { fewBackupCodes, testApp } from '../../support/app.js';

const agent = { 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' };

async function openApp() {
  const audit = auditLog({ store: memoryAuditStore() });
  const app = await testApp({ factors: [totp(), fewBackupCodes()], audit });
  return { app, audit };
}

type Told = { at: number; what: string; kind?: string; browser?: string; ip?: string };

describe('the page of all activity', () => {
  it('tells a person what happened to their account, and of nobody else', async () => {
    const { app } = await openApp();
    const ada = await new Browser(app, agent).signIn('ada');
    const { secret } = await ada.enrollTotp();
    const bob = await new Browser(app).signIn('bob');
    await bob.enrollTotp();
    app.clock.advance(60);
    const other = await new Browser(app, agent).signIn('ada');
    await other.form('/mfa/verify/totp', { code: wrongCode(secret, app.clock) });
    await other.form('/mfa/verify/totp', { code: code(secret, app.clock) });
    await app.mfa.settled();

    const account = await other.htmlGet('/mfa').expect(200);
    expect(account.text).to.include('href="/mfa/activity"');
    const { text } = await other.htmlGet('/mfa/activity').expect(200);
    expect(text).to.include('<h1>All activity</h1>').and.include('Not verified: Authenticator app');
    expect(text).to.include('Firefox · Linux').and.include('127.0.0.1');
    expect(text.indexOf('Verified: Authenticator app')).to.be.lessThan(text.indexOf('Not verified'));

    const { body } = await other.jsonGet('/mfa/activity').expect(200);
    const activity = body.activity as Told[];
    expect(activity[0]).to.include({ what: 'verification-accepted', kind: 'totp', browser: 'Firefox · Linux' });
    expect(activity[0]?.at).to.equal(app.clock.seconds);
    expect(activity.filter(({ what }) => what === 'authenticator-enrolled')).to.have.length.greaterThan(0);
    const hers = activity.length;
    await bob.jsonGet('/mfa/activity?userId=ada').expect(200);
    const his = (await bob.jsonGet('/mfa/activity').expect(200)).body.activity as Told[];
    expect(his.some(({ what }) => what === 'verification-refused')).to.equal(false);
    expect(his.length).to.be.lessThan(hers);
  });

  it('goes back page by page, each entry once, and says where there is nothing older', async () => {
    const { app, audit } = await openApp();
    const person = await new Browser(app).signIn('ada');
    await person.enrollTotp();
    const at = () => new Date(app.clock.now()).toISOString();
    for (let i = 0; i < 60; i += 1) {
      app.clock.advance(61);
      audit.take({ name: 'browser-trusted', at: at(), userId: 'ada', actor: 'user' });
      audit.take({ name: 'browser-trusted', at: at(), userId: 'eve', actor: 'user' });
    }
    await app.mfa.settled();
    const seen: number[] = [];
    let url = '/mfa/activity';
    for (let pages = 0; ; pages += 1) {
      expect(pages).to.be.lessThan(6);
      const { body } = await person.jsonGet(url).expect(200);
      for (const { what, at: second } of body.activity as Told[]) if (what === 'browser-trusted') seen.push(second);
      if (body.before === undefined) break;
      url = `/mfa/activity?before=${body.before as string}`;
    }
    expect(seen).to.have.length(60);
    expect(seen).to.deep.equal([...new Set(seen)].sort((a, b) => b - a));

    const first = await person.htmlGet('/mfa/activity').expect(200);
    const older = /href="(\/mfa\/activity\?before=[0-9a-z]+)"/.exec(first.text)?.[1] ?? '';
    const second = await person.htmlGet(older).expect(200);
    expect(second.text).to.include('href="/mfa/activity"').and.include('href="/mfa"');
    await person.htmlGet('/mfa/activity?before=<script>').expect(400);
    await person.jsonGet('/mfa/activity?before=1&before=2').expect(400);
  });

  it('asks for the second factor where it is owed, and comes from there', async () => {
    const { app } = await openApp();
    const person = await new Browser(app).signIn('ada');
    const { secret } = await person.enrollTotp();
    const other = await new Browser(app).signIn('ada');
    await other.htmlGet('/mfa/activity').expect(303).expect('Location', '/mfa/verify');
    const { body } = await other.jsonGet('/mfa/activity').expect(403);
    expect(body).to.include({ code: 'session.mfa.require_mfa_verification' });
    expect(body).not.to.have.property('activity');
    await new Browser(app).jsonGet('/mfa/activity').expect(401);
    app.clock.advance(60);
    await other.form('/mfa/verify/totp', { code: code(secret, app.clock) });
    await other.htmlGet('/mfa/activity').expect(200);
  });

  it('shows nothing of what was erased', async () => {
    const { app, audit } = await openApp();
    const person = await new Browser(app, agent).signIn('ada');
    await person.enrollTotp();
    await audit.erase('ada', { by: 'root', reason: 'asked' });
    const { text } = await person.htmlGet('/mfa/activity').expect(200);
    expect(text).to.include('Added: Authenticator app').and.not.include('127.0.0.1').and.not.include('Firefox');
  });

  it('is neither there nor linked to where the app keeps no log', async () => {
    const app = await testApp({ factors: [totp(), fewBackupCodes()] });
    const person = await new Browser(app).signIn('ada');
    await person.enrollTotp();
    await person.htmlGet('/mfa/activity').expect(404);
    expect((await person.htmlGet('/mfa').expect(200)).text).to.not.include('/mfa/activity');
  });
});
