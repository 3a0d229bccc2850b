// Whatever host, Knex, driver or database are set to changes nothing that is stored or read, or is refused by name.
import type { Knex } from 'knex';
import pg from 'pg';
import { expect } from 'chai';
import { sqlStore } from '../../../src/sql.js';
import { startMariadb, startPostgres, type Database } from '../../support/databases.js';
import { patienceMs } from '../../support/patience.js';
import { freshNamespace } from '../../support/redis.js';
import { expectSameThrough } from '../../support/same-through.js';
import { openSqlite, sqliteKnex } from '../../support/sqlite.js';

const spoilt: Knex.Config = {
  asyncStackTraces: true,
  compileSqlOnError: false,
  postProcessResponse: () => ({ spoilt: true }),
  wrapIdentifier: (name, wrap) => wrap(`Host_${name.toUpperCase()}`),
};

const patient = (knex: Knex, namespace: string) => sqlStore(knex, { namespace, timeoutMs: patienceMs });

/** Statements for each connection, as hosts give them to their pool. */
const afterCreate = (...statements: string[]): Knex.PoolConfig => ({
  min: 0,
  max: 10,
  afterCreate(
    connection: { query(sql: string, told: (error: unknown) => void): void },
    done: (error: unknown, connection: unknown) => void,
  ) {
    const next = (error: unknown): void => {
      const sql = statements[at++];
      if (error || sql === undefined) done(error, connection);
      else connection.query(sql, next);
    };
    let at = 0;
    next(null);
  },
});

async function codeOf(knex: Knex): Promise<unknown> {
  try {
    await sqlStore(knex, { namespace: 'refused' }).ready?.();
    return 'none';
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
}

describe('sqlStore on PostgreSQL, whatever it is set to', () => {
  let database: Database;
  before(async () => {
    database = await startPostgres(["standard_conforming_strings = 'off'", "timezone = 'Pacific/Apia'"]);
    await patient(database.connect(), 'any').migrations?.migrate();
  });
  after(() => database.close());

  it('reads what it wrote, with parsers, isolation, identifiers and results of the host’s own', async () => {
    const namespace = freshNamespace();
    const parsers = ['int8', 'varchar', 'bool'].map(
      (name) => [pg.types.builtins[name.toUpperCase() as 'BOOL'], name] as const,
    );
    const usual = parsers.map(([oid]) => pg.types.getTypeParser(oid));
    parsers.forEach(([oid, name]) => pg.types.setTypeParser(oid, () => `spoilt ${name}`));
    try {
      const pool = afterCreate(
        "SET default_transaction_isolation = 'serializable'",
        "SET timezone = 'America/St_Johns'",
        "SET bytea_output = 'escape'",
        "SET client_encoding = 'LATIN1'",
      );
      await expectSameThrough(
        patient(database.connect({ ...spoilt, pool }), namespace),
        patient(database.connect(), namespace),
      );
    } finally {
      parsers.forEach(([oid], index) => pg.types.setTypeParser(oid, usual[index] as never));
    }
  });

  it('refuses connections that may not write, and a database without tables', async () => {
    expect(await codeOf(database.connect({ pool: afterCreate('SET default_transaction_read_only = on') }))).to.equal(
      'config.database_unsuitable',
    );
    await database.connect().raw('CREATE DATABASE empty');
    const connection = { ...database.settings.connection, database: 'empty' };
    expect(await codeOf(database.connect({ connection }))).to.equal('config.store_not_migrated');
  });
});

describe('sqlStore on MariaDB, whatever it is set to', () => {
  let database: Database;
  before(async () => {
    database = await startMariadb([
      '--lower-case-table-names=1',
      '--collation-server=utf8mb4_general_ci',
      '--character-set-server=utf8mb4',
    ]);
    await patient(database.connect(), 'any').migrations?.migrate();
  });
  after(() => database.close());

  it('reads what it wrote, with SQL modes, zones, types and results of the host’s own', async () => {
    const namespace = freshNamespace();
    const connection = {
      ...database.settings.connection,
      charset: 'latin1_swedish_ci',
      typeCast: () => 'spoilt',
      namedPlaceholders: true,
      dateStrings: true,
      bigNumberStrings: true,
      supportBigNumbers: true,
      rowsAsArray: false,
      timezone: '+13:00',
      multipleStatements: true,
    };
    const pool = afterCreate(
      "SET SESSION sql_mode = 'ANSI,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT,PAD_CHAR_TO_FULL_LENGTH,EMPTY_STRING_IS_NULL'",
      "SET SESSION time_zone = '-09:30'",
      'SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE',
      'SET SESSION sql_safe_updates = 1',
    );
    await expectSameThrough(
      patient(database.connect({ ...spoilt, connection, pool }), namespace),
      patient(database.connect(), namespace),
    );
  });

  it('refuses connections that commit nothing or read what was not committed', async () => {
    for (const statement of ['SET autocommit = 0', 'SET SESSION TRANSACTION ISOLATION LEVEL READ UNCOMMITTED'])
      expect(await codeOf(database.connect({ pool: afterCreate(statement) })), statement).to.equal(
        'config.database_unsuitable',
      );
  });
});

describe('sqlStore on SQLite, whatever it is set to', () => {
  it('reads what it wrote, with big integers, another encoding and results of the host’s own', async () => {
    const { knex, filename, close } = await openSqlite();
    await knex.raw("PRAGMA encoding = 'UTF-16le'");
    await patient(knex, 'any').migrations?.migrate();
    const other = sqliteKnex(filename, {
      ...spoilt,
      connection: { filename, options: { safeIntegers: true } } as never,
    });
    const namespace = freshNamespace();
    await expectSameThrough(patient(other, namespace), patient(knex, namespace));
    await other.destroy();
    await close();
  });
});
