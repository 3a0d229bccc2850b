// The tokens that travel with requests: fetched once, renewed where they lapsed, in one tab or several; with proofs in a header, and
// from another origin.
import { expect } from 'chai';
import cors from '../support/cors.js';
import { createMfaClient } from '../../src/client/index.js';
import { totp } from '../../src/index.js';
import { code } from '../support/agent.js';
import { statelessApp, tokenFor } from '../support/stateless-app.js';
import { Jar, openSite, openTab, refusalOf } from './site.js';

const posts = (asked: { method: string; url: string }[], path: string) =>
  asked.filter(({ method, url }) => method === 'POST' && url.endsWith(path)).length;

describe('the tokens of the client', () => {
  it('are fetched once, however many ask at a time', async () => {
    const { app, tab, client } = await openSite({ policy: 'no-prompt' });
    const before = tab.asked.length;
    await Promise.all([client.preferences({ resetPrompts: true }), client.preferences({ resetPrompts: true })]);
    const gets = tab.asked.slice(before).filter(({ method, url }) => method === 'GET' && url.endsWith('/mfa'));
    expect(gets).to.have.length(1);
    await app.close();
  });

  it('are renewed, with one more try, where another tab was elevated meanwhile', async () => {
    const { app, jar, tab, client } = await openSite();
    const { secret } = await client.pendingSetup('totp');
    await client.confirm('totp', { code: code(secret, app.clock) });
    const other = openTab(app, jar);
    await other.client.state();
    app.clock.advance(30);
    await client.verify('totp', { code: code(secret, app.clock) });
    await other.client.preferences({ resetPrompts: true });
    expect(posts(other.asked, '/preferences')).to.equal(2);
    expect(posts(tab.asked, '/verify/totp')).to.equal(1);
    await app.close();
  });

  it('are not tried a third time', async () => {
    const { app, jar } = await openSite();
    let made = 0;
    const own = openTab(app, jar, { csrf: () => `wrong ${(made += 1)}` });
    expect(await refusalOf(own.client.preferences({ resetPrompts: true }))).to.include({
      code: 'request.csrf',
      status: 403,
    });
    expect(made).to.equal(2);
    expect(posts(own.asked, '/preferences')).to.equal(2);
    await app.close();
  });

  it('are the app’s own where it has some', async () => {
    const { app, jar } = await openSite({
      csrf: { token: () => 'the host’s', verify: (_req, given) => given === 'mine' },
    });
    const own = openTab(app, jar, { csrf: async () => 'mine' });
    expect((await own.client.pendingSetup('totp')).secret).to.be.a('string');
    expect(await own.client.setup('totp')).to.have.property('secret');
    await app.close();
  });

  it('travel in headers for an app without cookies, on a page of another origin', async () => {
    const origin = 'https://www.acme.example';
    const app = await statelessApp('token', {
      factors: [totp()],
      origins: [origin],
      host: {
        before: (host) => void host.use(cors(origin)),
        routes: (host) => host.get('/secret', (_req, res) => void res.json({ secret: true })),
      },
    });
    const bearer = { Authorization: `Bearer ${tokenFor({ sub: 'anna', sid: 's1' })}` };
    const tab = openTab(app, new Jar(), { headers: () => bearer }, origin);
    const { secret } = await tab.client.pendingSetup('totp');
    const { next } = await tab.client.confirm('totp', { code: code(secret, app.clock) });
    expect(next.step).to.equal('done');
    // Another tab of the same sign-in: its first POST brings no token yet.
    const other = openTab(app, new Jar(), { headers: () => bearer }, origin);
    app.clock.advance(30);
    await other.client.verify('totp', { code: code(secret, app.clock) });
    expect(await other.client.state()).to.include({ state: 'elevated' });
    const guarded = other.client.guarded(other.fetch, { onStep: () => false });
    const answer = await guarded(`${app.url}/secret`, { headers: bearer });
    expect(answer.status).to.equal(200);
    expect(other.asked.some(({ headers }) => (headers.get('Cookie') ?? '') !== '')).to.equal(false);
    await app.close();
  });

  it('need no window to be made', () => {
    expect(() => createMfaClient()).to.not.throw();
  });
});
