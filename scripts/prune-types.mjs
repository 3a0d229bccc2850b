// Leaves in the declarations of dist/ only what the public entries lead to, after `build.mjs`: the compiler writes down
// every export of a module, and so the types that only our own files name.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { root } from './install.mjs';

/** Of an entry: whatever it declares or exports. */
const all = '*';
/** Of any module: what it declares for others, as `declare global`. */
const augmentations = '(augmentations)';

const folder = join(root, 'dist', 'cjs');
const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const entries = JSON.stringify(exports).match(/\.\/dist\/(?:cjs|browser)\/[^"]+\.d\.ts/g) ?? [];
const files = new Map();

/** What is still to be followed, as `{ path, name }`. */
const queue = entries.map((entry) => ({ path: join(root, entry), name: all }));
while (queue.length > 0) {
  const { path, name } = queue.pop();
  const file = files.get(path) ?? files.set(path, readDeclarations(path)).get(path);
  if (file.reached.has(name)) continue;
  file.reached.add(name);
  queue.push({ path, name: augmentations });
  for (const statement of file.statements.filter((one) => isMeantBy(name, one))) {
    file.kept.add(statement);
    queue.push(...leadsOf(file, statement, name));
  }
}

let dropped = 0;
for (const name of readdirSync(folder, { recursive: true }).filter((each) => each.endsWith('.d.ts'))) {
  const path = join(folder, name);
  if (files.has(path)) writeFileSync(path, textOf(files.get(path)));
  else {
    rmSync(path);
    dropped += 1;
  }
}
console.error(`Left ${files.size} files of declarations, dropped ${dropped}.`);

function readDeclarations(path) {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const statements = [...source.statements];
  const imported = new Map();
  const namespaces = new Map();
  for (const { moduleSpecifier, importClause } of statements.filter(ts.isImportDeclaration)) {
    const to = ownFile(path, moduleSpecifier);
    if (to && importClause?.namedBindings?.name) namespaces.set(importClause.namedBindings.name.text, to);
    for (const { name, propertyName } of importClause?.namedBindings?.elements ?? []) {
      if (to) imported.set(name.text, { path: to, name: (propertyName ?? name).text });
    }
  }
  return {
    path,
    source,
    statements,
    imported,
    namespaces,
    declared: new Set(statements.flatMap(namesOf)),
    reached: new Set(),
    kept: new Set(),
  };
}

function ownFile(from, specifier) {
  return specifier?.text.startsWith('.') ? join(dirname(from), specifier.text.replace(/\.js$/, '.d.ts')) : undefined;
}

function namesOf(statement) {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.map(({ name }) => name.text);
  if (ts.isExportDeclaration(statement)) return (statement.exportClause?.elements ?? []).map(({ name }) => name.text);
  return ts.isModuleDeclaration(statement) || !statement.name ? [] : [statement.name.text];
}

function isMeantBy(name, statement) {
  if (ts.isImportDeclaration(statement)) return false;
  if (name === augmentations) return ts.isModuleDeclaration(statement);
  return name === all || namesOf(statement).includes(name);
}

/** The names that one statement makes use of, with the files that declare them. */
function leadsOf({ path, imported, namespaces, declared }, statement, meant) {
  const local = (name) => imported.get(name) ?? (declared.has(name) ? { path, name } : undefined);
  if (ts.isExportDeclaration(statement)) {
    const to = ownFile(path, statement.moduleSpecifier);
    if (statement.moduleSpecifier && !to) return [];
    if (!statement.exportClause) return [{ path: to, name: all }];
    return statement.exportClause.elements
      .filter(({ name }) => meant === all || name.text === meant)
      .map(({ name, propertyName }) => (propertyName ?? name).text)
      .map((name) => (to ? { path: to, name } : imported.get(name)))
      .filter(Boolean);
  }
  const leads = [];
  const visit = (node) => {
    if (ts.isIdentifier(node)) leads.push(local(node.text));
    if (ts.isQualifiedName(node)) leads.push({ path: namespaces.get(node.left.text), name: node.right.text });
    // `import('./x.js').X`; the whole file, which is simple and rare.
    if (ts.isImportTypeNode(node)) leads.push({ path: ownFile(path, node.argument.literal), name: all });
    ts.forEachChild(node, visit);
  };
  visit(statement);
  return leads.filter((lead) => lead?.path);
}

/** What was kept, with the imports that it needs. */
function textOf({ source, statements, kept }) {
  const used = new Set();
  const note = (node) => {
    if (ts.isIdentifier(node)) used.add(node.text);
    ts.forEachChild(node, note);
  };
  kept.forEach(note);
  const parts = statements.map((one) => {
    if (kept.has(one)) return one.getFullText(source);
    return ts.isImportDeclaration(one) ? importText(source, one, used) : '';
  });
  return `${parts.join('').trim() || 'export {};'}\n`;
}

function importText(source, statement, used) {
  const text = statement.getFullText(source);
  const { name, namedBindings } = statement.importClause ?? {};
  if (!namedBindings) return !name || used.has(name.text) ? text : '';
  if (ts.isNamespaceImport(namedBindings)) return used.has(namedBindings.name.text) ? text : '';
  const needed = namedBindings.elements.filter((one) => used.has(one.name.text)).map((one) => one.getText(source));
  return needed.length === 0 ? '' : text.replace(/\{[^}]*\}/, `{ ${needed.join(', ')} }`);
}
