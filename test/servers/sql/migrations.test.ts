// The tables, made by several processes at once, by one that is killed, while others work, and behind a pooler that gives every
// transaction another connection.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Knex } from 'knex';
import { emptyRecord } from '../../../src/core/kernel/record.js';
import { sqlMigrations, sqlStore } from '../../../src/sql.js';
import { accountOf, ownFolder, startMariadb, startPostgres, type Database } from '../../support/databases.js';
import { eventually } from '../../support/eventually.js';
import { patienceMs } from '../../support/patience.js';
import { freePort } from '../../../scripts/free-port.mjs';
import { expectSameThrough } from '../../support/same-through.js';

const names = sqlMigrations.map(({ name }) => name);
const storeOf = (knex: Knex) => sqlStore(knex, { namespace: 'migrated', timeoutMs: patienceMs });

for (const [name, start] of Object.entries({ PostgreSQL: startPostgres, MariaDB: startMariadb })) {
  describe(`the tables on ${name}`, () => {
    let database: Database;
    before(async () => (database = await start()));
    after(() => database.close());

    it('are made once by several at once, and by whoever comes after one that was killed', async () => {
      const killed = database.connect({ pool: { min: 0, max: 1 } });
      const transaction = await killed.transaction();
      await sqlMigrations[0]!.up(transaction);
      const connection = (await (transaction as unknown as { client: Knex.Client }).client.acquireConnection()) as {
        stream?: { destroy(): void };
        connection?: { stream: { destroy(): void } };
      };
      (connection.connection?.stream ?? connection.stream)?.destroy();
      const several = Array.from({ length: 4 }, () => storeOf(database.connect()).migrations!);
      const made = await Promise.all(several.map(({ migrate }) => migrate()));
      // What MariaDB makes stays, whoever made it.
      expect(made.flat()).to.deep.equal(name === 'MariaDB' ? names.slice(1) : names);
      expect(await several[0]!.status()).to.deep.equal(names.map((each) => ({ name: each, made: true })));
      expect(await several[0]!.migrate()).to.deep.equal([]);
      await transaction.rollback().catch(() => undefined);
    });

    it('may be more than a process knows, and are made while others work', async () => {
      const knex = database.connect();
      const store = storeOf(knex);
      await knex.raw("INSERT INTO mfa_migrations (name, applied_at) VALUES ('express-mfa-999-later', 0)");
      await knex.raw('ALTER TABLE mfa_records ADD COLUMN later varchar(10)');
      await store.ready?.();
      let going = true;
      const working = (async () => {
        let { revision } = await store.load('u');
        while (going) {
          const next = await store.save('u', emptyRecord('e'), revision);
          expect(next).to.be.a('string');
          revision = next;
        }
      })();
      for (let turns = 0; turns < 3; turns += 1) await storeOf(database.connect()).migrations?.migrate();
      going = false;
      await working;
    });

    it('are taken back one by one, by our command or by the host’s migrations', async () => {
      const knex = database.connect();
      const { rollback, status } = storeOf(knex).migrations!;
      for (const each of [...names].reverse()) expect(await rollback()).to.equal(each);
      expect(await rollback()).to.equal(undefined);
      const source: Knex.MigrationSource<(typeof sqlMigrations)[number]> = {
        getMigrations: () => Promise.resolve([...sqlMigrations]),
        getMigrationName: (migration) => migration.name,
        getMigration: (migration) => Promise.resolve(migration as unknown as Knex.Migration),
      };
      await knex.migrate.latest({ migrationSource: source });
      expect((await status()).every(({ made }) => made)).to.equal(true);
      await storeOf(knex).ready?.();
      await knex.migrate.rollback({ migrationSource: source }, true);
      expect((await status()).some(({ made }) => made)).to.equal(false);
    });
  });
}

describe('sqlStore behind PgBouncer', () => {
  it('keeps and makes everything where every transaction has another connection', async () => {
    const database = await startPostgres();
    const account = accountOf('postgres');
    const folder = await ownFolder('pgbouncer', account);
    const port = await freePort();
    const lines = [
      '[databases]',
      `postgres = host=127.0.0.1 port=${database.port} user=postgres`,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${port}`,
      'unix_socket_dir =',
      'auth_type = any',
      'pool_mode = transaction',
      'default_pool_size = 3',
      // Each time another one, and nothing of a session is taken back for us.
      'server_round_robin = 1',
      'server_reset_query =',
    ];
    await writeFile(join(folder, 'pgbouncer.ini'), `${lines.join('\n')}\n`, { mode: 0o644 });
    const bouncer = spawn('/usr/sbin/pgbouncer', [join(folder, 'pgbouncer.ini')], {
      ...account,
      cwd: folder,
      stdio: 'ignore',
    });
    try {
      const connection = { ...database.settings.connection, port };
      const one = database.connect({ connection });
      await eventually(async () => {
        await one.raw('SELECT 1');
      }, 30);
      await storeOf(one).migrations?.migrate();
      await expectSameThrough(storeOf(one), storeOf(database.connect({ connection })));
    } finally {
      const ended = once(bouncer, 'exit');
      bouncer.kill('SIGKILL');
      await ended;
      await database.close();
      execFileSync('rm', ['-r', folder]);
    }
  });
});
