// Builds the package twice from the same sources: dist/esm for `import`, dist/cjs for `require`. Each folder is a
// package scope of its own, which says what its .js files are.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import ts from 'typescript';
import { installPackages, root, stop } from './install.mjs';

installPackages();
rmSync(join(root, 'dist'), { recursive: true, force: true });
for (const kind of ['esm', 'cjs']) {
  // The declarations carry the docstrings; the same again in the code would cost each installation a fifth of the size.
  compile(kind, '--removeComments', '--declaration', 'false');
  const folder = join(root, 'dist', kind);
  const scope = { type: kind === 'esm' ? 'module' : 'commonjs' };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(scope, null, 2)}\n`);
  rewrite(folder, '.js', (text, path) => indentByTabs(nameViewsDir(text, path, kind)));
}
// One set of declarations: types that come by `import` and by `require` are the same, and take their place once.
compile('cjs', '--emitDeclarationOnly');
rewrite(join(root, 'dist', 'cjs'), '.d.ts', (text) => lenientAugmentations(plainTypeImports(text)));
for (const entry of entriesOf('esm', '.d.ts')) passOn(entry);
// The test kit ships once as well: it knows the package by its routes and shapes, whichever build that is.
passOn('./dist/esm/src/testing.js');
dropUnreachableCode();
console.error('Built dist/esm and dist/cjs.');

function compile(kind, ...options) {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  // What the compiler says goes to stderr: `npm pack --json` prints its own result on stdout.
  const { status } = spawnSync(process.execPath, [tsc, '-p', `tsconfig.build.${kind}.json`, ...options], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) stop(`The ${kind} build failed; the compiler's messages are above.`);
}

function rewrite(folder, ending, change) {
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

/** The files with that ending that `exports` and `bin` name for that kind, `./dist/…`. */
function entriesOf(kind, ending) {
  const { exports, bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const named = JSON.stringify([exports, bin]).match(new RegExp(`\\./dist/${kind}/[^"]+`, 'g')) ?? [];
  return named.filter((name) => name.endsWith(ending));
}

/** Makes an entry of dist/esm lead to the same one of dist/cjs. */
function passOn(entry) {
  const target = entry.replace('/dist/esm/', '/dist/cjs/').replace(/\.d\.ts$/, '.js');
  const path = relative(dirname(entry), target).replaceAll(sep, '/');
  writeFileSync(join(root, entry), `export * from '${path}';\n`);
}

/** Deletes the modules of dist/esm that no entry leads to. */
function dropUnreachableCode() {
  const folder = join(root, 'dist', 'esm');
  const reached = new Set();
  const reach = (path) => {
    if (reached.has(path) || !path.startsWith(folder)) return;
    reached.add(path);
    for (const [, to] of readFileSync(path, 'utf8').matchAll(/(?:from|import) ?\(?['"](\.[^'"]+\.js)['"]/g)) {
      reach(join(dirname(path), to));
    }
  };
  for (const entry of entriesOf('esm', '.js')) reach(join(root, entry));
  const all = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.js'));
  for (const path of all.map((name) => join(folder, name))) if (!reached.has(path)) rmSync(path);
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

/** Names `#views-dir` by its path: the name is one of the root's scope, which the files of dist/ are not in. */
function nameViewsDir(text, path, kind) {
  const target = join(root, 'views', kind === 'esm' ? 'dir.mjs' : 'dir.cjs');
  return text.replaceAll(/(['"])#views-dir\1/g, `'${relative(dirname(path), target).replaceAll(sep, '/')}'`);
}
