// One process of an app that runs in several: the same Redis, the same sessions, a clock that the test sets in all of
// them. Started by `rivals.ts`; keeps when each request came and when it was answered.
import { RedisStore } from 'connect-redis';
import { memoryStore, requireMfa, supportPass, totp } from '../../src/index.js';
import { fewBackupCodes, testApp, testClock } from './app.js';
import { hostSignIn, mountPasskeys, origin, passkeyFactors } from './passkeys.js';
import { newRedis } from './redis.js';
import { sharedStore } from './shared-store.js';
import { mountOperator } from './rival-operator.js';
import { keepTimes, takeOrders } from './rival-process.js';
import type { RivalSettings } from './rivals.js';

const settings = JSON.parse(process.argv[2] ?? '{}') as RivalSettings;
const redis = newRedis();
const clock = testClock(settings.ms);

const app = testApp({
  store: settings.memory ? memoryStore({ clock }) : sharedStore(redis, { namespace: settings.namespace }),
  factors: [totp(), fewBackupCodes()],
  ...(settings.passes && { factors: [totp(), fewBackupCodes(), supportPass()] }),
  ...(settings.passkeys && { origin, factors: passkeyFactors() }),
  clock,
  ...settings.options,
  host: {
    session: { store: new RedisStore({ client: redis, prefix: `${settings.namespace}:session:` }) },
    before: keepTimes,
    between: (host, mfa) => {
      mountOperator(host, mfa);
      if (settings.passkeys) mountPasskeys(host, mfa, hostSignIn());
    },
    routes: (host, mfa) =>
      settings.form &&
      host.post(
        '/payouts',
        requireMfa(mfa, { maxAgeSeconds: 300, repeat: true }),
        (_req, res) => void res.send('done'),
      ),
  },
});

void takeOrders(app);
