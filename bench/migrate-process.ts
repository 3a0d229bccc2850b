// The process of a measured move: `migrate-from` from a file, and what that took, its memory included.
import { performance } from 'node:perf_hooks';
import { Redis } from 'ioredis';
import { migrateFromCommand } from '../src/cli/migrate-from.js';
import type { Terminal } from '../src/cli/terminal.js';
import { backupCodes } from '../src/factors/backup-codes/backup-codes.js';
import { totp } from '../src/factors/totp/totp.js';
import { webauthn } from '../src/factors/webauthn/webauthn.js';
import { createMfaCore } from '../src/mfa.js';
import { redisStore } from '../src/stores/redis-store.js';

const [redisUrl = '', namespace = '', file = ''] = process.argv.slice(2);
const redis = new Redis(redisUrl);
const mfa = createMfaCore({
  appName: 'Bench',
  secrets: ['a secret of the benchmark, thirty-two bytes or more'],
  store: redisStore(redis, { namespace, timeoutMs: 60_000, warn: () => undefined }),
  factors: [totp(), webauthn(), backupCodes()],
  origin: 'https://app.example',
  user: () => null,
});
let [told, end] = [0, ''];
const terminal: Terminal = {
  json: false,
  say: (line) => void (end = line),
  tell: (line) => void (end = line),
  drained: () => Promise.resolve(),
  confirm: () => Promise.resolve(true),
  progress: () => ({ show: () => void (told += 1), end: () => undefined }),
};
const cpu = process.cpuUsage();
const begun = performance.now();
await migrateFromCommand.run({ mfa, values: { by: 'bench' }, positionals: ['keycloak', file], terminal });
const seconds = (performance.now() - begun) / 1000;
const { user, system } = process.cpuUsage(cpu);
const megabytes = process.resourceUsage().maxRSS / 1024;
process.send?.({ seconds, cpuSeconds: (user + system) / 1e6, megabytes, told, end });
redis.disconnect();
process.disconnect();
