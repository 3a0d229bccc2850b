// Our own code as the compiler reads it, for whoever asks it of types: what other packages declare stays unknown, which is most
// of the work. A file is parsed once, however many programs it is in.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));
const parsed = new Map<string, ts.SourceFile>();

/** @param files from the root of this repository; what they import of ours is in the program too */
export function ownProgram(files: readonly string[]): ts.Program {
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), (file) => ts.sys.readFile(file));
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
  const own = { ...options, types: [] };
  const disk = ts.createCompilerHost(own);
  const compiler: ts.CompilerHost = {
    ...disk,
    resolveModuleNameLiterals: (literals, from) =>
      literals.map(({ text }) =>
        text.startsWith('.') ? ts.resolveModuleName(text, from, own, compiler) : { resolvedModule: undefined },
      ),
    getSourceFile(file, languageVersion) {
      const source = parsed.get(file) ?? disk.getSourceFile(file, languageVersion);
      if (source) parsed.set(file, source);
      return source;
    },
  };
  return ts.createProgram(
    files.map((file) => join(root, file)),
    own,
    compiler,
  );
}
