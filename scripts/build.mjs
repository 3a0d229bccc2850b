// Builds the package: all code once, as CommonJS in dist/cjs, in few files with the entries and what they share, and its
// declarations; in dist/esm an entry for `import` that passes each of those on, so that an app in which both kinds of module meet
// has one copy of each class. Each of these folders is a package scope of its own, which says what its .js files are. What browsers
// load is in dist/browser, an ES module per entry.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { build } from 'esbuild';
import { rolldown } from 'rolldown';
import ts from 'typescript';
import { installPackages, root, stop } from './install.mjs';
import { dirModule, writeResources } from './resources.mjs';

installPackages();
rmSync(join(root, 'dist'), { recursive: true, force: true });
await buildForServers();
declare('tsconfig.build.json');
for (const [kind, type] of [
  ['cjs', 'commonjs'],
  ['esm', 'module'],
]) {
  mkdirSync(join(root, 'dist', kind, 'src'), { recursive: true });
  writeFileSync(join(root, 'dist', kind, 'package.json'), `${JSON.stringify({ type }, null, 2)}\n`);
}
for (const entry of entriesOf('esm')) passOn(entry);
rewrite('cjs', '.js', (text, path) => statementsOnLines(nameViewsDir(text, path)));
rewrite('cjs', '.d.ts', (text) => lenientAugmentations(plainTypeImports(text)));
await buildForBrowsers();
writeResources();
console.error('Built dist/cjs, dist/esm and dist/browser.');

/**
 * Thousands of small modules would cost each installation a fifth of the size, and comments another, which the declarations
 * carry as well. Variables lose their names and lines their indentation, and what can be said shorter is; functions keep their names and
 * statements their lines, so that a stack trace says where it went wrong.
 */
async function buildForServers() {
  const entries = entriesOf('cjs')
    .filter((path) => path.endsWith('.js'))
    .map((path) => path.replace(/^\.\/dist\/cjs\/|\.js$/g, ''));
  const bundle = await rolldown({
    cwd: root,
    input: Object.fromEntries(entries.map((entry) => [entry, `${entry}.ts`])),
    platform: 'node',
    external: (name) => !/^[./]/.test(name),
    tsconfig: false,
    treeshake: { moduleSideEffects: false },
  });
  await bundle.write({
    dir: join(root, 'dist', 'cjs'),
    format: 'cjs',
    exports: 'named',
    entryFileNames: '[name].js',
    chunkFileNames: 'src/parts/[name].js',
    comments: { legal: false, annotation: false, jsdoc: false },
    minify: {
      compress: { keepNames: { function: true, class: true } },
      mangle: { toplevel: false, keepNames: true },
      codegen: { removeWhitespace: true },
    },
    minifyInternalExports: false,
  });
  await bundle.close();
}

/** Writes the declarations that a configuration asks for. */
function declare(configuration) {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  // What the compiler says goes to stderr: `npm pack --json` prints its own result on stdout.
  const { status } = spawnSync(process.execPath, [tsc, '-p', configuration], { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) stop(`The build of ${configuration} failed; the compiler's messages are above.`);
}

function rewrite(kind, ending, change) {
  const folder = join(root, 'dist', kind);
  for (const file of readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(ending))) {
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    const changed = change(text, path);
    if (changed !== text) writeFileSync(path, changed);
  }
}

/**
 * Writes `import { type X }` as `import { X }` in the declarations, where it means the same: before TypeScript 4.5 the
 * first is a syntax error.
 */
function plainTypeImports(text) {
  return text.replace(/^(import|export) \{[^}]*\}/gm, (names) => names.replace(/([{,]\s*)type (?!as\b|,)/g, '$1'));
}

/**
 * What is declared for express-session is nothing to an app that has it without types, or not at all: there it is an
 * error, unless it is ignored.
 */
function lenientAugmentations(text) {
  return text.replace(/^declare module /gm, '// @ts-ignore\n$&');
}

/** The files that `exports` and `bin` name of that kind, `./dist/…`. */
function entriesOf(kind) {
  const { exports, bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return JSON.stringify([exports, bin]).match(new RegExp(`\\./dist/${kind}/[^"]+`, 'g')) ?? [];
}

/** The entries for browsers, of one file each, with declarations that share the server's types. */
async function buildForBrowsers() {
  const folder = join(root, 'dist', 'browser');
  const declared = join(root, 'dist', '.declared');
  for (const name of ['client', 'react']) {
    const entry = join(root, 'src', name, 'index.ts');
    await build({
      entryPoints: [entry],
      outfile: join(folder, name, 'index.js'),
      bundle: true,
      format: 'esm',
      target: 'es2022',
      jsx: 'automatic',
      // Whoever has the one has the other in the same copy.
      external: ['react', 'react/jsx-runtime', '../client/index.js'],
      // For frameworks that run components on a server too.
      banner: name === 'react' ? { js: "'use client';" } : {},
      legalComments: 'none',
      logLevel: 'warning',
    });
  }
  declare('tsconfig.build.browser.json');
  for (const name of ['client', 'react']) cpSync(join(declared, name), join(folder, name), { recursive: true });
  rmSync(declared, { recursive: true });
  rewrite('browser', '.d.ts', (text) => plainTypeImports(text).replace(/(['"])\.\.\/api\//g, '$1../../cjs/src/api/'));
  rewrite('browser', '.js', (text) => indentByTabs(text.replace(/^ *\/\/.*\n/gm, '').replace(/^(?: {2})+/gm, '$&$&')));
}

/** Makes an entry of dist/esm lead to the same one of dist/cjs. */
function passOn(entry) {
  const target = entry.replace('/dist/esm/', '/dist/cjs/').replace(/\.d\.ts$/, '.js');
  const path = relative(dirname(entry), target).replaceAll(sep, '/');
  writeFileSync(join(root, entry), `export * from '${path}';\n`);
}

/** Indents by tabs, which saves a hundredth of the tarball; what stands in a template literal is left as it is. */
function indentByTabs(text) {
  const literals = [];
  const find = (node) => {
    if (ts.isTemplateLiteral(node)) literals.push([node.getStart(), node.end]);
    ts.forEachChild(node, find);
  };
  find(ts.createSourceFile('module.js', text, ts.ScriptTarget.Latest, true));
  return text.replace(/^(?: {4})+/gm, (spaces, at) =>
    literals.some(([from, to]) => from < at && at < to) ? spaces : '\t'.repeat(spaces.length / 4),
  );
}

/** Begins a line with each statement and each member of a class. */
function statementsOnLines(text) {
  const starts = new Set();
  const find = (node) => {
    for (const part of node.statements ?? (ts.isClassLike(node) ? node.members : [])) starts.add(part.getStart());
    ts.forEachChild(node, find);
  };
  find(ts.createSourceFile('module.js', text, ts.ScriptTarget.Latest, true));
  starts.delete(0);
  const ends = [...starts].sort((one, other) => one - other);
  return [0, ...ends].map((start, index) => text.slice(start, ends[index])).join('\n');
}

/** Names `#views-dir` by the path of its module in dist/: the name is one of the root's scope, which the files of dist/ are not in. */
function nameViewsDir(text, path) {
  const target = relative(dirname(path), dirModule).replaceAll(sep, '/');
  return text.replaceAll(/(['"])#views-dir\1/g, `'${target}'`);
}
