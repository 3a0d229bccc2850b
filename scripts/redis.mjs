// A Redis for one test run: the one of REDIS_URL, or an own redis-server on a free port that holds nothing on disk.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.mjs';
import { findProgram, requirePrograms, stop } from './install.mjs';

const tries = 5;

/** Starts a Redis unless REDIS_URL names one. `stop` ends only what was started here. */
export async function startRedis() {
  if (process.env.REDIS_URL) return { url: process.env.REDIS_URL, stop() {} };
  requirePrograms(['redis-server']);
  const folder = mkdtempSync(join(tmpdir(), 'express-mfa-redis-'));
  let server;
  const stopServer = () => {
    server?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', stopServer);
  let said = '';
  for (let tried = 0; tried < tries; tried += 1) {
    const port = await freePort();
    server = spawn(findProgram('redis-server'), settingsFor(port, folder), { stdio: ['ignore', 'pipe', 'pipe'] });
    const up = await readiness(server);
    if (up.isReady) return { url: `redis://127.0.0.1:${port}`, stop: stopServer };
    said = up.said;
    server.kill('SIGKILL');
  }
  stop(`redis-server did not start. It said:\n${said}`);
}

function settingsFor(port, dir) {
  const settings = {
    port,
    bind: '127.0.0.1',
    dir,
    save: '',
    appendonly: 'no',
    'maxmemory-policy': 'noeviction',
    // Without it, it does not say that it is ready.
    loglevel: 'notice',
  };
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
}

/** Whether it is up it says itself: at its port another process may have been faster, whose server would answer. */
function readiness(server) {
  return new Promise((resolve) => {
    let said = '';
    const answer = (isReady) => {
      clearTimeout(timer);
      resolve({ isReady, said });
    };
    const timer = setTimeout(() => answer(false), 10_000);
    const listen = (chunk) => {
      said = (said + String(chunk)).slice(-4000);
      if (said.includes('Ready to accept connections')) answer(true);
    };
    server.stdout.on('data', listen);
    server.stderr.on('data', listen);
    server.once('error', (error) => ((said += error.message), answer(false)));
    server.once('exit', () => answer(false));
  });
}
