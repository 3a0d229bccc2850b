// One process of an app with codes that runs in several: the same Redis, the same sessions. Its outbox can be read at
// `/outbox`. Started by `codes-rivals.ts`.
import { RedisStore } from 'connect-redis';
import { testClock } from './app.js';
import { codesApp } from './codes.js';
import type { CodesRivalSettings } from './codes-rivals.js';
import { newRedis } from './redis.js';
import { sharedStore } from './shared-store.js';
import { keepTimes, takeOrders } from './rival-process.js';

const settings = JSON.parse(process.argv[2] ?? '{}') as CodesRivalSettings;
const redis = newRedis();
const clock = testClock(settings.ms);

const app = codesApp({
  store: sharedStore(redis, { namespace: settings.namespace }),
  clock,
  ...settings.codes,
  host: {
    session: { store: new RedisStore({ client: redis, prefix: `${settings.namespace}:session:` }) },
    before: (host) => {
      host.set('trust proxy', true);
      host.get('/outbox', (_req, res) => void app.then(({ codes }) => res.json(codes())));
      keepTimes(host);
    },
  },
});

void takeOrders(app);
