// Attack: `//private/x`, `/./private/x`, `/%70rivate/x` for a file that a guard under `/private` stands before.
// Rule: the guard stands for the whole app; files are found by a path that Express compares with no mount.
// Answer: a guard without a path stops each of them; one under a prefix warns.
import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { expect } from 'chai';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { requireMfa } from '../../src/index.js';
import { Browser } from '../support/agent.js';
import { expressOf, testApp, type TestApp } from '../support/app.js';
import { warningsOf } from '../support/warnings.js';
import { newFolder } from '../support/folder.js';

/** As it is typed: a client would tidy the path up. */
async function statusOf(app: TestApp, path: string, cookie: string): Promise<number | undefined> {
  const asked = request(app.url, { path, headers: { Cookie: cookie, Accept: 'application/json' } }).end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  answer.resume();
  return answer.statusCode;
}

const paths = [
  '/private/x.txt',
  '//private/x.txt',
  '/./private/x.txt',
  '/%70rivate/x.txt',
  '/private//x.txt',
  '/a/../private/x.txt',
];

for (const version of [4, 5] as const)
  describe(`files behind the guard, on Express ${version}`, () => {
    let folder: string;
    before(() => {
      folder = newFolder('files');
      mkdirSync(join(folder, 'private'));
      writeFileSync(join(folder, 'private', 'x.txt'), 'secret of the host');
    });

    it('are served under no spelling to somebody who owes the second factor', async () => {
      const serveFiles = expressOf(version).static(folder);
      const app = await testApp({ host: { express: version, routes: (host) => host.use(serveFiles) } });
      const owner = await new Browser(app).signIn('ada');
      await owner.enrollTotp();
      expect(await statusOf(app, paths[0]!, owner.cookies)).to.equal(200);
      const thief = await new Browser(app).signIn('ada');
      for (const path of paths) expect(await statusOf(app, path, thief.cookies), path).to.be.oneOf([403, 404]);
      expect(await statusOf(app, paths[0]!, thief.cookies)).to.equal(403);
    });

    it('warn once of a guard under their prefix, and of none on a route or for the whole app', async () => {
      const app = await testApp({
        host: {
          express: version,
          routes: (host, mfa) => {
            host.get('/route', requireMfa(mfa), (_req, res) => void res.json({}));
            host.use('/private', requireMfa(mfa, { anonymous: 'pass' }), (_req, res) => void res.json({}));
          },
        },
      });
      const visitor = new Browser(app);
      const warnedAt = async (...paths: string[]) => {
        const warned = await warningsOf(async () => {
          for (const path of paths) await visitor.jsonGet(path);
        });
        return warned.filter(({ message }) => message.includes('mounted under')).map(({ message }) => message);
      };
      expect(await warnedAt('/route', '/account')).to.deep.equal([]);
      const [said, ...more] = await warnedAt('/private/x', '/private/x');
      expect(said).to.include('mounted under /private');
      expect(more).to.deep.equal([]);
    });
  });
