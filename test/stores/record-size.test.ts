// What a usual person takes of Redis: a store of millions of people lives or dies by it.
import { expect } from 'chai';
import { openRedisStore } from '../support/redis.js';
import { usualPerson } from '../support/usual-person.js';

describe('a usual person in Redis', function () {
  this.timeout(120_000);

  it('takes 1.2 KB at most: an authenticator app, ten backup codes, two browsers, eight lines of activity', async () => {
    const opened = await openRedisStore();
    try {
      const id = 'f3b9c2d4-7a61-4e0f-9b52-0c8d1e6a7f43';
      await usualPerson(opened.store, id);
      const { record } = await opened.store.load(id);
      expect(record?.authenticators.map(({ kind }) => kind)).to.have.members(['totp', 'backup-codes']);
      expect(record?.known).to.have.length(2);
      expect(record?.activity?.rows).to.have.length(8);
      const key = `${opened.namespace}:{${id}}:record`;
      const stored = (await opened.redis.get(key)) ?? '';
      expect(await opened.redis.memory('USAGE', key), stored).to.be.at.most(1200);
    } finally {
      await opened.close();
    }
  });
});
