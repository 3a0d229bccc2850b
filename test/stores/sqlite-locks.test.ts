// SQLite's locks, by what its connection is told: taken before a statement, waited for by whoever asks and never by the process, and
// given back. Two processes on one file are in the tests beside.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { KnexClient } from '../../src/stores/sql/knex-client.js';
import { openSql } from '../../src/stores/sql/sql.js';
import { sqlite } from '../../src/stores/sql/sqlite.js';
import { codeOf, rejectionOf } from '../support/thrown.js';

const { dialect } = sqlite;
const failure = (code: string, message = 'It failed.') => Object.assign(new Error(message), { code });
const busy = failure('SQLITE_BUSY');
const own = 'PRAGMA busy_timeout = 7000';
const none = 'PRAGMA busy_timeout = 0';
const reading = ['BEGIN', 'SELECT 1 FROM sqlite_master LIMIT 1'];

/** A connection that fails by `failures`, of each statement the next one; `response`: what Knex answers a statement. */
function connection(failures: { [sql: string]: Error[] } = {}, response: unknown = []) {
  const told: string[] = [];
  let asked = 0;
  const run = (sql: string) => {
    told.push(sql);
    const failed = failures[sql]?.shift();
    if (failed) throw failed;
    if (sql.startsWith('BEGIN')) handle.inTransaction = true;
    if (sql === 'COMMIT' || sql === 'ROLLBACK') handle.inTransaction = false;
  };
  const handle: { inTransaction: boolean; exec: unknown; prepare: unknown; __knex__disposed?: unknown } = {
    inTransaction: false,
    exec: run,
    prepare: (sql: string) => {
      expect(sql).to.equal('PRAGMA busy_timeout');
      asked += 1;
      return { all: () => [{ timeout: 7000 }] };
    },
  };
  const released: unknown[] = [];
  const client = {
    dialect: 'sqlite3',
    driverName: 'better-sqlite3',
    pool: {},
    acquireConnection: async () => handle,
    releaseConnection: (one: unknown) => void released.push(one),
    query: async (_handle: unknown, { sql }: { sql: string }) => {
      run(`Knex: ${sql}`);
      return { response };
    },
  } as unknown as KnexClient;
  return {
    told,
    handle,
    released,
    asked: () => asked,
    send: (sql: string) => dialect.send(client, handle, sql, []),
    sql: (timeoutMs = 30_000) => openSql('aStore', { client } as never, { namespace: 'acme', timeoutMs }),
  };
}

