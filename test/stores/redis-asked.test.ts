// How Redis is asked: within a deadline, the wait for a connection included, and every failure as one error that tells no argument.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { MfaError } from '../../src/core/words/errors.js';
import { askWithin, isRefusal, mastersOf, storeUnavailable, unlessRefused } from '../../src/stores/redis-client.js';
import { redisStandIn } from '../support/redis-stand-in.js';
import { codeOf, rejectionOf, thrownBy } from '../support/thrown.js';

const never = () => new Promise<never>(() => undefined);
const patienceMs = 30_000;

describe('asking Redis', () => {
  it('answers what was answered, and hands on how long that may take', async () => {
    const ask = askWithin(redisStandIn({}), patienceMs);
    expect(await ask('trying', (ms) => Promise.resolve(ms))).to.equal(patienceMs);
  });

  it('gives up at the deadline, and sends nothing where there is none left', async () => {
    const error = await rejectionOf(askWithin(redisStandIn({}), 20)('trying', never));
    expect(error).to.include({ code: 'store.unavailable', status: 503 });
    expect(error.message).to.equal('Redis failed while trying: No answer within 20 ms.');
    let sent = 0;
    const count = () => Promise.resolve((sent += 1));
    const none = await rejectionOf(askWithin(redisStandIn({}), 0)('trying', count));
    expect(none.message).to.include('within 0 ms');
    expect(sent).to.equal(0);
  });

  for (const status of ['connecting', 'connect', 'reconnecting', 'close', 'disconnecting'])
    for (const event of ['ready', 'end'])
      it(`waits for a client that says "${status}" until it is heard of: ${event}`, async () => {
        const client = redisStandIn({}, { status });
        const ask = askWithin(client, patienceMs);
        const sent: number[] = [];
        const answers = [1, 2, 3].map((each) => ask('trying', () => Promise.resolve(sent.push(each))));
        await sleep(5);
        expect(sent).to.deep.equal([]);
        expect([client.events.listenerCount('ready'), client.events.listenerCount('end')]).to.deep.equal([1, 1]);
        client.events.emit(event);
        await Promise.all(answers);
        expect(sent).to.deep.equal([1, 2, 3]);
        expect([client.events.listenerCount('ready'), client.events.listenerCount('end')]).to.deep.equal([0, 0]);
        const later = ask('trying', () => Promise.resolve(sent.push(4)));
        expect(client.events.listenerCount('ready'), 'waits anew').to.equal(1);
        client.events.emit(event);
        await later;
      });

  for (const status of ['ready', 'wait', 'end', undefined])
    it(`asks a client at once that says ${status ?? 'nothing'}`, async () => {
      const ask = askWithin(redisStandIn({}, status === undefined ? {} : { status }), patienceMs);
      expect(await ask('trying', () => Promise.resolve('answered'))).to.equal('answered');
    });

  it('never sends what was given up before there was a connection', async () => {
    const client = redisStandIn({}, { status: 'connecting' });
    let sent = 0;
    const given = askWithin(client, 20)('trying', () => Promise.resolve((sent += 1)));
    expect(await codeOf(given)).to.equal('store.unavailable');
    client.events.emit('ready');
    await sleep(5);
    expect(sent).to.equal(0);
  });

  it('tells a client that can take back what it was sent when nobody waits any more, and only then', async () => {
    const signals: AbortSignal[] = [];
    const client = redisStandIn(
      {},
      {
        sending(signal, work) {
          signals.push(signal);
          return work();
        },
      },
    );
    expect(await askWithin(client, patienceMs)('trying', (ms) => Promise.resolve(ms))).to.equal(patienceMs);
    expect(await codeOf(askWithin(client, 20)('trying', never))).to.equal('store.unavailable');
    expect(signals.map(({ aborted }) => aborted)).to.deep.equal([false, true]);
  });

  it('says once that it waits no more: when it was answered, failed or gave up', async () => {
    const ways: [send: () => Promise<unknown>, ms: number][] = [
      [() => Promise.resolve(1), patienceMs],
      [() => Promise.reject(new Error('Gone.')), patienceMs],
      [() => sleep(30), 10],
      [never, 0],
    ];
    for (const [send, ms] of ways) {
      let ended = 0;
      const ask = askWithin(redisStandIn({}), { begin: () => ({ ms, end: () => void (ended += 1) }) });
      await ask('trying', send).catch(() => undefined);
      await sleep(40);
      expect(ended, `${ms} ms`).to.equal(1);
    }
  });

  it('fails as one error, whose cause has name, code and message, and no argument', async () => {
    const failed = Object.assign(new Error("ERR unknown command 'evalx', with args beginning with: 'SECRET'\n'MORE'"), {
      name: 'ReplyError',
      code: 'ECODE',
      command: { args: ['SECRET'] },
    });
    const error = await rejectionOf(askWithin(redisStandIn({}), patienceMs)('trying', () => Promise.reject(failed)));
    expect(error.message).to.equal("Redis failed while trying: ERR unknown command 'evalx'");
    expect(error.cause).to.include({ name: 'ReplyError', code: 'ECODE', message: "ERR unknown command 'evalx'" });
    expect(error.cause).to.not.have.property('command');
    const bare = storeUnavailable('trying', {});
    expect(bare.message).to.equal('Redis failed while trying: unknown');
    expect(bare.cause).to.include({ name: 'Error' }).and.to.not.have.property('code');
    expect(storeUnavailable('trying', new Error("a with args beginning with: 'b'")).message).to.match(/: a$/);
  });

  it('tells a refusal of the command from all else', () => {
    const cases: [unknown, boolean][] = [
      [storeUnavailable('trying', new Error('NOPERM no')), true],
      [storeUnavailable('trying', new Error('ERR unknown')), true],
      [storeUnavailable('trying', new Error('ERRATIC')), false],
      [storeUnavailable('trying', new Error('LOADING ERR')), false],
      [new Error('NOPERM no'), false],
      [new MfaError('store.unavailable', 'ERR', { cause: new Error('CLUSTERDOWN') }), false],
    ];
    for (const [error, expected] of cases) {
      expect(isRefusal(error), String(error)).to.equal(expected);
      if (expected) expect(unlessRefused(error)).to.equal(undefined);
      else expect(thrownBy(() => unlessRefused(error))).to.equal(error);
    }
  });

  it('finds the servers that take writes: those of a cluster, once it answered, else the one', async () => {
    const single = redisStandIn({ get: () => null });
    const ask = askWithin(single, patienceMs);
    expect(await mastersOf(single, ask, 'any')).to.deep.equal([single]);
    expect(single.asked).to.deep.equal([['get', 'any']]);
    const roles: string[] = [];
    const nodes = (role: string) => {
      roles.push(role);
      return [single, single];
    };
    expect(await mastersOf(redisStandIn({ get: () => null }, { nodes }), ask, 'any')).to.have.length(2);
    expect(roles).to.deep.equal(['master']);
    expect(await codeOf(mastersOf(redisStandIn({}, { nodes }), ask, 'any'))).to.equal('store.unavailable');
  });
});
