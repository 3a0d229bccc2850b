// One process of an app whose people come by identity providers: the same Redis, the same sessions as the others. Started by `rivals.ts`.
import { RedisStore } from 'connect-redis';
import { testClock } from './app.js';
import { newRedis } from './redis.js';
import { sharedStore } from './shared-store.js';
import { keepTimes, takeOrders } from './rival-process.js';
import type { RivalSettings } from './rivals.js';
import { upstreamSite } from './upstream-site.js';

const { namespace, ms } = JSON.parse(process.argv[2] ?? '{}') as RivalSettings;
const redis = newRedis();

void takeOrders(
  upstreamSite({
    store: sharedStore(redis, { namespace }),
    clock: testClock(ms),
    host: {
      session: { store: new RedisStore({ client: redis, prefix: `${namespace}:session:` }) },
      before: keepTimes,
    },
  }),
);
