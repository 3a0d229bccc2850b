// The command line as operators start it: a process of its own, against a configuration on the shared Redis.
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  createMfa,
  emailCode,
  backupCodes,
  outboxSender,
  supportPass,
  totp,
  webauthn,
  type Mfa,
} from '../../src/index.js';
import type { Authenticator, MfaRecord } from '../../src/core/kernel/record.js';
import { emptyRecord } from '../../src/core/kernel/record.js';
import { auditedApp, plainApp } from './cli-configurations.js';
import { commandLineHere } from './command-here.js';
import { program } from './programs.js';
import { freshNamespace, newRedis, redisUrl, removeNamespace } from './redis.js';
import { patientCaseStore, patientStatsStore, patientStore } from './patience.js';

export const secrets = {
  old: 'an old secret of these tests: 0123456789-abcdef',
  newer: 'the newest secret of these tests: ZYXWVU-987654',
  other: 'a secret that nobody told the others: qwertzuiop',
};

const entry = fileURLToPath(new URL('../../src/cli/index.ts', import.meta.url));
export const fixture = (name: string) => {
  const path = fileURLToPath(new URL(`../cli/fixtures/${name}`, import.meta.url));
  return name.endsWith('.ts') ? program(path) : path;
};

export type Said = { code: number | null; stdout: string; stderr: string; lines: string[] };
export type Running = { child: ChildProcess; ended: Promise<Said> };
export type Environment = { [name: string]: string | undefined };

/** Starts it; `environment` replaces variables, undefined takes one away. */
export function startCli(args: readonly string[], environment: Environment = {}): Running {
  const env = { ...process.env, REDIS_URL: redisUrl(), TEST_SECRETS: secrets.old, ...environment };
  const child = spawn(process.execPath, [program(entry), ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (chunk: string) => (said[stream] += chunk));
  }
  const ended = new Promise<Said>((resolve) => {
    child.on('close', (code) => resolve({ code, ...said, lines: said.stdout.split('\n').filter(Boolean) }));
  });
  return { child, ended };
}

export type Site = {
  readonly namespace: string;
  /** The app itself, with the old secret. */
  readonly mfa: Mfa;
  /** Runs a command against the site's configuration, in a process of its own. */
  run(args: readonly string[], environment?: Environment): Promise<Said>;
  start(args: readonly string[], environment?: Environment): Running;
  /** The same in this process, as fast as a call; not for commands that write elsewhere than to the terminal. */
  here(args: readonly string[], environment?: Environment): Promise<Said>;
  /** The app under other secrets. */
  withSecrets(list: readonly string[]): Mfa;
  recordOf(userId: string): Promise<MfaRecord>;
  /** Puts a record with these authenticators in the store. */
  put(userId: string, authenticators: Authenticator[]): Promise<void>;
  /** As when the time of whoever counts is over. */
  freeCensus(): Promise<void>;
  close(): Promise<void>;
};

/** What each configuration of test/cli/fixtures is made by. */
const configurations = { config: plainApp, audit: auditedApp };

/** Runs a command in this process, against one of the configurations. */
export function runHere(name: keyof typeof configurations, args: readonly string[], environment: Environment = {}) {
  const env = { ...process.env, REDIS_URL: redisUrl(), TEST_SECRETS: secrets.old, ...environment };
  return commandLineHere(args, () => configurations[name](env, { warn: () => undefined }));
}

export function openSite(name: keyof typeof configurations = 'config'): Site {
  const redis = newRedis();
  const namespace = freshNamespace();
  const withSecrets = (list: readonly string[]) =>
    createMfa({
      appName: 'Acme',
      secrets: list,
      store: patientStore(redis, { namespace, warn: () => undefined }),
      factors: [totp(), webauthn(), emailCode({ sender: outboxSender('email') }), backupCodes(), supportPass()],
      user: () => null,
      administration: {
        cases: patientCaseStore(redis, { namespace }),
        stats: patientStatsStore(redis, { namespace }),
        fourEyes: ['reset', 'suspend'],
      },
    });
  const mfa = withSecrets([secrets.old]);
  const reader = withSecrets([secrets.old, secrets.newer]);
  const start = (args: readonly string[], environment: Environment = {}) =>
    startCli([...args, '--config', fixture(`${name}.ts`)], { TEST_NAMESPACE: namespace, ...environment });
  return {
    namespace,
    mfa,
    start,
    run: (args, environment) => start(args, environment).ended,
    here: (args, environment) => runHere(name, args, { TEST_NAMESPACE: namespace, ...environment }),
    withSecrets,
    async recordOf(userId) {
      return (await reader.kernel.store.load(userId)).record ?? emptyRecord('');
    },
    async put(userId, authenticators) {
      const { revision } = await mfa.kernel.store.remainsOf(userId);
      const record = { ...emptyRecord(`epoch of ${userId}`), protected: true, authenticators };
      await mfa.kernel.store.save(userId, record, revision);
    },
    async freeCensus() {
      await redis.del(`${namespace}:{stats}:lease`);
    },
    async close() {
      await removeNamespace(redis, namespace);
      redis.disconnect();
    },
  };
}

const createdAt = 1_750_000_000;

export function totpOf(mfa: Mfa, userId: string): Authenticator {
  const id = `totp-${userId}`;
  const secret = mfa.kernel.sealer.seal('JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', {
    userId,
    authenticatorId: id,
    purpose: 'totp',
  });
  return { id, kind: 'totp', createdAt, data: { secret, algorithm: 'SHA1', digits: 6, period: 30, lastStep: 7 } };
}

export function emailOf(mfa: Mfa, userId: string): Authenticator {
  const addressId = `address-${userId}`;
  const place = { userId, authenticatorId: addressId, purpose: 'address:email' };
  const address = mfa.kernel.sealer.seal(`${userId}@example.com`, place);
  return { id: `email-${userId}`, kind: 'email', createdAt, data: { address, addressId, masked: '***', codes: {} } };
}

export function codesOf(keyId: string, left = 5, expiresAt: number | null = null): Authenticator {
  const codes = Array.from({ length: 5 }, (_, at) => (at < left ? { hash: `hash-${at}` } : { usedAt: createdAt }));
  return {
    id: 'codes',
    kind: 'backup-codes',
    createdAt,
    data: { salt: 'c2FsdA', keyId, createdAt, expiresAt, codes },
  };
}

export function passkeyOf(credentialId: string): Authenticator {
  const data = {
    credentialId,
    publicKey: 'key',
    counter: 0,
    transports: [],
    aaguid: '',
    backupEligible: true,
    backedUp: true,
  };
  const bound = { rpId: 'acme.example', userHandle: `handle-of-${credentialId}`, uvInitialized: true };
  return { id: `passkey-${credentialId}`, kind: 'webauthn', createdAt, data: { ...data, ...bound } };
}
