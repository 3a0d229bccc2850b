// What a clone brings, without anything that was built in it, is enough to start the example for apps that use require.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { newFolder } from '../support/folder.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Made by commands, or not what an app needs. */
const left = new Set(['.git', 'node_modules', 'dist', 'output', 'coverage', 'test', 'bench']);

describe('a fresh clone', () => {
  const folder = newFolder('clone');

  it('starts the example app for require without a build', async () => {
    cpSync(root, folder, { recursive: true, filter: (path) => !left.has(relative(root, path).split('/')[0] ?? '') });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
    const { MFA_SECRET: _secret, NODE_ENV: _environment, ...inherited } = process.env;
    const child = spawn('npm', ['run', '--silent', 'start:require'], {
      cwd: folder,
      env: { ...inherited, PORT: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that npm's children end with it.
      detached: true,
    });
    const ended = once(child, 'exit');
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
    const url = () => /http:\/\/localhost:\d+/.exec(said)?.[0];
    try {
      while (url() === undefined && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 50));
      expect(url(), said).to.be.a('string');
      const page = await fetch(`${url() ?? ''}/`, { headers: { accept: 'text/html' } });
      expect(new URL(page.url).pathname).to.equal('/login');
      expect(await page.text()).to.include('Sign in');
    } finally {
      if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
      await ended;
    }
  }).timeout(120_000);
});
