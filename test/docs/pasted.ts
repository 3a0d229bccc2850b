// Runs a code block of the documentation as it stands, in a function whose parameters are the app around it. What it
// imports is handed to it, and what it declares comes back. Knows no app.
import { createRequire } from 'node:module';
import ts from 'typescript';
import type { Block } from './markdown.js';

export type Names = { [name: string]: unknown };

const require = createRequire(import.meta.url);
const AsyncFunction = (async () => undefined).constructor as new (
  ...parts: string[]
) => (...given: unknown[]) => Promise<Names>;

const compilerOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.CommonJS,
  esModuleInterop: true,
};

/**
 * @param around by name: what the block takes for granted
 * @param modules by specifier: what it imports, where that is not the module of this name
 * @returns its constants and functions by name
 */
export async function paste(block: Block, around: Names, modules: Names = {}): Promise<Names> {
  const script = scriptOf(block);
  const declared = [
    ...[...script.matchAll(/^(?:const|let|async function|function) (\w+)/gm)].map(([, name = '']) => name),
    ...[...script.matchAll(/^const \{ ([\w, ]+) \} = /gm)].flatMap(([, names = '']) => names.split(', ')),
  ];
  const given: Names = {
    ...around,
    exports: {},
    require: (name: string) => (Object.hasOwn(modules, name) ? modules[name] : require(name)) as unknown,
  };
  // In a block of its own a name may be declared that the app around has, too.
  const run = new AsyncFunction(...Object.keys(given), `{ ${script}\nreturn { ${declared.join(', ')} }; }`);
  const names = await run(...Object.values(given));
  return { ...names, ...(given['exports'] as Names) };
}

/** By the block as it stands: each is run with both versions of Express. */
const scripts = new Map<string, string>();

function scriptOf({ page, line, code }: Block): string {
  const made = scripts.get(code);
  if (made !== undefined) return made;
  // The line `// …` stands for the options that the page is not about.
  const whole = code.replace(/(createMfa\(\{\n\s*)\/\/ …$/gm, '$1...host,');
  const script = ts.transpileModule(whole, { compilerOptions, fileName: `${page}:${line}.ts` }).outputText;
  scripts.set(code, script);
  return script;
}
