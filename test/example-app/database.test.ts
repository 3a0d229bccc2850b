// The example app on a file of SQLite that another process writes to as well, as the command line does.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openDatabase, SqlSessions } from '../../example-app/database.js';
import { openUsers } from '../../example-app/users.js';
import { sqliteKnex } from '../support/sqlite.js';

describe('the database of the example app', function () {
  this.timeout(60_000);

  it('keeps what it writes after another process kept it waiting for too long', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'express-mfa-example-database-'));
    const filename = join(folder, 'example.db');
    const database = await openDatabase(`sqlite:${filename}`);
    const other = sqliteKnex(filename);
    try {
      const users = openUsers(undefined, database);
      const user = (id: string) => ({ id, email: `${id}@example.com`, passwordHash: '' });
      const read = () => new Promise((resolve) => new SqlSessions(database).get('sid', resolve));
      await other.raw('BEGIN EXCLUSIVE');
      expect(await users.adopt(user('ann')).catch((error: unknown) => error)).to.include({ code: 'SQLITE_BUSY' });
      expect(await read()).to.include({ code: 'SQLITE_BUSY' });
      await other.raw('COMMIT');
      await users.adopt(user('bob'));
      expect(await read()).to.equal(null);
      expect(await other('example_users').pluck('id')).to.deep.equal(['bob']);
    } finally {
      await Promise.all([database.destroy(), other.destroy()]);
      await rm(folder, { recursive: true });
    }
  });
});
