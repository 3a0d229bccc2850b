// Packs the package as `npm publish` would, once per run, and installs it as a stranger would, into folders outside
// this one.
import { execFile } from 'node:child_process';
import { cpSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { newFolder } from '../support/folder.js';

export const root = join(import.meta.dirname, '..', '..');
const temporary = newFolder('packaging');

/** Runs a command; rejects with all that it said. */
export async function run(command: string, args: string[], cwd: string = root): Promise<string> {
  try {
    // The consumer is a stranger: it must not inherit that a test runs, nor npm's settings for this package.
    const env = Object.fromEntries(
      Object.entries(process.env).filter(
        ([name]) => name !== 'NODE_ENV' && !/^npm_(package|lifecycle|command)/.test(name),
      ),
    );
    const { stdout } = await promisify(execFile)(command, args, { cwd, env, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  } catch (error) {
    // The message already holds stderr.
    const { message, stdout } = error as Error & { stdout?: string };
    throw new Error([message, stdout].filter(Boolean).join('\n'));
  }
}

/** Runs a program of our development dependencies. */
export function runTool(name: string, args: string[]): Promise<string> {
  return run(join(root, 'node_modules', '.bin', name), args);
}

type Tarball = { path: string; bytes: number; files: string[] };
let packed: Promise<Tarball> | undefined;

/** The tarball; building it first is part of packing. */
export function tarball(): Promise<Tarball> {
  return (packed ??= pack());
}

async function pack(): Promise<Tarball> {
  await run('npm', ['pack', '--pack-destination', temporary]);
  const name = readdirSync(temporary).find((file) => file.endsWith('.tgz'));
  if (!name) throw new Error('npm pack left no tarball.');
  const path = join(temporary, name);
  const listed = await run('tar', ['-tzf', path]);
  const files = listed.split('\n').filter(Boolean);
  return { path, bytes: statSync(path).size, files: files.map((file) => file.replace(/^package\//, '')) };
}

/**
 * A new project with the tarball and `packages` installed, and the files of `consumers/<from>` copied in.
 * @returns its folder.
 */
export async function installConsumer(options: {
  from?: string;
  type: 'commonjs' | 'module';
  packages: string[];
  npmArgs?: string[];
}): Promise<string> {
  const { path } = await tarball();
  const folder = newFolder('consumer');
  if (options.from) cpSync(join(import.meta.dirname, 'consumers', options.from), folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: options.type }));
  const flags = ['--no-audit', '--no-fund', '--prefer-offline', ...(options.npmArgs ?? [])];
  await run('npm', ['install', ...flags, path, ...options.packages], folder);
  return folder;
}

/** `name@version` as our own lock file has it, so that consumers do not change when a registry does. */
export function locked(name: string, installedAs = name): string {
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules', installedAs, 'package.json'), 'utf8')) as {
    version: string;
  };
  return `${name}@${version}`;
}
