// Every store in Redis over a sentinel of node-redis 6 and 5: the contracts, and what a master that dies under load takes away.
import { expect } from 'chai';
import { redisStore } from '../../src/stores/redis-store.js';
import { storeContract } from '../../src/testing/store-contract.js';
import { openLog } from '../audit/open-log.js';
import { eventually } from '../support/eventually.js';
import { otherStoreContracts } from '../support/every-redis-store.js';
import { connected, ended, nodeRedisSentinel, type TestClient } from '../support/node-redis.js';
import { patientAuditStore, patientCaseStore, patientStatsStore, patientStore } from '../support/patience.js';
import { follow, replicationOf, startWatchedPair, type WatchedPair } from '../support/redis-sentinel.js';
import { freshNamespace } from '../support/redis.js';
import { startLoad } from '../support/rival-saves.js';

describe('stores in Redis over a sentinel of node-redis', function () {
  this.timeout(180_000);
  let pair: WatchedPair;
  const clients: TestClient[] = [];

  before(async () => {
    pair = await startWatchedPair();
    for (const version of [6, 5] as const)
      clients.push(await connected(nodeRedisSentinel(version, 'acme', pair.sentinels)));
  });
  after(async () => {
    await Promise.all(clients.map(ended));
    await pair.close();
  });

  const close = () => Promise.resolve();
  for (const [at, version] of [6, 5].entries()) {
    storeContract(`redisStore with a sentinel of node-redis ${version}`, () =>
      Promise.resolve({ store: patientStore(clients[at]!, { namespace: freshNamespace() }), close }),
    );
    otherStoreContracts(`a sentinel of node-redis ${version}`, () => clients[at]!);
  }

  it('keeps what it told, accepts nothing twice, and recovers by itself when a master is killed and replaced', async () => {
    const sides = clients.map(besideRecords);
    await Promise.all(sides.map(({ before }) => before()));
    const stores = clients.map((client, at) => redisStore(client, { namespace: `acme-${at}`, waitReplicas: 1 }));
    const loads = stores.map((store) => startLoad(store));
    // A save that a replica has confirmed: so it has what was told before.
    for (const load of loads) await eventually(async () => expect(load.told()).to.be.above(50), 60);
    await pair.killMaster();
    // The one that took over has no replica by now, so what it is told counts for nothing until one is there.
    await pair.master.start();
    await follow(pair.master, pair.replica);
    await eventually(async () => expect(await replicationOf(pair.replica)).to.match(/slave0:.*state=online/), 60);
    for (const load of loads) await eventually(() => load.quiet(2000), 60);
    for (const [at, load] of loads.entries()) {
      await load.stop();
      expect(load.twice()).to.deep.equal([]);
      const store = patientStore(clients[at]!, { namespace: `acme-${at}` });
      for (const [id, epoch] of load.last()) expect(Number((await store.load(id)).record?.epoch)).to.be.least(epoch);
    }
    await Promise.all(sides.map(({ after }) => after()));
  });
});

const aCase = {
  id: 'one',
  action: 'reset',
  userId: 'u1',
  epoch: 'e1',
  reason: 'lost',
  by: { id: 'ada', name: 'Ada' },
  openedAt: 1,
  expiresAt: 4_000_000_000,
  options: {},
};

/** Cases, figures and the audit log: what they were told before a fail-over counts after it, over the same client. */
function besideRecords(client: TestClient) {
  const namespace = freshNamespace();
  const [cases, stats] = [patientCaseStore(client, { namespace }), patientStatsStore(client, { namespace })];
  const { log, fill } = openLog(patientAuditStore(client, { namespace }));
  const noon = Date.UTC(2026, 10, 30, 12) / 1000;
  let fence = 0;
  return {
    async before() {
      for (const admin of ['ada', 'bob']) await cases.acted(admin);
      await cases.open(aCase);
      fence = (await stats.begin({ startedAt: noon, resumeAfter: 0, ttlSeconds: 600 }))!.fence;
      await stats.add(fence, {
        step: 1,
        cursor: 'end',
        about: 2,
        parts: [{ scope: '', counts: { all: 2 }, lists: {} }],
      });
      await fill(20);
      await log.settled();
    },
    async after() {
      expect(await cases.acted('bob')).to.equal(2);
      const taken = await Promise.all([cases.take('one'), cases.take('one')]);
      expect(taken.filter(Boolean)).to.have.lengthOf(1);
      expect(await stats.finish(fence, { endedAt: noon + 60, keepFrom: '2000-01-01' })).to.equal(true);
      expect((await stats.latest())?.counts).to.include({ all: 2 });
      await fill(5, 21);
      await log.settled();
      expect(await log.verify()).to.include({ sound: true, entries: 25 });
    },
  };
}
