// The package in front ends of other people: React 18, Next.js, and types made of the OpenAPI document, each with the versions that it
// wants, in a folder of its own.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { installConsumer, locked, root, run } from './tarball.js';

const bin = (name: string) => join('node_modules', '.bin', name);
const everything = join(root, 'test', 'packaging', 'consumers', 'react', 'everything.tsx');

describe('in a front end', function () {
  this.timeout(300_000);

  it('the client answers with the types that openapi-typescript makes of the document', async () => {
    const packages = ['openapi-typescript@7.9.1', 'typescript@5.9.3'];
    const folder = await installConsumer({ from: 'open-api', type: 'module', packages });
    const document = join('node_modules', 'express-mfa', 'dist', 'openapi.json');
    await run(bin('openapi-typescript'), [document, '-o', 'document.d.ts'], folder);
    const options = '--strict --noEmit --skipLibCheck --target es2023 --module esnext --moduleResolution bundler'.split(
      ' ',
    );
    await run(bin('tsc'), [...options, 'check.ts'], folder);
    // What differs is found.
    const file = join(folder, 'document.d.ts');
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace('availableFactors: string[];', 'availableFactors: number[];'),
    );
    const said = await run(bin('tsc'), [...options, 'check.ts'], folder).then(() => 'nothing', String);
    expect(said).to.contain('GET /');
  });

  it('React 18 compiles, renders on a server and runs every component', async () => {
    const packages = ['react@18.3.1', 'react-dom@18.3.1', '@types/react@18.3.32', '@types/react-dom@18.3.7'];
    const folder = await installConsumer({
      from: 'react',
      type: 'module',
      packages: [...packages, locked('typescript')],
    });
    await run(bin('tsc'), ['-p', '.'], folder);
    const told = JSON.parse(await run(process.execPath, ['render.js'], folder)) as { [name: string]: string };
    expect(told).to.include({ version: '18.3.1', window: 'undefined' });
    expect(told['html']).to.include('loading').and.include('Abbrechen');
    // The tests of the components in a browser, once more with this React.
    const mocha = join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');
    const tests = join('test', 'browser', 'react-components.test.ts');
    const environment = [`MFA_TEST_REACT=${folder}`, 'NODE_ENV=test'];
    const said = await run('env', [
      ...environment,
      process.execPath,
      mocha,
      '--import=tsx',
      '--exit',
      '--timeout',
      '120000',
      tests,
    ]);
    expect(said)
      .to.match(/✔ runs by the React that was asked for/)
      .and.match(/\d passing/);
  });

  it('Next.js builds a page of the server with components of the browser, and renders it', async () => {
    const tools = ['react', 'react-dom', '@types/react', '@types/node', 'typescript'].map((name) => locked(name));
    const folder = await installConsumer({ from: 'next', type: 'module', packages: ['next@16.4.6', ...tools] });
    const source = readFileSync(everything, 'utf8');
    writeFileSync(join(folder, 'app', 'everything.tsx'), `'use client';\n${source}`);
    writeFileSync(join(folder, 'next.config.js'), 'export default { outputFileTracingRoot: import.meta.dirname };\n');
    await run('env', ['NEXT_TELEMETRY_DISABLED=1', bin('next'), 'build'], folder);
    const html = readFileSync(join(folder, '.next', 'server', 'app', 'index.html'), 'utf8');
    expect(html).to.include('Account').and.include('Abbrechen').and.include('there');
  });
});
