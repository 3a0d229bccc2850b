// Values sealed anew with the newest secret: of many records, of one person, and amid an answer, which costs nothing.
import { expect } from 'chai';
import { aboutUser } from '../../../src/core/kernel/kernel.js';
import { transact } from '../../../src/core/kernel/transact.js';
import { rotateMany, rotateUser } from '../../../src/core/operators/rotate.js';
import { totp } from '../../../src/factors/totp/totp.js';
import type { ShownSecret } from '../../../src/factors/totp/enrollment.js';
import { appCode } from '../../factors/totp/fixture.js';
import { secretOfTests, testKernel, watchedStore, type WatchedStore } from '../../support/core-kernel.js';
import { personOf, saidOf } from '../../support/core-person.js';

const newest = 'the newest secret of the tests, thirty-two bytes';

describe('the rotation of many records', () => {
  it('begins anew, alone, what a rival changed meanwhile, and makes no record of who has gone', async () => {
    const kernel = testKernel({ factors: [totp()] });
    const ids = ['ann', 'bob', 'cleo', 'dan'];
    for (const id of ids) {
      const person = personOf(kernel, id);
      const { secret } = (await person.begin('totp', 'page')) as ShownSecret;
      await person.confirm('totp', { code: appCode(secret, kernel.now()) });
    }
    const rotating = kernel.withSecrets(newest, secretOfTests);
    const met = [];
    for await (const { userId, record, revision } of rotating.store.scan()) {
      if (record) met.push({ userId, record, revision });
    }
    await transact(kernel, aboutUser('bob'), (record) => ({
      result: undefined,
      save: { ...record, skipped: { rival: 1 } },
    }));
    await kernel.store.remove('cleo');
    const done = await rotateMany(rotating, met);
    expect(met.map(({ userId }, at) => [userId, done[at]?.resealed])).to.have.deep.members([
      ['ann', 2],
      ['bob', 2],
      ['cleo', 0],
      ['dan', 2],
    ]);
    for (const id of ['ann', 'bob', 'dan'])
      expect(await rotateUser(rotating, id), id).to.deep.equal({ resealed: 0, renews: false, left: [] });
    expect((await kernel.recordOf('bob')).skipped).to.deep.equal({ rival: 1 });
    expect(await kernel.store.load('cleo')).to.have.all.keys('revision');
    expect((await rotateMany(rotating, [])).length).to.equal(0);
  });
});

describe('the rotation of one record', () => {
  it('goes on where rivals were faster a hundred times, and loses nothing of theirs', async () => {
    let watched!: WatchedStore;
    const kernel = testKernel({ factors: [totp()], store: (memory) => (watched = watchedStore(memory)) });
    const person = personOf(kernel);
    const { secret } = (await person.begin('totp', 'page')) as ShownSecret;
    await person.confirm('totp', { code: appCode(secret, kernel.now()) });
    const rotating = kernel.withSecrets(newest, secretOfTests);
    let rivals = 0;
    const rival = async (): Promise<void> => {
      if (rivals === 100) return;
      rivals += 1;
      watched.beforeSave = () => undefined;
      await transact(kernel, aboutUser('ann'), (record) => ({
        result: undefined,
        save: { ...record, skipped: { rival: rivals } },
      }));
      watched.beforeSave = rival;
    };
    watched.beforeSave = rival;
    expect(await rotateUser(rotating, 'ann')).to.include({ resealed: 2, renews: true });
    expect(rivals).to.equal(100);
    expect((await kernel.recordOf('ann')).skipped).to.deep.equal({ rival: 100 });
  });

  it('lets a right code through that was weighed before it, once', async () => {
    let watched!: WatchedStore;
    const kernel = testKernel({ factors: [totp()], store: (memory) => (watched = watchedStore(memory)) });
    const person = personOf(kernel);
    const { secret } = (await person.begin('totp', 'page')) as ShownSecret;
    expect(saidOf(await person.confirm('totp', { code: appCode(secret, kernel.now()) }))).to.equal('accepted');
    const rotating = kernel.withSecrets(newest, secretOfTests);
    const { sealer } = rotating;
    const { epoch } = await kernel.recordOf('ann');
    kernel.clock.now += 60;

    watched.beforeSave = async () => {
      watched.beforeSave = () => undefined;
      expect(await rotateUser(rotating, 'ann')).to.deep.equal({ resealed: 2, renews: true, left: [] });
    };
    const said = saidOf(await personOf(rotating).verify('totp', { code: appCode(secret, kernel.now()) }));
    expect(said).to.equal('accepted');
    const record = await kernel.recordOf('ann');
    const { secret: sealed } = record.authenticators[0]?.data as { secret: string };
    expect(sealer.isCurrent(sealed)).to.equal(true);
    expect(record.epoch).to.equal(epoch);
    expect(await rotateUser(rotating, 'ann')).to.deep.equal({ resealed: 0, renews: false, left: [] });
    expect(saidOf(await personOf(rotating).verify('totp', { code: appCode(secret, kernel.now()) }))).not.to.equal(
      'accepted',
    );
  });

  it('makes no record of somebody who has none', async () => {
    const kernel = testKernel();
    expect(await rotateUser(kernel, 'nobody')).to.deep.equal({ resealed: 0, renews: false, left: [] });
    expect(await kernel.store.load('nobody')).to.deep.equal({});
  });
});
