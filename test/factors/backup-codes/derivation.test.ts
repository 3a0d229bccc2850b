// With real derivations: what is bounded is cores and memory, so a stand-in would prove nothing.
import { availableParallelism } from 'node:os';
import { expect } from 'chai';
import { isMfaError } from '../../../src/core/words/errors.js';
import { cryptoRandom } from '../../../src/crypto/random.js';
import { createSealer } from '../../../src/crypto/seal.js';
import { createDerivationQueue } from '../../../src/factors/backup-codes/derivation.js';
import { hashCode } from '../../../src/factors/backup-codes/hash-code.js';
import { secretOfTheApp } from '../../support/factor-context.js';

const sealer = createSealer({ secrets: [secretOfTheApp], namespace: 'acme' });
const salt = Buffer.from(cryptoRandom.bytes(16)).toString('base64url');
const derive = () => hashCode(sealer, 'ann', 'K7QF3XTM', { salt, keyId: sealer.keyId });

/** A derivation that notes who else was being served while it ran. */
function gauge() {
  const running: string[] = [];
  const seen = { most: 0, sameUser: false, order: [] as string[] };
  const work = (userId: string) => async () => {
    if (running.includes(userId)) seen.sameUser = true;
    running.push(userId);
    seen.order.push(userId);
    seen.most = Math.max(seen.most, running.length);
    const hash = await derive();
    running.splice(running.indexOf(userId), 1);
    return hash;
  };
  return { seen, work };
}

describe('the derivation queue', () => {
  it('runs as many at once as allowed, and gives everybody their result', async () => {
    const queue = createDerivationQueue({ concurrency: 2 });
    const { seen, work } = gauge();
    const users = ['a', 'b', 'c', 'd', 'e', 'f'];
    const hashes = await Promise.all(users.map((user) => queue.run(user, work(user))));
    expect(seen.most).to.equal(2);
    expect(new Set(hashes)).to.deep.equal(new Set([await derive()]));
  });

  it('serves one person one at a time, and others meanwhile', async () => {
    const queue = createDerivationQueue({ concurrency: 2 });
    const { seen, work } = gauge();
    await Promise.all(['a', 'a', 'a', 'a', 'b'].map((user) => queue.run(user, work(user))));
    expect(seen.sameUser).to.equal(false);
    expect(seen.most).to.equal(2);
    expect(seen.order.slice(0, 2)).to.have.members(['a', 'b']);
  });

  it('refuses as busy when the line is full, and takes people again when it is not', async () => {
    const queue = createDerivationQueue({ concurrency: 1, limit: 2 });
    const { work } = gauge();
    const outcomes = await Promise.allSettled(['a', 'b', 'c', 'd', 'e'].map((user) => queue.run(user, work(user))));
    expect(outcomes.map(({ status }) => status)).to.deep.equal([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
    ]);
    const [refusal] = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    if (!isMfaError(refusal)) throw refusal;
    expect(refusal).to.include({ code: 'server.busy', status: 503 });
    expect(refusal.details.retryAfterSeconds).to.be.a('number').and.at.least(1);
    expect(await queue.run('f', work('f'))).to.equal(await derive());
  });

  it('lets somebody else through while one person alone fills the line', async () => {
    const queue = createDerivationQueue({ concurrency: 2, limit: 3 });
    const { work } = gauge();
    const flood = Promise.allSettled(Array.from({ length: 10 }, () => queue.run('a', work('a'))));
    expect(await queue.run('b', work('b'))).to.equal(await derive());
    expect((await flood).filter(({ status }) => status === 'fulfilled')).to.have.length(4);
  });

  it('frees the place of work that failed', async () => {
    const queue = createDerivationQueue({ concurrency: 1 });
    const failed = queue.run('a', () => Promise.reject(new Error('no memory')));
    const after = queue.run('a', derive);
    expect(await failed.catch((error: unknown) => (error as Error).message)).to.equal('no memory');
    expect(await after).to.equal(await derive());
  });

  it('runs as many at once as there are cores unless told otherwise', async () => {
    const queue = createDerivationQueue();
    const { seen, work } = gauge();
    const users = Array.from({ length: availableParallelism() + 2 }, (_, at) => `user ${at}`);
    await Promise.all(users.map((user) => queue.run(user, work(user))));
    expect(seen.most).to.equal(availableParallelism());
  });
});
