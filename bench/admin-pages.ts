// What the pages of administration take with many people and entries: the overview, a list, a search, a person, the log, and an
// export of all of it, with the memory that the process takes at most.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { redisAuditStore } from '../src/audit.js';
import { redisStatsStore } from '../src/admin.js';
import { backupCodes, redisStore, totp } from '../src/index.js';
import { createMfaCore } from '../src/mfa.js';
import { usualPerson, usualSecret } from '../test/support/usual-person.js';
import { openLog } from '../test/audit/open-log.js';
import { cookieJar, elevate, type Browse } from './apps.js';
import { write } from './audit-cost.js';

export type AdminCost = {
  entries: number;
  people: number;
  /** Milliseconds of one answer: the median of those in a row, and the slowest. */
  pages: { page: string; median: number; most: number }[];
  exports: { format: string; lines: number; megabytes: number; seconds: number }[];
  /** Of the serving process, with the compiler of these benches: before the exports and after. */
  mostMegabytes: { pages: number; exports: number };
};

const writers = 4;
const rounds = 30;

export async function measureAdmin(
  redisUrl: string,
  namespace: string,
  people: number,
  entries: number,
): Promise<AdminCost> {
  await fillLog(redisUrl, namespace, { people, entries });
  await fillPeople(redisUrl, namespace, people);
  await countPeople(redisUrl, namespace);
  const file = fileURLToPath(new URL('admin-server.ts', import.meta.url));
  // A heap of 100 MB: an export that gathered what it reads would end the process.
  const execArgv = [...process.execArgv, '--max-old-space-size=100'];
  const server = fork(file, [redisUrl, namespace, String(people)], { execArgv });
  try {
    const [{ port }] = (await once(server, 'message')) as [{ port: number }];
    const url = `http://127.0.0.1:${port}`;
    const browse = cookieJar();
    await elevate(url, browse, 'admin');
    const pages = await timePages(url, browse, people);
    const before = await mostOf(server);
    const exports = [];
    for (const format of ['csv', 'jsonl'])
      exports.push(await timeExport(await browse(`${url}/admin/audit.${format}`), format));
    return { entries, people, pages, exports, mostMegabytes: { pages: before, exports: await mostOf(server) } };
  } finally {
    server.kill();
  }
}

async function mostOf(server: ChildProcess): Promise<number> {
  server.send({});
  const [{ mostMegabytes }] = (await once(server, 'message')) as [{ mostMegabytes: number }];
  return Math.round(mostMegabytes);
}

type Extent = { people: number; entries: number };

/** Ten entries of one person, at most. */
async function fillLog(redisUrl: string, namespace: string, { people, entries }: Extent): Promise<void> {
  const clients = Array.from({ length: writers }, () => new Redis(redisUrl));
  const logs = clients.map((client) =>
    openLog(redisAuditStore(client, { namespace, timeoutMs: 60_000 }), { secrets: [usualSecret] }),
  );
  const active = Math.max(1, Math.min(people, Math.ceil(entries / 10)));
  const personAt = (at: number) => `person-${at % active}`;
  // As long ago as the log goes: a page says when it was verified last.
  await logs[0]?.log.verify({ by: 'bench' });
  await Promise.all(logs.map((log, index) => write(log, index, Math.ceil(entries / writers), personAt)));
  await Promise.all(logs.map(({ log }) => log.close()));
  for (const client of clients) client.disconnect();
}

/** Everybody is as usual people are, and bears their own name in the mac. */
async function fillPeople(redisUrl: string, namespace: string, people: number): Promise<void> {
  const redis = new Redis(redisUrl);
  const { kernel } = await usualPerson(
    redisStore(redis, { namespace, timeoutMs: 60_000, warn: () => undefined }),
    'someone',
  );
  const { record } = await kernel.store.load('someone');
  if (!record) throw new Error('Nobody is there.');
  const { activity: _sealed, ...others } = record;
  for (let at = 0; at < people; at += 500)
    await kernel.store.saveAll(
      Array.from({ length: Math.min(500, people - at) }, (_, index) => ({
        userId: `person-${at + index}`,
        record: others,
        expected: undefined,
      })),
    );
  redis.disconnect();
}

async function countPeople(redisUrl: string, namespace: string): Promise<void> {
  const redis = new Redis(redisUrl);
  const timeoutMs = 60_000;
  const mfa = createMfaCore({
    appName: 'Bench',
    secrets: [usualSecret],
    store: redisStore(redis, { namespace, timeoutMs, warn: () => undefined }),
    factors: [totp(), backupCodes()],
    user: () => null,
    administration: { stats: redisStatsStore(redis, { namespace, timeoutMs }) },
  });
  await mfa.census();
  redis.disconnect();
}

async function timePages(url: string, browse: Browse, people: number): Promise<AdminCost['pages']> {
  const { csrfToken } = (await (await browse(`${url}/mfa`)).json()) as { csrfToken: string };
  const find = (text: number, accept: string) =>
    browse(`${url}/admin/people`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-csrf-token': csrfToken, accept },
      body: JSON.stringify({ text: String(text) }),
    });
  const found = (await (await find(1, 'application/json')).json()) as { people: { url: string; person: string }[] };
  const html = { headers: { accept: 'text/html' } };
  const somebody = (at: number) => found.people[at % found.people.length];
  const each: { [page: string]: (at: number) => Promise<Response> } = {
    'the overview': () => browse(`${url}/admin/`, html),
    'a list of people': (at) => browse(`${url}/admin/people?filter=all&after=${(at * 104_729) % people}`, html),
    'people, fifty found': (at) => find((at * 104_729) % people, 'text/html'),
    'a person': (at) => browse(url + (somebody(at)?.url ?? ''), html),
    'the log, newest': () => browse(`${url}/admin/audit`, html),
    'the log of a person': (at) => browse(`${url}/admin/audit?person=${somebody(at)?.person ?? ''}`, html),
  };
  const pages: AdminCost['pages'] = [];
  for (const [page, ask] of Object.entries(each)) {
    const times: number[] = [];
    for (let at = 0; at < rounds; at += 1) {
      const begun = performance.now();
      const answer = await ask(at);
      await answer.arrayBuffer();
      times.push(performance.now() - begun);
      if (answer.status !== 200) throw new Error(`${page}: ${answer.status}.`);
    }
    times.sort((a, b) => a - b);
    pages.push({ page, median: times[rounds >> 1] ?? NaN, most: times.at(-1) ?? NaN });
  }
  return pages;
}

async function timeExport(answer: Response, format: string): Promise<AdminCost['exports'][number]> {
  const begun = performance.now();
  let [lines, bytes] = [0, 0];
  for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    for (const byte of chunk) if (byte === 10) lines += 1;
  }
  return { format, lines, megabytes: bytes / 2 ** 20, seconds: (performance.now() - begun) / 1000 };
}
