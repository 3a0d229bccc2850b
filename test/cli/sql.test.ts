// The tables of a store in SQL by the command line: made once by several at once, told, taken back when somebody says yes.
import { expect } from 'chai';
import { sqlMigrations } from '../../src/sql.js';
import { fixture, startCli } from '../support/cli.js';
import { openSqlite } from '../support/sqlite.js';

describe('express-mfa sql', function () {
  this.timeout(120_000);
  let opened: Awaited<ReturnType<typeof openSqlite>>;
  beforeEach(async () => (opened = await openSqlite()));
  afterEach(() => opened.close());

  const run = (...args: string[]) =>
    startCli(['sql', ...args, '--config', fixture('sqlite.ts')], { SQLITE_FILE: opened.filename }).ended;
  const names = sqlMigrations.map(({ name }) => name);

  it('makes the tables, once by two at once, and says which there are', async () => {
    const before = await run('status');
    expect(before).to.include({ code: 1 });
    expect(before.lines).to.deep.equal(names.map((name) => `${name}: missing`));
    const made = await Promise.all([run('migrate', '--json'), run('migrate', '--json')]);
    expect(made.map(({ code }) => code)).to.deep.equal([0, 0]);
    expect(made.flatMap(({ stdout }) => (JSON.parse(stdout) as { made: string[] }).made).sort()).to.deep.equal(names);
    expect((await run('migrate')).stdout).to.equal('Nothing was missing.\n');
    expect(await run('status')).to.include({ code: 0 });
  });

  it('takes the last step back for whoever says yes, and nothing for anybody else', async () => {
    await run('migrate');
    expect(await run('rollback')).to.include({ code: 2 });
    expect(await run('status')).to.include({ code: 0 });
    expect(await run('rollback', '--yes')).to.include({ code: 0, stdout: `Taken back: ${names.at(-1)}.\n` });
    const again = await run('status');
    expect([again.code, again.lines.at(-1)]).to.deep.equal([1, `${names.at(-1)}: missing`]);
  });

  it('names the command where a table is missing, and takes no word that it does not know', async () => {
    const { code, stderr } = await startCli(['list', '--config', fixture('sqlite.ts')], {
      SQLITE_FILE: opened.filename,
    }).ended;
    expect(code).to.equal(1);
    expect(stderr).to.match(/npx express-mfa sql migrate.*\(config\.store_not_migrated\)/);
    expect(await run('drop')).to.include({ code: 2 });
  });
});
