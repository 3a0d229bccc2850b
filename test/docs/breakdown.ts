// What becomes of an app of the documentation when all that it waits for rejects: its database and the store. Every route is
// asked; none may hang, and no promise may reject with nobody to hear of it, which ends a process.
import { expect } from 'chai';
import { discoverRoutes } from '../../src/testing/route-walk.js';
import { Browser } from '../support/agent.js';
import { answersTo, type Asked } from './pipelined.js';
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
  const asked = [person, new Browser(site)].flatMap(({ cookies }) => requestsOf(site, cookies));
  breakdown.now = true;
  process.on('unhandledRejection', hear);
  try {
    const answers = await answersTo(site.url, asked);
    const silent = asked[answers.length];
    if (silent) throw new Error(`${silent.method} ${silent.path} did not answer while all was down.`);
    const told = asked.filter((_, at) => answers[at]?.includes('at Object.'));
    expect(told, 'answers that tell where the code stands').to.deep.equal([]);
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    breakdown.now = false;
    process.off('unhandledRejection', hear);
  }
  expect(rejected.map(String), 'rejections that nobody heard').to.deep.equal([]);
}

/** Every route without a body, and with one where its method has any. */
function requestsOf({ app, url }: SampleSite, cookies: string): Asked[] {
  const headers = { Accept: 'application/json', Cookie: cookies, Origin: url, 'Sec-Fetch-Mode': 'cors' };
  const ofJson = { headers: { ...headers, 'Content-Type': 'application/json' }, body: '{}' };
  return discoverRoutes(app).routes.flatMap(({ method: declared, sample: path }) => {
    if (path === undefined) return [];
    const methods = declared === 'ALL' ? ['GET', 'POST'] : [declared];
    return methods.flatMap((method) => [
      { method, path, headers },
      ...(method === 'GET' ? [] : [{ method, path, ...ofJson }]),
    ]);
  });
}