describe('the locks of SQLite', () => {
  it('are taken before a statement: to read by reading, to write at once; and what the host waits for is put back', async () => {
    const { told, send, asked } = connection();
    await send('SELECT 1');
    expect(told).to.deep.equal([none, ...reading, 'Knex: SELECT 1', 'COMMIT', own]);
    told.length = 0;
    await send('DELETE SELECT');
    expect(told).to.deep.equal([none, 'BEGIN IMMEDIATE', 'Knex: DELETE SELECT', 'COMMIT', own]);
    expect(asked(), 'asked once for each connection').to.equal(1);
  });

  it('are those of the transaction that a statement stands in', async () => {
    const { told, send } = connection();
    for (const sql of ['BEGIN IMMEDIATE', 'SELECT 1', 'ROLLBACK', 'BEGIN IMMEDIATE', 'UPDATE', 'COMMIT'])
      await send(sql);
    expect(told.filter((sql) => !sql.startsWith('PRAGMA'))).to.deep.equal([
      'BEGIN IMMEDIATE',
      'Knex: SELECT 1',
      'ROLLBACK',
      'BEGIN IMMEDIATE',
      'Knex: UPDATE',
      'COMMIT',
    ]);
    expect(told.filter((sql) => sql === own)).to.have.length(6);
  });

  it('are given back where a statement fails, and where they cannot be had', async () => {
    const wrong = connection({ 'Knex: UPDATE': [failure('SQLITE_ERROR')] });
    expect(await codeOf(wrong.send('UPDATE'))).to.equal('SQLITE_ERROR');
    expect(wrong.told).to.deep.equal([none, 'BEGIN IMMEDIATE', 'Knex: UPDATE', 'ROLLBACK', own]);
    const locked = connection({ 'BEGIN IMMEDIATE': [busy] });
    expect(await codeOf(locked.send('UPDATE'))).to.equal('SQLITE_BUSY');
    expect(locked.told).to.deep.equal([none, 'BEGIN IMMEDIATE', own]);
  });

  it('are kept for a while where readers keep a transaction from its end', async () => {
    const soon = connection({ COMMIT: [busy, busy] });
    await soon.send('UPDATE');
    expect(soon.told.slice(2)).to.deep.equal(['Knex: UPDATE', 'COMMIT', 'COMMIT', 'COMMIT', own]);
    const never = connection({ COMMIT: Array<Error>(20).fill(busy) });
    expect(await codeOf(never.send('UPDATE'))).to.equal('SQLITE_BUSY');
    expect(never.told.filter((sql) => sql === 'COMMIT')).to.have.length(20);
    expect(never.told.slice(-2)).to.deep.equal(['ROLLBACK', own]);
    const full = connection({ COMMIT: [failure('SQLITE_FULL')] });
    expect(await codeOf(full.send('UPDATE'))).to.equal('SQLITE_FULL');
    expect(full.told.slice(3)).to.deep.equal(['COMMIT', 'ROLLBACK', own]);
    const several = connection({ COMMIT: [busy] });
    for (const sql of ['BEGIN IMMEDIATE', 'COMMIT']) await several.send(sql);
    expect(several.told.filter((sql) => sql === 'COMMIT')).to.have.length(2);
  });

  it('keep whoever asks waiting for as long as they may, and are asked for again', async () => {
    const soon = connection({ 'BEGIN IMMEDIATE': [busy, busy] });
    await soon.sql().ask('trying', 'UPDATE');
    expect(soon.told.filter((sql) => sql === 'BEGIN IMMEDIATE')).to.have.length(3);
    expect(soon.released).to.have.length(3);
    const never = connection({ 'BEGIN IMMEDIATE': Array<Error>(10_000).fill(busy) });
    expect((await rejectionOf(never.sql(20).ask('trying', 'UPDATE'))).message).to.include('No answer within 20 ms.');
  });

  it('keep a connection from everybody else, though nobody waits for it any more', async () => {
    const { handle, released, sql } = connection({ COMMIT: Array<Error>(10).fill(busy) });
    expect(await codeOf(sql(10).ask('trying', 'UPDATE'))).to.equal('store.unavailable');
    expect(released).to.deep.equal([]);
    for (let tries = 0; released.length === 0 && tries < 600; tries += 1) await sleep(20);
    expect([released.length, handle.inTransaction]).to.deep.equal([1, false]);
    expect(handle).to.not.have.property('__knex__disposed');
  });
});

describe('what SQLite answers', () => {
  it('is rows of texts, or how many rows were written', async () => {
    const rows = [
      { a: 1, b: null, c: 'x' },
      { a: 2, b: '', c: 'y' },
    ];
    expect(await connection({}, rows).send('SELECT 1')).to.deep.equal({
      rows: [
        ['1', null, 'x'],
        ['2', '', 'y'],
      ],
      changed: 2,
    });
    expect(await connection({}, { changes: 3 }).send('UPDATE')).to.deep.equal({ rows: [], changed: 3 });
    for (const sql of ['BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK'])
      expect(await connection().send(sql), sql).to.deep.equal({ rows: [], changed: 0 });
  });

  it('is told apart where it is a failure', () => {
    const failures: [unknown, string][] = [
      [busy, 'busy'],
      [failure('SQLITE_BUSY_SNAPSHOT'), 'busy'],
      [failure('SQLITE_LOCKED'), 'busy'],
      [failure('SQLITE_ERROR', 'database is locked'), 'busy'],
      [new Error('database table is locked: mfa_records'), 'busy'],
      [failure('SQLITE_CONSTRAINT_PRIMARYKEY'), 'race'],
      [failure('SQLITE_CONSTRAINT_UNIQUE'), 'race'],
      [failure('SQLITE_CONSTRAINT_NOTNULL'), 'other'],
      [failure('SQLITE_ERROR', 'no such table: mfa_records'), 'missing'],
      [failure('NO_SQLITE_BUSY'), 'other'],
      [failure('NO_SQLITE_CONSTRAINT_UNIQUE'), 'other'],
      [{}, 'other'],
    ];
    for (const [error, kind] of failures) expect(dialect.classify(error), String(error)).to.equal(kind);
  });
});
