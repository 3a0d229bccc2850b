// The tables on SQLite, by our command and by the host's own migrations: the same ones, made again without harm, and gone whole.
import { expect } from 'chai';
import type { Knex } from 'knex';
import { sqlMigrations, sqlStore } from '../../src/sql.js';
import { patienceMs } from '../support/patience.js';
import { openSqlite } from '../support/sqlite.js';

describe('the tables on SQLite', () => {
  let opened: Awaited<ReturnType<typeof openSqlite>>;
  beforeEach(async () => (opened = await openSqlite()));
  afterEach(() => opened.close());

  const names = sqlMigrations.map(({ name }) => name);
  const ours = () => sqlStore(opened.knex, { namespace: 'any', timeoutMs: patienceMs }).migrations!;
  const statusOf = async () => (await ours().status()).flatMap(({ name, made }) => (made ? [name] : []));
  const definitions = async (knex = opened.knex) => {
    const rows = await knex<{ name: string; sql: string }>('sqlite_master').whereNotNull('sql').orderBy('name');
    return new Map(rows.map(({ name, sql }) => [name, sql]));
  };
  const each = async (migrations: typeof sqlMigrations, way: 'up' | 'down', on: Knex = opened.knex) => {
    for (const migration of migrations) await migration[way](on);
  };

  it('are the same whoever makes them, also again, and within a transaction of the host', async () => {
    await opened.knex.transaction((transaction) => each(sqlMigrations, 'up', transaction));
    const made = await definitions();
    expect(await statusOf()).to.deep.equal(names);
    await each(sqlMigrations, 'up');
    expect(await ours().migrate()).to.deep.equal([]);
    expect(await definitions()).to.deep.equal(made);
    const { knex, close } = await openSqlite();
    expect(await sqlStore(knex, { namespace: 'any', timeoutMs: patienceMs }).migrations?.migrate()).to.deep.equal(
      names,
    );
    expect(await definitions(knex)).to.deep.equal(made);
    await close();
  });

  it('are indexed by what the audit log is asked for, and by what lapses', async () => {
    await ours().migrate();
    const indexes = await opened
      .knex('sqlite_master')
      .where({ type: 'index' })
      .whereNotNull('sql')
      .orderBy('name')
      .pluck('name');
    expect(indexes).to.deep.equal([
      'mfa_audit_entries_flow',
      'mfa_audit_entries_subject',
      'mfa_audit_entries_watched',
      'mfa_transients_expires_at',
    ]);
  });

  for (const [who, back] of [
    ['our command', async (name: string) => expect(await ours().rollback()).to.equal(name)],
    ['the host', (name: string) => sqlMigrations.find((one) => one.name === name)?.down(opened.knex)],
  ] as const)
    it(`are gone, and so is that they were made, once ${who} took back each step`, async () => {
      await ours().migrate();
      for (const name of [...names].reverse()) {
        await back(name);
        expect(await statusOf()).to.deep.equal(names.slice(0, names.indexOf(name)));
      }
      expect([...(await definitions()).keys()]).to.deep.equal(['mfa_migrations']);
    });
});
