// Samples of Redis, on real servers: one that has no address, that forgets, that stands alone, whose user may do less.
import { expect } from 'chai';
import { Cluster, Redis } from 'ioredis';
import * as api from '../../../src/index.js';
import { auditLog, redisAuditStore } from '../../../src/audit.js';
import { emptyRecord } from '../../../src/core/kernel/record.js';
import { inEnvironment } from '../../support/environment.js';
import { eventually } from '../../support/eventually.js';
import { startRedisServer, type RedisServer } from '../../support/redis.js';
import type { Block } from '../markdown.js';
import { paste, type Names } from '../pasted.js';
import type { Line } from '../sample-attacks.js';

/** Room for a machine that does much else, though not as much as a replica is waited for that never comes. */
const patient: typeof api.redisStore = (client, options) => api.redisStore(client, { ...options, timeoutMs: 6000 });
const modules = { 'express-mfa': { ...api, redisStore: patient } };
type Error_ = { code?: string; message: string };
const errorOf = (promise: Promise<unknown> | undefined): Promise<Error_ | undefined> =>
  (promise ?? Promise.resolve()).then(
    () => undefined,
    (error: unknown) => error as Error_,
  );

/** Clients that the samples make, to be ended. */
class Known {
  readonly clients: Redis[] = [];
  readonly modules: Names = {
    ioredis: {
      Redis: ((clients) =>
        class extends Redis {
          constructor(...given: [string]) {
            super(...given);
            this.on('error', () => undefined);
            clients.push(this);
          }
        })(this.clients),
    },
  };
  close = () => this.clients.forEach((client) => client.disconnect());
}

async function wantsAddress(block: Block, name: string, more: Names = {}): Promise<void> {
  for (const value of [undefined, '']) {
    const error = await errorOf(paste(block, { process: { env: { [name]: value } }, ...more }));
    expect(error?.message).to.equal(`${name} is missing.`);
  }
}

/** Nothing counts that one server alone has, and production does not start on one that forgets. */
async function refusesToForget(block: Block): Promise<void> {
  await wantsAddress(block, 'REDIS_URL');
  const known = new Known();
  const server = await startRedisServer(['--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru']);
  const env = { REDIS_URL: server.url };
  const { store, client } = await paste(block, { process: { env } }, { ...modules, ...known.modules });
  const { ready, save } = store as api.MfaStore;
  const refused = await inEnvironment('production', () => errorOf(ready?.()));
  expect(refused?.code).to.equal('config.redis_evicts');
  const alone = await errorOf(save('ada', emptyRecord('epoch'), undefined));
  expect(alone?.code).to.equal('store.unavailable');
  const { reconnectOnError } = (client as Redis | undefined)?.options ?? {};
  if (reconnectOnError) {
    expect(reconnectOnError(new Error("READONLY You can't write against a read only replica."))).to.equal(2);
    expect(reconnectOnError(new Error('NOPERM'))).to.equal(false);
  }
  known.close();
  await server.close();
}

/** Each setting of the sample, on real servers; without any of them something is said, or refused. */
async function settings(block: Block): Promise<void> {
  const lines = block.code.trim().split('\n');
  const asked = lines.flatMap((line) => {
    const [name = '', value = ''] = line.split(' ');
    return [`--${name}`, value];
  });
  const master = await startRedisServer(asked);
  const replica = await startRedisServer(['--replicaof', '127.0.0.1', String(master.port)]);
  const said: string[] = [];
  const client = new Redis(master.url);
  const options = { namespace: 'acme', waitReplicas: 1, warn: (text: string) => void said.push(text) };
  const store = patient(client, options);
  const isCopied = async () => /^role:master[^]*^connected_slaves:1/m.test(await client.info('replication'));
  await eventually(async () => expect(await isCopied()).to.equal(true));
  await eventually(async () => store.ready?.());
  expect(said).to.deep.equal([]);
  expect(await store.save('ada', emptyRecord('epoch'), undefined)).to.be.a('string');
  await replica.close();
  await eventually(async () => expect(await isCopied()).to.equal(false));
  expect((await errorOf(store.save('eve', emptyRecord('epoch'), undefined)))?.code).to.equal('store.unavailable');
  expect(await store.load('eve')).to.deep.equal({});
  await client.config('SET', 'min-replicas-to-write', '0');
  await client.config('SET', 'appendonly', 'no');
  await patient(client, { ...options, waitReplicas: 0 }).ready?.();
  expect(said.join()).to.include('appendonly');
  client.disconnect();
  await master.close();
}

