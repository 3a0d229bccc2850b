// The example app as a process: what `npm start` runs, and its small sibling for apps that use `require`.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { Browser } from '../support/agent.js';
import { testClock } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { expectKeptAcrossRestarts } from './restarted.js';
import { addressOf, endServer, serverAuditFile, startCompiled, startServer } from './server-process.js';

describe('the server of the example app', () => {
  it('without any setting keeps everything in a file: users, sessions, methods and the secret outlive a restart', () =>
    expectKeptAcrossRestarts());

  it('starts without any setting, warns of the secret, and ends when told to', async () => {
    const server = startServer('example-app/server.ts');
    const url = await addressOf(server);
    const home = await fetch(url);
    expect(await home.text()).to.include('<h1>Welcome</h1>');
    await eventually(async () => expect(server.said()).to.include('kept in sqlite:'));
    expect(server.said()).to.include('MFA_SECRET is not set');
    expect(await endServer(server)).to.equal(0);
  });

  it('keeps an audit log, line by line in the file that it names', async () => {
    const server = startCompiled();
    const url = await addressOf(server);
    const person = new Browser({ url, base: '/mfa', clock: testClock(Date.now()) }, { Origin: url });
    await person.post('/signup', { email: 'late@example.com', password: 'longer than eight' }).expect(303);
    await person.enrollTotp();
    await eventually(async () => {
      const lines = (await readFile(serverAuditFile, 'utf8')).trim().split('\n');
      const names = lines.map((line) => (JSON.parse(line) as { name?: string }).name);
      expect(names).to.include('authenticator-enrolled');
    });
    expect(server.said()).to.include(`line by line in ${serverAuditFile}`);
    expect(await endServer(server)).to.equal(0);
  });

  it('keeps everything in the Redis that it is told of', async () => {
    const server = startCompiled({
      REDIS_URL: process.env.REDIS_URL,
      MFA_SECRET: 'a secret of more than thirty-two bytes',
    });
    await addressOf(server);
    await eventually(async () => expect(server.said()).to.include('in Redis'));
    expect(server.said()).to.not.include('MFA_SECRET');
    expect(await endServer(server)).to.equal(0);
  });

  it('says in a sentence why it cannot start', async () => {
    const server = startCompiled({ MFA_SECRET: 'too short' });
    const [status] = (await once(server.child, 'exit')) as [number];
    expect(status).to.equal(1);
    expect(server.said()).to.include('docs/errors.md#config.secret_too_short').and.not.include('too short"');
  });

  it('starts nothing when it is imported', async () => {
    const { start: exported } = await import('../../example-app/server.js');
    expect(exported).to.be.a('function');
    expect(process.listenerCount('SIGTERM')).to.be.lessThan(3);
  });

  for (const express of ['4', '5'])
    it(`has a sibling for apps that use require, on Express ${express}, which no request without a body ends`, async () => {
      const server = startServer('example-app/server.cjs', {
        TSX_TSCONFIG_PATH: 'example-app/tsconfig.require.json',
        MFA_TEST_EXPRESS: express,
        NODE_OPTIONS: `--import=${new URL('../support/other-versions.mjs', import.meta.url).href}`,
      });
      const url = await addressOf(server);
      const person = new Browser({ url, base: '/mfa', clock: testClock(Date.now()) });
      await person.htmlGet('/').expect(303).expect('Location', '/login');
      for (const path of ['/login', '/mfa/verify/totp', '/mfa/sign-out', '/logout']) {
        const bare = await fetch(`${url}${path}`, { method: 'POST', redirect: 'manual' });
        expect(bare.status, path).to.be.lessThan(500);
      }
      await person.post('/login', { name: 'Ann' }).expect(303).expect('Location', '/');
      await person.htmlGet('/').expect(303).expect('Location', '/mfa/setup');
      const { secret } = await person.enrollTotp();
      expect(secret).to.be.a('string').and.have.length.greaterThan(16);
      expect((await person.htmlGet('/').expect(200)).text).to.include('with totp proved');
      await endServer(server);
    });
});
