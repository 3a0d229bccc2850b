// One store of two: the contract over SQLite and Redis, and what it is where one of both is missing something.
import { expect } from 'chai';
import type { MfaStore } from '../../src/core/kernel/ports.js';
import { emptyRecord } from '../../src/core/kernel/record.js';
import { memoryStore } from '../../src/index.js';
import { splitStore, sqlStore } from '../../src/sql.js';
import { migrationsOfAll } from '../../src/stores/all-migrations.js';
import { storeContract } from '../../src/testing/store-contract.js';
import { patienceMs } from '../support/patience.js';
import { openRedisStore } from '../support/redis.js';
import { openSqlite, sqliteDuring, sqliteKnex } from '../support/sqlite.js';

describe('splitStore', () => {
  const opened = sqliteDuring();

  const openSplit = async () => {
    const redis = await openRedisStore({ warn: () => undefined });
    const records = sqlStore(opened().knex, { namespace: redis.namespace, timeoutMs: patienceMs });
    return {
      store: splitStore({ records, transients: redis.store }),
      records,
      transients: redis.store,
      close: redis.close,
    };
  };

  storeContract('splitStore of SQLite and Redis', openSplit);

  it('of two databases of which one is a step behind: names the step that it takes back', async () => {
    const databases = [await openSqlite(), await openSqlite()];
    const [records, transients] = databases.map(({ knex }) => sqlStore(knex, { namespace: 'any' })) as [
      MfaStore,
      MfaStore,
    ];
    const split = splitStore({ records, transients });
    const [first = '', last = ''] = (await split.migrations?.migrate()) ?? [];
    await transients.migrations?.rollback();
    const all = migrationsOfAll([split, transients]);
    for (const name of [last, first]) {
      expect(await all?.last()).to.equal(name);
      expect(await all?.rollback()).to.equal(name);
    }
    for (const { migrations } of [records, transients])
      expect((await migrations?.status())?.filter(({ made }) => made)).to.deep.equal([]);
    for (const { close } of databases) await close();
  });

  it('keeps records and claims in the one, and what lapses in the other', async () => {
    const { store, records, transients, close } = await openSplit();
    const revision = await store.save('u', emptyRecord('e'), undefined);
    await store.claim('k', 'u');
    await store.put('u', 'flow', 'x', 60);
    expect(await records.load('u')).to.deep.equal({ record: emptyRecord('e'), revision });
    expect(await transients.load('u')).to.deep.equal({});
    expect([await records.claim('k'), await transients.claim('k')]).to.deep.equal(['u', undefined]);
    expect([await records.get('u', 'flow'), await transients.get('u', 'flow')]).to.deep.equal([undefined, 'x']);
    expect(store).to.include({ name: 'sql+redis', namespace: records.namespace });
    expect(await store.migrations?.status()).to.deep.equal(await records.migrations?.status());
    await store.ready?.();
    expect(await store.count?.()).to.equal(1);
    expect((await store.examine?.())?.serverTimeMs).to.be.a('number');
    expect(await store.within?.((own) => own.get('u', 'flow'))).to.equal('x');
    await close();
  });

  it('is ready where both are, and wrong where either is', async () => {
    const empty = sqliteKnex(':memory:');
    const { transients, close } = await openSplit();
    const records = sqlStore(empty, { namespace: transients.namespace ?? '' });
    const refused = await splitStore({ records, transients })
      .ready?.()
      .catch((error: unknown) => error);
    expect(refused).to.include({ code: 'config.store_not_migrated' });
    await empty.destroy();
    await close();
  });

  it('counts as memory where either is, a database without a file among them', () => {
    const memory = memoryStore();
    const file = { ...sqlStore(opened().knex, { namespace: 'memory' }) };
    expect(splitStore({ records: file, transients: memory }).name).to.equal('memory');
    expect(splitStore({ records: memory, transients: file }).name).to.equal('memory');
    for (const filename of [':memory:', '']) {
      const nowhere = sqliteKnex(filename);
      expect(sqlStore(nowhere, { namespace: 'memory' }).name).to.equal('memory');
      void nowhere.destroy();
    }
    expect(file.name).to.equal('sql');
  });

  it('refuses two namespaces, and what is no store', () => {
    const [one, other] = ['one', 'other'].map((namespace) => sqlStore(opened().knex, { namespace })) as [
      MfaStore,
      MfaStore,
    ];
    const refuses = (options: unknown, code = 'config.invalid_option') =>
      expect(() => splitStore(options as never))
        .to.throw()
        .that.includes({ code });
    refuses({ records: one, transients: other });
    refuses({ records: one });
    refuses({ transients: one });
    refuses({ records: one, transients: one, cache: one }, 'config.unknown_option');
  });
});
