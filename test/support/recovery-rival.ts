// One process of an app in which a backup code awaits a further proof, or with `approve` an administrator, and that runs in
// several. Started by `startRivals`; says over `GET /asked` how many passwords it was asked about.
import { RedisStore } from 'connect-redis';
import { testClock } from './app.js';
import { patientCaseStore } from './patience.js';
import { recoveryApp } from './recovering.js';
import { newRedis } from './redis.js';
import { sharedStore } from './shared-store.js';
import { keepTimes, takeOrders } from './rival-process.js';
import type { RivalSettings } from './rivals.js';

const { namespace, ms, approves } = JSON.parse(process.argv[2] ?? '{}') as RivalSettings & { approves?: boolean };
const redis = newRedis();
const asked: string[] = [];

const app = recoveryApp({
  store: sharedStore(redis, { namespace }),
  administration: { cases: patientCaseStore(redis, { namespace }) },
  clock: testClock(ms),
  ...(approves === true && { riskActions: { recovery: { high: 'approve' as const } } }),
  async verifyPassword(_req, text) {
    asked.push(text);
    // As long as a hash takes, so that others come meanwhile.
    await new Promise((resolve) => setTimeout(resolve, 20));
    return text === 'correct horse';
  },
  host: {
    session: { store: new RedisStore({ client: redis, prefix: `${namespace}:session:` }) },
    between(host) {
      keepTimes(host);
      host.get('/asked', (_req, res) => void res.json(asked));
    },
  },
});
void takeOrders(app);
