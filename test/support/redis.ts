// Real Redis for tests: the shared server of `npm test`, and servers that a test starts, pauses and stops by itself.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis, type RedisOptions } from 'ioredis';
import { freePort } from '../../scripts/free-port.mjs';
import type { NodeRedisClient } from '../../src/stores/node-redis.js';
import type { RedisClient } from '../../src/stores/redis-client.js';
import { redisStore } from '../../src/stores/redis-store.js';
import { during } from './during.js';
import { patientStore } from './patience.js';
import { pauseProcesses } from './paused.js';
import type { RedisStoreOptions } from '../../src/stores/redis-options.js';
import type { MfaStore } from '../../src/core/kernel/ports.js';

/** The shared server of the test run. */
export function redisUrl(): string {
  const url = process.env.REDIS_URL;
  if (!url) {
    throw new Error(
      'REDIS_URL is not set. Run `npm test`, or start a server and run NODE_ENV=test REDIS_URL=redis://127.0.0.1:6379 npx mocha …',
    );
  }
  return url;
}

/** A client of the shared server; the caller disconnects it. */
export function newRedis(options: Omit<RedisOptions, 'replyMapping'> = {}): Redis {
  return new Redis(redisUrl(), options);
}

/** The same for the tests of one `describe`: opened before the first, disconnected after the last. */
export function redisDuring(): () => Redis {
  const opened = during(() => {
    const redis = newRedis();
    return Promise.resolve({ redis, close: () => redis.disconnect() });
  });
  return () => opened().redis;
}

let namespaces = 0;

/** Unique among all test files and processes. */
export function freshNamespace(): string {
  namespaces += 1;
  return `test-${process.pid}-${Date.now().toString(36)}-${namespaces}`;
}

/** Deletes every key of `namespace` from the shared server. */
export async function removeNamespace(redis: Redis, namespace: string): Promise<void> {
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', `${namespace}:*`, 'COUNT', 500);
    cursor = next;
    if (keys.length > 0) await redis.del(...keys);
  } while (cursor !== '0');
}

/** A `redisStore` with the deadline of production while `server` is down, and a patient one while it is not. */
export function storeOn(
  server: RedisServer,
  client: RedisClient | NodeRedisClient,
  options: RedisStoreOptions,
): MfaStore {
  const [usual, patient] = [redisStore(client, options), patientStore(client, options)];
  type Method = (...asked: unknown[]) => unknown;
  const method =
    (name: string): Method =>
    (...asked) =>
      (Reflect.get(server.isDown() ? usual : patient, name) as Method)(...asked);
  const parts = Object.entries(usual).map(([name, part]) => [name, typeof part === 'function' ? method(name) : part]);
  return Object.fromEntries(parts) as MfaStore;
}

/** A `redisStore` on the shared server with a namespace of its own; `close` removes its keys and disconnects. */
export async function openRedisStore(
  options: Partial<RedisStoreOptions> = {},
): Promise<{ store: MfaStore; redis: Redis; namespace: string; close(): Promise<void> }> {
  const redis = newRedis();
  const namespace = options.namespace ?? freshNamespace();
  return {
    store: patientStore(redis, { ...options, namespace }),
    redis,
    namespace,
    async close() {
      await removeNamespace(redis, namespace);
      redis.disconnect();
    },
  };
}

export type RedisServer = {
  url: string;
  port: number;
  /** Stops it in its tracks (SIGSTOP): connections stay open, nothing answers. */
  pause(): Promise<void>;
  resume(): void;
  /** Whether it was paused or stopped. */
  isDown(): boolean;
  /** Ends it without a word to anybody, as a power cut does; `start` brings it back with what it had on disk. */
  kill(): Promise<void>;
  /** Ends it; `start` brings it back on the same port, with what it kept on disk. */
  stop(): Promise<void>;
  start(): Promise<void>;
  restart(): Promise<void>;
  /** Ends it for good and deletes its files. */
  close(): Promise<void>;
};

const running = new Set<ChildProcess>();
process.once('exit', () => running.forEach((server) => server.kill('SIGKILL')));

/** What it says once it has the port, and what of it was there on disk. */
const ready = 'Ready to accept connections';

/**
 * Starts a redis-server of the test's own, on a free port, without persistence unless `settings` say otherwise. Whether it is up it
 * says itself: at the port another process may have been faster, whose server would answer in its place.
 */
export async function startRedisServer(settings: string[] = []): Promise<RedisServer> {
  let port = await freePort();
  const dir = await mkdtemp(join(tmpdir(), 'express-mfa-redis-'));
  let server: ChildProcess | undefined;
  let down = true;

  async function isUp(): Promise<boolean> {
    const fixed = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--loglevel', 'notice'];
    const started = spawn('redis-server', [...fixed, '--save', '', ...settings], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    server = started;
    running.add(started);
    let said = '';
    return new Promise((resolve, reject) => {
      started.once('error', reject).once('exit', () => resolve(false));
      started.stdout.on('data', (chunk: Buffer) => {
        if (said.length < 100_000) said += chunk.toString();
        if (said.includes(ready)) resolve(true);
      });
    });
  }

  /** @param anew whether nobody knows its port yet */
  async function start(anew = false): Promise<void> {
    for (let tries = 0; !(await isUp()); tries += 1) {
      if (tries === 20) throw new Error(`redis-server did not start at port ${port}.`);
      await sleep(100);
      if (anew) port = await freePort();
    }
    down = false;
  }

  async function stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    down = true;
    if (server?.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGCONT');
    server.kill(signal);
    await Promise.race([ended, sleep(10_000, undefined, { ref: false }).then(() => server?.kill('SIGKILL'))]);
    await ended;
    running.delete(server);
  }

  async function close(): Promise<void> {
    await stop();
    await rm(dir, { recursive: true, force: true });
  }

  await start(true).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    async pause() {
      down = true;
      if (server?.pid !== undefined) await pauseProcesses([server.pid]);
    },
    resume() {
      down = false;
      server?.kill('SIGCONT');
    },
    isDown: () => down,
    kill: () => stop('SIGKILL'),
    stop: () => stop(),
    start: () => start(),
    async restart() {
      await stop();
      await start();
    },
    close,
  };
}
