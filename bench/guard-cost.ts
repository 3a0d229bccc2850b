// CPU per request of a guarded route beside the same app without the guard, in one process and one run, in turns: what
// slows the machine slows both.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { fileURLToPath } from 'node:url';
import { elevatedCookie } from './apps.js';

export type GuardCost = {
  bare: number;
  guarded: number;
  ratio: number;
  /** The ratio of the quietest tenth of the turns: what else the machine does only ever adds. */
  quietRatio: number;
  lowest: number;
  highest: number;
  rounds: number;
};

const rounds = 100;
const requestsPerTurn = 250;
const connections = 8;

/** Microseconds of CPU per request; `ratio` is the median over the rounds, with the middle half's ends. */
export async function measureGuard(redisUrl: string, namespace: string): Promise<GuardCost> {
  const server = fork(fileURLToPath(new URL('./server.ts', import.meta.url)), [redisUrl, namespace], {
    execArgv: ['--import=tsx'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const [{ ports }] = (await once(server, 'message')) as [{ ports: [number, number] }];
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const origins = ports.map((port) => `http://127.0.0.1:${port}`);
  const [bareOrigin = '', guardedOrigin = ''] = origins;
  try {
    // One person and one session for both apps: the same bytes from Redis.
    const cookie = await elevatedCookie(guardedOrigin, 'someone');
    const turn = (origin: string) => cpuOf(server, () => load(`${origin}/hello`, cookie, agent));
    for (const origin of [...origins, ...origins]) await turn(origin);
    const bare: number[] = [];
    const guarded: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const order = round % 2 === 0 ? [bareOrigin, guardedOrigin] : [guardedOrigin, bareOrigin];
      for (const origin of order) (origin === bareOrigin ? bare : guarded).push((await turn(origin)) / requestsPerTurn);
      process.stderr.write(`\rguard: round ${round + 1} of ${rounds}`);
    }
    process.stderr.write('\n');
    const ratios = guarded.map((cost, index) => cost / (bare[index] ?? cost)).sort((a, b) => a - b);
    return {
      bare: median(bare),
      guarded: median(guarded),
      ratio: median(ratios),
      quietRatio: quiet(guarded) / quiet(bare),
      lowest: ratios[Math.floor(rounds / 4)] ?? 0,
      highest: ratios[Math.floor((rounds * 3) / 4)] ?? 0,
      rounds,
    };
  } finally {
    agent.destroy();
    server.disconnect();
  }
}

async function cpuOf(server: ReturnType<typeof fork>, work: () => Promise<void>): Promise<number> {
  const before = await cpu(server);
  await work();
  return (await cpu(server)) - before;
}

async function cpu(server: ReturnType<typeof fork>): Promise<number> {
  server.send('cpu');
  const [{ cpuMicroseconds }] = (await once(server, 'message')) as [{ cpuMicroseconds: number }];
  return cpuMicroseconds;
}

async function load(url: string, cookie: string, agent: Agent): Promise<void> {
  let left = requestsPerTurn;
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      await request(url, cookie, agent);
    }
  };
  await Promise.all(Array.from({ length: connections }, lane));
}

function request(url: string, cookie: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { agent, headers: { cookie } }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`${url} answered ${answer.statusCode ?? 'nothing'}.`));
      answer.resume().once('end', resolve);
    }).once('error', reject);
  });
}

/** The mean of the lowest tenth. */
function quiet(values: readonly number[]): number {
  const lowest = [...values].sort((a, b) => a - b).slice(0, Math.ceil(values.length / 10));
  return lowest.reduce((sum, value) => sum + value, 0) / lowest.length;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
