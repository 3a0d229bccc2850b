// What becomes of an app of the documentation when all that it waits for rejects: its database and the store. Every route is
// asked; none may hang, and no promise may reject with nobody to hear of it, which ends a process.
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
  breakdown.now = true;
  process.on('unhandledRejection', hear);
  try {
    for (const { method, sample } of routes) {
      if (sample === undefined) continue;
      const methods = method === 'ALL' ? ['GET', 'POST'] : [method];
      for (const who of [person, new Browser(site)])
        for (const each of methods)
          for (const body of each === 'GET' ? [undefined] : [undefined, '{}']) await ask(site, who, each, sample, body);
    }
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    breakdown.now = false;
    process.off('unhandledRejection', hear);
  }
  expect(rejected.map(String), 'rejections that nobody heard').to.deep.equal([]);
}

async function ask(site: SampleSite, { cookies }: Browser, method: string, path: string, body?: string): Promise<void> {
  const json: { [name: string]: string } = body === undefined ? {} : { 'Content-Type': 'application/json' };
  const answer = await fetch(new URL(path, site.url), {
    method,
    redirect: 'manual',
    headers: { Accept: 'application/json', Cookie: cookies, Origin: site.url, ...json },
    ...(body === undefined ? {} : { body }),
    signal: AbortSignal.timeout(30_000),
  }).catch((cause: unknown) => {
    throw new Error(`${method} ${path} did not answer while all was down.`, { cause });
  });
  expect(await answer.text(), `${method} ${path}`).not.to.include('at Object.');
}
