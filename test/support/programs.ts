// What tests start as processes of their own is compiled once for all files of a run, by the compiler that tsx uses too, together
// with the packages that it imports: a process that has no TypeScript to load, no thousand files to find, and nothing to
// compile that another one did, starts with a tenth of the work, and there are hundreds.
import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync, type BuildOptions } from 'esbuild';
import { removeFolder } from '../../scripts/folder.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
// Inside the package, where Node.js finds the dependencies that stay outside.
const outdir = process.env.TEST_PROGRAMS ?? join(root, 'output', `programs-${process.pid}`);
const finished = join(outdir, 'finished');
const longestMs = 120_000;

const scriptsIn = (folder: string, names: RegExp) =>
  readdirSync(join(root, folder))
    .filter((name) => names.test(name))
    .map((name) => join(folder, name));

/** Each is CommonJS in the end, which knows no `await` outside of functions. */
const sources = [
  'src/cli/index.ts',
  'example-app/server.ts',
  ...scriptsIn('test/cli/fixtures', /\.ts$/),
  ...scriptsIn('test/stores', /-rival\.ts$/),
  ...scriptsIn('test/support', /(^|-)rival\.ts$/),
];

let compiled = false;

/** @returns the script to start for one of `sources`, given by its whole path */
export function program(path: string): string {
  if (!sources.includes(relative(root, path))) throw new Error(`${path} is not among the programs of tests.`);
  if (!compiled) compileOrWait();
  return join(outdir, relative(root, path).replace(/\.ts$/, '.cjs'));
}

/** Several processes run test files; whoever makes the folder compiles. */
function compileOrWait(): void {
  mkdirSync(join(root, 'output'), { recursive: true });
  // Of a process of the same number that was killed: older code.
  if (!process.env.TEST_PROGRAMS) removeFolder(outdir);
  try {
    mkdirSync(outdir);
  } catch {
    return wait();
  }
  // What was started may end later, and keep its compiled code then.
  if (!process.env.TEST_PROGRAMS) process.once('exit', () => removeFolder(outdir));
  compile();
  writeFileSync(finished, '');
  compiled = true;
}

function wait(): void {
  const untilMs = Date.now() + longestMs;
  const nothing = new Int32Array(new SharedArrayBuffer(4));
  while (!existsSync(finished)) {
    if (Date.now() > untilMs) throw new Error(`Nobody compiled the programs of tests into ${outdir}.`);
    Atomics.wait(nothing, 0, 0, 50);
  }
  compiled = true;
}

function compile(): void {
  const common: BuildOptions = {
    absWorkingDir: root,
    outdir,
    platform: 'node',
    target: 'node20',
    outExtension: { '.js': '.cjs' },
    minifyWhitespace: true,
    logLevel: 'warning',
  };
  buildSync({
    ...common,
    entryPoints: sources,
    outbase: '.',
    bundle: true,
    splitting: true,
    keepNames: true,
    // A folder of files, a package that is no JavaScript, and those that ask for drivers that are not all there.
    external: ['#views-dir', '@node-rs/argon2', 'knex', 'libsql'],
    format: 'esm',
    define: { 'import.meta.url': 'importMetaUrl' },
  });
  // What several programs share can be split off ECMAScript modules only, and compiled code can be kept of CommonJS only.
  const cache = join(outdir, 'code-cache.cjs');
  const made = readdirSync(outdir, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.cjs'));
  const toCommonJs = (names: string[], dynamicImport: boolean) =>
    buildSync({
      ...common,
      entryPoints: names.map((name) => join(outdir, name)),
      outbase: outdir,
      allowOverwrite: true,
      loader: { '.cjs': 'js' },
      format: 'cjs',
      supported: { 'dynamic-import': dynamicImport },
      banner: {
        js: `require(${JSON.stringify(cache)});const importMetaUrl=require('node:url').pathToFileURL(__filename).href;`,
      },
    });
  // Code that was kept cannot import; only the command line imports what it is not bundled with.
  const importing = join('src', 'cli', 'index.cjs');
  toCommonJs([importing], true);
  toCommonJs(
    made.filter((name) => name !== importing),
    false,
  );
  copyFileSync(join(root, 'test', 'support', 'code-cache.cjs'), cache);
}
