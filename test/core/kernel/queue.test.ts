// Rivals in one process wait in line by person: one after the other, no more than a bound, and not each for a store that is down.
import { expect } from 'chai';
import { createQueue } from '../../../src/core/kernel/queue.js';
import { MfaError } from '../../../src/core/words/errors.js';
import { codeOf, rejectionOf } from '../../support/thrown.js';

/** Work that ends when the test says so; what ran is in `ran`, in order. */
function worker() {
  const ran: string[] = [];
  const ends = new Map<string, { resolve: () => void; reject: (error: unknown) => void }>();
  const work = (name: string) => (waited: boolean) => {
    ran.push(waited ? `${name} waited` : name);
    return new Promise<string>((resolve, reject) => ends.set(name, { resolve: () => resolve(name), reject }));
  };
  return {
    ran,
    work,
    end: (name: string) => ends.get(name)!.resolve(),
    fail: (name: string, error: unknown) => ends.get(name)!.reject(error),
  };
}
/** All that can happen without the test doing anything has happened then. */
const settled = () => new Promise((resolve) => setImmediate(resolve));
const down = () => new MfaError('store.unavailable', 'x');

describe('a queue', () => {
  it('runs work under one key one after the other, in its order, and says who waited', async () => {
    const { ran, work, end } = worker();
    const queue = createQueue();
    const all = ['a', 'b', 'c'].map((name) => queue.run('ann', work(name)));
    await settled();
    expect(ran).to.deep.equal(['a']);
    end('a');
    await settled();
    expect(ran).to.deep.equal(['a', 'b waited']);
    end('b');
    await settled();
    end('c');
    expect(await Promise.all(all)).to.deep.equal(['a', 'b', 'c']);
    expect(ran).to.deep.equal(['a', 'b waited', 'c waited']);
    expect(await queue.run('ann', async (waited) => waited)).to.equal(false);
  });

  it('lets nobody wait for somebody else', async () => {
    const { ran, work, end } = worker();
    const queue = createQueue();
    const all = [queue.run('ann', work('a')), queue.run('bob', work('b'))];
    await settled();
    expect(ran).to.deep.equal(['a', 'b']);
    end('b');
    end('a');
    await Promise.all(all);
  });

  it('refuses who comes when as many wait as may, and takes them once one is done', async () => {
    const { ran, work, end } = worker();
    const queue = createQueue(2);
    const all = ['a', 'b'].map((name) => queue.run('ann', work(name)));
    const error = await rejectionOf(queue.run('ann', work('c')));
    expect(error).to.include({ code: 'server.busy', status: 503 });
    expect(error.details).to.deep.equal({ retryAfterSeconds: 5 });
    const other = queue.run('bob', work('other'));
    await settled();
    end('a');
    await settled();
    const again = queue.run('ann', work('d'));
    for (const name of ['b', 'other', 'd']) {
      await settled();
      end(name);
    }
    expect(await Promise.all([...all, other, again])).to.deep.equal(['a', 'b', 'other', 'd']);
    expect(ran.filter((name) => name.startsWith('c'))).to.deep.equal([]);
  });

  it('takes a thousand where nothing else is said', async () => {
    const queue = createQueue();
    const all = Array.from({ length: 1000 }, () => queue.run('ann', async () => 'done'));
    expect(await codeOf(queue.run('ann', async () => 'done'))).to.equal('server.busy');
    expect(new Set(await Promise.all(all))).to.deep.equal(new Set(['done']));
  });

  it('goes on after a failure that is one’s own', async () => {
    const { ran, work, end, fail } = worker();
    const queue = createQueue();
    const faults = [new MfaError('store.conflict', 'x'), new TypeError('x'), { code: 'store.unavailable' }];
    for (const fault of faults) {
      const first = rejectionOf(queue.run('ann', work('a')));
      const second = queue.run('ann', work('b'));
      await settled();
      fail('a', fault);
      expect(await first).to.equal(fault);
      await settled();
      end('b');
      expect(await second).to.equal('b');
    }
    expect(ran).to.have.length(6);
  });

  it('fails all who waited when the store did, and nobody who came after', async () => {
    const { ran, work, end, fail } = worker();
    const queue = createQueue();
    const error = down();
    const waiting = ['a', 'b', 'c'].map((name) => rejectionOf(queue.run('ann', work(name))));
    await settled();
    fail('a', error);
    // As soon as the failure is known, and while they who waited are still in line.
    expect(await waiting[0]).to.equal(error);
    const later = queue.run('ann', work('later'));
    expect(await Promise.all(waiting)).to.deep.equal([error, error, error]);
    await settled();
    end('later');
    expect(await later).to.equal('later');
    expect(ran).to.deep.equal(['a', 'later waited']);
  });

  it('fails those who waited for a second failure with the second', async () => {
    const { work, fail, end } = worker();
    const queue = createQueue();
    const [first, second] = [down(), down()];
    const a = rejectionOf(queue.run('ann', work('a')));
    const b = rejectionOf(queue.run('ann', work('b')));
    await settled();
    fail('a', first);
    expect(await a).to.equal(first);
    const c = rejectionOf(queue.run('ann', work('c')));
    const d = rejectionOf(queue.run('ann', work('d')));
    expect(await b).to.equal(first);
    await settled();
    fail('c', second);
    expect(await c).to.equal(second);
    expect(await d).to.equal(second);
    const last = queue.run('ann', work('last'));
    await settled();
    end('last');
    expect(await last).to.equal('last');
  });

  it('rejects with what the work throws at once as well', async () => {
    const fault = new TypeError('x');
    const thrown = createQueue().run('ann', () => {
      throw fault;
    });
    expect(await rejectionOf(thrown)).to.equal(fault);
  });
});
