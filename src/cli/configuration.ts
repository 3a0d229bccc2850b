// Finds the app's own configuration: a module that exports what createMfa returned, or a function that makes it; and, for
// the doctor, its Express app. The module may be of either kind, and of the other build than this command.
import { existsSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { MfaCore } from '../mfa.js';
import { UsageError } from './usage-error.js';

/** Looked for in the folder where the command is given. */
const usual = ['mfa.config.js', 'mfa.config.mjs', 'mfa.config.cjs'];

/** A failure with a sentence that is all there is to say. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: string | undefined;

  constructor(message: string, { code, ...options }: ErrorOptions & { code?: string } = {}) {
    super(message, options);
    this.code = code;
  }
}

/** @throws UsageError where there is none; Failure where the module does not load or holds no such thing */
export async function loadMfa(given: string | undefined): Promise<MfaCore> {
  const path = given ?? usual.find((name) => existsSync(name));
  if (path === undefined) {
    throw new UsageError(
      `Where is the app's configuration? Give --config PATH, or name the module ${usual.slice(0, -1).join(', ')} or ${usual.at(-1)}.`,
    );
  }
  const found = await exported(path, 'mfa', isMfa);
  if (found) return found;
  throw new Failure(
    `${path} exports nothing that createMfa returned. Write \`export const mfa = createMfa({ … })\`, or a default export ` +
      'of it or of a function that returns it.',
  );
}

/** @throws Failure where the module does not load or exports no app */
export async function loadApp(path: string): Promise<object> {
  const found = await exported(path, 'app', isApp);
  if (found) return found;
  throw new Failure(
    `${path} exports no Express app. Write \`export const app = express()\`, or a default export of it or of a function ` +
      'that returns it; and listen in another module.',
  );
}

/** The first export that `fits`: by its name, the default, one in the default; called and awaited where it must be. */
async function exported<T>(path: string, name: string, fits: (value: unknown) => value is T): Promise<T | undefined> {
  const module = await load(path);
  const byDefault = module['default'];
  const inDefault = fieldOf(byDefault, name) ?? fieldOf(byDefault, 'default');
  for (const value of [module[name], inDefault, byDefault]) {
    const found = await settle(path, value, name, fits);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function settle<T>(path: string, value: unknown, name: string, fits: (value: unknown) => value is T) {
  try {
    const settled: unknown = await value;
    if (fits(settled)) return settled;
    // An app is a function too, for requests.
    if (typeof settled !== 'function' || isApp(settled)) return undefined;
    const made: unknown = await (settled as () => unknown)();
    if (fits(made)) return made;
    const inside: unknown = await fieldOf(made, name);
    return fits(inside) ? inside : undefined;
  } catch (cause) {
    throw failureOf(path, cause);
  }
}

async function load(path: string): Promise<{ [name: string]: unknown }> {
  const file = resolve(path);
  if (!existsSync(file)) throw new Failure(`${path} does not exist.`);
  if (['.ts', '.mts', '.cts', '.tsx'].includes(extname(file)) && !process.execArgv.join(' ').includes('tsx')) {
    throw new Failure(`${path} is TypeScript. Give the compiled module, .js, .mjs or .cjs.`);
  }
  try {
    return (await import(pathToFileURL(file).href)) as { [name: string]: unknown };
  } catch (cause) {
    throw failureOf(path, cause);
  }
}

/** An MfaError tells enough by itself; of anything else its place is needed too. */
function failureOf(path: string, cause: unknown): Error {
  if (cause instanceof Error && cause.name === 'MfaError') return cause;
  const told =
    cause instanceof Error ? (cause.stack ?? cause.message).split('\n').slice(0, 4).join('\n') : String(cause);
  return new Failure(`${path} does not load: ${told}`, { cause });
}

function fieldOf(value: unknown, name: string): unknown {
  const isHolder = (typeof value === 'object' || typeof value === 'function') && value !== null;
  return isHolder ? (value as { [name: string]: unknown })[name] : undefined;
}

function isMfa(value: unknown): value is MfaCore {
  const { kernel, config, ready, settled } = (value ?? {}) as Partial<MfaCore>;
  return [kernel, config, ready].every((part) => typeof part === 'object') && typeof settled === 'function';
}

function isApp(value: unknown): value is object {
  const { handle, set, use } = (value ?? {}) as { handle?: unknown; set?: unknown; use?: unknown };
  return typeof value === 'function' && [handle, set, use].every((part) => typeof part === 'function');
}
