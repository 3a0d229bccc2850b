// CPU per request of a guarded route beside the same app without the guard, in one process and one run, in turns: what
// slows the machine slows both.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { fileURLToPath } from 'node:url';
import { elevatedCookie } from './apps.js';

/** Microseconds of CPU per request of each app, and how they compare with the bare one. */
export type GuardCost = {
  bare: number;
  guarded: number;
  /** Of the guarded app, over the middle half of the turns. */
  ratio: number;
  /** Of an app with a middleware that does nothing: how exact the figure is. */
  idleRatio: number;
  /** Of an app with the least that any guard does: below this no guard can come. */
  leastRatio: number;
  rounds: number;
};

const rounds = 400;
const requestsPerTurn = 100;
const connections = 8;

/** Short turns, so that whatever else the machine does falls on all; the middle half, so that a burst falls on none. */
export async function measureGuard(redisUrl: string, namespace: string): Promise<GuardCost> {
  const server = fork(fileURLToPath(new URL('./server.ts', import.meta.url)), [redisUrl, namespace], {
    execArgv: ['--import=tsx'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const [{ ports }] = (await once(server, 'message')) as [{ ports: number[] }];
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const origins = ports.map((port) => `http://127.0.0.1:${port}`);
  try {
    // One person and one session for all apps: the same bytes from Redis.
    const cookie = await elevatedCookie(origins.at(-1) ?? '', 'someone');
    const turn = (origin: string) => cpuOf(server, () => load(`${origin}/hello`, cookie, agent));
    const costs = origins.map((): number[] => []);
    for (let round = -rounds / 10; round < rounds; round += 1) {
      // By lot: garbage is collected at even distances, which in any fixed order fall on the same app.
      const order = [...origins.keys()]
        .map((index) => ({ index, lot: Math.random() }))
        .sort((one, other) => one.lot - other.lot)
        .map(({ index }) => index);
      for (const index of order) {
        const cost = (await turn(origins[index] ?? '')) / requestsPerTurn;
        if (round >= 0) costs[index]?.push(cost);
      }
      process.stderr.write(`\rguard: round ${Math.max(0, round + 1)} of ${rounds}`);
    }
    process.stderr.write('\n');
    const [bare = 0, idle = 0, least = 0, guarded = 0] = costs.map(middle);
    return { bare, guarded, ratio: guarded / bare, idleRatio: idle / bare, leastRatio: least / bare, rounds };
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

/** The mean of the middle half. */
function middle(values: readonly number[]): number {
  const sorted = [...values]
    .sort((a, b) => a - b)
    .slice(Math.floor(values.length / 4), Math.ceil(values.length * 0.75));
  return sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
}
