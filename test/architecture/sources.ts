// Reads source files as data: whom they import, which strings they write, how long they are. Judges nothing.
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';

export const root = join(import.meta.dirname, '..', '..');

export type Import = {
  /** A path from the root (`src/core/ports.ts`), or as written for anything else (`node:crypto`, `joi`, `#views-dir`). */
  to: string;
  /** Erased by the compiler, so that it can never be part of a cycle at run time. */
  typeOnly: boolean;
};

export type Source = { path: string; imports: Import[]; strings: string[]; lines: number };

/** Every file below `folders` (from the root, slashes forward) whose name ends with `ending`. */
export function listFiles(folders: readonly string[], ending: string): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((file) => posix.join(folder, file.replaceAll('\\', '/')))
      .filter((file) => file.endsWith(ending) && !file.includes('node_modules/'))
      .sort(),
  );
}

export function readSource(path: string): Source {
  return parseSource(path, readFileSync(join(root, path), 'utf8'));
}

export function parseSource(path: string, text: string): Source {
  const source: Source = { path, imports: [], strings: [], lines: countLines(text) };
  const specifiers = new Set<ts.Node>();
  const add = (specifier: ts.Node | undefined, typeOnly: boolean) => {
    if (!specifier || !ts.isStringLiteralLike(specifier)) return;
    specifiers.add(specifier);
    source.imports.push({ to: resolve(path, specifier.text), typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isErased(node.importClause));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isModuleDeclaration(node)) specifiers.add(node.name);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
    else if (ts.isCallExpression(node) && isLoad(node.expression)) add(node.arguments[0], false);
    else if (isText(node) && !specifiers.has(node)) source.strings.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest));
  return source;
}

export function countLines(text: string): number {
  return text.replace(/\n$/, '').split('\n').length;
}

/** `express` of `express/lib/router`, `@scope/name` of `@scope/name/sub`; undefined for our own files and node: modules. */
export function packageOf(to: string): string | undefined {
  if (/^(node:|#|src\/|middleware\/|views\/|test\/)/.test(to)) return undefined;
  return to
    .split('/')
    .slice(0, to.startsWith('@') ? 2 : 1)
    .join('/');
}

function resolve(from: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  return posix.join(posix.dirname(from), specifier).replace(/\.js$/, '.ts');
}

function isErased(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const names = clause.namedBindings;
  return !clause.name && !!names && ts.isNamedImports(names) && names.elements.every((element) => element.isTypeOnly);
}

function isLoad(callee: ts.Expression): boolean {
  return callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require');
}

function isText(node: ts.Node): node is ts.LiteralLikeNode {
  return ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
}
