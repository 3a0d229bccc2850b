// A backup code far from home by the client: what it owes, and where it waits, as programs read and answer it.
import { expect } from 'chai';
import { createMfaClient, type MfaClient } from '../../src/client/index.js';
import type { MfaOptions } from '../../src/index.js';
import { admin, levels, reason, recoveryApp, type RecoveryApp } from '../support/recovering.js';
import { openTab, signIn, refusalOf } from './site.js';

describe('the client, after a backup code in a sign-in that looks unusual,', () => {
  let app: RecoveryApp;
  let codes: string[];
  async function start(options: Partial<MfaOptions> = {}): Promise<MfaClient> {
    app = await recoveryApp(options);
    ({ codes } = await app.owner());
    const tab = openTab(app);
    const far: typeof fetch = (url, init) => {
      const headers = new Headers(init?.headers);
      for (const [name, value] of Object.entries(levels.high)) headers.set(name, value);
      return tab.fetch(url, { ...init, headers });
    };
    await signIn(app, { ...tab, fetch: far }, 'ada');
    return createMfaClient({ baseUrl: `${app.url}/mfa`, fetch: far });
  }
  afterEach(() => app.close());

  it('gives one more proof', async () => {
    const client = await start();
    const spent = await client.verify('backup-codes', { code: codes[0]! });
    expect(spent.next.step).to.equal('confirm-recovery');
    const status = await client.confirmRecovery.status();
    expect('ways' in status && status.ways.map(({ kind }) => kind)).to.deep.equal(['totp', 'email']);
    await client.confirmRecovery.begin({ factor: 'email' });
    const wrong = await refusalOf(client.confirmRecovery.confirm({ factor: 'email', code: '000000' }));
    expect(wrong).to.include({ code: 'verification_code.code_mismatch', status: 422 });
    const code = app.mails.code('ada@example.com');
    const { next } = await client.confirmRecovery.confirm({ factor: 'email', code });
    expect(next.step).to.equal('done');
    expect(await client.state()).to.include({ state: 'elevated' });
  });

  it('waits for an administrator, and goes on', async () => {
    const client = await start({ riskActions: { recovery: { high: 'approve' } } });
    expect((await client.verify('backup-codes', { code: codes[0]! })).next.step).to.equal('wait');
    expect(await client.wait.status()).to.include.keys('since', 'until');
    expect(await refusalOf(client.wait.goOn())).to.include({ code: 'session.mfa.awaiting_approval', status: 403 });
    const [waiting] = await app.mfa.cases();
    await app.mfa.approve(waiting!.id, { by: admin, reason });
    expect((await client.wait.status()).next).to.include({ approved: true });
    await client.wait.goOn();
    expect(await client.state()).to.include({ state: 'elevated' });
  });
});
