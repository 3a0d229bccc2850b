// Rivals in processes of their own, on one Redis: every count is exact.
import { openRedisStore } from '../support/redis.js';
import { expectExactRivals } from '../support/store-rivals.js';

describe('redisStore in three processes', function () {
  it('loses no change, and gives every single use to exactly one process', async () => {
    const { store, namespace, close } = await openRedisStore();
    await expectExactRivals(store, { namespace });
    await close();
  });
});
