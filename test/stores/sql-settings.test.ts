// What is said of the settings of a database, by what it answers: wrong, unwise or nothing; of its tables; and of its clock.
import { expect } from 'chai';
import { MfaError } from '../../src/core/words/errors.js';
import { sqlStore } from '../../src/sql.js';
import { checkDatabase, examineDatabase } from '../../src/stores/sql/start-up.js';
import { steps } from '../../src/stores/sql/migrations.js';
import type { Sql } from '../../src/stores/sql/sql.js';
import { knexStandIn } from '../support/knex-stand-in.js';
import { codeOf, rejectionOf } from '../support/thrown.js';

type Name = Sql['dialect']['name'];
type Row = [settings: (string | null)[], says?: 'fail' | 'warn', words?: RegExp];
const well: { [name in Name]: (string | null)[] } = {
  PostgreSQL: ['120000', 'off', 'on', 'on', '', '0'],
  MariaDB: ['10.5.0-MariaDB-1', '1', 'REPEATABLE-READ', '1', '0', '0'],
  SQLite: ['3.35.0'],
};
const as = (name: Name, changed: { [at: number]: string | null }) =>
  well[name].map((value, at) => (at in changed ? (changed[at] ?? null) : value));

const tables: { [name in Name]: Row[] } = {
  PostgreSQL: [
    [well.PostgreSQL],
    [as('PostgreSQL', { 0: '119999' }), 'fail', /needs PostgreSQL 12/],
    [as('PostgreSQL', { 1: 'on' }), 'fail', /read-only/],
    [as('PostgreSQL', { 2: 'off' }), 'warn', /`synchronous_commit` is off, so a crash/],
    [as('PostgreSQL', { 3: 'off' }), 'warn', /`fsync` is off, so a crash/],
    [as('PostgreSQL', { 2: 'off', 3: 'off' }), 'warn', /`fsync` is off/],
    [as('PostgreSQL', { 5: '1' }), 'warn', /follows.*`synchronous_standby_names` is empty/],
    [as('PostgreSQL', { 4: '*', 5: '1' })],
    [as('PostgreSQL', { 2: 'local', 4: '*', 5: '1' }), 'warn', /follows.*`synchronous_commit` is local/],
    [as('PostgreSQL', { 2: 'local' })],
  ],
  MariaDB: [
    [well.MariaDB],
    [as('MariaDB', { 0: '11.0.2-mariadb' })],
    [as('MariaDB', { 0: '10.11.12-MariaDB' })],
    [as('MariaDB', { 0: '10.4.99-MariaDB' }), 'fail', /needs MariaDB 10\.5 or later; this is 10\.4\.99/],
    [as('MariaDB', { 0: '8.0.36' }), 'fail', /this is 8\.0\.36/],
    [as('MariaDB', { 0: '110.5' }), 'fail', /this is 110\.5/],
    [as('MariaDB', { 0: null }), 'fail', /this is another/],
    [as('MariaDB', { 1: '0' }), 'fail', /`autocommit` off/],
    [as('MariaDB', { 2: 'READ-UNCOMMITTED' }), 'fail', /READ UNCOMMITTED/],
    [as('MariaDB', { 3: '2' }), 'warn', /innodb_flush_log_at_trx_commit/],
    [as('MariaDB', { 5: '1' }), 'warn', /follows.*rpl_semi_sync_master_enabled/],
    [as('MariaDB', { 4: '1', 5: '1' })],
    [as('MariaDB', { 4: '1' })],
  ],
  SQLite: [
    [well.SQLite],
    [['4.0.0']],
    [['3.34.9'], 'fail', /needs SQLite 3\.35 or later; this is 3\.34\.9/],
    [['2.99.0'], 'fail', /this is 2\.99\.0/],
    [[null], 'fail', /needs SQLite/],
  ],
};

const migrations = (made = true) => ({
  status: async () => [
    { name: '001', made: true },
    { name: '002', made },
    { name: '003', made },
  ],
  migrate: async () => [],
  rollback: async () => undefined,
});
const databaseOf = (name: Name, settings: (string | null)[]) =>
  ({
    dialect: { name, now: 'NOW' },
    ask: async (_doing: string, text: string) => ({
      rows: [text.endsWith('AS now') ? ['1700000000123'] : settings],
      changed: 0,
    }),
  }) as unknown as Sql;

