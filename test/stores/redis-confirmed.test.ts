// A write that replicas must have: over a connection of its own, counted, and sent after the key where a cluster moves it. By what
// servers answer; real replicas and clusters are in the tests beside.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { askWithin, type RedisClient } from '../../src/stores/redis-client.js';
import { createDeadlines } from '../../src/stores/redis-deadline.js';
import { redisWriter } from '../../src/stores/redis-writer.js';
import { redisStandIn, type Answers, type RedisStandIn } from '../support/redis-stand-in.js';
import { codeOf, rejectionOf } from '../support/thrown.js';

const fails = (message: string) => () => {
  throw new Error(message);
};
const deadlines = createDeadlines(30_000, 30_000);
const writerTo = (client: RedisClient, waitReplicas: number, own = deadlines) =>
  redisWriter(client, { ask: askWithin(client, own), deadlines: own, waitReplicas });

/** A client whose own connection answers these. */
function clientOf(answers: Answers, more: Partial<RedisClient> = {}) {
  const copies: RedisStandIn[] = [];
  let closed = 0;
  const duplicate = () => {
    const copy = redisStandIn(answers, { ...more, disconnect: () => void (closed += 1) });
    copies.push(copy);
    return copy;
  };
  return { client: redisStandIn(answers, { ...more, duplicate }), copies, closed: () => closed };
}

describe('a write to Redis that replicas must have', () => {
  it('is a command like any other where none is waited for', async () => {
    const { client, copies } = clientOf({ eval: () => 7 });
    expect(await writerTo(client, 0)('saving', 'SCRIPT', 'key', 'a', 'b')).to.equal(7);
    expect(client.asked).to.deep.equal([['eval', 'SCRIPT', 1, 'key', 'a', 'b']]);
    expect(copies).to.deep.equal([]);
  });

  it('goes over one connection of its own, with a WAIT behind it of half the time', async () => {
    const { client, copies } = clientOf({ eval: () => 1, wait: () => 2 });
    const write = writerTo(client, 2);
    for (const key of ['one', 'two']) expect(await write('saving', 'SCRIPT', key, 'a')).to.equal(1);
    expect(client.asked).to.deep.equal([]);
    expect(copies).to.have.length(1);
    expect(copies[0]?.asked.slice(0, 2)).to.deep.equal([
      ['eval', 'SCRIPT', 1, 'one', 'a'],
      ['wait', 2, 15_000],
    ]);
    expect(copies[0]?.events.listenerCount('error')).to.equal(1);
  });

  const answers: [written: unknown, confirmed: unknown, ends: unknown][] = [
    [1, 2, 1],
    [1, 3, 1],
    ['1', '2', '1'],
    [1, 1, 'store.unavailable'],
    ['"owner"', 1, 'store.unavailable'],
    ['"owner"', 2, '"owner"'],
    [0, 0, 0],
    [-1, 0, -1],
    ['0', 0, '0'],
  ];
  for (const [written, confirmed, ends] of answers)
    it(`that answers ${JSON.stringify(written)}, had by ${JSON.stringify(confirmed)} of two: ${JSON.stringify(ends)}`, async () => {
      const { client } = clientOf({ eval: () => written, wait: () => confirmed });
      const told = writerTo(client, 2)('saving', 'SCRIPT', 'key');
      expect(ends === 'store.unavailable' ? await codeOf(told) : await told).to.equal(ends);
    });

  it('fails where the script, WAIT or the whole message does', async () => {
    const none = () => ({ exec: () => Promise.resolve(null) });
    const half = () => ({ exec: () => Promise.resolve([[null, 1]] as [null, unknown][]) });
    const broken = () => ({ exec: () => Promise.reject(new Error('Connection is closed.')) });
    const ways: [ReturnType<typeof clientOf>, RegExp][] = [
      [clientOf({ eval: fails('OOM'), wait: () => 2 }), /while saving: OOM/],
      [clientOf({ eval: () => 1, wait: fails('ERR WAIT cannot be used') }), /WAIT cannot/],
      [clientOf({}, { pipeline: none }), /No reply\./],
      [clientOf({}, { pipeline: half }), /No reply\./],
      [clientOf({}, { pipeline: broken }), /Connection is closed/],
      [clientOf({ eval: () => 1, wait: () => 1 }), /1 of 2 replicas confirmed/],
    ];
    for (const [{ client }, words] of ways) {
      const error = await rejectionOf(writerTo(client, 2)('saving', 'SCRIPT', 'key'));
      expect(error.code).to.equal('store.unavailable');
      expect(error.message).to.match(words);
    }
  });

  it('ends its connection with that of the client, and asks the client itself from then on', async () => {
    let status = 'ready';
    const { client, copies, closed } = clientOf({ eval: () => 1, wait: () => 2 });
    Object.defineProperty(client, 'status', { get: () => status });
    const write = writerTo(client, 2);
    await write('saving', 'SCRIPT', 'key');
    expect(closed()).to.equal(0);
    status = 'end';
    client.events.emit('end');
    expect(closed()).to.equal(1);
    expect(client.events.listenerCount('end')).to.equal(0);
    await write('saving', 'SCRIPT', 'key');
    expect(copies).to.have.length(1);
    expect(client.asked.map(([name]) => name)).to.deep.equal(['eval', 'wait']);
    status = 'ready';
    await write('saving', 'SCRIPT', 'key');
    expect(copies, 'connected anew').to.have.length(2);
  });
});

