// The example app as a process: what `npm start` runs, and its small sibling for apps that use `require`.
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { Browser } from '../support/agent.js';
import { testClock } from '../support/app.js';
import { eventually } from '../support/eventually.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(tmpdir(), `express-mfa-example-server-${process.pid}`);
const auditFile = join(folder, 'audit.jsonl');

type Started = { child: ChildProcessByStdio<null, Readable, Readable>; said(): string };

function start(file: string, env: NodeJS.ProcessEnv = {}): Started {
  const { MFA_SECRET: _secret, REDIS_URL: _redis, NODE_ENV: _environment, ...inherited } = process.env;
  const child = spawn(process.execPath, ['--import=tsx', file], {
    cwd: root,
    env: { ...inherited, PORT: '0', AUDIT_FILE: auditFile, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
  return { child, said: () => said };
}

/** The address that it says it listens at. */
async function addressOf({ child, said }: Started): Promise<string> {
  const address = () => /http:\/\/localhost:\d+/.exec(said())?.[0];
  while (address() === undefined) {
    if (child.exitCode !== null) throw new Error(`It ended and said: ${said()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return address()!;
}

async function end({ child }: Started): Promise<number | null> {
  const ended = once(child, 'exit') as Promise<[number | null]>;
  child.kill('SIGTERM');
  return (await ended)[0];
}

describe('the server of the example app', () => {
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('starts without any setting, warns of the secret, and ends when told to', async () => {
    const server = start('example-app/server.ts');
    const url = await addressOf(server);
    const home = await fetch(url);
    expect(await home.text()).to.include('<h1>Welcome</h1>');
    await eventually(async () => expect(server.said()).to.include('in memory'));
    expect(server.said()).to.include('MFA_SECRET is not set');
    expect(await end(server)).to.equal(0);
  });

  it('keeps an audit log, line by line in the file that it names', async () => {
    const server = start('example-app/server.ts');
    const url = await addressOf(server);
    const person = new Browser({ url, base: '/mfa', clock: testClock(Date.now()) }, { Origin: url });
    await person.post('/signup', { email: 'late@example.com', password: 'longer than eight' }).expect(303);
    await person.enrollTotp();
    await eventually(async () => {
      const lines = (await readFile(auditFile, 'utf8')).trim().split('\n');
      const names = lines.map((line) => (JSON.parse(line) as { name?: string }).name);
      expect(names).to.include('authenticator-enrolled');
    });
    expect(server.said()).to.include(`line by line in ${auditFile}`);
    expect(await end(server)).to.equal(0);
  });

  it('keeps everything in the Redis that it is told of', async () => {
    const server = start('example-app/server.ts', {
      REDIS_URL: process.env.REDIS_URL,
      MFA_SECRET: 'a secret of more than thirty-two bytes',
    });
    await addressOf(server);
    await eventually(async () => expect(server.said()).to.include('in Redis'));
    expect(server.said()).to.not.include('MFA_SECRET');
    expect(await end(server)).to.equal(0);
  });

  it('says in a sentence why it cannot start', async () => {
    const server = start('example-app/server.ts', { MFA_SECRET: 'too short' });
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
      const server = start('example-app/server.cjs', {
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
      await end(server);
    });
});
