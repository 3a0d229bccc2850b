// CPU of one right answer from an authenticator app, from the cookie to the answer, beside a log-in that gives the session a
// new id. In memory, in a process of its own: no store's work is in it, and none of the client's.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { generate } from 'otplib';
import { createBrowser } from './browser.js';
import { people, secret } from './verification-people.js';

/** Microseconds of CPU: the median over the rounds. */
export type VerificationCost = { logIn: number; verification: number };

const warmUpRounds = 20;

/** @param rounds of fifty log-ins and answers each */
export async function measureVerification(rounds: number): Promise<VerificationCost> {
  const server = fork(fileURLToPath(new URL('./verification-server.ts', import.meta.url)), [], {
    execArgv: ['--import=tsx'],
    env: { ...process.env, NODE_ENV: 'development' },
  });
  try {
    const [{ port }] = (await once(server, 'message')) as [{ port: number }];
    const browsers = people.map((id) => ({ id, browser: createBrowser(`http://127.0.0.1:${port}`) }));
    const costs: VerificationCost[] = [];
    for (let round = -warmUpRounds; round < rounds; round += 1) {
      const cost = await measureRound(server, browsers);
      if (round >= 0) costs.push(cost);
    }
    return {
      logIn: median(costs.map(({ logIn }) => logIn)),
      verification: median(costs.map((one) => one.verification)),
    };
  } finally {
    server.disconnect();
  }
}

type Person = { id: string; browser: ReturnType<typeof createBrowser> };

async function measureRound(server: ChildProcess, persons: readonly Person[]): Promise<VerificationCost> {
  const logIn = await measure(server, async () => {
    for (const { id, browser } of persons) await browser(`/login/${id}`, {});
  });
  const tokens: string[] = [];
  for (const { browser } of persons) tokens.push((await browser('/mfa'))['csrfToken'] ?? '');
  const { ms } = await ask(server, 'next');
  const code = await generate({ secret, epoch: Math.floor(ms / 1000) });
  const verification = await measure(server, async () => {
    for (const [index, { browser }] of persons.entries()) await browser('/mfa/verify/totp', { code }, tokens[index]);
  });
  return { logIn, verification };
}

async function measure(server: ChildProcess, work: () => Promise<void>): Promise<number> {
  const before = await ask(server, 'cpu');
  await work();
  return ((await ask(server, 'cpu')).cpuMicroseconds - before.cpuMicroseconds) / people.length;
}

async function ask(server: ChildProcess, what: 'cpu' | 'next'): Promise<{ cpuMicroseconds: number; ms: number }> {
  server.send(what);
  const [told] = (await once(server, 'message')) as [{ cpuMicroseconds: number; ms: number }];
  return told;
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}