describe('a write to a cluster that replicas must have', () => {
  const node = (port: number, answers: Answers = { eval: () => 1, wait: () => 1, asking: () => 'OK' }) =>
    redisStandIn(answers, { options: { host: '10.0.0.1', port } });
  /** What its own connection says first, one after the other, and then 1. */
  function clusterOf(said: string[], nodes: RedisStandIn[], keyPrefix?: string) {
    const left = [...said];
    const next = () => (left.length > 0 ? fails(left.shift() ?? '')() : 1);
    const roles: string[] = [];
    const opened = clientOf(
      { eval: next, wait: () => 1, get: () => null },
      {
        nodes: (role) => {
          roles.push(role);
          return nodes;
        },
        ...(keyPrefix !== undefined && { options: { keyPrefix } }),
      },
    );
    return { ...opened, roles };
  }
  const namesOf = (one: RedisStandIn | undefined) => (one?.asked ?? []).map(([name]) => name);

  it('follows a key that moved, by its full name, and has the client learn where it is', async () => {
    const [first, second] = [node(7000), node(7001)];
    const nameless = redisStandIn({});
    const { client, copies, roles } = clusterOf(['MOVED 12182 10.0.0.1:7001'], [nameless, first, second], 'p:');
    expect(await writerTo(client, 1)('saving', 'SCRIPT', 'key', 'a')).to.equal(1);
    expect(second.asked[0]).to.deep.equal(['eval', 'SCRIPT', 1, 'p:key', 'a']);
    expect([...first.asked, ...nameless.asked]).to.deep.equal([]);
    expect(namesOf(copies[0])).to.deep.equal(['eval', 'wait', 'get']);
    expect(roles).to.deep.equal(['all']);
  });

  it('asks for a key that is under way, once, and learns nothing of it', async () => {
    const target = node(7001);
    const { client, copies } = clusterOf(['ASK 5 10.0.0.1:7001'], [target]);
    expect(await writerTo(client, 1)('saving', 'SCRIPT', 'key')).to.equal(1);
    expect(target.asked.map(([name, , , key]) => [name, key])).to.deep.equal([
      ['asking', undefined],
      ['eval', 'key'],
      ['wait', undefined],
    ]);
    expect(namesOf(copies[0])).to.deep.equal(['eval', 'wait']);
  });

  for (const said of [
    'TRYAGAIN Multiple keys',
    'CLUSTERDOWN The cluster is down',
    'READONLY You can',
    'LOADING Redis',
    'MASTERDOWN Link',
    'Connection is closed.',
    'connect ECONNREFUSED',
    'Stream ended',
    'Socket closed',
    'a socket',
    'The client is closed',
    'The client is offline',
    'MOVED 5 10.0.0.9:7009',
  ])
    it(`tries again where it is told "${said}"`, async () => {
      const { client, copies } = clusterOf([said, said], [node(7000)]);
      expect(await writerTo(client, 1)('saving', 'SCRIPT', 'key')).to.equal(1);
      expect(namesOf(copies[0]).filter((name) => name === 'eval')).to.have.length(3);
    });

  for (const said of ['ERR wrong', 'OOM command not allowed', 'UNMOVED 5 10.0.0.1:7000', 'NOREADONLY'])
    it(`does not try again where it is told "${said}"`, async () => {
      const { client, copies } = clusterOf([said], [node(7000)]);
      expect(await codeOf(writerTo(client, 1)('saving', 'SCRIPT', 'key'))).to.equal('store.unavailable');
      expect(namesOf(copies[0])).to.deep.equal(['eval', 'wait']);
    });

  it('goes back to the client where the node that it was sent to sends it to itself', async () => {
    const lost = node(7001, { eval: fails('MOVED 5 10.0.0.1:7001'), wait: () => 1 });
    const { client, copies } = clusterOf(['MOVED 5 10.0.0.1:7001'], [lost]);
    expect(await writerTo(client, 1)('saving', 'SCRIPT', 'key')).to.equal(1);
    expect(namesOf(lost)).to.deep.equal(['eval', 'wait']);
    expect(namesOf(copies[0])).to.deep.equal(['eval', 'wait', 'get', 'get', 'eval', 'wait']);
  });

  it('sends the script again, which finds its own write, where only WAIT was on its way when the connection ended', async () => {
    const said = [fails('Connection is closed.'), () => 1];
    const { client, copies } = clientOf(
      { eval: () => 1, wait: () => said.shift()?.(), get: () => null },
      { nodes: () => [] },
    );
    expect(await writerTo(client, 1)('saving', 'SCRIPT', 'key')).to.equal(1);
    expect(namesOf(copies[0])).to.deep.equal(['eval', 'wait', 'get', 'eval', 'wait']);
  });

  it('is not followed on a single server, nor for longer than it may take', async () => {
    const { client, copies } = clientOf({ eval: fails('READONLY You can'), wait: () => 1 });
    expect((await rejectionOf(writerTo(client, 1)('saving', 'SCRIPT', 'key'))).message).to.include('READONLY');
    expect(namesOf(copies[0])).to.deep.equal(['eval', 'wait']);
    const short = createDeadlines(40, 40);
    const brief = clusterOf(Array<string>(1000).fill('TRYAGAIN'), [node(7000)]);
    expect(await codeOf(writerTo(brief.client, 1, short)('saving', 'SCRIPT', 'key'))).to.equal('store.unavailable');
    await sleep(120);
    expect(namesOf(brief.copies[0]), 'a pause would outlast it').to.deep.equal(['eval', 'wait']);
  });
});
