// What a fail-over loses where commits do not wait for the standby, and does not where they do: what was answered. Who operates it is
// told beforehand.
import { expect } from 'chai';
import type { Knex } from 'knex';
import { emptyRecord } from '../../../src/core/kernel/record.js';
import { sqlStore } from '../../../src/sql.js';
import { startMariadb, startPostgres, startStandby, type Database } from '../../support/databases.js';
import { eventually } from '../../support/eventually.js';
import { patienceMs } from '../../support/patience.js';

const namespace = 'fail-over';
const storeOn = (knex: Knex, timeoutMs = patienceMs) => sqlStore(knex, { namespace, timeoutMs });

async function valueOf(knex: Knex, sql: string): Promise<unknown> {
  const { rows } = await knex.raw<{ rows: { value: unknown }[] }>(sql);
  return rows[0]?.value;
}

/** Commits wait for it, or not. */
async function followed(isAwaited: boolean) {
  const primary = await startPostgres(["synchronous_standby_names = ''"]);
  const standby = await startStandby(primary);
  const [admin, follower] = [primary.connect(), standby.connect()];
  if (isAwaited) {
    await admin.raw("ALTER SYSTEM SET synchronous_standby_names = '*'");
    await admin.raw('SELECT pg_reload_conf()');
  }
  await eventually(async () => {
    const state = await valueOf(admin, 'SELECT max(sync_state) AS value FROM pg_stat_replication');
    expect(state).to.equal(isAwaited ? 'sync' : 'async');
  }, 30);
  return {
    primary,
    standby,
    /** The line between both is cut: what is committed from now on does not get there. */
    async cut() {
      const written = String(await valueOf(admin, 'SELECT pg_current_wal_lsn()::text AS value'));
      await eventually(async () => {
        const there = `SELECT pg_last_wal_replay_lsn() >= '${written}'::pg_lsn AS value`;
        expect(await valueOf(follower, there)).to.equal(true);
      }, 30);
      await follower.raw("ALTER SYSTEM SET primary_conninfo = ''");
      await follower.raw('SELECT pg_reload_conf()');
      await eventually(async () => {
        expect(Number(await valueOf(admin, 'SELECT count(*) AS value FROM pg_stat_replication'))).to.equal(0);
      }, 30);
    },
    async takeOver() {
      await primary.kill();
      await follower.raw('SELECT pg_promote()');
      await eventually(async () => {
        await storeOn(follower).load('u');
      }, 30);
      return storeOn(follower);
    },
    async close() {
      await standby.close();
      await primary.close();
    },
  };
}

async function warningsOf(knex: Knex): Promise<string> {
  const { findings = [] } = (await storeOn(knex).examine?.()) ?? {};
  return findings.map(({ level, text }) => `${level}: ${text}`).join('\n');
}

const warned = /^warn: .*a server follows this one.* spent codes and lifted locks/;

describe('sqlStore on PostgreSQL after a fail-over to a standby', () => {
  it('that commits did not wait for: what was answered last is undone, a spent code too, and no save from then fits', async () => {
    const { primary, cut, takeOver, close } = await followed(false);
    const store = storeOn(primary.connect());
    await store.migrations?.migrate();
    const before = await store.save('u', emptyRecord('before'), undefined);
    await store.put('u', 'code', 'a code', 600);
    expect(await warningsOf(primary.connect()))
      .to.match(warned)
      .and.include('synchronous_standby_names');
    await cut();
    expect(await store.take('u', 'code')).to.equal('a code');
    const lost = await store.save('u', emptyRecord('after'), before);
    expect(lost).to.be.a('string');

    const later = await takeOver();
    expect(await later.take('u', 'code'), 'given out twice').to.equal('a code');
    expect(await later.load('u')).to.deep.equal({ record: emptyRecord('before'), revision: before });
    expect(await later.save('u', emptyRecord('late'), lost)).to.equal(undefined);
    await close();
  });

  it('that they wait for: what it has not got is never answered, and nothing is given out twice', async () => {
    const { primary, cut, takeOver, close } = await followed(true);
    const store = storeOn(primary.connect(), 1000);
    const patient = storeOn(primary.connect());
    await patient.migrations?.migrate();
    await patient.save('u', emptyRecord('before'), undefined);
    await patient.put('u', 'code', 'a code', 600);
    expect(await warningsOf(primary.connect())).to.equal('');
    await cut();
    const told = await store.take('u', 'code').catch((error: unknown) => error);
    expect(told).to.include({ code: 'store.unavailable' });

    const later = await takeOver();
    expect(await later.take('u', 'code')).to.equal('a code');
    expect(await later.take('u', 'code')).to.equal(undefined);
    expect((await later.load('u')).record).to.deep.equal(emptyRecord('before'));
    await close();
  });
});

describe('sqlStore on a MariaDB that another one follows', () => {
  it('says whether commits wait for it', async () => {
    const servers: Database[] = [];
    try {
      const primary = await startMariadb(['--log-bin=bin', '--server-id=1']);
      servers.push(primary);
      const knex = primary.connect();
      await storeOn(knex).migrations?.migrate();
      expect(await warningsOf(knex)).to.equal('');
      const replica = await startMariadb(['--server-id=2']);
      servers.push(replica);
      const follower = replica.connect();
      const { port } = primary;
      await follower.raw(
        `CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = ${port}, MASTER_USER = 'root', MASTER_PASSWORD = ''`,
      );
      await follower.raw('START SLAVE');
      await eventually(async () => {
        expect(await warningsOf(knex))
          .to.match(warned)
          .and.include('rpl_semi_sync_master_enabled');
      }, 30);
      await knex.raw('SET GLOBAL rpl_semi_sync_master_enabled = ON');
      expect(await warningsOf(knex)).to.equal('');
    } finally {
      for (const server of servers) await server.close();
    }
  });
});
