// What goes wrong between browser and server: no network, an answer of somebody else, a call that is given up. Each is told once, by a
// code of a closed list, and nothing is sent twice.
import { expect } from 'chai';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { isAbort } from '../../src/client/index.js';
import { code } from '../support/agent.js';
import { eventually } from '../support/eventually.js';
import { openSite, openTab, signIn, refusalOf } from './site.js';

describe('a failure in the client', () => {
  it('is `client.offline` where no answer came, and the next call works', async () => {
    const { app, tab, client } = await openSite();
    tab.network.answer = () => Promise.reject(new TypeError('Failed to fetch'));
    expect(await refusalOf(client.state())).to.include({ code: 'client.offline', status: 0, title: '' });
    expect(await refusalOf(client.preferences({ resetPrompts: true }))).to.include({ code: 'client.offline' });
    tab.network.answer = undefined;
    expect(await client.state()).to.include({ state: 'none' });
    await client.preferences({ resetPrompts: true });
    await app.close();
  });

  it('is `client.unexpected` where the answer is none of ours', async () => {
    const { app, tab, client } = await openSite();
    const page = (status: number, type: string, body: string) => () =>
      new Response(body, { status, headers: { 'Content-Type': type } });
    for (const [status, type, body] of [
      [502, 'text/html', '<h1>Bad gateway</h1>'],
      [200, 'text/html', '<h1>Sign in</h1>'],
      [403, 'application/problem+json', '{"code":"request.csrf","type":"https://other.example"}'],
      [403, 'application/problem+json', 'no JSON'],
    ] as const) {
      tab.network.answer = page(status, type, body);
      expect(await refusalOf(client.state())).to.include({ code: 'client.unexpected', status });
    }
    await app.close();
  });

  it('is no failure where the caller gave up, before and while it is under way', async () => {
    const { app, tab, client } = await openSite();
    const gone = AbortSignal.abort();
    expect(isAbort(await client.state({ signal: gone }).catch((error: unknown) => error))).to.equal(true);
    await client.state();
    const giveUp = new AbortController();
    tab.network.answer = (_url, { signal }) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason as Error));
        giveUp.abort();
      });
    const answer = client.verify('totp', { code: '123456' }, { signal: giveUp.signal });
    expect(isAbort(await answer.catch((error: unknown) => error))).to.equal(true);
    tab.network.answer = undefined;
    await client.preferences({ resetPrompts: true });
    await app.close();
  });

  it('of one who gave up once it was sent leaves the person signed in: the cookie of the new session still comes', async () => {
    const { app, tab, client } = await openSite();
    const { secret } = await client.pendingSetup('totp');
    await client.confirm('totp', { code: code(secret, app.clock) });
    await signIn(app, tab, 'anna');
    app.clock.advance(30);
    expect(await client.state()).to.include({ state: 'pending' });
    const giveUp = new AbortController();
    let heard = 0;
    client.subscribe(() => (heard += 1));
    tab.network.answer = (url, init) => {
      tab.network.answer = undefined;
      giveUp.abort();
      return tab.fetch(url, init);
    };
    const answer = client.verify('totp', { code: code(secret, app.clock) }, { signal: giveUp.signal });
    expect(isAbort(await answer.catch((error: unknown) => error))).to.equal(true);
    await eventually(async () => expect(heard).to.equal(1));
    expect(await client.state()).to.include({ state: 'elevated' });
    await client.preferences({ resetPrompts: true });
    await app.close();
  });

  it('of a listener of the app is told as what it is: the answer was there', async () => {
    const { app, client } = await openSite();
    const wrong = new TypeError('The listener of the app is wrong.');
    client.subscribe(() => {
      throw wrong;
    });
    const told = await client.preferences({ resetPrompts: true }).catch((error: unknown) => error);
    expect(told).to.equal(wrong);
    await app.close();
  });

  it('of one who gave up while the token was fetched spoils it for nobody', async () => {
    const { app, jar, client } = await openSite();
    const { csrfToken } = await client.state();
    let come: (token: string) => void = () => undefined;
    const own = openTab(app, jar, { csrf: () => new Promise<string>((resolve) => (come = resolve)) });
    const giveUp = new AbortController();
    const given = own.client.preferences({ resetPrompts: true }, { signal: giveUp.signal });
    const other = own.client.preferences({ resetPrompts: true });
    giveUp.abort();
    expect(isAbort(await given.catch((error: unknown) => error))).to.equal(true);
    come(csrfToken);
    await other;
    await app.close();
  });

  it('costs little: the client is at most 6 KB, compressed', async () => {
    const { outputFiles } = await build({
      entryPoints: [new URL('../../src/client/index.ts', import.meta.url).pathname],
      bundle: true,
      write: false,
      minify: true,
      format: 'esm',
      target: 'es2022',
    });
    expect(gzipSync(outputFiles[0]!.contents, { level: 9 }).length).to.be.at.most(6 * 1024);
  });
});
