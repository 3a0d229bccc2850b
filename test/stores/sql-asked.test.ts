// How a database is asked: on one connection, again where it lost a race, never by a replica, within a deadline, and every failure as
// one error that tells no value.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { sqlCaseStore, sqlStatsStore, sqlStore } from '../../src/sql.js';
import { asciiOf, keyOf, longOf, openSql, unavailable, type Sql } from '../../src/stores/sql/sql.js';
import { knexStandIn, type KnexStandIn } from '../support/knex-stand-in.js';
import { codeOf, rejectionOf, thrownBy } from '../support/thrown.js';

const failure = (code: string) => Object.assign(new Error(`select secret - it failed: ${code}`), { code });
const race = failure('40001');
const open = ({ knex }: KnexStandIn, timeoutMs = 30_000): Sql =>
  openSql('aStore', knex, { namespace: 'acme', timeoutMs });
const statementsOf = ({ asked }: KnexStandIn) => asked.map(({ sql }) => sql);

/** What the server throws, one after the other, and then answers. */
function afterFailures(...failures: unknown[]): KnexStandIn {
  const left = [...failures];
  return knexStandIn(() => {
    if (left.length > 0) throw left.shift();
    return [['answered']];
  });
}

describe('asking a database', () => {
  it('sends one statement with its values on one connection, and gives that back', async () => {
    const seen = afterFailures();
    expect(await open(seen).ask('trying', 'SELECT ?', ['v'])).to.deep.equal({ rows: [['answered']], changed: 1 });
    expect(seen.asked).to.have.length(1);
    expect(seen.asked[0]).to.deep.include({ sql: 'SELECT ?', bindings: ['v'] });
    expect(seen.released).to.deep.equal(seen.taken);
    expect([seen.taken.length, seen.killed]).to.deep.equal([1, 0]);
  });

  it('sends it again for as long as it loses races, each time on a connection that it gives back', async () => {
    const seen = afterFailures(race, failure('40P01'), failure('23505'));
    expect(await open(seen).ask('trying', 'UPDATE')).to.include({ changed: 1 });
    expect([seen.taken.length, seen.released.length]).to.deep.equal([4, 4]);
  });

  it('says that it lost a race where that is asked, and tries no more', async () => {
    const seen = afterFailures(failure('23505'));
    expect(await open(seen).attempt('trying', 'INSERT')).to.equal(undefined);
    expect(seen.asked).to.have.length(1);
    expect(await open(seen).attempt('trying', 'INSERT')).to.include({ changed: 1 });
  });

  it('fails with every other failure at once', async () => {
    const seen = afterFailures(failure('42601'));
    expect(await codeOf(open(seen).ask('trying', 'SELECT'))).to.equal('store.unavailable');
    expect([seen.asked.length, seen.released.length]).to.deep.equal([1, 1]);
    expect(await codeOf(open(afterFailures(failure('42601'))).attempt('trying', 'SELECT'))).to.equal(
      'store.unavailable',
    );
  });

  it('reads from no replica, and condemns the connection that led to one', async () => {
    const said: { [standby: string]: boolean } = { '0': true, OFF: true, '1': false, ON: false };
    for (const [standby, isPrimary] of Object.entries(said)) {
      const seen = knexStandIn(() => [
        [standby, 'a', 'b'],
        [standby, null, null],
        [standby, 'c', null],
      ]);
      const reading = open(seen).read('reading', 'x, y', 't ON t.id = ?', ['v'], 'ORDER BY x');
      if (isPrimary)
        expect(await reading).to.deep.equal([
          ['a', 'b'],
          ['c', null],
        ]);
      else expect((await rejectionOf(reading)).message).to.include('This server is no primary.');
      expect(seen.taken[0]?.__knex__disposed === undefined).to.equal(isPrimary);
      expect(statementsOf(seen)[0]).to.match(
        /^SELECT CASE .* AS standby, x, y FROM .* LEFT JOIN t ON t\.id = \? ORDER BY x$/,
      );
    }
    expect(await codeOf(open(knexStandIn(() => [])).read('reading', 'x', 't', []))).to.equal('store.unavailable');
    expect(await open(knexStandIn(() => [['0', null]])).read('reading', 'x', 't', [])).to.deep.equal([]);
  });

  it('does several statements in a transaction, whole or not at all, and again where it lost a race', async () => {
    const seen = afterFailures();
    const work = (sql: Sql) => sql.transaction('trying', async (run) => (await run('FIRST', ['v'])).rows);
    expect(await work(open(seen))).to.deep.equal([['answered']]);
    expect(statementsOf(seen).slice(1)).to.deep.equal(['FIRST', 'COMMIT']);
    expect(statementsOf(seen)[0]).to.match(/^BEGIN/);
    expect(seen.asked.map(({ bindings }) => bindings)).to.deep.equal([[], ['v'], []]);
    expect(seen.taken).to.have.length(1);

    let races = 1;
    const racing = knexStandIn((sql) => {
      if (sql === 'FIRST' && races-- > 0) throw race;
      return [];
    });
    await work(open(racing));
    expect(statementsOf(racing).filter((sql) => !sql.startsWith('BEGIN'))).to.deep.equal([
      'FIRST',
      'ROLLBACK',
      'FIRST',
      'COMMIT',
    ]);
    expect(racing.taken.map(({ __knex__disposed: why }) => why)).to.deep.equal([undefined, undefined]);
  });

  it('condemns a connection on which nothing could be taken back', async () => {
    const seen = knexStandIn((sql) => {
      if (!sql.startsWith('BEGIN')) throw failure(sql);
      return [];
    });
    expect(await codeOf(open(seen).transaction('trying', (run) => run('FIRST')))).to.equal('store.unavailable');
    expect(seen.taken[0]?.__knex__disposed).to.have.property('code', 'ROLLBACK');
    expect(seen.released).to.have.length(1);
  });

  it('gives up at the deadline, kills the connection, and commits nothing of it', async () => {
    const seen = knexStandIn((sql) => (sql === 'SLOW' ? sleep(80).then(() => []) : []));
    const slow = open(seen, 20).transaction('trying', (run) => run('SLOW'));
    expect((await rejectionOf(slow)).message).to.include('No answer within 20 ms.');
    expect(seen.killed).to.equal(1);
    expect(seen.taken[0]?.__knex__disposed).to.equal('It did not answer in time.');
    await sleep(120);
    expect(statementsOf(seen)).to.not.include('COMMIT');
    expect(seen.released).to.have.length(1);
    const longer = open(seen, 20).transaction('trying', (run) => run('SLOW'), 30_000);
    expect(await longer).to.deep.equal({ rows: [], changed: 0 });
  });

  it('takes no connection for what was given up before there was one, and tries no race again', async () => {
    const waiting = knexStandIn(() => []);
    const acquire = waiting.knex.client.acquireConnection as () => Promise<unknown>;
    waiting.knex.client.acquireConnection = () => sleep(60).then(acquire);
    expect(await codeOf(open(waiting, 20).ask('trying', 'SELECT'))).to.equal('store.unavailable');
    await sleep(100);
    expect([waiting.asked.length, waiting.released.length]).to.deep.equal([0, 1]);
    const racing = knexStandIn(() => Promise.reject(race));
    expect(await codeOf(open(racing, 30).ask('trying', 'UPDATE'))).to.equal('store.unavailable');
    await sleep(120);
    const tries = racing.asked.length;
    await sleep(80);
    expect(racing.asked).to.have.length(tries);
    expect(racing.taken, 'nor takes a connection to try it').to.have.length(tries);
    expect(racing.killed, 'what was given back').to.equal(0);
  });

  it('shares one deadline among what is asked in one answer, and gives nothing where none is left', async () => {
    const seen = knexStandIn(() => []);
    const sql = openSql('aStore', seen.knex, { namespace: 'acme', timeoutMs: 2000 });
    await sql.deadlines.within(async ({ begin }) => {
      const { ms, end } = begin(() => sql.deadlines.begin());
      expect(ms).to.equal(2000);
      end();
    });
    expect(openSql('aStore', seen.knex, { namespace: 'acme' }).deadlines.begin().ms).to.equal(2000);
    const longer = open(seen, 5000);
    await longer.deadlines.within(async ({ begin }) => expect(begin(() => longer.deadlines.begin().ms)).to.equal(5000));
    const short = openSql('aStore', seen.knex, { namespace: 'acme', timeoutMs: 10 });
    await short.deadlines.within(async ({ begin }) => expect(begin(() => short.deadlines.begin().ms)).to.equal(10));
    expect(await codeOf(sql.transaction('trying', async () => 1, 0))).to.equal('store.unavailable');
    expect(seen.asked).to.deep.equal([]);
  });

  it('takes from the time of an answer only what it was waited for', async () => {
    const sql = open(knexStandIn(() => []));
    await sql.deadlines.within(async ({ begin }) => {
      const sinceMs = performance.now();
      await begin(() => sql.ask('trying', 'SELECT'));
      const waitedMs = Math.ceil(performance.now() - sinceMs);
      await sleep(100);
      expect(begin(() => sql.deadlines.begin().ms)).to.be.within(30_000 - waitedMs, 30_000);
    });
  });

  it('fails as one error that tells neither statement nor values', async () => {
    const failed = Object.assign(new Error("insert into t values ('SECRET') - duplicate - key"), {
      code: 'E1',
      sql: 'SECRET',
    });
    const error = unavailable('trying', failed);
    expect(error).to.include({ code: 'store.unavailable', message: 'The database failed while trying: key' });
    expect(error.cause).to.include({ name: 'Error', code: 'E1', message: 'key' }).and.to.not.have.property('sql');
    expect(unavailable('trying', {}).message).to.match(/: unknown$/);
    expect(unavailable('trying', new Error('no- dash')).message).to.match(/: no- dash$/);
    expect(unavailable('trying', {}).cause).to.not.have.property('code');
    expect(unavailable('trying', new TypeError('plain')).cause).to.include({ name: 'TypeError', message: 'plain' });
    const own = unavailable('inner', new Error('own'));
    expect(await rejectionOf(open(knexStandIn(() => [])).transaction('trying', () => Promise.reject(own)))).to.equal(
      own,
    );
  });

  it('keeps keys as they fit into an index: long ones by their digest, in full beside it', () => {
    const [fits, long] = ['x'.repeat(255), 'x'.repeat(256)];
    expect([keyOf(fits), longOf(fits)]).to.deep.equal([fits, null]);
    expect(keyOf(long)).to.match(/^%=[\w-]{43}$/);
    expect(longOf(long)).to.equal(long);
    expect(longOf('é'.repeat(60))).to.equal('%00e9'.repeat(60));
    expect(keyOf(`${long}y`)).to.not.equal(keyOf(long));
    expect(asciiOf('"é\u007f🙂~"')).to.equal('"\\u00e9\\u007f\\ud83d\\ude42~"');
  });

  it('refuses what is no Knex, a transaction, another database, and times that are none', () => {
    const { knex } = knexStandIn(() => []);
    const { client } = knex as unknown as { client: object };
    const refused: [unknown, object, RegExp][] = [
      [undefined, {}, /no Knex with a pool/],
      [{ client: { ...client, pool: undefined } }, {}, /no Knex with a pool/],
      [{ client: { ...client, query: undefined } }, {}, /no Knex with a pool/],
      [{ client: { ...client, acquireConnection: undefined } }, {}, /no Knex with a pool/],
      [{ client, isTransaction: true }, {}, /this is a transaction/],
      [{ client: { ...client, driverName: 'oracledb' } }, {}, /Knex is on "oracledb"/],
      [{ client: { ...client, dialect: 'cockroachdb' } }, {}, /Knex is on "pg"/],
      ...[0, 60_001, 1.5, '5'].map((timeoutMs): [unknown, object, RegExp] => [knex, { timeoutMs }, /from 1 to 60000/]),
    ];
    for (const [given, more, words] of refused) {
      const error = thrownBy(() => openSql('aStore', given as never, { namespace: 'acme', ...more }));
      expect(error.code).to.equal('config.invalid_option');
      expect(error.message)
        .to.match(/^aStore: /)
        .and.match(words);
    }
    for (const [name, make] of Object.entries({ sqlStore, sqlCaseStore, sqlStatsStore }))
      for (const [options, code] of [
        [undefined, 'config.namespace_missing'],
        [{ namespace: 'a{b' }, 'config.invalid_option'],
        [{ namespace: 'acme', timeoutMS: 5 }, 'config.unknown_option'],
      ] as const) {
        const error = thrownBy(() => make(knex, options as never));
        expect(error.code, name).to.equal(code);
        expect(error.message).to.match(new RegExp(`^${name}: `));
      }
    for (const timeoutMs of [1, 60_000])
      expect(openSql('aStore', knex, { namespace: 'acme', timeoutMs }).inMemory).to.equal(false);
  });
});
