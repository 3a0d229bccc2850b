// Builds the package twice from the same sources: dist/esm for `import`, dist/cjs for `require`. Each folder is a
// package scope of its own, which says what its .js files are.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { installPackages, root, stop } from './install.mjs';

installPackages();
rmSync(join(root, 'dist'), { recursive: true, force: true });
for (const kind of ['esm', 'cjs']) {
  // The declarations carry the docstrings; the same again in the code would cost each installation a fifth of the size.
  compile(kind, '--removeComments', '--declaration', 'false');
  const folder = join(root, 'dist', kind);
  const scope = { type: kind === 'esm' ? 'module' : 'commonjs' };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(scope, null, 2)}\n`);
  rewrite(folder, '.js', (text, path) => nameViewsDir(text, path, kind));
}
// One set of declarations: types that come by `import` and by `require` are the same, and take their place once.
compile('cjs', '--emitDeclarationOnly');
rewrite(join(root, 'dist', 'cjs'), '.d.ts', (text) => lenientAugmentations(plainTypeImports(text)));
dropUnreachableTypes();
for (const entry of declaredEntries('esm')) {
  const declared = entry.replace('/dist/esm/', '/dist/cjs/').replace(/\.d\.ts$/, '.js');
  const path = relative(dirname(entry), declared).replaceAll(sep, '/');
  writeFileSync(join(root, entry), `export * from '${path}';\n`);
}
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

/** The declarations that `exports` names for that kind, `./dist/…`. */
function declaredEntries(kind) {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return JSON.stringify(exports).match(new RegExp(`\\./dist/${kind}/[^"]+\\.d\\.ts`, 'g')) ?? [];
}

/** Deletes the declarations that no public entry leads to: nobody can import them, and most are such. */
function dropUnreachableTypes() {
  const reached = new Set();
  const reach = (path) => {
    if (reached.has(path)) return;
    reached.add(path);
    for (const [, to] of readFileSync(path, 'utf8').matchAll(/(?:from|import) ?\(?['"](\.[^'"]+)\.js['"]/g)) {
      reach(join(dirname(path), `${to}.d.ts`));
    }
  };
  for (const entry of declaredEntries('cjs')) reach(join(root, entry));
  const folder = join(root, 'dist', 'cjs');
  const all = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.d.ts'));
  for (const path of all.map((name) => join(folder, name))) if (!reached.has(path)) rmSync(path);
}

/** Names `#views-dir` by its path: the name is one of the root's scope, which the files of dist/ are not in. */
function nameViewsDir(text, path, kind) {
  const target = join(root, 'views', kind === 'esm' ? 'dir.mjs' : 'dir.cjs');
  return text.replaceAll(/(['"])#views-dir\1/g, `'${relative(dirname(path), target).replaceAll(sep, '/')}'`);
}
