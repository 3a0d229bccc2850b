// The doctor on addresses that anybody can forge: worth a warning, and a fault where networks are trusted by them.
import { expect } from 'chai';
import { examineApp } from '../../src/cli/doctor-app.js';
import { createFindings } from '../../src/checks/finding.js';
import { testApp } from '../support/app.js';

describe('the doctor, on `trust proxy`', () => {
  async function proxyFindings(trust: unknown, trustedNetworks?: string[]): Promise<string[]> {
    const app = await testApp(trustedNetworks ? { trustedNetworks } : {});
    app.express.set('trust proxy', trust);
    const findings = createFindings();
    await examineApp(app.mfa, app.express, findings);
    return findings.all.filter(({ check }) => check === 'proxy').map(({ level, text }) => `${level}: ${text}`);
  }

  it('finds fault with networks that are trusted by an address that anybody can forge', async () => {
    const [said] = await proxyFindings(true, ['10.0.0.0/8']);
    expect(said).to.match(/^fail: .*none of `trustedNetworks` counts/);
  });

  it('warns of such addresses where no network is trusted, and is content with a number of proxies', async () => {
    expect((await proxyFindings(true))[0]).to.match(/^warn: /);
    for (const networks of [undefined, ['10.0.0.0/8']])
      for (const said of await proxyFindings(1, networks)) expect(said).to.match(/^ok: /);
  });
});
