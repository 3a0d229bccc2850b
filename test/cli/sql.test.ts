// The tables of a store in SQL by the command line: made once by several at once, told, taken back when somebody says yes.
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { sqlMigrations, sqlStore } from '../../src/sql.js';
import { fixture, secrets, startCli } from '../support/cli.js';
import { commandLineHere } from '../support/command-here.js';
import { sqliteApp } from '../support/sqlite-app.js';
import { openSqlite, sqliteKnex } from '../support/sqlite.js';

describe('express-mfa sql', function () {
  this.timeout(120_000);
  let opened: Awaited<ReturnType<typeof openSqlite>>;
  beforeEach(async () => (opened = await openSqlite()));
  afterEach(() => opened.close());

  const run = (...args: string[]) =>
    startCli(['sql', ...args, '--config', fixture('sqlite.ts')], { SQLITE_FILE: opened.filename }).ended;
  /** In this process. */
  const commandHere = (...args: string[]) =>
    commandLineHere(args, () => sqliteApp({ SQLITE_FILE: opened.filename, TEST_SECRETS: secrets.old }));
  const here = (...args: string[]) => commandHere('sql', ...args);
  const names = sqlMigrations.map(({ name }) => name);

  it('makes the tables, once by two at once, and says which there are', async () => {
    const before = await run('status');
    expect(before).to.include({ code: 1 });
    expect(before.lines).to.deep.equal(names.map((name) => `${name}: missing`));
    const made = await Promise.all([run('migrate', '--json'), run('migrate', '--json')]);
    expect(made.map(({ code }) => code)).to.deep.equal([0, 0]);
    expect(made.flatMap(({ stdout }) => (JSON.parse(stdout) as { made: string[] }).made).sort()).to.deep.equal(names);
    expect((await here('migrate')).stdout).to.equal('Nothing was missing.\n');
    expect(await here('status')).to.include({ code: 0 });
  });

  it('takes the last step back for whoever says yes, and nothing for anybody else', async () => {
    await here('migrate');
    expect(await here('rollback')).to.include({ code: 2 });
    expect(await here('status')).to.include({ code: 0 });
    expect(await here('rollback', '--yes')).to.include({ code: 0, stdout: `Taken back: ${names.at(-1)}.\n` });
    const again = await here('status');
    expect([again.code, again.lines.at(-1)]).to.deep.equal([1, `${names.at(-1)}: missing`]);
  });

  it('sees every database that anything of the app is kept in', async () => {
    const folder = dirname(opened.filename);
    const all = (...args: string[]) =>
      startCli(['sql', ...args, '--config', fixture('several-databases.ts')], { FOLDER: folder }).ended;
    const tablesIn = async (name: string) => {
      const knex = sqliteKnex(join(folder, `${name}.db`));
      const found = (await knex('sqlite_master').pluck('name')) as string[];
      await knex.destroy();
      return ['mfa_records', 'mfa_cases'].filter((table) => found.includes(table));
    };
    const databases = ['transients', 'beside', 'cases'];
    expect((await all('migrate', '--json')).stdout).to.equal(`${JSON.stringify({ made: names })}\n`);
    for (const name of databases) expect(await tablesIn(name), name).to.deep.equal(['mfa_records', 'mfa_cases']);
    expect(await all('rollback', '--yes')).to.include({ code: 0, stdout: `Taken back: ${names.at(-1)}.\n` });
    for (const name of databases) expect(await tablesIn(name), name).to.deep.equal(['mfa_records']);
    const alone = sqliteKnex(join(folder, 'cases.db'));
    await sqlStore(alone, { namespace: 'any' }).migrations?.migrate();
    await alone.destroy();
    const status = await all('status');
    expect([status.code, status.lines.at(-1)]).to.deep.equal([1, `${names.at(-1)}: missing`]);
    // Where it still is.
    expect(await all('rollback', '--yes')).to.include({ code: 0, stdout: `Taken back: ${names.at(-1)}.\n` });
    expect(await tablesIn('transients')).to.deep.equal(['mfa_records']);
    expect((await all('migrate', '--json')).stdout).to.equal(`${JSON.stringify({ made: names.slice(1) })}\n`);
    expect(await all('status')).to.include({ code: 0 });
  });

  it('names the command where a table is missing, and takes no word that it does not know', async () => {
    const { code, stderr } = await commandHere('list');
    expect(code).to.equal(1);
    expect(stderr).to.match(/npx express-mfa sql migrate.*\(config\.store_not_migrated\)/);
    expect(await here('drop')).to.include({ code: 2 });
  });
});