describe('the settings of a database', () => {
  for (const [name, rows] of Object.entries(tables) as [Name, Row[]][])
    for (const [settings, says, words] of rows)
      it(`${says === undefined ? 'are well' : says === 'warn' ? 'are unwise' : 'are wrong'} on ${name} with ${settings.join(', ')}`, async () => {
        const sql = databaseOf(name, settings);
        const { findings, serverTimeMs } = await examineDatabase('aStore', sql, migrations());
        expect(serverTimeMs).to.equal(1_700_000_000_123);
        expect(findings.map(({ level }) => level)).to.deep.equal(says === undefined ? [] : [says]);
        if (words)
          expect(findings[0]?.text)
            .to.match(/^aStore: .*\.$/)
            .and.match(words);
        const warned: unknown[] = [];
        const emit = process.emitWarning;
        process.emitWarning = (...told: unknown[]) => void warned.push(told);
        const ends = await codeOf(checkDatabase('aStore', sql, migrations())).finally(
          () => (process.emitWarning = emit),
        );
        expect(ends).to.equal(says === 'fail' ? 'config.database_unsuitable' : 'nothing thrown');
        expect(warned).to.deep.equal(says === 'warn' ? [[findings[0]?.text, 'ExpressMfaWarning']] : []);
      });

  it('are not all: tables that are missing are named, to a host and to operators', async () => {
    const sql = databaseOf('SQLite', well.SQLite);
    const refused = await rejectionOf(checkDatabase('aStore', sql, migrations(false)));
    expect(refused.code).to.equal('config.store_not_migrated');
    expect(refused.message).to.match(/^aStore: the database lacks tables \(002, 003\)/);
    const { findings } = await examineDatabase('aStore', sql, migrations(false));
    expect(findings).to.deep.equal([{ level: 'fail', text: refused.message }]);
    for (const failed of [new Error('Gone.'), new MfaError('store.unavailable', 'Gone.')]) {
      const failing = { ...migrations(), status: () => Promise.reject(failed) };
      expect(await rejectionOf(examineDatabase('aStore', sql, failing))).to.equal(failed);
    }
  });
});

describe('the tables of a store in SQL', () => {
  /** What a server answers that has these steps; without `table` it has not even the one that names them. */
  const serverAt = (made: string[], table = true) =>
    knexStandIn((sql) => {
      if (sql.startsWith('SELECT name') && !table) throw Object.assign(new Error('no'), { code: '42P01' });
      if (sql.startsWith('SELECT name')) return made.map((name) => [name]);
      return [['changed']];
    });
  const names = steps.map(({ name }) => name);
  const migrationsAt = (made: string[], table?: boolean) => {
    const seen = serverAt(made, table);
    return { seen, tables: sqlStore(seen.knex, { namespace: 'acme', timeoutMs: 30_000 }).migrations! };
  };

  it('are none where not even the table of steps is there, and unknown where the server fails', async () => {
    expect((await migrationsAt([], false).tables.status()).map(({ made }) => made)).to.deep.equal([false, false]);
    expect(await migrationsAt([], false).tables.rollback()).to.equal(undefined);
    const failing = knexStandIn(() => Promise.reject(Object.assign(new Error('no'), { code: '53300' })));
    const { migrations: tables } = sqlStore(failing.knex, { namespace: 'acme', timeoutMs: 30_000 });
    expect(await codeOf(tables!.status())).to.equal('store.unavailable');
  });

  it('are made step by step, each alone under a lock, and noted as made', async () => {
    const { seen, tables } = migrationsAt(names.slice(0, 1));
    expect(await tables.migrate()).to.deep.equal(names.slice(1));
    const asked = seen.asked.map(({ sql }) => sql.split(/[ (]/).slice(0, 3).join(' '));
    expect(asked.slice(0, 5)).to.deep.equal([
      'BEGIN ISOLATION LEVEL',
      'CREATE TABLE IF',
      'LOCK TABLE mfa_migrations',
      'SELECT name FROM',
      'COMMIT',
    ]);
    expect(asked.filter((sql) => sql === 'INSERT INTO mfa_migrations')).to.have.length(1);
  });

  it('are taken back from the latest step, which is no more among those that were made', async () => {
    const { seen, tables } = migrationsAt([...names].reverse());
    expect(await tables.rollback()).to.equal(names.at(-1));
    const deleted = seen.asked.filter(({ sql }) => sql.startsWith('DELETE'));
    expect(deleted.map(({ sql }) => sql)).to.deep.equal([`DELETE FROM mfa_migrations WHERE name = '${names.at(-1)}'`]);
  });

  it('are locked by a statement of its own on PostgreSQL alone', async () => {
    const seen = knexStandIn((sql) => (sql.startsWith('SELECT name') ? names.map((name) => [name]) : []), 'mysql2');
    const { migrations: tables } = sqlStore(seen.knex, { namespace: 'acme', timeoutMs: 30_000 });
    expect(await tables!.migrate()).to.deep.equal([]);
    expect(seen.asked.some(({ sql }) => sql.startsWith('LOCK'))).to.equal(false);
  });
});
