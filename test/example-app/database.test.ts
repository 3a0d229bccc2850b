// The example app on a file of SQLite that another process writes to as well, as the command line does.
import { join } from 'node:path';
import { expect } from 'chai';
import type { SessionData } from 'express-session';
import { openDatabase, SqlSessions } from '../../example-app/database.js';
import { openUsers } from '../../example-app/users.js';
import { sqliteKnex } from '../support/sqlite.js';
import { newFolder } from '../support/folder.js';

describe('the database of the example app', function () {
  this.timeout(60_000);

  it('keeps what it writes after another process kept it waiting for too long', async () => {
    const folder = newFolder('example-database');
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
    }
  });

  it('keeps the session of whoever comes, and hands on that one cannot be read', async () => {
    const folder = newFolder('example-database');
    const database = await openDatabase(`sqlite:${join(folder, 'example.db')}`);
    try {
      const sessions = new SqlSessions(database);
      const read = () => new Promise((resolve) => sessions.get('sid', (error, found) => resolve(error ?? found)));
      const data = JSON.parse('{"cookie":{"originalMaxAge":null}}') as SessionData;
      await new Promise<void>((resolve) => sessions.set('sid', data, () => resolve()));
      await database('example_sessions').update({ expires: 1 });
      expect(await read()).to.equal(null);
      await new Promise<void>((resolve) => sessions.touch('sid', data, resolve));
      expect(await read()).to.deep.equal(data);
      await database('example_sessions').update({ body: '{' });
      expect(await read()).to.be.instanceOf(SyntaxError);
    } finally {
      await database.destroy();
    }
  });
});
