// What the package offers, read from the package itself: exports, options, routes.
import { join } from 'node:path';
import ts from 'typescript';
import type { Command } from '../../src/cli/command.js';
import { ownProgram } from '../../scripts/own-program.js';
import { listFiles, root } from '../architecture/sources.js';

const entries = [
  'index',
  'passport',
  'testing',
  'audit',
  'admin',
  'risk',
  'scim',
  'opentelemetry',
  'sql',
  'upstream',
  'ldap',
];
let made: ts.Program | undefined;

function program(): ts.Program {
  return (made ??= ownProgram(entries.map((name) => join('src', `${name}.ts`))));
}

/** The names that a file of `src/` exports, values and types. */
export function exportsOf(file: string): string[] {
  const checker = program().getTypeChecker();
  const source = program().getSourceFile(join(root, file));
  const symbol = source && checker.getSymbolAtLocation(source);
  if (!symbol) throw new Error(`${file} exports nothing.`);
  return checker.getExportsOfModule(symbol).map(({ name }) => name);
}

/** The fields of an exported type, `lockout.after` for those of a plain object within where `deep` names it. */
export function fieldsOf(file: string, type: string, deep: readonly string[] = []): string[] {
  const checker = program().getTypeChecker();
  const source = program().getSourceFile(join(root, file));
  const module = source && checker.getSymbolAtLocation(source);
  const symbol = module && checker.getExportsOfModule(module).find(({ name }) => name === type);
  if (!symbol) throw new Error(`${file} exports no type ${type}.`);
  const whole = checker.getDeclaredTypeOfSymbol(symbol);
  return whole.getProperties().flatMap((field) => {
    if (!deep.includes(field.name)) return [field.name];
    const inner = checker.getNonNullableType(checker.getTypeOfSymbol(field));
    const parts = (inner.isUnion() ? inner.types : [inner]).flatMap((part) => part.getProperties());
    return [field.name, ...parts.map(({ name }) => `${field.name}.${name}`)];
  });
}

type Layer = { route?: { path: string; methods: { [method: string]: boolean } }; handle?: { stack?: Layer[] } };

/** `GET /verify/:factor` of every route of a router, nested ones included. */
export function routesOf(router: unknown): string[] {
  const { stack = [] } = router as { stack?: Layer[] };
  return stack.flatMap(({ route, handle }) =>
    route
      ? Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${route.path}`)
      : handle?.stack
        ? routesOf(handle)
        : [],
  );
}

/** The commands of the command line, found by their shape in the files of `src/cli/`. */
export async function commandsOf(): Promise<Command[]> {
  // The entry runs when it is imported.
  const files = listFiles(['src/cli'], '.ts').filter((file) => file !== 'src/cli/index.ts');
  const modules = await Promise.all(
    files.map((file) => import(join(root, file)) as Promise<{ [name: string]: unknown }>),
  );
  const isCommand = (value: unknown): value is Command =>
    typeof value === 'object' && value !== null && 'summary' in value && 'examples' in value;
  return modules.flatMap((module) => Object.values(module)).filter(isCommand);
}

/** The fields of plain objects within an options type, `{ brand: ['logo', …] }`: those that its file spells out. */
export function partsOf(file: string, type: string): { [option: string]: string[] } {
  const source = program().getSourceFile(join(root, file));
  const parts: { [option: string]: string[] } = {};
  const nameOf = (member: ts.TypeElement) =>
    member.name && ts.isIdentifier(member.name) ? member.name.text : undefined;
  source?.forEachChild((node) => {
    if (!ts.isTypeAliasDeclaration(node) || node.name.text !== type || !ts.isTypeLiteralNode(node.type)) return;
    for (const member of node.type.members.filter(ts.isPropertySignature)) {
      const own = member.type && ts.isUnionTypeNode(member.type) ? member.type.types : [member.type];
      const fields = own
        .flatMap((one) => (one && ts.isTypeLiteralNode(one) ? [...one.members] : []))
        .map(nameOf)
        .filter((name) => name !== undefined);
      if (fields.length > 0) parts[nameOf(member) ?? ''] = fields;
    }
  });
  return parts;
}

/** The words that a field of an exported type may be, the field's name given by its path: `next.step`. */
export function wordsOf(file: string, type: string, path: string): string[] {
  const checker = program().getTypeChecker();
  const source = program().getSourceFile(join(root, file));
  const module = source && checker.getSymbolAtLocation(source);
  const symbol = module && checker.getExportsOfModule(module).find(({ name }) => name === type);
  if (!symbol) throw new Error(`${file} exports no type ${type}.`);
  const alias = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  let found = checker.getDeclaredTypeOfSymbol(alias);
  for (const name of path === '' ? [] : path.split('.')) {
    const field = checker.getPropertyOfType(checker.getNonNullableType(found), name);
    if (!field) throw new Error(`${type} has no field ${path}.`);
    found = checker.getTypeOfSymbol(field);
  }
  const all = found.isUnion() ? found.types : [found];
  return all.filter((one) => one.isStringLiteral()).map(({ value }) => value);
}
