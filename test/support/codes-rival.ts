// One process of an app with codes that runs in several: the same Redis, the same sessions. Its outbox can be read at
// `/outbox`. Started by `codes-rivals.ts`.
import { performance } from 'node:perf_hooks';
import { RedisStore } from 'connect-redis';
import { redisStore } from '../../src/index.js';
import { testClock } from './app.js';
import { codesApp } from './codes.js';
import type { CodesRivalSettings } from './codes-rivals.js';
import { newRedis } from './redis.js';
import type { Handled, Order } from './rivals.js';

const settings = JSON.parse(process.argv[2] ?? '{}') as CodesRivalSettings;
const redis = newRedis();
const clock = testClock(settings.ms);
const handled: Handled[] = [];
const now = () => performance.timeOrigin + performance.now();

const app = await codesApp({
  store: redisStore(redis, { namespace: settings.namespace, warn: () => undefined }),
  clock,
  ...settings.codes,
  host: {
    session: { store: new RedisStore({ client: redis, prefix: `${settings.namespace}:session:` }) },
    before: (host) => {
      host.set('trust proxy', true);
      host.get('/outbox', (_req, res) => void res.json(app.codes()));
      host.use((_req, res, next) => {
        const from = now();
        res.on('finish', () => handled.push({ from, until: now(), status: res.statusCode }));
        next();
      });
    },
  },
});

process.on('message', (order: Order) => {
  if ('ms' in order) clock.set(order.ms);
  if (order.report) process.send?.({ handled: handled.splice(0), events: app.events.splice(0) });
  else process.send?.({});
});
process.once('disconnect', () => process.exit());
process.send?.({ url: app.url, pid: process.pid });
