// How clients of node-redis are asked, single, Sentinel and Cluster: which arguments each gets, what is sent together, and a
// connection more. By what they are told; real ones are in the tests beside.
import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { readClient } from '../../src/stores/node-redis.js';
import type { RedisClient } from '../../src/stores/redis-client.js';
import { eventually } from '../support/eventually.js';

type Kind = 'single' | 'sentinel' | 'cluster';

type Told = {
  client: { isOpen: boolean; connected: number; destroyed: number };
  told: unknown[][];
  chains: unknown[][][];
  events: EventEmitter;
  copies: Told[];
  adapted(): RedisClient;
};

/** A client that notes what it is told; `answer` says what a command ends with. */
function clientOf(kind: Kind, answer: (command: string[]) => unknown = () => 'OK', more: object = {}): Told {
  const told: unknown[][] = [];
  const chains: unknown[][][] = [];
  const events = new EventEmitter();
  const copies: Told[] = [];
  const client = {
    isOpen: true,
    ...(kind === 'single' && { isReady: true }),
    ...(kind === 'sentinel' && { getMasterNode: () => undefined }),
    sendCommand: async (...args: unknown[]) => {
      told.push(args);
      return answer(args.at(-2) as string[]);
    },
    withTypeMapping: () => client,
    multi: () => {
      const chain: unknown[][] = [];
      chains.push(chain);
      const self = {
        addCommand: (...args: unknown[]) => {
          chain.push(args);
          return self;
        },
        execAsPipeline: () => Promise.all(chain.map((args) => answer(args.at(-1) as string[]))),
      };
      return self;
    },
    duplicate: () => {
      const copy = clientOf(kind, answer, { isOpen: false, isReady: false });
      copies.push(copy);
      return copy.client;
    },
    connected: 0,
    connect: async () => {
      client.connected += 1;
      client.isOpen = true;
    },
    destroyed: 0,
    destroy: () => void (client.destroyed += 1),
    on: (event: string, listener: () => void) => events.on(event, listener),
    off: (event: string, listener: () => void) => events.off(event, listener),
    ...more,
  };
  const adapted = () => readClient('aStore', client);
  return { client, told, chains, events, copies, adapted };
}
const options = { typeMapping: {}, abortSignal: undefined };

