// A master, a replica and a sentinel that replaces the master when it dies, on free ports of 127.0.0.1.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { expect } from 'chai';
import { eventually } from './eventually.js';
import { freePort } from '../../scripts/free-port.mjs';
import { startRedisServer, type RedisServer } from './redis.js';

export type WatchedPair = {
  master: RedisServer;
  replica: RedisServer;
  sentinels: { host: string; port: number }[];
  /** Kills the master, which is replaced in a moment; the one that took over is not for being silent for a moment. */
  killMaster(): Promise<void>;
  close(): Promise<void>;
};

const patientMs = 60_000;

/** The pair bears the name `acme`. */
export async function startWatchedPair(): Promise<WatchedPair> {
  const master = await startRedisServer(['--repl-diskless-sync-delay', '0']);
  const replica = await startRedisServer([
    ...['--repl-diskless-sync-delay', '0'],
    ...['--replicaof', `127.0.0.1 ${master.port}`],
  ]);
  const port = await freePort();
  const dir = await mkdtemp(join(tmpdir(), 'express-mfa-sentinel-'));
  const file = join(dir, 'sentinel.conf');
  const settings = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${dir}`,
    `sentinel monitor acme 127.0.0.1 ${master.port} 1`,
    // A machine that stands still for a moment is no master that died.
    `sentinel down-after-milliseconds acme ${patientMs}`,
    'sentinel failover-timeout acme 10000',
  ];
  await writeFile(file, `${settings.join('\n')}\n`);
  const sentinel = spawn('redis-server', [file, '--sentinel'], { stdio: 'ignore' });
  process.once('exit', () => sentinel.kill('SIGKILL'));
  const probe = new Redis(port, '127.0.0.1', { retryStrategy: () => 50, maxRetriesPerRequest: null });
  probe.on('error', () => undefined);
  await eventually(async () => {
    const replicas = (await probe.call('SENTINEL', 'REPLICAS', 'acme')) as unknown[];
    expect(replicas).to.have.lengthOf(1);
  }, 60);
  return {
    master,
    replica,
    sentinels: [{ host: '127.0.0.1', port }],
    async killMaster() {
      const missAfter = (ms: number) => probe.call('SENTINEL', 'SET', 'acme', 'down-after-milliseconds', String(ms));
      await missAfter(1500);
      await master.kill();
      await eventually(async () => expect(await replicationOf(replica)).to.contain('role:master'), 60);
      await missAfter(patientMs);
    },
    async close() {
      probe.disconnect();
      const ended = once(sentinel, 'exit');
      sentinel.kill('SIGKILL');
      await ended;
      await Promise.all([master.close(), replica.close()]);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** What this server says of its replication. */
export async function replicationOf({ port }: RedisServer): Promise<string> {
  const node = new Redis(port, '127.0.0.1');
  try {
    return await node.info('replication');
  } finally {
    node.disconnect();
  }
}

/** What the sentinel does by itself after some ten seconds. */
export async function follow(server: RedisServer, master: RedisServer): Promise<void> {
  const node = new Redis(server.port, '127.0.0.1');
  await node.replicaof('127.0.0.1', master.port);
  node.disconnect();
}
