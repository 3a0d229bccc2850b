// How long the owner's right code takes from a known browser, alone and while somebody who has the password sends wrong ones,
// all at once. App, Redis and strangers have a process each.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { generate } from 'otplib';
import { createBrowser } from './browser.js';
import type { Flood, Told } from './flood-strangers.js';

/** Milliseconds of the owner's answer, the median alone and the longest of the floods; `answered`: strangers by then, at most. */
export type FloodWait = { size: number; aloneMs: number; floodedMs: number; answered: number };

const size = 1600;
const rounds = 5;

export async function measureFlood(redisUrl: string, namespace: string): Promise<FloodWait> {
  const start = (file: string, ...args: string[]) =>
    fork(fileURLToPath(new URL(`./${file}.ts`, import.meta.url)), args, {
      execArgv: ['--import=tsx'],
      env: { ...process.env, NODE_ENV: 'development' },
    });
  const server = start('server', 'guarded', redisUrl, namespace);
  const strangers = start('flood-strangers');
  try {
    const [{ port }] = (await once(server, 'message')) as [{ port: number }];
    const alone: number[] = [];
    const flooded: number[] = [];
    const answered: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      // A person for each answer: a code that counts now is spent by the first one.
      const open = (name: string) => openOwner(`http://127.0.0.1:${port}`, `${name}-${round}`);
      alone.push(await (await (await open('alone')).ready())());
      const owner = await open('flooded');
      const [answer, asked] = [await owner.ready(), await owner.flood()];
      await tell(strangers, asked);
      flooded.push(await answer());
      answered.push(await tell(strangers, 'answered'));
      while ((await tell(strangers, 'answered')) < size) await sleep(50);
    }
    const aloneMs = alone.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0;
    return { size, aloneMs, floodedMs: Math.max(...flooded), answered: Math.max(...answered) };
  } finally {
    server.disconnect();
    strangers.disconnect();
  }
}

/** @returns how many were answered, once the flood has left or at once */
async function tell(strangers: ChildProcess, asked: Flood | 'answered'): Promise<number> {
  strangers.send(asked);
  const [{ answered }] = (await once(strangers, 'message')) as [Told];
  return answered;
}

/** Somebody with an authenticator app, in a browser that passed it. */
async function openOwner(origin: string, id: string) {
  const browser = createBrowser(origin);
  await browser(`/login/${id}`, {});
  const { secret = '' } = await browser('/mfa/setup/totp');
  // Of this step of 30 s and the one before, whose code confirms; not at its end, or that one would be too old.
  while ((Date.now() / 1000) % 30 > 20) await sleep(200);
  const begun = Math.floor(Date.now() / 1000);
  const [before, now] = [await generate({ secret, epoch: begun - 30 }), await generate({ secret, epoch: begun })];
  await browser('/mfa/setup/totp', { code: before }, (await browser('/mfa'))['csrfToken']);
  const answers = await browser('/mfa/backup-codes');
  const { revealToken } = answers['pending'] as unknown as { revealToken: string };
  await browser('/mfa/backup-codes/confirm', { revealToken, saved: 'yes' }, answers['csrfToken']);
  const signIn = async (there: typeof browser): Promise<string> => {
    await there(`/login/${id}`, {});
    return (await there('/mfa'))['csrfToken'] ?? '';
  };
  return {
    /** Signs in anew in this browser. @returns a function that answers, and tells the milliseconds of that alone */
    async ready(): Promise<() => Promise<number>> {
      const token = await signIn(browser);
      return async () => {
        const began = performance.now();
        await browser('/mfa/verify/totp', { code: now }, token);
        return performance.now() - began;
      };
    },
    async flood(): Promise<Flood> {
      const stranger = createBrowser(origin);
      const token = await signIn(stranger);
      const body = JSON.stringify({ code: '000000' });
      const headers = {
        accept: 'application/json',
        'content-type': 'application/json',
        'content-length': String(body.length),
        cookie: stranger.cookie(),
        'x-csrf-token': token,
      };
      return { url: `${origin}/mfa/verify/totp`, headers, body, size };
    },
  };
}
