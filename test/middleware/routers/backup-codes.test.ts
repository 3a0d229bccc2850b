// The pages of backup codes: the download, renewal while the old set works, expiry, and typing one to confirm.
import { expect } from 'chai';
import { backupCodes, totp } from '../../../src/index.js';
import { Browser, code, codeIn } from '../../support/agent.js';
import { fewBackupCodes, testApp, type TestApp } from '../../support/app.js';

describe('the pages of backup codes', () => {
  let app: TestApp;
  let person: Browser;

  beforeEach(async () => {
    app = await testApp({ factors: [totp(), fewBackupCodes()] });
    person = await new Browser(app).signIn('ada');
  });

  async function begun(): Promise<{ codes: string[]; revealToken: string; secret: string }> {
    const secret = (await person.jsonGet('/mfa/setup/totp')).body.secret as string;
    await person.json('/mfa/setup/totp', { code: code(secret, app.clock) });
    const { pending } = (await person.jsonGet('/mfa/backup-codes')).body;
    return { ...pending, secret };
  }

  it('download the pending set as a text file', async () => {
    const { codes } = await begun();
    const page = await person.htmlGet('/mfa/backup-codes').expect(200);
    const file = await person.submit(page, '/download').buffer(true).expect(200);
    expect(file.headers['content-disposition']).to.equal('attachment; filename="acme-backup-codes.txt"');
    expect(file.headers['content-type']).to.equal('text/plain; charset=utf-8');
    expect(file.headers['cache-control']).to.equal('no-store');
    const lines = file.text.split('\r\n');
    expect(file.text.replaceAll('\r\n', '')).not.to.include('\n');
    codes.forEach((each, index) => {
      expect(
        lines.some((line) => new RegExp(`^\\s*${index + 1}[.)]?\\s+${each}$`).test(line)),
        each,
      ).to.equal(true);
    });
    expect(file.text)
      .to.match(/Acme/)
      .and.match(/2027.*2028/)
      .and.not.include('ada@');
    expect((await person.jsonGet('/mfa/backup-codes')).body.pending.codes).to.deep.equal(codes);
  });

  it('download nothing for a wrong token, for another session, or once confirmed', async () => {
    const { revealToken, secret } = await begun();
    const path = '/mfa/backup-codes/download';
    for (const wrong of ['', 'x', `${revealToken}x`, [revealToken], { revealToken }, 5])
      expect(codeIn(await person.json(path, { revealToken: wrong }))).to.equal(
        'session.verification_session_not_found',
      );
    const other = await new Browser(app).signIn('ada');
    expect(codeIn(await other.json(path, { revealToken }))).to.equal('session.mfa.require_mfa_verification');
    await other.proveTotp(secret);
    expect((await other.json(path, { revealToken })).status).to.equal(404);
    await person.saveCodes();
    expect((await person.json(path, { revealToken })).status).to.equal(404);
  });

  it('show the status only once confirmed, never a code', async () => {
    const { codes } = await person.enrollTotp();
    const { text } = await person.htmlGet('/mfa/backup-codes').expect(200);
    for (const each of codes) expect(text).not.to.include(each);
  });

  it('show a pending set in the session that began it only', async () => {
    const { secret, codes } = await begun();
    const other = await new Browser(app).signIn('ada');
    await other.proveTotp(secret);
    const theirs = (await other.jsonGet('/mfa/backup-codes').expect(200)).body.pending.codes as string[];
    expect(theirs).to.have.length(codes.length).and.not.include.members(codes);
  });

  it('keep the old set working until the new one is confirmed', async () => {
    const { codes: old } = await person.enrollTotp();
    const generated = await person.json('/mfa/backup-codes/generate');
    const { codes, revealToken } = generated.body.pending;
    const again = await new Browser(app).signIn('ada');
    expect((await again.answer('backup-codes', codes[0])).status).to.equal(422);
    expect((await again.answer('backup-codes', old[0])).status).to.equal(200);
    expect((await person.json('/mfa/backup-codes/confirm', { revealToken, saved: 'yes' })).status).to.equal(200);
    const third = await new Browser(app).signIn('ada');
    expect((await third.answer('backup-codes', old[1])).status).to.equal(422);
    expect((await third.answer('backup-codes', codes[1])).status).to.equal(200);
  });

  it('need a fresh proof to make or remove a set', async () => {
    await person.enrollTotp();
    app.clock.advance(601);
    for (const path of ['generate', 'remove']) {
      const answer = await person.json(`/mfa/backup-codes/${path}`);
      expect({ status: answer.status, code: codeIn(answer) }).to.deep.equal({
        status: 401,
        code: 'session.mfa.step_up_required',
      });
    }
    const page = await person.form('/mfa/backup-codes/generate');
    expect({ status: page.status, type: page.type }).to.deep.equal({ status: 401, type: 'text/html' });
  });

  it('forget a pending set after ten minutes, and draw another by a press', async () => {
    const { codes, revealToken } = await begun();
    app.clock.advance(601);
    const lapsed = await person.json('/mfa/backup-codes/confirm', { revealToken, saved: 'yes' });
    expect(codeIn(lapsed)).to.equal('session.mfa.pending_info_not_found');
    const { pending } = (await person.json('/mfa/backup-codes/generate')).body;
    expect(pending.codes).to.have.length(5).and.not.deep.equal(codes);
    await person.saveCodes();
  });

  it('are closed to whoever has no primary factor', async () => {
    const answer = await person.json('/mfa/backup-codes/generate');
    expect({ status: answer.status, code: codeIn(answer) }).to.deep.equal({
      status: 422,
      code: 'session.mfa.backup_code_can_not_be_alone',
    });
    await person.htmlGet('/mfa/backup-codes').expect(303).expect('Location', '/mfa/setup');
  });

  it('are not there where the app has none', async () => {
    const without = await testApp();
    const other = await new Browser(without).signIn('ada');
    await other.enrollTotp();
    expect(codeIn(await other.jsonGet('/mfa/backup-codes').expect(400))).to.equal('session.mfa.mfa_factor_not_enabled');
  });

  it('take one typed code as confirmation, and do not spend it', async () => {
    app = await testApp({ factors: [totp(), backupCodes({ count: 5, confirm: 'type-one', lowAt: 1 })] });
    person = await new Browser(app).signIn('ada');
    const { codes } = await begun();
    const page = await person.htmlGet('/mfa/backup-codes').expect(200);
    expect((await person.submit(page, '/confirm', { code: 'ABCD-EFGH' })).status).to.equal(422);
    await person.submit(page, '/confirm', { code: codes[1]!.toLowerCase().replace('-', ' ') }).expect(303);
    const again = await new Browser(app).signIn('ada');
    expect((await again.answer('backup-codes', codes[1])).status).to.equal(200);
  });

  it('say when a set has expired, to whoever holds one of its codes', async () => {
    const { secret, codes } = await person.enrollTotp();
    app.clock.advance(366 * 86_400);
    const again = await new Browser(app).signIn('ada');
    const expired = await again.answer('backup-codes', codes[0]);
    expect({ status: expired.status, code: codeIn(expired) }).to.deep.equal({
      status: 422,
      code: 'session.mfa.backup_codes_expired',
    });
    expect(expired.body.title).to.include('2028');
    expect(codeIn(await again.answer('backup-codes', 'ABCD-EFGH'))).to.equal('session.mfa.invalid_backup_code');
    expect((await again.proveTotp(secret)).body.next.step).to.equal('save-backup-codes');
  });
});
