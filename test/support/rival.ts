// One process of an app that runs in several: the same Redis, the same sessions, a clock that the test sets in all of
// them. Started by `rivals.ts`; keeps when each request came and when it was answered.
import { performance } from 'node:perf_hooks';
import { RedisStore } from 'connect-redis';
import { memoryStore, redisStore, totp } from '../../src/index.js';
import { fewBackupCodes, testApp, testClock } from './app.js';
import { hostSignIn, mountPasskeys, origin, passkeyFactors } from './passkeys.js';
import { newRedis } from './redis.js';
import type { Handled, Order, RivalSettings } from './rivals.js';

const settings = JSON.parse(process.argv[2] ?? '{}') as RivalSettings;
const redis = newRedis();
const clock = testClock(settings.ms);
const handled: Handled[] = [];
const now = () => performance.timeOrigin + performance.now();

const app = await testApp({
  store: settings.memory
    ? memoryStore({ clock })
    : redisStore(redis, { namespace: settings.namespace, warn: () => undefined }),
  factors: [totp(), fewBackupCodes()],
  ...(settings.passkeys && { origin, factors: passkeyFactors() }),
  clock,
  ...settings.options,
  host: {
    session: { store: new RedisStore({ client: redis, prefix: `${settings.namespace}:session:` }) },
    before: (host) =>
      host.use((_req, res, next) => {
        const from = now();
        res.on('finish', () => handled.push({ from, until: now(), status: res.statusCode }));
        next();
      }),
    ...(settings.passkeys && { between: (host, mfa) => mountPasskeys(host, mfa, hostSignIn()) }),
  },
});

process.on('message', (order: Order) => {
  if ('ms' in order) clock.set(order.ms);
  if (order.report) process.send?.({ handled: handled.splice(0), events: app.events.splice(0) });
  else process.send?.({});
});
process.once('disconnect', () => process.exit());
process.send?.({ url: app.url, pid: process.pid });
