// What tests start as processes of their own is compiled once beforehand, by the compiler that tsx uses too, together with
// the packages that it imports: a process that has no TypeScript to load and no thousand files to find starts with a
// fifth of the work, and there are hundreds.
import { readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
// Inside the package, where Node.js finds the dependency that stays outside.
const outdir = join(root, 'output', `programs-${process.pid}`);

const scriptsIn = (folder: string, names: RegExp) =>
  readdirSync(join(root, folder))
    .filter((name) => names.test(name))
    .map((name) => join(folder, name));

const sources = [
  'src/cli/index.ts',
  ...scriptsIn('test/cli/fixtures', /\.ts$/),
  ...scriptsIn('test/stores', /-rival\.ts$/),
  ...scriptsIn('test/support', /(^|-)rival\.ts$/),
];

let compiled = false;

/** @returns the script to start for one of `sources`, given by its whole path */
export function program(path: string): string {
  if (!sources.includes(relative(root, path))) throw new Error(`${path} is not among the programs of tests.`);
  if (!compiled) compile();
  return join(outdir, relative(root, path).replace(/\.ts$/, '.js'));
}

function compile(): void {
  buildSync({
    absWorkingDir: root,
    entryPoints: sources,
    outbase: '.',
    outdir,
    bundle: true,
    splitting: true,
    // A folder of files, a package that is no JavaScript, and one that asks for drivers that are not all there.
    external: ['#views-dir', '@node-rs/argon2', 'knex', 'libsql'],
    // What the packages in the bundle that are CommonJS take from Node.js.
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
    },
    format: 'esm',
    platform: 'node',
    target: 'node20',
    keepNames: true,
    logLevel: 'warning',
  });
  compiled = true;
  process.once('exit', () => rmSync(outdir, { recursive: true, force: true }));
}
