// What becomes of an app of the documentation when all that it waits for rejects: its database and the store. Every route is
// asked; none may hang, and no promise may reject with nobody to hear of it, which ends a process.
import { Agent, request, type OutgoingHttpHeaders } from 'node:http';
import { expect } from 'chai';
import { discoverRoutes } from '../../src/testing/route-walk.js';
import { Browser } from '../support/agent.js';
import type { SampleSite } from './sample-host.js';

export type Breakdown = { now: boolean };

/** The same object, whose methods reject while `breakdown.now`. */
export function breakable<T extends object>(whole: T, breakdown: Breakdown): T {
  const failing = (method: unknown) =>
    typeof method !== 'function'
      ? method
      : (...given: unknown[]) =>
          breakdown.now ? Promise.reject(new Error('down')) : (Reflect.apply(method, whole, given) as unknown);
  return Object.fromEntries(Object.entries(whole).map(([name, part]) => [name, failing(part)])) as T;
}

/** Asks every route of the app, as somebody signed in and as a visitor, with and without a body, while all is down. */
export async function answersThough(site: SampleSite, breakdown: Breakdown): Promise<void> {
  const rejected: unknown[] = [];
  const hear = (reason: unknown) => void rejected.push(reason);
  const person = await new Browser(site).signIn('tom');
  const { routes } = discoverRoutes(site.app);
  // Thousands of requests: one connection, which the server does not close meanwhile, on a machine that stands still either.
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  site.server.keepAliveTimeout = 0;
  breakdown.now = true;
  process.on('unhandledRejection', hear);
  try {
    for (const { method, sample } of routes) {
      if (sample === undefined) continue;
      const methods = method === 'ALL' ? ['GET', 'POST'] : [method];
      for (const who of [person, new Browser(site)])
        for (const each of methods)
          for (const body of each === 'GET' ? [undefined] : [undefined, '{}'])
            await ask(agent, site, who, each, sample, body);
    }
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    breakdown.now = false;
    agent.destroy();
    process.off('unhandledRejection', hear);
  }
  expect(rejected.map(String), 'rejections that nobody heard').to.deep.equal([]);
}

async function ask(agent: Agent, site: SampleSite, { cookies }: Browser, method: string, path: string, body?: string) {
  const json =
    body === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
  const headers = { Accept: 'application/json', Cookie: cookies, Origin: site.url, 'Sec-Fetch-Mode': 'cors', ...json };
  const text = await textOf(agent, new URL(path, site.url), method, headers, body).catch((cause: unknown) => {
    throw new Error(`${method} ${path} did not answer while all was down.`, { cause });
  });
  expect(text, `${method} ${path}`).not.to.include('at Object.');
}

function textOf(agent: Agent, url: URL, method: string, headers: OutgoingHttpHeaders, body?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent, method, headers, timeout: 30_000 }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => (text += part));
      answer.once('end', () => resolve(text)).once('error', reject);
    });
    asked.once('timeout', () => asked.destroy(new Error('It did not answer in time.'))).once('error', reject);
    asked.end(body);
  });
}
