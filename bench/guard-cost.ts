// CPU per request of a guarded route beside the same app without the guard, of somebody elevated and of a visitor, who has no
// session and whom the guard passes as nobody. Each app has a process of its own, as in
// production: where several share one, the engine's caches serve none of them. The processes have the same past (in each
// somebody signs in and sets up a factor) and take turns in one run: what slows the machine slows all.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { fileURLToPath } from 'node:url';
import { appNames, elevatedCookie, type AppName } from './apps.js';

/**
 * Microseconds of CPU per request, over all launches, and beside the bare app: the mean and its standard error, which one
 * launch does not tell.
 */
export type Cost = { app: AppName; who: Who; microseconds: number; ratio: number; error?: number };

type Who = 'elevated' | 'visitor';
const whose: readonly Who[] = ['elevated', 'visitor'];
const measured = whose.flatMap((who) => appNames.map((app) => ({ app, who })));

export type Extent = { launches: number; turns: number };

const warmUpTurns = 100;
const requestsPerTurn = 100;
const connections = 8;

/**
 * The same again from new processes, since no two processes of one app are optimised alike.
 * @param extent launches of all apps, and turns of 100 requests of each app per launch
 */
export async function measureGuard(redisUrl: string, namespace: string, extent: Extent): Promise<Cost[]> {
  const launches: number[][] = [];
  for (let launch = 1; launch <= extent.launches; launch += 1) {
    const tell = (turn: number) =>
      process.stderr.write(`\rguard: launch ${launch} of ${extent.launches}, turn ${turn} of ${extent.turns}  `);
    launches.push(await measureLaunch(redisUrl, `${namespace}-${launch}`, extent.turns, tell));
  }
  process.stderr.write('\n');
  return measured.map(({ app, who }, index) => {
    const of = (costs: readonly number[]) => costs[index] ?? 0;
    const bare = measured.findIndex((each) => each.who === who);
    const ratios = launches.map((costs) => of(costs) / (((costs[bare] ?? 0) + (costs[bare + 1] ?? 0)) / 2));
    const ratio = mean(ratios);
    const cost = { app, who, microseconds: mean(launches.map(of)), ratio };
    if (ratios.length === 1) return cost;
    const variance = ratios.reduce((sum, one) => sum + (one - ratio) ** 2, 0) / (ratios.length - 1);
    return { ...cost, error: Math.sqrt(variance / ratios.length) };
  });
}

/** Microseconds per request of each app. */
async function measureLaunch(
  redisUrl: string,
  namespace: string,
  turns: number,
  tell: (turn: number) => void,
): Promise<number[]> {
  const servers = appNames.map((name) => start(name, redisUrl, namespace));
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  try {
    const apps = await Promise.all(
      servers.map(async (server, index) => {
        const [{ port }] = (await once(server, 'message')) as [{ port: number }];
        const origin = `http://127.0.0.1:${port}`;
        const cookie = await elevatedCookie(origin, `someone-${index}`);
        const asks = whose.map((who) => ({ cookie: who === 'elevated' ? cookie : '', costs: [] as number[] }));
        return { server, url: `${origin}/hello`, asks };
      }),
    );
    for (let turn = -warmUpTurns; turn < turns; turn += 1) {
      // By lot: garbage is collected at even distances, which in any fixed order fall on the same app.
      for (const { server, url, asks } of shuffled(apps)) {
        for (const { cookie, costs } of asks) {
          const before = await cpu(server);
          await load(url, cookie, agent);
          const cost = ((await cpu(server)) - before) / requestsPerTurn;
          if (turn >= 0) costs.push(cost);
        }
      }
      tell(Math.max(0, turn + 1));
    }
    return whose.flatMap((_who, index) => apps.map(({ asks }) => mean(middleHalf(asks[index]?.costs ?? []))));
  } finally {
    agent.destroy();
    for (const server of servers) server.disconnect();
  }
}

function start(name: AppName, redisUrl: string, namespace: string): ChildProcess {
  return fork(fileURLToPath(new URL('./server.ts', import.meta.url)), [name, redisUrl, namespace], {
    execArgv: ['--import=tsx'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
}

function shuffled<T>(values: readonly T[]): T[] {
  return values
    .map((value) => ({ value, lot: Math.random() }))
    .sort((one, other) => one.lot - other.lot)
    .map(({ value }) => value);
}

async function cpu(server: ChildProcess): Promise<number> {
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
    get(url, { agent, headers: cookie === '' ? {} : { cookie } }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`${url} answered ${answer.statusCode ?? 'nothing'}.`));
      answer.resume().once('end', resolve);
    }).once('error', reject);
  });
}

/** Without the quietest and the busiest quarter of the turns: a burst of something else falls on none. */
function middleHalf(values: readonly number[]): number[] {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted.slice(Math.floor(values.length / 4), Math.ceil(values.length * 0.75));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
