// What the guides show of client and React compiles as an app would compile it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import ts from 'typescript';

/** As much of Vue as samples use, in its own words. */
const vue = `declare module 'vue' {
  export function shallowRef<T>(): { value: T | undefined };
  export function shallowRef<T>(value: T): { value: T };
  export function onMounted(act: () => unknown): void;
  export function onUnmounted(act: () => unknown): void;
}`;

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('the samples for browsers', () => {
  it('compile', () => {
    const config = ts.readConfigFile(join(root, 'tsconfig.browser.json'), (file) => ts.sys.readFile(file));
    const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
    const samples = ['single-page-app', 'react', 'vue'].flatMap((page) =>
      [...readFileSync(join(root, 'docs', 'guides', `${page}.md`), 'utf8').matchAll(/```tsx\n(.*?)```/gs)].map(
        ([, code = ''], at): [string, string] => [join(root, 'test', 'react', `${page}-${at}.tsx`), code],
      ),
    );
    expect(samples.map(([file]) => file.replace(/^.*\/|-\d+\.tsx$/g, '')).sort()).to.deep.equal([
      ...Array.from({ length: 6 }, () => 'react'),
      ...Array.from({ length: 2 }, () => 'single-page-app'),
      ...Array.from({ length: 3 }, () => 'vue'),
    ]);
    const texts = new Map([...samples, [join(root, 'test', 'react', 'vue.d.ts'), vue]]);
    const host = ts.createCompilerHost(options);
    const { fileExists, readFile } = host;
    host.fileExists = (file) => texts.has(file) || fileExists(file);
    host.readFile = (file) => texts.get(file) ?? readFile(file);
    host.getSourceFile = (file, version) => {
      const text = texts.get(file) ?? readFile(file);
      return text === undefined ? undefined : ts.createSourceFile(file, text, version, true);
    };
    const program = ts.createProgram([...texts.keys()], { ...options, types: [] }, host);
    const found = samples.flatMap(([file]) => {
      const source = program.getSourceFile(file);
      return [...program.getSemanticDiagnostics(source), ...program.getSyntacticDiagnostics(source)];
    });
    expect(found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).to.deep.equal([]);
  }).timeout(120_000);
});
