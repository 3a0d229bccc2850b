// A process that resets somebody and dies between the save and the entry of it: it says so and waits to be killed.
import { Redis } from 'ioredis';
import { auditLog } from '../../src/audit.js';
import { totp } from '../../src/index.js';
import { createMfaCore } from '../../src/mfa.js';
import { appSecret } from './app.js';
import { patientAuditStore, patientStore } from './patience.js';

export type UnloggedSettings = { url: string; namespace: string; userId: string };

const { url, namespace, userId } = JSON.parse(process.argv[2] ?? '{}') as UnloggedSettings;
const redis = new Redis(url);
const store = patientAuditStore(redis, { namespace });
const mfa = createMfaCore({
  appName: 'Acme',
  secrets: [appSecret],
  store: patientStore(redis, { namespace }),
  factors: [totp()],
  user: () => null,
  notify: () => undefined,
  audit: auditLog({
    whenUnavailable: 'refuse',
    store: {
      ...store,
      append(batch) {
        if (batch.entries.length === 0) return store.append(batch);
        process.send?.('saved');
        return new Promise(() => undefined);
      },
    },
  }),
});
setInterval(() => undefined, 60_000);
void mfa.reset(userId, { by: 'root' });
