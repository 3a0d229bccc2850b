// Rivals in processes of their own, on one Redis: every count is exact.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { program } from '../support/programs.js';
import { openRedisStore } from '../support/redis.js';

type Won = { lost: number; taken: number; claimed: number; first: number };

describe('redisStore in three processes', function () {
  it('loses no change, and gives every single use to exactly one process', async () => {
    const { store, namespace, close } = await openRedisStore();
    for (let flow = 0; flow < 300; flow += 1) await store.put('shared', `flow-${flow}`, flow, 60);

    const script = program(fileURLToPath(new URL('redis-rival.ts', import.meta.url)));
    const rivals = ['a', 'b', 'c'].map((me) => fork(script, [namespace, me], { execArgv: [] }));
    await Promise.all(rivals.map((rival) => once(rival, 'message')));
    const reports = rivals.map((rival) => once(rival, 'message'));
    rivals.forEach((rival) => rival.send('begin'));
    const won = (await Promise.all(reports)).map(([report]) => report as Won);
    const sum = (of: keyof Won) => won.reduce((total, each) => total + each[of], 0);

    expect((await store.load('shared')).record?.skipped.count).to.equal(900);
    expect(sum('lost'), 'the processes did compete').to.be.above(0);
    expect((await store.increment('shared', 'sent', 60, 0)).count).to.equal(1500);
    expect({ taken: sum('taken'), claimed: sum('claimed'), first: sum('first') }).to.deep.equal({
      taken: 300,
      claimed: 300,
      first: 300,
    });
    await close();
  });
});
