// Strangers install the tarball into their own Express app and see a page: over `require`, over `import`, and in
// TypeScript of both kinds, new and old. Each consumer is a program that asks its own app and prints the answer.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { installConsumer, locked, root, run } from './tarball.js';

type Answer = {
  status: number;
  type: string;
  body: string;
  styleStatus: number;
  styleType: string;
  /** Of the test kit: what its walk visited, how many tests its suite for stores declares, a code. */
  visited: string[];
  tests: number;
  code: string;
};

function expectPage(said: string): void {
  const answer = JSON.parse(said) as Answer;
  expect(answer.body).to.contain('Consumer &amp; Sons');
  expect(answer).to.include({ status: 200, type: 'text/html; charset=utf-8' });
  expect(answer).to.include({ styleStatus: 200, styleType: 'text/css; charset=utf-8' });
  expect(answer.visited).to.deep.equal(['GET /account']);
  expect(answer.tests).to.be.greaterThan(30);
  expect(answer.code).to.match(/^\d{6}$/);
}

/** The package holds catalogues and document in a form of its own; what it says of them is what the repository holds. */
function expectOurWords(said: string): void {
  const { messages, document } = JSON.parse(said) as { messages: { [language: string]: object }; document: object };
  const ours = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8')) as object;
  for (const language of ['de', 'en', 'fr', 'it']) {
    const sentences = Object.entries(ours(`views/locales/${language}.json`));
    const ofPeople = sentences.filter(([key]) => !/^(title\.)?admin\./.test(key));
    expect(messages[language], language).to.deep.equal(Object.fromEntries(ofPeople));
  }
  expect(document).to.deep.equal(ours('docs/openapi.json'));
}

function compile(folder: string): Promise<string> {
  return run(process.execPath, [join('node_modules', 'typescript', 'bin', 'tsc'), '-p', '.'], folder);
}

/** The types refuse what is wrong, so a compilation without complaint was not one of `any`. */
async function expectRefusal(folder: string): Promise<void> {
  writeFileSync(join(folder, 'wrong.ts'), "import { totp } from 'express-mfa';\nexport const n: number = totp();\n");
  const complaint = await compile(folder).then(() => 'none', String);
  expect(complaint).to.match(/wrong\.ts\(2,14\): error TS2322/);
}

describe('a consumer of the package', function () {
  this.timeout(300_000);
  const session = locked('express-session');

  it('mounts it by require on Express 4, renders a page, and says what it has to say in four languages', async () => {
    const packages = [locked('express', 'express-4'), session];
    const folder = await installConsumer({ from: 'commonjs', type: 'commonjs', packages });
    expectPage(await run(process.execPath, ['app.js'], folder));
    expectOurWords(await run(process.execPath, ['languages.js'], folder));
  });

  it('mounts it by import on Express 5, renders a page, shares each class with require, and runs the command line', async () => {
    const folder = await installConsumer({ from: 'esm', type: 'module', packages: [locked('express'), session] });
    expectPage(await run(process.execPath, ['app.js'], folder));
    expect(await run(process.execPath, ['both.js'], folder)).to.equal('one copy of each\n');
    const status = ['status', 'u1', '--config', 'configuration.js'];
    // It has read the configuration, and so knows the store.
    const refused = await run(join('node_modules', '.bin', 'express-mfa'), status, folder).then(() => 'none', String);
    expect(refused).to.contain('on the memory store');
  });

  for (const type of ['module', 'commonjs'] as const) {
    it(`compiles against its types in a strict TypeScript project of type ${type}, and renders a page`, async () => {
      const tools = ['typescript', '@types/express', '@types/express-session', '@types/node'].map((name) =>
        locked(name),
      );
      const packages = [locked('express'), session, ...tools];
      const folder = await installConsumer({ from: 'typescript', type, packages });
      await compile(folder);
      expectPage(await run(process.execPath, [join('built', 'app.js')], folder));
      await expectRefusal(folder);
    });
  }

  it('compiles against its types with TypeScript 4.1, the resolution of its time, and no types of express-session', async () => {
    const types = ['express@4.17.13', 'express-serve-static-core@4.17.28', 'node@16.11.7'].map(
      (name) => `@types/${name}`,
    );
    const packages = [locked('express', 'express-4'), session, 'typescript@4.1.6', ...types];
    const folder = await installConsumer({ from: 'typescript-4.1', type: 'commonjs', packages });
    await compile(folder);
    await expectRefusal(folder);
  });
});
