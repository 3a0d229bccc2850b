// What each process of an app that runs in several does beside serving it: it keeps when requests came and were answered,
// and takes the orders of the test.
import { EventEmitter, once } from 'node:events';
import { performance } from 'node:perf_hooks';
import type { Express } from 'express';
import type { TestApp } from './app.js';
import type { Handled, Order } from './rivals.js';

const handled: Handled[] = [];
const now = () => performance.timeOrigin + performance.now();

/** Requests that were held back. */
let held: (() => void)[] | undefined;
const arrivals = new EventEmitter();
let wanted = 0;

export function keepTimes(host: Express): void {
  host.use((_req, res, next) => {
    const begin = () => {
      const from = now();
      res.on('finish', () => handled.push({ from, until: now(), status: res.statusCode }));
      next();
    };
    if (!held) return begin();
    held.push(begin);
    arrivals.emit('one');
  });
}

async function gathered(): Promise<void> {
  while (held && held.length < wanted) await once(arrivals, 'one');
}

function letGo(): void {
  const begins = held ?? [];
  held = undefined;
  for (const begin of begins) begin();
}

/** Tells the test where the app is once it has started, and does as it is told until the test ends. */
export async function takeOrders(starting: Promise<TestApp>): Promise<void> {
  const { url, events, notices, clock } = await starting;
  process.on('message', (order: Order) => {
    if ('ms' in order) clock.set(order.ms);
    if (order.hold !== undefined) [held, wanted] = [[], order.hold];
    if (order.go) letGo();
    if (order.report)
      process.send?.({ handled: handled.splice(0), events: events.splice(0), notices: notices.splice(0) });
    else if (order.gathered) void gathered().then(() => process.send?.({}));
    else process.send?.({});
  });
  process.once('disconnect', () => process.exit());
  process.send?.({ url, pid: process.pid });
}
