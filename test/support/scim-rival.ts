// One process of an app whose people come from a directory: the same Redis, the same sessions, and the same people, of whom the host
// keeps no index by name. Started by `rivals.ts`.
import { RedisStore } from 'connect-redis';
import { testClock } from './app.js';
import { newRedis } from './redis.js';
import { sharedStore } from './shared-store.js';
import { keepTimes, takeOrders } from './rival-process.js';
import type { RivalSettings } from './rivals.js';
import { hostUsers, scimSite, type People } from './scim-site.js';

const { namespace, ms } = JSON.parse(process.argv[2] ?? '{}') as RivalSettings;
const redis = newRedis();
const key = `${namespace}:people`;
const people: People = {
  all: async () => Object.values(await redis.hgetall(key)).map((text) => JSON.parse(text) as never),
  async put(id, kept) {
    await redis.hset(key, id, JSON.stringify(kept));
  },
  async delete(id) {
    await redis.hdel(key, id);
  },
};

void takeOrders(
  scimSite({
    store: sharedStore(redis, { namespace }),
    clock: testClock(ms),
    scim: { users: hostUsers(people), maxDeactivationsPerHour: 5 },
    host: {
      session: { store: new RedisStore({ client: redis, prefix: `${namespace}:session:` }) },
      before: keepTimes,
    },
  }),
);