describe('a client of node-redis', () => {
  const node = { host: '10.0.0.1', port: 7000 };
  const before: { [kind in Kind]: (key: string) => unknown[] } = {
    single: () => [],
    sentinel: () => [false],
    cluster: (key) => [key, false],
  };
  const more: { [kind in Kind]: object } = {
    single: {},
    sentinel: {},
    cluster: { nodeClient: () => undefined, masters: [node] },
  };
  for (const kind of Object.keys(before) as Kind[])
    it(`is told each command as a ${kind} takes it, in texts, with the key that it is about`, async () => {
      const { told, adapted } = clientOf(kind, () => 'OK', more[kind]);
      const asked = adapted();
      await asked.eval('SCRIPT', 1, 'key', 7);
      await asked.get('key');
      await asked.set('key', 'v', 'PX', 5);
      await asked.scan('0', 'MATCH', 'p', 'COUNT', 500);
      await asked.config('GET', 'save');
      await asked.info('server');
      expect(told).to.deep.equal([
        [...before[kind]('key'), ['eval', 'SCRIPT', '1', 'key', '7'], options],
        [...before[kind]('key'), ['get', 'key'], options],
        [...before[kind]('key'), ['set', 'key', 'v', 'PX', '5'], options],
        [...before[kind]('0'), ['scan', '0', 'MATCH', 'p', 'COUNT', '500'], options],
        [...before[kind]('GET'), ['config', 'GET', 'save'], options],
        [...before[kind]('server'), ['info', 'server'], options],
      ]);
    });

  it('has each of many told apart, and a chain where WAIT is the last', async () => {
    const fails = (command: string[]) => {
      if (command[1] === 'bad') throw new Error('WRONGTYPE');
      return command[0] === 'wait' ? Buffer.from('2') : command[1];
    };
    const { chains, adapted, told } = clientOf('single', fails);
    const replies = await adapted()
      .pipeline([
        ['get', 'a'],
        ['get', 'bad'],
        ['get', 'c'],
      ])
      .exec();
    expect(replies?.map(([error, reply]) => error?.message ?? reply)).to.deep.equal(['a', 'WRONGTYPE', 'c']);
    expect(replies?.[1]?.[1]).to.equal(null);
    expect(chains).to.deep.equal([]);
    const chained = await adapted()
      .pipeline([
        ['eval', 'S', 1, 'k'],
        ['wait', 1, 500],
      ])
      .exec();
    expect(chained).to.deep.equal([
      [null, 'S'],
      [null, '2'],
    ]);
    expect(chains).to.deep.equal([[[['eval', 'S', '1', 'k']], [['wait', '1', '500']]]]);
    expect(told).to.have.length(3);
    expect(await adapted().pipeline([]).exec()).to.deep.equal([]);
  });

  it('chains on the node of the key in a cluster', async () => {
    const { chains, adapted } = clientOf('cluster', () => 1, more.cluster);
    await adapted()
      .pipeline([['asking'], ['eval', 'S', 1, 'k'], ['wait', 1, 500]])
      .exec();
    expect(chains[0]?.[1]).to.deep.equal(['k', false, ['eval', 'S', '1', 'k']]);
    expect(chains[0]).to.have.length(3);
  });

  it('can take back what was sent in one go, and nothing that is sent after', async () => {
    const { told, adapted } = clientOf('single');
    const asked = adapted();
    const { signal } = new AbortController();
    const work = () => {
      void asked.get('within');
      return 'done';
    };
    expect(asked.sending?.(signal, work)).to.equal('done');
    expect(() =>
      asked.sending?.(signal, () => {
        throw new Error('no');
      }),
    ).to.throw('no');
    await asked.get('after');
    expect(told.map(([, each]) => (each as typeof options).abortSignal)).to.deep.equal([signal, undefined]);
  });

  it('says whether it is there: a single one by its events, others in themselves', () => {
    const cases: [Kind, object, string][] = [
      ['single', {}, 'ready'],
      ['single', { isReady: false }, 'connecting'],
      ['single', { isReady: undefined }, 'ready'],
      ['single', { isOpen: false }, 'end'],
      ['sentinel', { isReady: false }, 'ready'],
      ['cluster', { ...more.cluster, isReady: false }, 'ready'],
      ['cluster', { ...more.cluster, isOpen: false }, 'end'],
    ];
    for (const [kind, state, status] of cases)
      expect(clientOf(kind, undefined, state).adapted().status, `${kind} ${JSON.stringify(state)}`).to.equal(status);
  });

  it('hears and forgets events, and closes, however the client ends', async () => {
    const { client, events, adapted } = clientOf('single');
    const asked = adapted();
    const listener = () => undefined;
    asked.on('ready', listener);
    expect(events.listenerCount('ready')).to.equal(1);
    asked.off('ready', listener);
    expect(events.listenerCount('ready')).to.equal(0);
    asked.disconnect();
    await eventually(async () => expect(client.destroyed).to.equal(1));
    const failing = clientOf('single', undefined, { destroy: () => Promise.reject(new Error('It is closed.')) });
    failing.adapted().disconnect();
  });

  it('has nodes where it is a cluster: masters, or replicas too, each asked by its own connection', async () => {
    const own = clientOf('single');
    const asked: unknown[] = [];
    const nodeClient = (of: unknown) => {
      asked.push(of);
      return Promise.resolve(own.client);
    };
    const replica = { host: '10.0.0.2', port: 7001 };
    const { adapted } = clientOf('cluster', undefined, { nodeClient, masters: [node], replicas: [replica] });
    const cluster = adapted();
    expect(cluster.nodes?.('master').map(({ options: of }) => of)).to.deep.equal([node]);
    expect(cluster.nodes?.('all').map(({ options: of }) => of)).to.deep.equal([node, replica]);
    const [first] = cluster.nodes?.('master') ?? [];
    await first?.get('key');
    expect(asked).to.deep.equal([node]);
    expect(own.told).to.deep.equal([[['get', 'key'], options]]);
    expect(first?.nodes, 'a node is no cluster').to.equal(undefined);
    expect(clientOf('cluster', undefined, { nodeClient }).adapted().nodes?.('all')).to.deep.equal([]);
    expect(clientOf('single').adapted()).to.not.have.any.keys('nodes', 'options');
  });

  it('has a connection more, which connects before it is asked and ends with its origin', async () => {
    const { client, copies, adapted } = clientOf('single');
    const second = adapted().duplicate();
    const [copy] = copies;
    expect(copy?.events.listenerCount('error')).to.equal(1);
    await second.get('key');
    expect(copy?.client.connected).to.equal(1);
    await second.pipeline([['wait', 1, 5]]).exec();
    expect(copy?.client.connected, 'once').to.equal(1);
    copy!.client.isOpen = false;
    await second.get('key');
    expect(copy?.client.connected, 'anew where it was lost').to.equal(2);
    expect(copy?.client.destroyed).to.equal(0);
    client.isOpen = false;
    await eventually(async () => expect(copy?.client.destroyed).to.equal(1));
    copy!.client.isOpen = false;
    await second.get('key');
    expect(copy?.client.connected, 'not where its origin ended').to.equal(2);
  });

  it('is its own second where the package makes none, and stays open', async () => {
    const { client, told, adapted } = clientOf('sentinel', undefined, { duplicate: undefined });
    const second = adapted().duplicate();
    await second.get('key');
    expect(told).to.have.length(1);
    second.disconnect();
    await sleep(5);
    expect(client.destroyed).to.equal(0);
  });

  it('waits for replicas by one chain at a time where others read by its connection, and not for who gave up', async () => {
    const ends: (() => void)[] = [];
    const confirmed = () => new Promise((resolve) => ends.push(() => resolve('1')));
    for (const [more, atOnce] of [
      [{ duplicate: undefined }, 1],
      [{}, 4],
    ] as const) {
      const { chains, copies, adapted } = clientOf('sentinel', confirmed, more);
      const second = adapted().duplicate();
      const gaveUp = new AbortController();
      const begin = (signal = new AbortController().signal) =>
        second.sending!(signal, () => second.pipeline([['wait', 1, 5]]).exec());
      const told = [begin(), begin(gaveUp.signal), begin(), begin()];
      const failed = told[1]!.catch((error: unknown) => (error as Error).name);
      await sleep(5);
      const sent = copies[0]?.chains ?? chains;
      expect(sent).to.have.length(atOnce);
      gaveUp.abort();
      while (sent.length < (atOnce === 1 ? 3 : 4) || ends.length > 0) {
        ends.shift()?.();
        await sleep(5);
      }
      expect(await Promise.all([told[0], told[2], told[3]])).to.deep.equal(Array(3).fill([[null, '1']]));
      expect(await failed).to.deep.equal(atOnce === 1 ? 'AbortError' : [[null, '1']]);
    }
  });
});
