// Type-checks code blocks in one program, with `express-mfa` being this repository, as a host's strict compiler would.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from '../architecture/sources.js';
import type { Block } from './markdown.js';

const folder = join(root, 'test', 'docs', 'blocks');

/** Files of the disk, which every program with the same options may share. */
const parsed = new Map<string, ts.SourceFile>();

/** `ts` and `js`, with `require` or `import`. Everything else is not for the compiler. */
export function isScript({ language }: Block): boolean {
  return ['ts', 'typescript', 'js', 'javascript'].includes(language);
}

function nameOf({ page, line, language, code }: Block): string {
  const name = `${page.replaceAll('/', '-')}-${line}`;
  if (language.startsWith('t')) return join(folder, `${name}.mts`);
  return join(folder, `${name}.${/\brequire\(/.test(code) ? 'cjs' : 'mjs'}`);
}

/** The line `// …` under `createMfa({` stands for the options that the page is not about. */
function completed({ code }: Block): string {
  const whole = code.replace(/(createMfa\(\{\n\s*)\/\/ …$/gm, '$1...host,');
  return /^\s*(import|export) |\brequire\(/m.test(whole) ? whole : `${whole}export {};\n`;
}

/** The app around the blocks. Without Passport's types: as in an app that has none, nor a type of `req.user`. */
function hostText(passport: boolean): string {
  const text = readFileSync(join(root, 'test', 'docs', 'host.txt'), 'utf8');
  if (passport) return text;
  return text
    .replace("import type {} from 'passport';\n", '')
    .replace('Express.User & ', '')
    .replace(/^ {4}interface User \{.*?^ {4}\}\n/ms, '');
}

/**
 * What the compiler says, as `page:line: message`.
 * @param passport false: nobody declares `req.user`
 */
export function check(blocks: readonly Block[], { passport = true } = {}): string[] {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    noUncheckedIndexedAccess: true,
    allowJs: true,
    checkJs: true,
    noEmit: true,
    skipLibCheck: true,
    types: ['node', 'mocha'],
    paths: {
      'express-mfa': [join(root, 'src/index.ts')],
      'express-mfa/*': [join(root, 'src/*.ts')],
    },
  };
  const byName = new Map(blocks.map((block) => [nameOf(block), block]));
  const texts = new Map([...byName].map(([name, block]) => [name, completed(block)]));
  texts.set(join(folder, 'host.mts'), hostText(passport));
  const disk = ts.createCompilerHost(options);
  const compiler: ts.CompilerHost = {
    ...disk,
    fileExists: (file) => texts.has(file) || disk.fileExists(file),
    readFile: (file) => texts.get(file) ?? disk.readFile(file),
    getSourceFile(file, languageVersion) {
      const text = texts.get(file);
      if (text !== undefined) return ts.createSourceFile(file, text, languageVersion);
      const source = parsed.get(file) ?? disk.getSourceFile(file, languageVersion);
      if (source) parsed.set(file, source);
      return source;
    },
  };
  const program = ts.createProgram([...texts.keys()], options, compiler);
  return [...byName].flatMap(([name, block]) => {
    const source = program.getSourceFile(name);
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return found.map(({ start = 0, messageText }) => {
      const { line = 0 } = source?.getLineAndCharacterOfPosition(start) ?? {};
      return `${block.page}:${block.line + line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    });
  });
}
