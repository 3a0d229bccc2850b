// Strangers install the tarball into their own Express app and see a page: over `require`, over `import`, and in strict
// TypeScript of both kinds. Each consumer is a program that asks its own app and prints the answer.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { installConsumer, locked, run } from './tarball.js';

type Answer = { status: number; type: string; body: string; styleStatus: number; styleType: string };

function expectPage(said: string): void {
  const answer = JSON.parse(said) as Answer;
  expect(answer.body).to.contain('Consumer &amp; Sons');
  expect(answer).to.include({ status: 200, type: 'text/html; charset=utf-8' });
  expect(answer).to.include({ styleStatus: 200, styleType: 'text/css; charset=utf-8' });
}

describe('a consumer of the package', function () {
  this.timeout(300_000);
  const session = locked('express-session');

  it('mounts it by require on Express 4, and renders a page', async () => {
    const packages = [locked('express', 'express-4'), session];
    const folder = await installConsumer({ from: 'commonjs', type: 'commonjs', packages });
    expectPage(await run(process.execPath, ['app.js'], folder));
  });

  it('mounts it by import on Express 5, and renders a page', async () => {
    const folder = await installConsumer({ from: 'esm', type: 'module', packages: [locked('express'), session] });
    expectPage(await run(process.execPath, ['app.js'], folder));
  });

  for (const type of ['module', 'commonjs'] as const) {
    it(`compiles against its types in a strict TypeScript project of type ${type}, and renders a page`, async () => {
      const tools = ['typescript', '@types/express', '@types/express-session', '@types/node'].map((name) =>
        locked(name),
      );
      const packages = [locked('express'), session, ...tools];
      const folder = await installConsumer({ from: 'typescript', type, packages });
      await run(process.execPath, [join('node_modules', 'typescript', 'bin', 'tsc'), '-p', '.'], folder);
      expectPage(await run(process.execPath, [join('built', 'app.js')], folder));

      // The types refuse what is wrong, so the compilation above was not one of `any`.
      writeFileSync(
        join(folder, 'wrong.ts'),
        "import { totp } from 'express-mfa';\nexport const n: number = totp();\n",
      );
      const compiled = run(process.execPath, [join('node_modules', 'typescript', 'bin', 'tsc'), '-p', '.'], folder);
      const complaint = await compiled.then(() => '', String);
      expect(complaint).to.match(/wrong\.ts\(2,14\): error TS2322/);
    });
  }
});
