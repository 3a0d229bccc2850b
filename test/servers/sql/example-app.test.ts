// `npm start` with DATABASE_URL: the example app on a PostgreSQL and a MariaDB that it finds empty.
import { expectKeptAcrossRestarts } from '../../example-app/restarted.js';
import { startMariadb, startPostgres } from '../../support/databases.js';

const MFA_SECRET = 'a secret of more than thirty-two bytes';
const urls = {
  postgres: { start: startPostgres, urlOf: (port: number) => `postgres://postgres@127.0.0.1:${port}/postgres` },
  mysql: { start: startMariadb, urlOf: (port: number) => `mysql://root@127.0.0.1:${port}/test` },
};

describe('the example app', () => {
  for (const [scheme, { start, urlOf }] of Object.entries(urls))
    it(`makes its tables in the database of ${scheme}://…, and loses nothing there by a restart`, async () => {
      const database = await start();
      try {
        await expectKeptAcrossRestarts({ DATABASE_URL: urlOf(database.port), MFA_SECRET });
      } finally {
        await database.close();
      }
    });
});
