// A database that is paused, killed, or has no connection to spare is told within the deadline, and is used again as soon as it is there.
import { expect } from 'chai';
import type { Knex } from 'knex';
import { emptyRecord } from '../../../src/core/kernel/record.js';
import type { MfaStore } from '../../../src/core/kernel/ports.js';
import { sqlStore } from '../../../src/sql.js';
import { startMariadb, startPostgres, type Database } from '../../support/databases.js';
import { eventually } from '../../support/eventually.js';
import { openSqlite, sqliteKnex } from '../../support/sqlite.js';

type Told = { name?: string; code?: string; status?: number; cause?: Error; message?: string };

async function failure(asked: Promise<unknown>): Promise<Told> {
  try {
    await asked;
    return {};
  } catch (error) {
    return error as Told;
  }
}

async function expectDown(store: MfaStore): Promise<void> {
  const asked = [
    store.load('u'),
    store.save('u', emptyRecord('late'), undefined),
    store.claim('k', 'u'),
    store.put('u', 'flow', 'x', 60),
    store.take('u', 'flow'),
    store.increment('u', 'sent', 60),
  ];
  for (const told of await Promise.all(asked.map(failure)))
    expect(told).to.include({ name: 'MfaError', code: 'store.unavailable', status: 503 });
}

for (const [name, start] of Object.entries({ PostgreSQL: startPostgres, MariaDB: startMariadb })) {
  describe(`sqlStore on a ${name} that fails`, () => {
    let database: Database;
    let knex: Knex;
    let store: MfaStore;
    const options = { namespace: 'down', timeoutMs: 500 };

    before(async () => {
      database = await start();
      knex = database.connect({ pool: { min: 0, max: 3 } });
      store = sqlStore(knex, options);
      await store.migrations?.migrate();
      await eventually(async () => {
        await store.save('kept', emptyRecord('kept'), undefined);
      }, 30);
    });
    after(() => database.close());

    const isUp = () =>
      eventually(async () => expect((await store.load('kept')).record).to.deep.equal(emptyRecord('kept')), 60);

    it('answers 503 while it is paused, gives the connections up, and goes on when it answers again', async () => {
      await database.pause();
      await expectDown(store);
      await expectDown(store);
      database.resume();
      await isUp();
    });

    it('answers 503 while it is killed, and goes on when it is back, with what was committed', async () => {
      await database.kill();
      await expectDown(store);
      await database.start();
      await isUp();
    });

    it('answers 503 while the host holds every connection, and never sends later what nobody waits for', async () => {
      const held = await Promise.all([1, 2, 3].map(() => knex.transaction()));
      await expectDown(store);
      await Promise.all(held.map((transaction) => transaction.rollback()));
      await isUp();
      expect(await store.load('u')).to.deep.equal({});
      expect(await store.claim('k')).to.equal(undefined);
    });

    it('refuses a transaction of Knex, and says nothing of values in its errors', async () => {
      const transaction = await knex.transaction();
      expect(() => sqlStore(transaction, options))
        .to.throw(/transaction/)
        .that.includes({ code: 'config.invalid_option' });
      await transaction.rollback();
      await knex.raw('DROP TABLE mfa_transients');
      const { message, cause } = await failure(store.put('u', 'flow', 'SECRET', 60));
      expect(message).to.include('mfa_transients');
      expect(`${message} ${cause?.message} ${JSON.stringify(cause)}`).not.to.match(/SECRET|INSERT|534543524554/);
      expect((await failure(store.ready?.() ?? Promise.resolve())).code).to.equal(undefined);
    });

    it('never takes what cannot be read for "no record", and walks on to the others', async () => {
      for (const [id, record] of Object.entries({ spoilt: '{"v":1', empty: 'null', newer: '{"v":99}' })) {
        await store.save(id, emptyRecord(id), undefined);
        await knex.raw('UPDATE mfa_records SET record = ? WHERE user_id = ?', [record, id]);
        expect((await failure(store.load(id))).code, id).to.equal('store.unavailable');
        expect(await store.save(id, emptyRecord('mine'), undefined)).to.equal(undefined);
      }
      const met: string[] = [];
      for await (const { userId, unread } of store.scan()) met.push(`${userId}: ${unread ? unread.code : 'read'}`);
      expect(met).to.have.members([
        'kept: read',
        ...['spoilt', 'empty', 'newer'].map((id) => `${id}: store.unavailable`),
      ]);
      expect(await store.remove('spoilt')).to.equal(true);
      expect(await store.load('spoilt')).to.have.all.keys('revision');
    });
  });
}

describe('sqlStore on SQLite while another process writes', () => {
  it('waits off the event loop, answers 503 at the deadline, and saves as soon as the other is done', async () => {
    const { knex, filename, close } = await openSqlite();
    const store = sqlStore(knex, { namespace: 'busy', timeoutMs: 300 });
    await store.migrations?.migrate();
    const other = sqliteKnex(filename);
    await other.raw('BEGIN EXCLUSIVE');
    let turns = 0;
    const ticking = setInterval(() => (turns += 1), 5);
    await expectDown(store);
    clearInterval(ticking);
    expect(turns, 'the event loop went on').to.be.above(5);
    const patient = sqlStore(knex, { namespace: 'busy', timeoutMs: 30_000 });
    const saved = patient.save('u', emptyRecord('e'), undefined);
    await other.raw('COMMIT');
    expect(await saved).to.be.a('string');
    expect((await patient.load('u')).record?.epoch).to.equal('e');
    await other.destroy();
    await close();
  });
});