async function rights(block: Block, server: RedisServer): Promise<void> {
  const admin = new Redis(server.url);
  const [, ...words] = block.code.trim().split(' ');
  await admin.call('ACL', ...words);
  await admin.set('other:{ada}:record', 'of another app');
  const client = new Redis(server.port, '127.0.0.1', { username: 'acme', password: 'password' });
  const store = patient(client, { namespace: 'acme', warn: () => undefined });
  await store.ready?.();
  expect(await store.save('ada', emptyRecord('epoch'), undefined)).to.be.a('string');
  const others = patient(client, { namespace: 'other', warn: () => undefined });
  expect((await errorOf(others.ready?.()))?.code).to.equal('config.redis_forbids');
  for (const forbidden of [
    ['GET', 'other:{ada}:record'],
    ['FLUSHALL'],
    ['KEYS', '*'],
    ['CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru'],
    ['ACL', 'LIST'],
    ['EVAL', "return redis.call('GET', 'other:{ada}:record')", '0'],
  ] as [string, ...string[]][])
    expect((await errorOf(client.call(...forbidden)))?.message, forbidden.join(' ')).to.match(
      /NOPERM|permission|script can/i,
    );
  client.disconnect();
  admin.disconnect();
}

const page = 'docs/deploy-on-redis.md';

export const stores: Line[] = [
  ...[
    { page, heading: 'Deploy on Redis' },
    { page: 'README.md', heading: 'Deployment' },
  ].map((place): Line => ({
    ...place,
    attack: 'no address; a server that throws records away; a record that no replica has',
    once: true,
    holds: refusesToForget,
  })),
  {
    page,
    heading: 'What Redis must be set to',
    attack: 'the only replica gone; a setting taken back',
    once: true,
    holds: settings,
  },
  {
    page,
    heading: 'What Redis must be set to',
    nth: 2,
    attack: 'a server that throws records away',
    once: true,
    async holds(block) {
      const server = await startRedisServer(['--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru']);
      const client = new Redis(server.url);
      const options = { appName: 'Acme', secrets: ['x'.repeat(32)], factors: [api.totp()], user: () => null };
      let listens = false;
      const app = { listen: () => (listens = true) };
      const error = await inEnvironment('production', async () => {
        const store = patient(client, { namespace: 'acme', warn: () => undefined });
        return errorOf(paste(block, { app, mfa: api.createMfa({ ...options, store }) }));
      });
      expect([error?.code, listens]).to.deep.equal(['config.redis_evicts', false]);
      client.disconnect();
      await server.close();
    },
  },
  {
    page,
    heading: 'What the user must be allowed',
    attack: 'keys of another app, a flush, eviction switched on, all of it by a script too',
    once: true,
    async holds(block) {
      const server = await startRedisServer();
      await rights(block, server);
      await server.close();
    },
  },
  {
    page,
    heading: 'Cluster',
    attack: 'reads from replicas, which show a spent code as good',
    once: true,
    async holds(block) {
      const clusters: Cluster[] = [];
      const pasteWith = (more: object) => {
        class Own extends Cluster {
          constructor(nodes: { host: string; port: number }[]) {
            super(nodes, { lazyConnect: true, ...more });
            clusters.push(this);
          }
        }
        return errorOf(paste(block, {}, { ...modules, ioredis: { Cluster: Own } }));
      };
      expect(await pasteWith({})).to.equal(undefined);
      expect((await pasteWith({ scaleReads: 'slave' }))?.message).to.include('reads from replicas');
      clusters.forEach((cluster) => cluster.disconnect());
    },
  },
  {
    page: 'docs/audit.md',
    heading: 'Audit log',
    attack: 'no address, so that the log would go to a server that nobody looks at',
    once: true,
    async holds(block) {
      await wantsAddress(block, 'AUDIT_REDIS_URL');
      const known = new Known();
      const server = await startRedisServer();
      const host = { appName: 'Acme', secrets: ['x'.repeat(32)], factors: [api.totp()], user: () => null };
      const around = { createMfa: api.createMfa, host, process: { env: { AUDIT_REDIS_URL: server.url } } };
      const given = { ...known.modules, 'express-mfa/audit': { auditLog, redisAuditStore } };
      const { mfa } = (await paste(block, around, given)) as { mfa: api.Mfa };
      await mfa.importTotp('ada', { secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', encoding: 'base32' });
      await mfa.settled();
      expect((await mfa.audit!.read({ userId: 'ada' })).entries.map(({ name }) => name)).to.include(
        'authenticator-enrolled',
      );
      await mfa.settled();
      known.close();
      await server.close();
    },
  },
];
