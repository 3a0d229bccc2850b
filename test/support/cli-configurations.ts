// The configurations of apps that the command line is tested against, by the environment: which store, secrets and senders. A
// process loads them as modules (test/cli/fixtures), and this one calls them.
import { appendFileSync } from 'node:fs';
import { Redis } from 'ioredis';
import { auditLog, fileSink } from '../../src/audit.js';
import {
  backupCodes,
  createMfa,
  emailCode,
  httpEmailSender,
  memoryStore,
  outboxSender,
  supportPass,
  totp,
  webauthn,
  type Mfa,
  type RedisStoreOptions,
  type Sender,
} from '../../src/index.js';
import { maxMindGeo, riskByHistory } from '../../src/risk.js';
import { newFolder } from './folder.js';
import { patientAuditStore, patientCaseStore, patientStatsStore, patientStore } from './patience.js';

type Environment = { [name: string]: string | undefined };
type Warn = Pick<RedisStoreOptions, 'warn'>;

/** The app, and what ends its connection, once it has looked at its store: it would look for ever. */
export type Configured = { mfa: Mfa; close(): Promise<void> };
export type Configuration = (env: Environment, warn?: Warn) => Configured;

function senderOf(url: string | undefined): Sender {
  if (url === undefined) return outboxSender('email');
  return httpEmailSender({ url, secret: 'the secret of the webhook in these tests' });
}

/** An app without an audit log. */
export const plainApp: Configuration = (env, warn) => {
  const { REDIS_URL = '', TEST_NAMESPACE: namespace, TEST_SECRETS = '', TEST_EVENTS } = env;
  const { TEST_SENDER_URL, TEST_SILENT, TEST_STORE_MS = '30000' } = env;
  const redis = namespace === undefined ? undefined : { client: new Redis(REDIS_URL), namespace };
  const mfa = createMfa({
    appName: 'Acme',
    secrets: TEST_SECRETS.split(','),
    origin: env.TEST_ORIGIN ?? 'https://acme.example',
    store: redis
      ? patientStore(redis.client, { namespace: redis.namespace, timeoutMs: Number(TEST_STORE_MS), ...warn })
      : memoryStore(),
    ...(redis &&
      env.TEST_CASES === undefined && {
        administration: {
          cases: patientCaseStore(redis.client, { namespace: redis.namespace }),
          stats: patientStatsStore(redis.client, { namespace: redis.namespace }),
        },
      }),
    factors: [
      totp(),
      webauthn(),
      ...(TEST_SILENT === undefined ? [emailCode({ sender: senderOf(TEST_SENDER_URL) })] : []),
      backupCodes({ count: 5, lowAt: 2 }),
      supportPass(),
    ],
    user: () => null,
    ...(env.TEST_PLACES === undefined
      ? {}
      : { risk: riskByHistory({ geo: maxMindGeo(env.TEST_PLACES) }), riskMode: 'report' as const }),
    ...(env.TEST_HELP === '' ? {} : { brand: { help: '/help' } }),
    // Late on purpose: the command line must wait for it.
    onEvent: async (event) => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      if (TEST_EVENTS) appendFileSync(TEST_EVENTS, `${JSON.stringify(event)}\n`);
    },
    ...(TEST_SILENT === undefined ? { notify: () => undefined } : {}),
    clock: { now: () => Date.now() + Number(env.TEST_CLOCK_MS ?? 0) },
  });
  return { mfa, close: async () => mfa.ready.then(() => redis?.client.disconnect()) };
};

/** An app that keeps an audit log on Redis, with a sink that is a file where TEST_SINK names one. */
export const auditedApp: Configuration = (env, warn) => {
  const { REDIS_URL = '', TEST_NAMESPACE: namespace = '', TEST_SECRETS = '', TEST_SINK: path } = env;
  const redis = new Redis(REDIS_URL);
  const mfa = createMfa({
    appName: 'Acme',
    secrets: TEST_SECRETS.split(','),
    origin: 'https://acme.example',
    store: patientStore(redis, { namespace, ...warn }),
    factors: [totp(), backupCodes(), supportPass()],
    user: () => null,
    notify: () => undefined,
    administration: { cases: patientCaseStore(redis, { namespace }), reportsFolder: newFolder('reports') },
    audit: auditLog({
      store: patientAuditStore(redis, { namespace }),
      sinks: path === undefined ? [] : [fileSink({ path })],
    }),
  });
  return { mfa, close: async () => mfa.ready.then(() => redis.disconnect()) };
};
