// Builds the package twice from the same sources: dist/esm for `import`, dist/cjs for `require`. Each folder is a
// package scope of its own, which says what its .js files are and where `#views-dir` leads from there.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installPackages, root, stop } from './install.mjs';

const viewsDirFrom = {
  esm: `import { fileURLToPath } from 'node:url';

export const viewsDir = fileURLToPath(new URL('../../views', import.meta.url));
`,
  cjs: `exports.viewsDir = require('node:path').join(__dirname, '..', '..', 'views');
`,
};

installPackages();
rmSync(join(root, 'dist'), { recursive: true, force: true });
for (const kind of ['esm', 'cjs']) {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status } = spawnSync(process.execPath, [tsc, '-p', `tsconfig.build.${kind}.json`], {
    cwd: root,
    // `npm pack --json` prints its own result on stdout.
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) stop(`The ${kind} build failed; the compiler's messages are above.`);
  const folder = join(root, 'dist', kind);
  plainTypeImports(folder);
  const scope = { type: kind === 'esm' ? 'module' : 'commonjs', imports: { '#views-dir': './views-dir.js' } };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(scope, null, 2)}\n`);
  writeFileSync(join(folder, 'views-dir.js'), viewsDirFrom[kind]);
  writeFileSync(join(folder, 'views-dir.d.ts'), 'export declare const viewsDir: string;\n');
}
console.error('Built dist/esm and dist/cjs.');

/**
 * Writes `import { type X }` as `import { X }` in the declarations, where it means the same: before TypeScript 4.5 the
 * first is a syntax error.
 */
function plainTypeImports(folder) {
  for (const file of readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.d.ts'))) {
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    const plain = text.replace(/^(import|export) \{[^}]*\}/gm, (names) =>
      names.replace(/([{,]\s*)type (?!as\b|,)/g, '$1'),
    );
    if (plain !== text) writeFileSync(path, plain);
  }
}
