// Another process, in which a package is missing or is another one, for the tests of what is said then.
import { execFileSync } from 'node:child_process';

/**
 * What a program prints that imports `./src/…` from the root of this repository.
 *
 * @param source the package in the stead of the one that is installed; none is as if it were not installed
 */
export function printedWhere(name: string, program: string, source?: string): string {
  const instead =
    source === undefined
      ? "throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' })"
      : `return { url: ${JSON.stringify(`data:text/javascript,${encodeURIComponent(source)}`)}, shortCircuit: true }`;
  const hook = `export async function resolve(name, context, next) {
    if (name === ${JSON.stringify(name)}) ${instead};
    return next(name, context);
  }`;
  const hooked = `
    import { register } from 'node:module';
    register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(hook)}`)});
    ${program}`;
  return execFileSync(process.execPath, ['--import=tsx', '--input-type=module', '-e', hooked], { encoding: 'utf8' });
}
