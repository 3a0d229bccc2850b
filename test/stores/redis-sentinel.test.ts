// The Redis store over a sentinel of node-redis 6 and 5: the contract, and what a master that dies under load takes away.
import { expect } from 'chai';
import { redisStore } from '../../src/stores/redis-store.js';
import { storeContract } from '../../src/testing/store-contract.js';
import { eventually } from '../support/eventually.js';
import { connected, ended, nodeRedisSentinel, type TestClient } from '../support/node-redis.js';
import { patientStore } from '../support/patience.js';
import { follow, replicationOf, startWatchedPair, type WatchedPair } from '../support/redis-sentinel.js';
import { freshNamespace } from '../support/redis.js';
import { startLoad } from '../support/rival-saves.js';

describe('redisStore over a sentinel of node-redis', function () {
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
  for (const [at, version] of [6, 5].entries())
    storeContract(`redisStore with a sentinel of node-redis ${version}`, () =>
      Promise.resolve({ store: patientStore(clients[at]!, { namespace: freshNamespace() }), close }),
    );

  it('keeps what it told, accepts nothing twice, and recovers by itself when a master is killed and replaced', async () => {
    const store = redisStore(clients[0]!, { namespace: 'acme', waitReplicas: 1 });
    const load = startLoad(store);
    await eventually(async () => expect(load.told()).to.be.above(50), 60);
    await pair.watchClosely();
    await pair.master.kill();
    await eventually(async () => expect(await replicationOf(pair.replica)).to.contain('role:master'), 60);
    // The one that took over has no replica by now, so what it is told counts for nothing until one is there.
    await pair.master.start();
    await follow(pair.master, pair.replica);
    await eventually(async () => expect(await replicationOf(pair.replica)).to.match(/slave0:.*state=online/), 60);
    await eventually(() => load.quiet(2000), 60);
    await load.stop();
    expect(load.twice()).to.deep.equal([]);
    for (const [id, epoch] of load.last()) expect(Number((await store.load(id)).record?.epoch)).to.be.least(epoch);
  });
});
