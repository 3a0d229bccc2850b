// The doctor knocks: as a visitor at the sign-in page, and with credentials at every page.
import { expect } from 'chai';
import type { Express, Request } from 'express';
import { visitApp } from '../../src/cli/doctor-visit.js';
import { createFindings } from '../../src/checks/finding.js';
import type { MfaOptions } from '../../src/index.js';
import { Browser } from '../support/agent.js';
import { hostData, testApp } from '../support/app.js';
import { asBasic, basic, lateApp } from '../support/late-users.js';

async function findingsOf(options: Partial<MfaOptions>, routes: (host: Express) => void, credentials?: string) {
  const app = await lateApp({ ...options, host: { routes, guard: { anonymous: 'refuse' } } });
  const findings = createFindings();
  await visitApp(app.mfa, app.express, credentials, findings);
  return findings.all.map(({ level, text }) => `${level}: ${text}`);
}

const page = (host: Express) => void host.get('/enter', (_req, res) => void res.send('the form'));

describe('the doctor, as a visitor', () => {
  it('reaches the sign-in page, also by a redirect', async () => {
    const [said] = await findingsOf({ signInUrl: '/enter' }, page);
    expect(said).to.equal('ok: A visitor reaches /enter.');
    const led = (host: Express) => {
      page(host);
      host.get('/login', (_req, res) => res.redirect('/enter'));
    };
    expect(await findingsOf({ allow: ['/enter'] }, led)).to.deep.equal(['ok: A visitor reaches /login.']);
  });

  it('finds a circle, and a page that is not there', async () => {
    const led = (host: Express) => void host.get('/enter', (_req, res) => res.redirect('/account'));
    expect((await findingsOf({ signInUrl: '/enter' }, led))[0]).to.match(/^fail: .*\/enter → \/account → \/enter/);
    const app = await testApp();
    const findings = createFindings();
    await visitApp(
      { ...app.mfa, config: { ...app.mfa.config, web: { ...app.mfa.config.web, signInUrl: '/no' } } },
      app.express,
      undefined,
      findings,
    );
    expect(findings.all[0]?.text).to.match(/gets 404 from GET \/no/);
  });

  it('knocks at no other site', async () => {
    expect(await findingsOf({ signInUrl: 'https://sso.example/in' }, page)).to.deep.equal([
      'ok: At https://sso.example/in, another site.',
    ]);
  });
});

describe('the doctor, with credentials of one request', () => {
  const line = `Authorization: ${asBasic('ada').Authorization}`;

  it('finds a page whose user the guard never hears of, and names no secret', async () => {
    const routes = (host: Express) => {
      page(host);
      host.get('/told', basic, (_req, res) => void res.json({}));
      host.get('/untold', basic, (_req, res) => void res.json({}));
    };
    const user = (req: Request) => (hostData(req).uid === undefined ? null : { id: String(hostData(req).uid) });
    const app = await testApp({ policy: 'no-prompt', user, signInUrl: '/enter', host: { routes } });
    await (await new Browser(app).signIn('ada')).enrollTotp();
    const findings = createFindings();
    await visitApp(app.mfa, app.express, line, findings);
    const failed = findings.all.filter(({ level }) => level === 'fail').map(({ text }) => text);
    expect(failed).to.have.length(2);
    expect(failed.join())
      .to.match(/GET \/told answers Authorization with 200/)
      .and.not.include('Basic');
  });

  it('says which page does not answer, and goes on to the next', async () => {
    const routes = (host: Express) => {
      page(host);
      host.get('/hangs', (_req, res) => void setTimeout(() => res.destroy(), 20));
      host.get('/untold', basic, (_req, res) => void res.json({}));
    };
    const app = await testApp({ policy: 'no-prompt', user: () => null, signInUrl: '/enter', host: { routes } });
    const findings = createFindings();
    await visitApp(app.mfa, app.express, line, findings);
    const said = findings.all.map(({ level, text }) => `${level}: ${text}`).join('\n');
    expect(said)
      .to.include('warn: GET /hangs was not answered in time.')
      .and.match(/fail: GET \/untold answers Authorization with 200/);
  });

  it('finds none where the guard hears of everybody', async () => {
    const routes = (host: Express) => {
      page(host);
      host.get('/told', basic, (_req, res) => void res.json({}));
    };
    const said = await findingsOf({ signInUrl: '/enter' }, routes, line);
    expect(said.filter((one) => one.startsWith('fail'))).to.deep.equal([]);
  });
});
